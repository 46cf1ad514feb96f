"""`jobs plan`, and what `jobs run` does with a plan: shown, agreed to, kept, compared."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console
from typer.testing import CliRunner

from contract.catalog import prices
from jobs.cli.app import app
from jobs.cli.training.plan_text import print_plan
from jobs.errors import ServiceRefused, Unavailable
from jobs.planning.plan import Plan
from tests.jobs.cli.conftest import Done, Project
from tests.jobs.specimens import BASE, USE_CASE, model_mapping, outputs_mapping

PLAN = ("plan", "clippy", "-s", "dev")
RUN = ("run", "clippy", "-s", "dev")
PRICE = {f"training/{BASE}/GlobalStandard": 1000}
"""Dear, so that a small file costs something: $1 per 1,000 tokens."""


def outputs(project: Project, **environment: object) -> None:
    mapping = outputs_mapping(clippy=model_mapping())
    mapping["environment"] |= environment
    (project.folder / "outputs" / "dev.json").write_text(json.dumps(mapping))


def answering(words: tuple[str, ...], text: str) -> Done:
    result = CliRunner().invoke(app, list(words), input=text)
    return Done(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits at a terminal."""
    monkeypatch.setattr("jobs.cli.consent.interactive", lambda: True)


@pytest.fixture
def unpriced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has heard of a price of this model."""
    known = prices.table()
    rest = {key: listed for key, listed in known.prices.items() if BASE not in key}
    monkeypatch.setattr(prices, "table", lambda: known.model_copy(update={"prices": rest}))


def kept(project: Project) -> Plan:
    (content,) = [content for name, content in project.kept_runs.blobs.items() if name.endswith("/plan.json")]
    return Plan.model_validate_json(content)


class TestPlan:
    def test_it_shows_each_section_and_changes_nothing(self, project: Project) -> None:
        done = project.jobs(*PLAN)

        assert (done.code, done.err) == (0, "")
        for title in ("Cost", "training, once", "hosting, 30 days", "evaluation, once", "break-even", "Data"):
            assert f"\n{title}" in done.out
        assert "$1,224.00  once it is live: live in main, GlobalStandard 50, $1.70 per hour" in done.out
        assert (project.service.calls, project.kept_runs.blobs) == ([], {})

    def test_a_release_that_is_not_up_yet_is_told_where_hosting_leaves_it_out(self, project: Project) -> None:
        behind = "hosting: the stack file has another live model than the last up left"
        project.jobs(*RUN, "--yes")
        project.up()
        project.jobs("release", "clippy", "-s", "dev", "--override", "tried by hand")

        assert behind in project.jobs(*PLAN).out
        project.up()
        assert behind not in project.jobs(*PLAN).out

    def test_a_budget_stands_beside_what_it_is_for(self, project: Project) -> None:
        """60 examples of 27 tokens, 3 epochs at $5 per 1M: $0.0243."""
        outputs(project, runBudget=20)
        (line,) = (each for each in project.jobs(*PLAN).out.splitlines() if each.startswith("budget"))

        assert line.split("  ", 1)[1].strip() == "$20.00  environment.runBudget; the plan comes to $0.02"

    def test_what_never_pays_is_no_figure_that_lacks(self, project: Project) -> None:
        use = USE_CASE.replace("useCase: {", f"useCase: {{replaces: {{model: {BASE}}}, ")
        project.tune_yaml(f"base: {BASE}\ndata: {{train: t.jsonl, validation: v.jsonl}}\n{use}")
        (line,) = (each for each in project.jobs(*PLAN).out.splitlines() if each.startswith("break-even"))

        assert "never  a call of the tuned model costs no less" in line

    def test_what_a_figure_rests_on_is_said_where_it_is_asked_for(self, project: Project) -> None:
        meter = "meter gpt-4.1-mini FT Training global Tokens; Azure Retail Prices API"

        assert meter not in project.jobs(*PLAN).out
        assert f"training: {meter}" in project.jobs(*PLAN, "--sources").out

    @pytest.mark.usefixtures("unpriced")
    def test_a_price_that_nobody_knows_names_its_key_beside_the_figure(self, project: Project) -> None:
        (line,) = (each for each in project.jobs(*PLAN).out.splitlines() if each.startswith("training, once"))

        assert "not known" in line
        assert f"set prices.training/{BASE}/GlobalStandard" in line

    @pytest.mark.parametrize("width", [80, 100, 120])
    def test_the_costs_come_first_and_fit_the_screen(self, project: Project, width: int) -> None:
        plan = Plan.model_validate_json(project.jobs(*PLAN, "--format", "json").out)
        shown = io.StringIO()
        print_plan(plan, Console(file=shown, width=width))
        lines = shown.getvalue().splitlines()

        assert lines.index("Cost") < 5
        assert all(len(line.rstrip()) <= width for line in lines if not line.startswith("  "))

    def test_its_document_is_what_a_run_stores(self, project: Project) -> None:
        printed = Plan.model_validate_json(project.jobs(*PLAN, "--format", "json").out)
        project.jobs(*RUN, "--yes")

        assert kept(project) == printed

    @pytest.mark.usefixtures("unpriced")
    def test_a_plan_with_something_in_the_way_ends_with_1_and_the_reasons(self, project: Project) -> None:
        outputs(project, runBudget=5)
        done = project.jobs(*PLAN)

        assert done.code == 1
        assert "environment.runBudget allows $5.00" in done.err
        assert f"tuned-models:prices.training/{BASE}/GlobalStandard" in done.err
        assert "In the way" in done.out

    def test_offline_nobody_is_asked(self, project: Project) -> None:
        project.plane.silent = AssertionError("was asked")  # type: ignore[assignment] # no JobsError: it would be caught
        project.service.files = None  # type: ignore[method-assign,assignment] # any call fails
        done = project.jobs(*PLAN, "--offline")

        assert done.code == 0
        assert "models, deployments, quota, limits: nobody was asked (--offline)" in done.out

    def test_what_may_not_be_read_is_said_and_stops_nothing(self, project: Project) -> None:
        project.plane.silent = ServiceRefused("the quotas cannot be read", status=403, code="AuthorizationFailed")
        done = project.jobs(*PLAN)

        assert done.code == 0
        assert "quota: the quotas cannot be read (AuthorizationFailed)" in done.out

    def test_a_run_that_exists_is_named(self, project: Project) -> None:
        project.jobs(*RUN, "--yes", "--no-wait")
        before, _ = project.jobs(*PLAN).out.split("\nCost\n")
        assert "nothing would be spent: jobs run takes up ftjob-" in before
        project.jobs("watch", "clippy", "-s", "dev")
        assert "there is nothing to do" in project.jobs(*PLAN).out
        project.jobs("withdraw", "clippy", "-s", "dev")
        assert "which was withdrawn" in project.jobs(*PLAN).out

    def test_training_that_has_ended_is_shown_and_refused(self, project: Project) -> None:
        outputs(project, asOf="2027-04-14")
        done = project.jobs(*PLAN)

        assert done.code == 1
        assert "cannot be trained on 2027-04-14" in done.err
        assert f"training of {BASE} ended on 2027-04-14" in done.err

    def test_on_a_narrow_terminal_a_command_stays_in_one_piece(self, project: Project) -> None:
        project.plane.silent = ServiceRefused("the models cannot be read", status=403)
        plan = Plan.model_validate_json(project.jobs(*PLAN, "--format", "json").out)
        narrow = io.StringIO()
        print_plan(plan, Console(file=narrow, width=40))

        assert "az cognitiveservices model list --location swedencentral\n" in narrow.getvalue()
        assert "$1,224.00" in narrow.getvalue()


class TestAgreement:
    def test_without_a_terminal_it_is_refused_with_the_command_that_spends(self, project: Project) -> None:
        done = project.jobs(*RUN, "--no-wait", "--deadline", "2h")

        assert done.code == 1
        assert "nothing was spent" in done.err
        assert done.err.splitlines()[-1] == "Next: jobs run clippy -s dev --no-wait --deadline 2h --yes"
        assert (project.service.calls, project.blobs.blobs, project.kept_runs.blobs) == ([], {}, {})

    @pytest.mark.usefixtures("asked")
    def test_yes_spends(self, project: Project) -> None:
        outputs(project, prices=PRICE)
        done = answering(RUN, "y\n")

        assert done.code == 0
        assert "Spend about $" in done.out
        assert len(project.service.all_jobs) == 1

    @pytest.mark.usefixtures("asked", "unpriced")
    @pytest.mark.parametrize("answer", ["\n", "n\n"])
    def test_anything_else_spends_nothing(self, project: Project, answer: str) -> None:
        done = answering(RUN, answer)

        assert done.code == 1
        hosting = "hosting the candidate then costs $1,224.00 in 30 days"
        assert f"Spend an amount that is not known on training ({hosting})? [y/N]" in done.out
        assert "nothing was spent" in done.err
        assert (project.service.calls, project.blobs.blobs) == ([], {})

    @pytest.mark.usefixtures("asked")
    def test_interrupted_at_the_question_nothing_is_spent(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupted(*_: object, **__: object) -> bool:
            raise KeyboardInterrupt

        monkeypatch.setattr("typer.confirm", interrupted)
        done = answering(RUN, "")

        assert done.code == 130
        assert "interrupted; nothing was spent" in done.err
        assert project.service.calls == []

    @pytest.mark.usefixtures("asked")
    def test_the_end_of_input_is_no_agreement(self, project: Project) -> None:
        assert answering(RUN, "").code == 130
        assert project.service.calls == []

    def test_where_nothing_would_be_spent_nobody_is_asked(self, project: Project) -> None:
        project.jobs(*RUN, "--yes", "--no-wait")

        assert "taking up" in project.jobs(*RUN).out
        assert "nothing to do" in project.jobs(*RUN).out

    def test_new_spends_again_and_asks_again(self, project: Project) -> None:
        project.jobs(*RUN, "--yes")
        done = project.jobs(*RUN, "--new")

        assert done.code == 1
        assert done.err.splitlines()[-1] == "Next: jobs run clippy -s dev --new --yes"

    def test_a_budget_refuses_whatever_was_agreed_to(self, project: Project) -> None:
        outputs(project, runBudget=0.01, prices=PRICE)
        done = project.jobs(*RUN, "--yes")

        assert done.code == 1
        assert "environment.runBudget allows $0.01" in done.err
        assert (project.service.calls, project.kept_runs.blobs) == ([], {})


class TestKept:
    def test_it_stands_under_the_run_key_before_the_job_is_asked_for(self, project: Project) -> None:
        project.service.submit_error = ServiceRefused("no more jobs", status=400)
        assert project.jobs(*RUN, "--yes").code == 3

        name = next(each for each in project.kept_runs.blobs if each.endswith("/plan.json"))
        assert name == f"{kept(project).run_key}/plan.json"

    def test_taking_a_run_up_leaves_it_as_it_is_and_new_writes_it_anew(self, project: Project) -> None:
        project.jobs(*RUN, "--yes")
        before = kept(project)
        project.clock.sleep(3600)
        project.jobs(*RUN, "--yes")
        assert kept(project) == before

        project.jobs(*RUN, "--new", "--yes")
        assert kept(project).made_at > before.made_at

    def test_estimate_and_actual_stand_side_by_side_and_in_the_record(self, project: Project) -> None:
        """The service bills 4,200 tokens: at $1,000 per million $4.20."""
        outputs(project, prices=PRICE)
        done = project.jobs(*RUN, "--yes")
        plan, candidate = kept(project), project.releases().candidate

        actual = "actual $4.20 (4,200 tokens at $1000.00 per 1M tokens)"
        assert f"training cost: estimated {plan.training.cost_words}; {actual}\n" in done.out
        assert candidate is not None
        assert candidate.cost.actual == 4.2
        assert plan.training.cost.usd is not None
        assert candidate.cost.estimated == float(plan.training.cost.usd)

    @pytest.mark.usefixtures("unpriced")
    def test_without_a_price_neither_is_known_and_the_key_is_named(self, project: Project) -> None:
        done = project.jobs(*RUN, "--yes")
        candidate = project.releases().candidate

        assert f"actual not known: set prices.training/{BASE}/GlobalStandard" in done.out
        assert candidate is not None
        assert (candidate.cost.estimated, candidate.cost.actual) == (None, None)

    def test_a_run_without_a_readable_plan_is_recorded_all_the_same(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(_: str) -> bytes:
            raise Unavailable("the storage does not answer")

        project.jobs(*RUN, "--yes", "--no-wait")
        monkeypatch.setattr(project.kept_runs, "get", away)
        assert project.jobs("watch", "clippy", "-s", "dev").code == 0
        assert project.releases().candidate is not None

    def test_where_the_plan_is_of_another_shape_the_journal_has_the_estimate(self, project: Project) -> None:
        project.jobs(*RUN, "--yes", "--no-wait")
        estimated = kept(project).training.cost.usd
        name = next(each for each in project.kept_runs.blobs if each.endswith("/plan.json"))
        project.kept_runs.blobs[name] = b'{"schemaVersion": 2}'
        project.jobs("watch", "clippy", "-s", "dev")
        candidate = project.releases().candidate

        assert candidate is not None
        assert estimated is not None
        assert candidate.cost.estimated == float(estimated)

    def test_without_either_there_is_no_estimate(self, project: Project) -> None:
        project.jobs(*RUN, "--yes", "--no-wait")
        project.kept_runs.blobs.clear()

        assert "there is no plan of it" in project.jobs("watch", "clippy", "-s", "dev").out
