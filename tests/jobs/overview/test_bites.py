"""What will bite: each kind, its urgency and whether it needs a person, at values that the documents give.

fine-tune.md: deleted when it was not called for more than 15 days; concepts-deployment-types-content.md: DeveloperTier
after 24 hours; quotas-limits (2026-03): 10 tuned deployments an account; concepts-model-retirement-schedule
(2026-10-05): gpt-4.1-mini is tuned until 2027-04-14, what was tuned from it answers until 2027-10-14.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contract.outputs import StackOutputs
from contract.release import Releases
from jobs.doctor_ports import StandingDeployment, Usage
from jobs.errors import JobsError, ServiceRefused, SignInFailed, Unavailable
from jobs.monitor_ports import Deletion
from jobs.overview.bite import Bite, by_urgency
from jobs.overview.bites import bites, deployed
from jobs.overview.looking import look
from jobs.overview.places import places
from jobs.overview.seen import Seen
from tests.contract.specimens import record
from tests.jobs.doubles import KeptStack, TellingMonitor, TellingPlane
from tests.jobs.specimens import model_mapping, outputs_mapping

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LIVE, NEXT, OLD = (record(digit * 32) for digit in "abc")
RAN_OUT = datetime(2027, 11, 1, tzinfo=UTC)


def name(of: dict[str, Any]) -> str:
    return f"clippy-{of['jobId'][-8:]}"


def served(of: dict[str, Any], sku: str = "GlobalStandard", **spillover: str) -> dict[str, Any]:
    known = {"modelId": of["modelId"], "systemMessage": None, "sku": {"name": sku, "capacity": 50}}
    return known | {"deployments": {"main": name(of)}, "spillover": spillover}


def standing(of: dict[str, Any], state: str = "Succeeded", *, age: timedelta = DAY) -> StandingDeployment:
    return StandingDeployment(name(of), of["modelId"], "GlobalStandard", 50, state, NOW - age)


class Scene:
    """A stack whose live model was called an hour ago, unless a test says otherwise."""

    def __init__(self, **roles: Any) -> None:
        releases = roles or {"live": LIVE}
        self.releases = {"clippy": Releases.model_validate(releases)}
        self.served: dict[str, Any] = {"live": served(LIVE)}
        self.plane = TellingPlane(standing=[standing(LIVE)])
        self.monitor = TellingMonitor(calls={name(LIVE): NOW - timedelta(hours=1)})
        self.environment: dict[str, Any] = {}
        self.account: dict[str, Any] = {}

    def outputs(self) -> StackOutputs:
        mapping = outputs_mapping(clippy=model_mapping(**self.served))
        mapping["environment"] |= {"asOf": None} | self.environment
        mapping["accounts"]["main"] |= self.account
        return StackOutputs.parse(mapping)

    def seen(self, at: datetime = NOW) -> Seen:
        stack = KeptStack(self.outputs(), recorded=self.releases)
        found = look(stack, lambda _: (self.plane, self.monitor), now=NOW, at=at)
        assert isinstance(found, Seen)
        return found

    def bites(self, kind: str, at: datetime = NOW) -> list[Bite]:
        seen = self.seen(at)
        return [each for each in bites(seen, places(seen)) if each.kind == kind]


def test_where_all_is_well_nothing_bites_but_the_end_of_training() -> None:
    """Which is half a year away."""
    seen = Scene().seen()

    assert [(each.kind, each.person) for each in bites(seen, places(seen))] == [("retirement", False)]


class TestGone:
    def test_a_live_deployment_that_is_gone_needs_a_person_now(self) -> None:
        scene = Scene()
        scene.plane.standing = []
        (bite,) = scene.bites("gone")

        assert (bite.urgency, bite.person, bite.command) == ("now", True, "pulumi up -s dev")
        assert "names nobody" in bite.words

    @pytest.mark.parametrize(
        ("caller", "words"),
        [
            (
                "Microsoft.CognitiveServices",
                "Azure deleted it by itself 2026-11-20 12:00 UTC, as it does after 15 idle",
            ),
            ("ada@contoso.example", "ada@contoso.example deleted it 2026-11-20 12:00 UTC"),
            ("7e57ab1e-0000-4000-8000-000000000101", "7e57ab1e-0000-4000-8000-000000000101 deleted it 2026-11-20"),
        ],
    )
    def test_who_deleted_it_is_told_as_far_as_the_activity_log_says(self, caller: str, words: str) -> None:
        scene = Scene()
        scene.plane.standing = []
        scene.monitor.deleted = {name(LIVE): [Deletion(NOW - DAY, caller)]}

        assert words in scene.bites("gone")[0].words

    def test_a_log_that_may_not_be_read_is_no_failure(self) -> None:
        scene = Scene()
        scene.plane.standing = []
        scene.monitor.silent = ServiceRefused("who deleted it cannot be read", code="AuthorizationFailed")

        assert "who deleted it is not known: who deleted it cannot be read" in scene.bites("gone")[0].words

    def test_of_a_previous_one_an_up_takes_care(self) -> None:
        scene = Scene(live=LIVE, previous=[OLD | {"servedWith": served(OLD)["sku"]}])
        scene.served["previous"] = [served(OLD)]

        (bite,) = scene.bites("gone")
        assert (bite.urgency, bite.person) == ("later", False)

    @pytest.mark.parametrize(
        "error",
        [
            SignInFailed("no token could be had from Entra ID"),
            Unavailable("the deployments of contoso cannot be read"),
            ServiceRefused("the deployments of contoso cannot be read", status=404, code="ResourceNotFound"),
        ],
    )
    def test_an_account_that_nobody_could_look_at_needs_a_person(self, error: JobsError) -> None:
        """Else a nightly look whose secret has expired, or whose account was deleted, says that all is well."""
        scene = Scene()
        scene.plane.silent = error
        (bite,) = scene.bites("unread")

        assert (bite.urgency, bite.person, bite.command) == ("now", True, "jobs doctor -s dev")
        assert f"account main not looked at: {error.what}" in bite.words

    def test_what_arm_does_not_tell_is_not_gone(self) -> None:
        scene = Scene()
        scene.plane.silent = ServiceRefused("the deployments cannot be read")

        assert scene.bites("gone") == []
        assert scene.bites("unread") == []
        assert scene.bites("notKnown")


@pytest.mark.parametrize(
    ("state", "urgency", "person"), [("Failed", "now", True), ("Disabled", "now", True), ("Creating", "later", False)]
)
def test_a_deployment_that_is_not_ready(state: str, urgency: str, person: bool) -> None:
    scene = Scene()
    scene.plane.standing = [standing(LIVE, state)]

    (bite,) = scene.bites("notReady")
    assert (bite.urgency, bite.person) == (urgency, person)


class TestIdle:
    @pytest.mark.parametrize(
        ("days", "urgency"), [(9.9, None), (10.1, "soon"), (13.9, "soon"), (14.1, "now"), (15.5, "now")]
    )
    def test_fifteen_days_after_its_last_call_azure_deletes_it(self, days: float, urgency: str | None) -> None:
        scene = Scene()
        scene.plane.standing = [standing(LIVE, age=40 * DAY)]
        scene.monitor.calls = {name(LIVE): NOW - timedelta(days=days)}

        found = scene.bites("idle")
        assert [each.urgency for each in found] == ([urgency] if urgency else [])
        for bite in found:
            assert (bite.person, bite.command) == (True, "jobs verify -s dev")
            assert bite.due == NOW - timedelta(days=days) + timedelta(days=15)

    def test_what_was_never_called_counts_from_when_it_was_made(self) -> None:
        scene = Scene()
        scene.plane.standing = [standing(LIVE, age=12 * DAY)]
        scene.monitor.calls = {}

        (bite,) = scene.bites("idle")
        assert bite.due == NOW + 3 * DAY

    def test_what_was_made_anew_counts_from_then_whenever_its_name_was_called(self) -> None:
        scene = Scene()
        scene.plane.standing = [standing(LIVE, age=11 * DAY)]
        scene.monitor.calls = {name(LIVE): NOW - 14 * DAY}

        (bite,) = scene.bites("idle")
        assert bite.due == NOW + 4 * DAY

    def test_where_calls_cannot_be_read_nobody_guesses(self) -> None:
        scene = Scene()
        scene.plane.standing = [standing(LIVE, age=40 * DAY)]
        scene.monitor.silent = ServiceRefused("metrics cannot be read")

        assert scene.bites("idle") == []
        assert "metrics cannot be read" in scene.bites("notKnown")[0].words


class TestDeveloper:
    def test_a_candidate_on_developer_tier_is_told_of_and_needs_nobody(self) -> None:
        scene = Scene(candidate=NEXT)
        scene.served = {"candidate": served(NEXT, "DeveloperTier")}
        scene.plane.standing = [standing(NEXT, age=timedelta(hours=20))]

        (bite,) = scene.bites("developer")
        assert (bite.urgency, bite.person, bite.due) == ("soon", False, NOW + timedelta(hours=4))

    def test_that_a_candidate_has_gone_from_it_needs_nobody(self) -> None:
        scene = Scene(candidate=NEXT)
        scene.served = {"candidate": served(NEXT, "DeveloperTier")}
        scene.plane.standing = []

        (bite,) = scene.bites("gone")
        assert (bite.urgency, bite.person) == ("later", False)

    def test_a_live_one_needs_a_person(self) -> None:
        scene = Scene()
        scene.served = {"live": served(LIVE, "DeveloperTier")}

        (bite,) = scene.bites("developer")
        assert (bite.urgency, bite.person) == ("now", True)


class TestRetirement:
    @pytest.mark.parametrize(
        ("day", "told"),
        [
            ("2026-10-01", []),
            ("2026-11-21", [("later", False)]),
            ("2027-03-01", [("soon", True)]),
            ("2027-04-20", [("later", False)]),
            ("2027-09-01", [("soon", True)]),
            ("2027-10-14", [("now", True)]),
        ],
    )
    def test_the_days_are_those_of_the_schedule(self, day: str, told: list[tuple[str, bool]]) -> None:
        scene = Scene()
        scene.environment = {"asOf": day}

        assert [(each.urgency, each.person) for each in scene.bites("retirement")] == told

    def test_without_a_day_of_the_environment_that_of_the_question_counts(self) -> None:
        assert [each.urgency for each in Scene().bites("retirement", at=RAN_OUT)] == ["now"]


class TestUp:
    def test_a_candidate_that_is_not_up_yet_needs_an_up(self) -> None:
        (bite,) = Scene(live=LIVE, candidate=NEXT).bites("up")

        assert (bite.urgency, bite.person, bite.command) == ("soon", True, "pulumi up -s dev")

    def test_a_model_that_the_file_asks_for_no_more_is_told_of_as_well(self) -> None:
        scene = Scene()
        scene.served["candidate"] = served(NEXT)
        scene.plane.standing.append(standing(NEXT))

        (bite,) = scene.bites("stray")
        assert "the stack file asks for it no more" in bite.words

    def test_a_deployment_that_no_config_has_is_told_with_what_deletes_it(self) -> None:
        scene = Scene()
        scene.plane.standing += [StandingDeployment("by-hand", "gpt-4.1.ft-1", "Standard", 1, "Succeeded")]
        scene.plane.standing += [StandingDeployment("base", "gpt-4.1", "Standard", 1, "Succeeded")]

        (bite,) = scene.bites("stray")
        assert "by-hand in main serves gpt-4.1.ft-1" in bite.words
        assert bite.command is not None
        assert "--deployment-name by-hand" in bite.command

    def test_in_an_account_of_others_they_may_be_its_owner_s(self) -> None:
        """As in `existing` accounts: nobody is told to delete what another team serves."""
        scene = Scene()
        theirs = "/subscriptions/s/resourceGroups/theirs/providers/Microsoft.CognitiveServices/accounts/contoso"
        scene.account = {"id": theirs}
        scene.plane.standing.append(standing(OLD))

        (bite,) = scene.bites("stray")
        assert (bite.urgency, bite.person, bite.command) == ("later", False, None)

    def test_what_another_environment_has_deployed_here_is_no_stray(self) -> None:
        scene = Scene()
        scene.plane.standing.append(standing(OLD))
        seen = scene.seen()
        scene.served = {"live": served(OLD)}
        elsewhere = deployed(scene.seen())

        assert "stray" not in {each.kind for each in bites(seen, places(seen), elsewhere)}

    def test_spillover_is_no_stray(self) -> None:
        scene = Scene()
        scene.served["live"] = served(LIVE, main="clippy-spill")
        scene.plane.standing += [StandingDeployment("clippy-spill", LIVE["modelId"], "Standard", 1, "Succeeded", NOW)]

        assert scene.bites("stray") == []


class TestEvaluation:
    def test_a_live_model_without_an_evaluation_needs_a_decision(self) -> None:
        (bite,) = Scene(live=LIVE | {"evaluation": None}).bites("notEvaluated")

        assert (bite.person, bite.command) == (True, 'jobs release clippy -s dev --override "why"')

    def test_an_override_is_told_of_though_the_evaluation_itself_was_passed(self) -> None:
        override = {"by": "Ada", "at": "2026-11-20T10:00:00Z", "reason": "launch day"}
        (bite,) = Scene(live=LIVE | {"override": override}).bites("overridden")

        assert bite.words == "clippy: live by an override (Ada, 2026-11-20T10:00:00Z: launch day)"

    def test_one_that_is_live_by_an_override_is_told_of(self) -> None:
        override = {"by": "Ada", "at": "2026-11-20T10:00:00Z", "reason": "launch day"}
        (bite,) = Scene(live=LIVE | {"evaluation": None, "override": override}).bites("overridden")

        assert "launch day" in bite.words
        assert bite.person is False


class TestRoom:
    def test_a_quota_that_is_nearly_used_is_told_of(self) -> None:
        scene = Scene()
        pool = "OpenAI.GlobalStandard.gpt-4.1-mini-finetune"
        scene.plane.quotas = [Usage(pool, 90, 100), Usage("OpenAI.Standard.gpt-4o-finetune", 100, 100)]

        (bite,) = scene.bites("quota")
        assert f"90 of 100 are taken of {pool} in swedencentral" in bite.words

    @pytest.mark.parametrize(("count", "told"), [(8, 0), (9, 1), (10, 1)])
    def test_so_is_an_account_with_room_for_one_more(self, count: int, told: int) -> None:
        scene = Scene()
        scene.plane.standing = [StandingDeployment(f"d{n}", f"b.ft-{n}", "Standard", 1) for n in range(count)]

        assert len(scene.bites("limit")) == told


def test_a_price_that_is_not_known_is_named() -> None:
    scene = Scene()
    scene.served = {"live": served(LIVE, "DataZoneProvisionedManaged")}

    assert "tuned-models:prices.hosting/DataZoneProvisionedManaged" in scene.bites("price")[0].words


def test_the_most_urgent_comes_first_and_of_those_who_needs_a_person_then_the_first_due() -> None:
    made = [
        Bite("later", "price", "a", "4", person=False),
        Bite("soon", "idle", "a", "3", person=False),
        Bite("soon", "idle", "a", "2", person=True, due=NOW + DAY),
        Bite("soon", "idle", "a", "1", person=True, due=NOW),
        Bite("now", "gone", "b", "0", person=True),
    ]

    assert [each.words for each in by_urgency(made)] == ["0", "1", "2", "3", "4"]
