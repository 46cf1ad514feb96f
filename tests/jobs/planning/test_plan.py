"""A whole plan: budgets, what cannot work and what would, and what the subscription says against the catalog."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.outputs import StackOutputs
from jobs.doctor_ports import OfferedModel, OfferedSku, StandingDeployment, Usage
from jobs.errors import ServiceRefused
from jobs.planning.making import Wanted, make_plan
from jobs.planning.plan import Plan, Severity
from jobs.planning.subscription import Answer, Subscription, ask
from jobs.ports import FileStatus, Job, JobStatus, StoredFile
from tests.jobs.doubles import START, ScriptedService, TellingPlane
from tests.jobs.planning.specimens import FULL, NOW, figures, stack, wanted

MINI = "gpt-4.1-mini-2025-04-14"
NEW = "gpt-6-2026-12-01"
"""No table has its prices yet."""
TWO = "hyperparameters: {epochs: 2}\n"
OFFERED = OfferedModel(
    kind="OpenAI",
    name="gpt-4.1",
    version="2025-04-14",
    lifecycle="Deprecating",
    fine_tune=True,
    training_ends=date(2027, 4, 14),
    inference_ends=date(2027, 4, 14),
    skus=(OfferedSku("GlobalStandard", "OpenAI.GlobalStandard.gpt-4.1-finetune", date(2027, 10, 14)),),
)
"""As the catalog has it."""


def subscription(*models: OfferedModel, **changes: Any) -> Subscription:
    """One that answers everything: it has room and quota."""
    quota = [Usage("OpenAI.GlobalStandard.gpt-4.1-finetune", 0, 500)]
    answers = Subscription(
        models={"swedencentral": Answer(models or (OFFERED,))},
        usages={"swedencentral": Answer(quota)},
        deployments={"main": Answer([])},
        files=Answer([]),
        jobs=Answer([]),
    )
    return replace(answers, **changes)


def plan(asked: Wanted | None = None, answers: Subscription | None = None) -> Plan:
    return make_plan(asked or wanted(), answers or subscription(), NOW)


def said(found: Plan, severity: Severity) -> str:
    return "\n".join(f"{each.topic}: {each.words}" for each in found.statements if each.severity == severity)


class TestPlan:
    def test_what_is_as_it_should_be_is_neither_refused_nor_warned_of(self) -> None:
        found = plan()

        assert (said(found, "refused"), said(found, "warning"), said(found, "unchecked")) == ("", "", "")
        assert (found.on, found.account, found.location) == (date(2026, 11, 20), "main", "swedencentral")

    def test_it_is_read_again_as_it_was_stored(self) -> None:
        found = plan()

        assert Plan.model_validate_json(found.json_text()) == found
        assert '"schemaVersion": 1' in found.json_text()

    def test_money_is_stored_as_decimal_text(self) -> None:
        assert '"usd": "50.0000"' in plan(wanted(more=TWO)).json_text()

    def test_offline_it_says_what_nobody_was_asked(self) -> None:
        found = said(plan(answers=Subscription()), "unchecked")

        for topic in ("models", "quota", "deployments", "limits"):
            assert f"{topic}: nobody was asked (--offline)" in found

    def test_a_model_that_the_catalog_does_not_know_is_told_and_let_pass(self) -> None:
        found = plan(wanted(base="gpt-6-2026-12-01"))

        assert found.refusals == ()
        assert "doesn't know gpt-6-2026-12-01" in said(found, "unchecked")


class TestBudgets:
    """Two epochs of 1M tokens at $25 cost $50; live, a GlobalStandard deployment costs $1,224 in 30 days."""

    @pytest.mark.parametrize(
        ("key", "outputs"),
        [
            ("environment.runBudget", stack(runBudget=45.5)),
            ("models.clippy.budget.run", stack({"budget": {"run": 45.5}})),
        ],
    )
    def test_a_dearer_training_is_refused_with_both_figures_and_the_key(self, key: str, outputs: StackOutputs) -> None:
        (refusal,) = plan(wanted(outputs, more=TWO)).refusals

        assert refusal.words == f"the training comes to $50.00, and {key} allows $45.50"

    def test_both_budgets_of_a_run_hold(self) -> None:
        found = plan(wanted(stack({"budget": {"run": 100}}, runBudget=30), more=TWO))

        assert [each.key for each in found.budgets] == ["models.clippy.budget.run", "environment.runBudget"]
        assert "environment.runBudget allows $30.00" in said(found, "refused")

    def test_what_costs_as_much_as_it_may_is_let_pass(self) -> None:
        assert plan(wanted(stack(runBudget=50, hostingBudget=1224), more=TWO)).refusals == ()

    def test_of_a_span_the_dearer_end_counts(self) -> None:
        """Epochs are the service's to choose: $50 to $75."""
        assert "comes to $75.00" in said(plan(wanted(stack(runBudget=60))), "refused")

    def test_a_cost_that_is_not_known_is_refused_with_the_key_that_makes_it_known(self) -> None:
        (refusal,) = plan(wanted(stack(runBudget=1000), base=NEW)).refusals

        assert "what the training costs is not known, and environment.runBudget allows $1,000.00" in refusal.words
        assert f"tuned-models:prices.training/{NEW}/GlobalStandard" in refusal.mend[0]

    def test_reinforcement_is_held_to_the_limit_of_a_job(self) -> None:
        grader = "method: reinforcement\ngrader: {type: string_check, name: g, input: a, reference: b, operation: eq}\n"
        tight, wide = (plan(wanted(stack(runBudget=amount), "o4-mini-2025-04-16", grader)) for amount in (4999, 5000))

        assert "the training may come to $5,000.00, and environment.runBudget allows $4,999.00" in said(
            tight, "refused"
        )
        assert "runBudget" not in said(wide, "refused")
        (mend,) = next(each.mend for each in tight.refusals if each.topic == "budget")
        assert mend.startswith("Raise tuned-models:environment.runBudget")

    @pytest.mark.parametrize(
        ("key", "outputs"),
        [
            ("environment.hostingBudget", stack(hostingBudget=1000)),
            ("models.clippy.budget.hosting", stack({"budget": {"hosting": 1000}})),
        ],
    )
    def test_dearer_hosting_is_refused_with_both_figures(self, key: str, outputs: StackOutputs) -> None:
        found = said(plan(wanted(outputs)), "refused")

        assert f"for 30 days comes to $1,224.00, and {key} allows $1,000.00" in found

    def test_the_environments_budget_counts_its_other_models(self) -> None:
        live = {"modelId": f"{FULL}.ft-1", "sku": {"name": "Standard", "capacity": 1}, "deployments": {"main": "x"}}
        outputs = stack(hostingBudget=2000)
        other = outputs.models["clippy"].model_copy(update={"live": None})
        bonzi = type(other).model_validate(other.model_dump() | {"live": live})
        both = outputs.model_copy(update={"models": {"clippy": other, "bonzi": bonzi}})

        assert "comes to $2,448.00" in said(plan(wanted(both)), "refused")


class TestCompatibility:
    def test_what_the_catalog_refuses_is_refused_with_what_would_work(self) -> None:
        """fine-tune-supported-models.md: o4-mini is tuned by reinforcement; standard training is in two regions."""
        method = said(plan(wanted(base="o4-mini-2025-04-16")), "refused")
        region = said(plan(wanted(stack(account={"location": "westus"}), more="trainingType: Standard\n")), "refused")

        assert "tuned by reinforcement, not by supervised" in method
        assert "isn't offered in westus; offered in northcentralus and swedencentral, or use GlobalStandard" in region

    def test_a_sku_that_cannot_serve_what_comes_of_it_is_refused_before_it_is_paid_for(self) -> None:
        """gpt-4o-mini: "serverless, no Developer"."""
        skus = {
            "live": {"name": "GlobalStandard", "capacity": 50},
            "candidate": {"name": "DeveloperTier", "capacity": 1},
        }
        found = said(plan(wanted(stack({"skus": skus}), base="gpt-4o-mini-2024-07-18")), "refused")

        assert "models.clippy.skus.candidate, in account main: " in found
        assert "isn't offered with SKU DeveloperTier; offered: " in found

    def test_training_that_may_leave_the_region_is_refused_where_data_has_to_stay(self) -> None:
        assert "write trainingType: Standard" in said(plan(wanted(stack(residency="region"))), "refused")

    def test_where_standard_training_is_not_offered_it_is_not_advised_without_saying_so(self) -> None:
        """Standard training of gpt-4.1: northcentralus and swedencentral (fine-tune-models.md, 2026-03)."""
        (refusal,) = plan(wanted(stack(account={"location": "westus"}, residency="region"))).refusals
        (advice,) = refusal.mend

        assert advice.endswith("isn't offered in westus; offered in northcentralus and swedencentral")

    @pytest.mark.parametrize(
        ("day", "severity", "words"),
        [
            # gpt-4.1: training ends 2027-04-14, what was tuned is served until 2027-10-14.
            ("2027-01-13", "warning", ""),
            ("2027-01-14", "warning", "training of gpt-4.1-2025-04-14 ends on 2027-04-14, in 90 days"),
            ("2027-04-13", "warning", "ends on 2027-04-14, in 1 day"),
            ("2027-04-14", "refused", "training of gpt-4.1-2025-04-14 ended on 2027-04-14"),
            ("2027-07-16", "warning", "is served until 2027-10-14, in 90 days"),
            ("2027-10-14", "refused", "can't be deployed since 2027-10-14"),
        ],
    )
    def test_an_end_within_90_days_warns_and_a_past_one_refuses(self, day: str, severity: Severity, words: str) -> None:
        found = said(plan(wanted(stack(asOf=day))), severity)

        assert (words in found) if words else (found == "")

    def test_how_long_what_is_paid_for_can_be_used_is_said(self) -> None:
        """Retirement schedule of 2026-10-05: gpt-4.1 is deprecated; tuned ones end 2027-10-14."""
        found = said(plan(wanted()), "note")

        assert f"what is tuned from {FULL} is served until 2027-10-14" in found
        assert "only subscriptions that have deployed that base before may deploy it" in found

    def test_what_the_catalog_notes_of_a_model_is_told(self) -> None:
        """fine-tune-supported-models.md, 2026-10-06: gpt-5 by invitation; two pages differ on o4-mini's last day."""
        assert "gpt-5-2025-08-07: Tuned by invitation only." in said(plan(wanted(base="gpt-5-2025-08-07")), "warning")
        assert "2027-10-16" in said(plan(wanted(base="o4-mini-2025-04-16")), "warning")

    def test_what_the_candidate_adds_to_hosting_is_told_apart(self) -> None:
        """$1,224 for the live model, as much for the candidate beside it; alone there is nothing to tell apart."""
        live = {"modelId": f"{FULL}.ft-1", "sku": {"name": "Standard", "capacity": 1}, "deployments": {"main": "x"}}
        beside, alone = (plan(wanted(each)).hosting[0] for each in (stack({"live": live}), stack()))

        assert (beside.per_30_days, beside.of_candidate) == (Decimal(2448), Decimal(1224))
        assert alone.of_candidate is None

    def test_hosting_of_open_weights_is_not_taken_for_known(self) -> None:
        foundry = {"kind": "AIServices"}
        words = "gpt-oss-20b has open weights, and hosting is reckoned at the price of OpenAI's models"

        assert words in said(plan(wanted(stack(account=foundry), base="gpt-oss-20b-11")), "warning")
        own = stack(account=foundry, prices={"hosting/GlobalStandard": 0.3})
        assert words not in said(plan(wanted(own, base="gpt-oss-20b-11")), "warning")

    def test_a_base_that_is_gone_can_be_deployed_by_nobody(self) -> None:
        """o4-mini: retired 2026-11-19; what was tuned from it is served until 2027-11-19."""
        found = said(plan(wanted(base="o4-mini-2025-04-16")), "note")

        assert "is served until 2027-11-19" in found
        assert "may deploy it" not in found

    def test_a_preview_without_a_training_type_is_refused(self) -> None:
        """fine-tune-supported-models.md, 2026-10-06: MAI-Code-1.1-Flash, RFT, no training type."""
        found = said(plan(wanted(base="MAI-Code-1.1-Flash")), "refused")

        assert "has no training type of the API. Preview. No page names" in found


class TestSubscription:
    def test_an_earlier_end_of_training_counts_and_the_difference_is_named(self) -> None:
        offered = replace(OFFERED, training_ends=date(2026, 11, 1))
        found = plan(answers=subscription(offered))

        assert "training of gpt-4.1-2025-04-14 ended on 2026-11-01" in said(found, "refused")
        assert "the subscription has 2026-11-01 as the end of its training" in said(found, "note")
        assert "the catalog 2027-04-14" in said(found, "note")

    def test_a_later_end_of_training_counts_too(self) -> None:
        offered = replace(OFFERED, training_ends=date(2028, 4, 14))
        found = plan(wanted(stack(asOf="2027-05-01")), subscription(offered))

        assert "training of" not in said(found, "refused")

    def test_another_kind_of_account_is_another_entry(self) -> None:
        found = plan(answers=subscription(replace(OFFERED, kind="AIServices")))

        assert "lists no gpt-4.1-2025-04-14 for accounts of kind OpenAI in swedencentral" in said(found, "warning")

    def test_a_model_that_is_not_listed_as_tunable_is_a_warning(self) -> None:
        found = plan(answers=subscription(replace(OFFERED, fine_tune=None)))

        assert "doesn't list gpt-4.1-2025-04-14 as tunable" in said(found, "warning")
        assert found.refusals == ()

    def test_a_model_that_it_calls_retired_is_a_warning(self) -> None:
        found = plan(answers=subscription(replace(OFFERED, lifecycle="Deprecated")))

        assert "calls gpt-4.1-2025-04-14 retired, and the catalog doesn't" in said(found, "warning")

    @pytest.mark.parametrize(
        ("ends", "severity", "words"),
        [
            (date(2026, 11, 20), "refused", "was tuned from gpt-4.1-2025-04-14 can't be deployed since 2026-11-20"),
            (date(2026, 12, 20), "warning", "the subscription has 2026-12-20 as the end of GlobalStandard"),
            (date(2027, 12, 1), "note", "the catalog 2027-10-14: it counts"),
        ],
    )
    def test_the_end_of_a_sku_is_told_where_it_is_another_than_the_catalogs(
        self, ends: date, severity: Severity, words: str
    ) -> None:
        sku = replace(OFFERED.skus[0], ends=ends)
        found = plan(answers=subscription(replace(OFFERED, skus=(sku,))))

        assert words in said(found, severity)

    def test_a_later_end_of_serving_counts_too(self) -> None:
        sku = replace(OFFERED.skus[0], ends=date(2028, 4, 14))
        offered = replace(OFFERED, training_ends=date(2028, 1, 1), skus=(sku,))

        assert said(plan(wanted(stack(asOf="2027-11-01")), subscription(offered)), "refused") == ""

    @pytest.mark.parametrize(
        ("limit", "used", "severity"), [(500, 0, "note"), (500, 420, "warning"), (80, 0, "refused")]
    )
    def test_capacity_that_does_not_fit_is_told_as_the_doctor_tells_it(
        self, limit: float, used: float, severity: Severity
    ) -> None:
        """The candidate and its release need 50 each."""
        usages = {"swedencentral": Answer([Usage("OpenAI.GlobalStandard.gpt-4.1-finetune", used, limit)])}
        found = plan(answers=subscription(usages=usages))

        assert "the next model needs 100" in said(found, severity)

    def test_a_sku_that_has_room_is_named_where_there_is_one(self) -> None:
        """fine-tune-supported-models.md: gpt-4.1 is served on Standard in swedencentral too."""
        usages = [
            Usage("OpenAI.GlobalStandard.gpt-4.1-finetune", 490, 500),
            Usage("OpenAI.Standard.gpt-4.1-finetune", 0, 250),
            Usage("OpenAI.DeveloperTier.gpt-4.1-finetune", 200, 250),
        ]
        found = plan(answers=subscription(usages={"swedencentral": Answer(usages)}))
        (quota,) = [each for each in found.statements if each.topic == "quota"]

        assert "There is room on Standard: models.<name>.skus.<role>.name." in quota.mend

    def test_an_account_that_is_full_of_tuned_models_is_a_warning(self) -> None:
        standing = [StandingDeployment(f"d{n}", f"{FULL}.ft-{n}", "Standard", 1) for n in range(10)]
        found = plan(answers=subscription(deployments={"main": Answer(standing)}))

        assert "serves 10 tuned models of at most 10" in said(found, "warning")

    def test_an_account_whose_limit_was_raised_has_room(self) -> None:
        standing = [StandingDeployment(f"d{n}", f"{FULL}.ft-{n}", "Standard", 1) for n in range(10)]
        outputs = stack(account={"limits": {"tunedDeployments": 20}})
        found = plan(wanted(outputs), subscription(deployments={"main": Answer(standing)}))

        assert "serves 10 tuned models of at most 20" in said(found, "note")

    def test_files_that_would_not_fit_are_refused(self) -> None:
        """An account holds 1 GB: 1020 MiB are there, and 6 MB of training data are to come."""
        there = [_file(f"{n:032x}.jsonl", 510 * 2**20) for n in range(2)]
        files = (figures(size=6_000_000),)

        assert "1020 of 1024 MB" in said(plan(wanted(files=files), subscription(files=Answer(there))), "refused")

    def test_a_file_that_is_too_large_to_send_is_refused(self) -> None:
        """8 GB in parts (Microsoft, fine-tuning troubleshooting), and 1 GB in an account; the holdout is never sent."""
        files = (figures(size=8_000_000_001), figures("holdout", size=9_000_000_000))

        assert said(plan(wanted(files=files)), "refused").startswith(
            "size: the training file has 8,000,000,001 bytes, and the service takes files of up to 8,000,000,000"
        )

    def test_a_file_that_is_there_already_needs_no_room(self) -> None:
        there = [_file(f"{'a' * 32}.jsonl", 510 * 2**20), _file("other.jsonl", 510 * 2**20)]
        found = plan(wanted(files=(figures(size=510 * 2**20),)), subscription(files=Answer(there)))

        assert found.refusals == ()

    @pytest.mark.parametrize(
        ("status", "count", "severity"),
        [("succeeded", 100, "refused"), ("running", 3, "warning"), ("pending", 20, "refused"), ("running", 2, "note")],
    )
    def test_jobs_are_counted_against_the_accounts_limits(self, status: str, count: int, severity: Severity) -> None:
        """quotas-limits, 2026-03: 100 jobs, 20 queued, 3 running."""
        jobs = [Job(f"ftjob-{n}", JobStatus.parse(status), FULL, START) for n in range(count)]

        assert "limits: account main" in said(plan(answers=subscription(jobs=Answer(jobs))), severity)


class TestAsking:
    def test_what_this_identity_may_not_read_is_left_out_aloud_and_the_rest_is_read(self) -> None:
        outputs = stack()
        plane = TellingPlane(silent=ServiceRefused("the quotas cannot be read", status=403, code="AuthorizationFailed"))
        account = outputs.accounts["main"]
        answers = ask(plane, ScriptedService(), account, {"main": account})

        assert answers.usages_in("swedencentral").why_not == "the quotas cannot be read (AuthorizationFailed)"
        assert answers.files.found == []
        found = plan(answers=answers)
        assert "quota: the quotas cannot be read (AuthorizationFailed)" in said(found, "unchecked")
        assert found.refusals == ()


def _file(name: str, size: int) -> StoredFile:
    return StoredFile(f"file-{name}", name, "fine-tune", size, FileStatus.PROCESSED)


def test_a_plan_of_one_epoch_costs_half_of_one_of_two() -> None:
    one = plan(wanted(more="hyperparameters: {epochs: 1}\n")).training.cost.usd
    two = plan(wanted(more=TWO)).training.cost.usd

    assert one is not None
    assert (one * 2, two) == (Decimal(50), Decimal(50))


@given(
    st.integers(1, 10**7),
    st.integers(0, 10**12),
    st.integers(0, 10**12),
    st.dictionaries(
        st.sampled_from(
            [f"training/{FULL}/GlobalStandard", f"input/{FULL}", f"output/{FULL}", "hosting/GlobalStandard"]
        ),
        st.floats(0, 10**9),
    ),
    st.one_of(st.none(), st.floats(0, 10**9)),
)
def test_whatever_it_costs_a_plan_is_made_and_read_again(
    examples: int, prompts: int, answers: int, prices: dict[str, float], budget: float | None
) -> None:
    counted: dict[str, Any] = {
        "examples": examples,
        "prompt_tokens": prompts,
        "answer_tokens": answers,
        "tokens": prompts + answers,
    }
    outputs = stack({"budget": {"run": budget}}, prices=prices, hostingBudget=budget)
    more = "useCase: {replaces: {promptTokens: 1000}}\n"
    found = plan(wanted(outputs, FULL, more, (figures(**counted), figures("holdout", **counted))))

    assert Plan.model_validate_json(found.json_text()) == found
    cost = found.training.cost
    assert cost.usd is not None
    assert cost.usd_least is None or cost.usd_least <= cost.usd
