"""`jobs promote`: what becomes of the target's file, what is refused before, and what a pull request is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract.release import Releases, Signed, Sku, Withdrawal
from jobs.cli.releases import promote, promotion_looks
from jobs.errors import ServiceRefused, Unavailable
from tests.jobs.cli.releases.two_stacks import (
    ACCOUNT,
    DEPLOYER,
    DEV,
    MODEL,
    OTHER,
    PROD,
    Plane,
    TwoStacks,
    other,
    trained,
)

SKU = Sku(name="GlobalStandard", capacity=50)
ADA = Signed(by="Ada", at="2026-11-20T12:00:00Z", reason="an emergency")


@pytest.fixture
def stacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TwoStacks:
    """The working folder is the project's."""
    made = TwoStacks(tmp_path)
    made.set_up()
    for module in (promote, promotion_looks):
        monkeypatch.setattr(module, "surroundings", made.surroundings)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JOBS_OUTPUTS", str(tmp_path / "outputs"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    (tmp_path / "gitconfig").write_text("[user]\n  name = Ada\n")
    return made


class TestRecord:
    def test_the_live_model_becomes_the_candidate_with_its_source_and_its_evaluation(self, stacks: TwoStacks) -> None:
        before = stacks.file("dev").read_bytes()
        done = stacks.promote()

        assert (done.code, done.err) == (0, "")
        candidate = stacks.recorded().candidate
        assert candidate == trained().model_copy(update={"source": ACCOUNT})
        assert stacks.file("dev").read_bytes() == before
        assert done.out.splitlines()[-3:] == [
            "Next: pulumi up -s prod",
            "Then: jobs verify -s prod",
            "Then: jobs release clippy -s prod",
        ]

    def test_a_second_promotion_changes_nothing(self, stacks: TwoStacks) -> None:
        stacks.promote()
        before = stacks.file("prod").read_bytes()
        done = stacks.promote()

        assert done.code == 0
        assert "is the candidate there already" in done.out
        assert stacks.file("prod").read_bytes() == before

    def test_but_brings_an_evaluation_that_was_made_since(self, stacks: TwoStacks) -> None:
        stacks.promote()
        newer = trained(at="2026-11-21T09:00:00Z", mean=0.95)
        stacks.records("dev", Releases(live=newer))

        assert "its newer evaluation of dev" in stacks.promote().out
        candidate = stacks.recorded().candidate
        assert candidate is not None
        assert candidate.evaluation == newer.evaluation

    def test_and_not_over_one_of_its_own(self, stacks: TwoStacks) -> None:
        own = trained(stack="prod", at="2026-11-20T12:00:00Z").model_copy(update={"source": ACCOUNT})
        stacks.records("prod", Releases(candidate=own))
        stacks.records("dev", Releases(live=trained(at="2026-11-21T09:00:00Z")))
        stacks.promote()

        assert stacks.recorded().candidate == own

    def test_what_was_decided_in_dev_stays_there(self, stacks: TwoStacks) -> None:
        """An override of dev opens no gate of prod."""
        live = trained().model_copy(update={"override": ADA, "served_with": SKU})
        stacks.records("dev", Releases(live=live))
        stacks.promote()

        assert stacks.recorded().candidate == trained().model_copy(update={"source": ACCOUNT})

    def test_a_displaced_candidate_is_superseded(self, stacks: TwoStacks) -> None:
        stacks.records("prod", Releases(candidate=other(source=ACCOUNT)))
        done = stacks.promote()

        assert f"{OTHER} is superseded" in done.out
        (former,) = stacks.recorded().previous
        assert former.withdrawal is not None
        assert (former.withdrawal.kind, former.withdrawal.by) == ("superseded", "Ada")
        assert former.withdrawal.reason == f"displaced by {MODEL}, promoted from dev"

    def test_a_superseded_one_may_come_again(self, stacks: TwoStacks) -> None:
        stacks.records("prod", Releases(candidate=other(source=ACCOUNT)))
        stacks.promote()
        stacks.records("dev", Releases(live=other()))
        stacks.promote()
        candidate = stacks.recorded().candidate

        assert candidate is not None
        assert candidate.model_id == OTHER
        assert [each.model_id for each in stacks.recorded().previous] == [MODEL]

    def test_from_a_stack_that_it_was_promoted_to_the_source_stays_what_it_was(self, stacks: TwoStacks) -> None:
        first = ACCOUNT.replace("contoso-dev", "contoso-lab")
        stacks.records("dev", Releases(live=trained().model_copy(update={"source": first})))
        done = stacks.promote()
        candidate = stacks.recorded().candidate

        assert candidate is not None
        assert candidate.source == first
        assert "the account contoso-lab is of no stack that can be seen here" in done.err

    def test_where_both_stacks_have_the_very_account_there_is_no_source(self, stacks: TwoStacks) -> None:
        stacks.has["prod"]["accounts"] = {"shared": stacks.has["dev"]["accounts"]["main"]}
        stacks.has["prod"]["models"]["clippy"] |= {"trainIn": "shared", "servedIn": ["shared"]}
        stacks.promote()
        candidate = stacks.recorded().candidate

        assert candidate is not None
        assert (candidate.source, candidate.trained_in) == (None, "shared")

    def test_the_candidate_or_any_other_where_it_is_asked_for(self, stacks: TwoStacks) -> None:
        stacks.records("dev", Releases(live=trained(), candidate=other()))

        assert stacks.promote("--candidate").code == 0
        assert stacks.recorded().candidate == other(source=ACCOUNT)
        assert stacks.promote("--model-id", MODEL).code == 0
        candidate = stacks.recorded().candidate
        assert candidate is not None
        assert candidate.model_id == MODEL

    def test_a_patch_leaves_the_file_alone(self, stacks: TwoStacks) -> None:
        before = stacks.file("prod").read_bytes()
        done = stacks.promote("--output", "patch")

        assert stacks.file("prod").read_bytes() == before
        assert f'+        modelId: "{MODEL}"' in done.out
        assert "goes into a patch" in done.err

    def test_the_evaluation_that_is_missing_is_named(self, stacks: TwoStacks) -> None:
        stacks.records("prod", Releases(live=other(source=ACCOUNT)))
        done = stacks.promote()

        assert f"not to be released yet: it was not compared with {OTHER}, which is live" in done.out
        assert done.out.splitlines()[-2:] == [
            "Then: jobs evaluate clippy -s prod",
            "Then: jobs release clippy -s prod",
        ]


def _withdrawn(kind: Any) -> Releases:
    aside = Withdrawal(by="Ada", at="2026-11-20T12:00:00Z", reason="too slow", kind=kind)
    return Releases(previous=(trained().model_copy(update={"withdrawal": aside, "source": ACCOUNT}),))


class TestAlreadyThere:
    def test_live(self, stacks: TwoStacks) -> None:
        stacks.records("prod", Releases(live=trained().model_copy(update={"source": ACCOUNT})))
        done = stacks.promote()

        assert (done.code, done.out) == (0, f"clippy: {MODEL} is live there already.\n")

    @pytest.mark.parametrize(
        ("releases", "words"),
        [
            (_withdrawn("withdrawn"), "it is withdrawn (by Ada, 2026-11-20T12:00:00Z: too slow)"),
            (_withdrawn("rolledBack"), "it is rolled back (by Ada"),
            (
                Releases(previous=(trained().model_copy(update={"source": ACCOUNT, "served_with": SKU}),)),
                f"Next: jobs rollback clippy -s prod --to {MODEL}\n",
            ),
        ],
    )
    def test_put_aside(self, stacks: TwoStacks, releases: Releases, words: str) -> None:
        stacks.records("prod", releases)
        done = stacks.promote()

        assert done.code == 1
        assert words in done.err
        assert stacks.recorded() == releases


class TestUsage:
    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("clippy", "--from", "dev", "--to", "org/models/dev"), "--from and --to are both dev"),
            (("clippy", "--from", "dev", "--to", "prod", "--candidate", "--model-id", "x"), "give one of them"),
            (("clippy", "--from", "dev", "--to", "prod", "--pr", "--output", "patch"), "give one of them"),
            (("clippy", "--from", "dev", "--to", "prod", "--outputs", "outputs/dev.json"), "name their folder"),
        ],
    )
    def test_what_cannot_be_meant(self, stacks: TwoStacks, words: tuple[str, ...], said: str) -> None:
        done = stacks.jobs("promote", *words)

        assert done.code == 2
        assert said in done.err

    def test_a_model_that_the_source_does_not_record(self, stacks: TwoStacks) -> None:
        done = stacks.jobs("promote", "clipy", "--from", "dev", "--to", "prod")

        assert done.code == 1
        assert done.err.startswith("jobs: stack dev: ")
        assert "did you mean 'clippy'?" in done.err

    def test_a_source_that_has_no_file_is_not_taken_for_the_target(self, stacks: TwoStacks) -> None:
        done = stacks.jobs("promote", "clippy", "--from", "nope", "--to", "prod")

        assert done.code == 1
        assert done.err.startswith("jobs: stack nope: ")

    @pytest.mark.parametrize(
        ("releases", "flags", "said"),
        [
            (Releases(candidate=trained()), (), "stack dev: nothing is live there: --candidate takes its candidate"),
            (Releases(live=trained()), ("--candidate",), "stack dev: it has no candidate"),
            (Releases(live=trained()), ("--model-id", "x"), "stack dev: it records no x"),
            (_withdrawn("withdrawn"), ("--model-id", MODEL), "it is withdrawn (by Ada"),
            (Releases(live=trained().model_copy(update={"trained_in": "old"})), (), "trained in account 'old'"),
        ],
    )
    def test_a_model_that_the_source_cannot_give(
        self, stacks: TwoStacks, releases: Releases, flags: tuple[str, ...], said: str
    ) -> None:
        stacks.records("dev", releases)
        done = stacks.promote(*flags)

        assert done.code == 1
        assert said in done.err


def _change(where: str, value: Any) -> Callable[[TwoStacks], None]:
    """Of prod's outputs, by a path of keys."""

    def change(stacks: TwoStacks) -> None:
        *keys, last = where.split("/")
        found = stacks.has["prod"]
        for key in keys:
            found = found[key]
        found[last] = value

    return change


def _plane(subscription: str, plane: Plane) -> Callable[[TwoStacks], None]:
    return lambda stacks: stacks.planes.update({subscription: plane})


DEVELOPER = {"name": "DeveloperTier", "capacity": 10}
TUNED = {"sku": {"name": "GlobalStandard", "capacity": 1}, "tuned": True}
REFUSED = [
    (_change("models", {}), "prod declares no model clippy (declared: none): write it under tuned-models:models in"),
    (_change("accounts/main/location", "eastasia"), "gpt-4.1-mini-2025-04-14 isn't fine-tuned in eastasia"),
    (
        _change("accounts/main/kind", "Speech"),
        "needs an account of kind OpenAI or AIServices, this one is of kind Speech",
    ),
    (_change("models/clippy/skus/live/name", "ProvisionedManaged"), "isn't offered with SKU ProvisionedManaged"),
    (_change("environment/asOf", "2027-10-14"), "can't be deployed since 2027-10-14"),
    (_change("models/clippy/skus/candidate", DEVELOPER), "models.clippy.skus.candidate is DeveloperTier"),
    (_change("environment/residency", "region"), "GlobalStandard training, by which this model was made"),
    (
        _change("accounts/main/deployments", {f"d{number}": TUNED for number in range(10)}),
        "account main of prod has 10 tuned deployments, and Azure allows 10",
    ),
    (_change("environment/hostingBudget", 1000), "hosting all models for 30 days comes to $1,224.00"),
    (_change("models/clippy/servedIn", ["gone"]), "the outputs of prod have no account gone"),
    (_plane(PROD, Plane(tenant="t2")), "the model's account is in tenant t1, and " + PROD + " in t2"),
    (_plane(DEV, Plane(account=ServiceRefused("gone", status=404))), "is not there any more"),
    (_change("deployers", [TwoStacks.deployer("bbbbbbbb-0000-0000-0000-00000000000b")]), "LinkedAuthorizationFailed"),
]


class TestRefused:
    @pytest.mark.parametrize(("change", "words"), REFUSED, ids=[words for _, words in REFUSED])
    def test_before_anything_is_written(
        self, stacks: TwoStacks, change: Callable[[TwoStacks], None], words: str
    ) -> None:
        before = stacks.file("prod").read_bytes()
        change(stacks)
        done = stacks.promote()

        assert done.code == 1
        assert words in done.err
        assert stacks.file("prod").read_bytes() == before

    def test_all_at_once(self, stacks: TwoStacks) -> None:
        _change("accounts/main/location", "eastasia")(stacks)
        _change("models/clippy/skus/candidate", DEVELOPER)(stacks)
        _plane(PROD, Plane(tenant="t2"))(stacks)
        done = stacks.promote()

        assert all(words in done.err for words in ("eastasia", "DeveloperTier", "tenant t1"))


class TestRights:
    def test_the_lines_that_the_source_lacks_are_printed(self, stacks: TwoStacks) -> None:
        second = "bbbbbbbb-0000-0000-0000-00000000000b"
        stacks.has["prod"]["deployers"] += [{"principalId": second, "principalType": "Group", "pipeline": None}]
        stacks.has["dev"]["deployers"] = []
        done = stacks.promote()

        assert done.code == 1
        assert (
            "\n".join(
                [
                    "  In environments/Pulumi.dev.yaml, under config, then an up of dev:",
                    "    tuned-models:access:",
                    "      deployers:",
                    f"        - principalId: {DEPLOYER}  # the pipeline release of prod",
                    "          principalType: ManagedIdentity",
                    f"        - principalId: {second}  # of prod",
                    "          principalType: Group",
                ]
            )
            in done.err
        )

    def test_somebody_may_know_better(self, stacks: TwoStacks) -> None:
        stacks.has["dev"]["deployers"] = []

        assert stacks.promote("--rights-given").code == 0

    @pytest.mark.parametrize(
        ("stack", "deployers", "words"),
        [
            ("dev", None, "dev was brought up before outputs told that"),
            ("prod", None, "prod was brought up before outputs told that"),
            ("prod", [], "prod names no deployers"),
        ],
    )
    def test_where_it_is_not_known_that_is_said(
        self, stacks: TwoStacks, stack: str, deployers: list[Any] | None, words: str
    ) -> None:
        stacks.has[stack]["deployers"] = deployers
        done = stacks.promote()

        assert done.code == 0
        assert words in done.err

    def test_who_may_not_read_the_account_is_told(self, stacks: TwoStacks) -> None:
        stacks.planes[DEV].account = ServiceRefused("no", status=403)
        done = stacks.promote()

        assert done.code == 0
        assert "you may not read the account contoso-dev" in done.err

    def test_what_azure_did_not_answer_is_no_refusal(self, stacks: TwoStacks) -> None:
        stacks.planes[DEV].account = Unavailable("the control plane cannot be reached")

        assert "not looked at in Azure: the control plane" in stacks.promote().err
        assert stacks.recorded().candidate is not None

    def test_offline_azure_is_not_asked(self, stacks: TwoStacks) -> None:
        stacks.planes.clear()

        assert stacks.promote("--offline").code == 0


class TestPullRequest:
    def test_title_and_body_are_all_of_standard_output(self, stacks: TwoStacks) -> None:
        done = stacks.promote("--pr")
        title, _, body = done.out.partition("\n\n")

        assert title == "Promote clippy run 0123abcd from dev to prod"
        headings = [line for line in body.splitlines() if line.startswith("#")]
        assert headings == [
            "## What changes",
            "## Lineage",
            "## Scorecard",
            "## Cost",
            "## Once this is merged",
            "## How to roll back",
        ]
        assert (
            "| `prompted` | `gpt-4.1-mini-2025-04-14` | 0.750 | +0.150 | +0.100 to +0.200 | 70 / 10 / 320 | 10 |"
            in body
        )
        assert "once it is live: $1,224.00" in body
        assert "jobs rollback clippy -s prod\npulumi up -s prod" in body
        assert "is the candidate" in done.err

    def test_it_may_be_asked_for_afterwards(self, stacks: TwoStacks) -> None:
        stacks.promote()

        assert stacks.promote("--pr").out.startswith("Promote clippy run")
