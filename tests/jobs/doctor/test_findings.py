"""The checks that no local Azure can fail: tenants, teams, limits; and what each says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from jobs.doctor import quota, reach, sign_in
from jobs.doctor.finding import State
from jobs.doctor.reach import Answer
from jobs.doctor.roles import STORES, TRAINS, Place, Whose, roles
from jobs.doctor_ports import Greeting, Identity, Permission, Usage
from jobs.errors import JobsError, NetworkRefused, ServiceRefused, SignInFailed, Unavailable
from jobs.ports import FileStatus, Job, JobStatus, StoredFile
from tests.jobs.specimens import BASE, model_mapping, outputs, served_mapping

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TENANT = "11111111-0000-0000-0000-000000000001"
OTHER = "22222222-0000-0000-0000-000000000002"
ADA = Identity("user", "User", "ada@contoso.example", "33333333-0000-0000-0000-000000000003", TENANT)
WHOSE = Whose(ADA, "org/project/dev", "pulumi up -s dev")
PLACE = Place("account main", "/subscriptions/1/…/accounts/contoso", TRAINS)
WELL = Answer("account main", None)
DENIED = Answer("account main", ServiceRefused("x", status=401, code="PermissionDenied"))


def test_a_subscription_of_another_tenant_is_told_with_the_tenant_to_sign_in_to() -> None:
    found = sign_in.tenant("sub", Greeting(NOW, OTHER), ADA)

    assert found is not None
    assert found.state is State.BLOCKER
    assert found.mend[0] == f"az login --tenant {OTHER}"


@pytest.mark.parametrize("tenant", [TENANT, None])
def test_the_same_tenant_or_one_that_is_not_told_is_no_fault(tenant: str | None) -> None:
    assert sign_in.tenant("sub", Greeting(NOW, tenant), ADA) is None


@pytest.mark.parametrize(
    ("seconds", "state"), [(0, State.OK), (60, State.OK), (61, State.WARN), (300, State.WARN), (301, State.BLOCKER)]
)
def test_five_minutes_are_tolerated_by_entra_and_one_is_worth_a_word(seconds: int, state: State) -> None:
    for sign in (1, -1):
        assert sign_in.clock(Greeting(NOW, None), NOW + timedelta(seconds=sign * seconds)).state is state


def test_an_answer_without_a_date_is_no_blocker() -> None:
    assert sign_in.clock(Greeting(None, None), NOW).state is State.WARN


@pytest.mark.parametrize(
    ("permission", "state"),
    [
        (Permission(data_actions=["Microsoft.CognitiveServices/accounts/OpenAI/*"]), State.OK),
        (Permission(data_actions=["Microsoft.CognitiveServices/*"]), State.OK),
        (Permission(data_actions=["Microsoft.CognitiveServices/accounts/OpenAI/*/read"]), State.BLOCKER),
        (Permission(actions=["*"]), State.BLOCKER),
        (
            Permission(
                data_actions=["Microsoft.CognitiveServices/accounts/OpenAI/*"],
                not_data_actions=["microsoft.cognitiveservices/accounts/openai/fine-tunes/write"],
            ),
            State.BLOCKER,
        ),
    ],
    ids=["OpenAI Contributor", "wider", "OpenAI User", "Owner", "one taken away"],
)
def test_what_counts_is_what_may_be_done_by_whichever_role(permission: Permission, state: State) -> None:
    """Owner may do nothing with data."""
    assert roles(PLACE, [permission], WELL, WHOSE).state is state


def test_several_roles_add_up() -> None:
    halves = [Permission(data_actions=[action]) for action in STORES.actions]

    assert roles(Place("storage", "id", STORES), halves, WELL, WHOSE).state is State.OK
    assert roles(Place("storage", "id", STORES), halves[:1], WELL, WHOSE).state is State.BLOCKER


def test_the_lines_that_grant_a_role_name_the_principal_and_its_type_and_the_stack_s_own_file() -> None:
    mend = roles(PLACE, [], DENIED, WHOSE).mend

    assert "environments/Pulumi.dev.yaml" in mend[0]
    assert mend[1:5] == (
        "  tuned-models:access:",
        "    trainers:",
        f"      - principalId: {ADA.object_id}",
        "        principalType: User",
    )


def test_of_another_team_s_account_the_role_is_asked_for_by_its_id() -> None:
    (command,) = roles(Place("account main", "/the/id", TRAINS, own=False), [], DENIED, WHOSE).mend

    assert command == (
        f"az role assignment create --assignee-object-id {ADA.object_id} --assignee-principal-type User "
        "--role a001fd3d-188f-4b5d-821b-7da978bf7442 --scope /the/id"
    )


def test_where_arm_says_nothing_the_data_plane_s_refusal_counts() -> None:
    assert roles(PLACE, None, DENIED, WHOSE).state is State.BLOCKER
    assert roles(PLACE, None, WELL, WHOSE).state is State.WARN


def test_a_role_that_is_assigned_and_not_honoured_yet_is_to_be_waited_for() -> None:
    """Azure may take minutes."""
    found = roles(PLACE, [Permission(data_actions=["*"])], DENIED, WHOSE)

    assert found.state is State.WARN
    assert "does not hold yet" in found.words


@pytest.mark.parametrize(
    ("error", "network", "scope"),
    [
        (None, State.OK, State.OK),
        (DENIED.error, State.OK, State.OK),
        (ServiceRefused("x", status=401), State.OK, State.BLOCKER),
        (NetworkRefused("x", status=403, code="403"), State.BLOCKER, State.UNCHECKED),
        (ServiceRefused("x", status=404, code="404"), State.BLOCKER, State.OK),
        (Unavailable("no route"), State.BLOCKER, State.UNCHECKED),
        (SignInFailed("nobody"), State.UNCHECKED, State.UNCHECKED),
    ],
)
def test_each_answer_of_a_data_plane_is_the_fault_of_one_thing(
    error: JobsError | None, network: State, scope: State
) -> None:
    answer = Answer("account main", error)

    assert reach.network(answer).state is network
    assert reach.token_scope(reach.SCOPES[0], [answer]).state is scope


def test_the_other_of_the_two_scopes_is_proposed() -> None:
    refused = [Answer("account main", ServiceRefused("x", status=401))]

    assert reach.token_scope(reach.SCOPES[0], refused).mend[-1].endswith(reach.SCOPES[1])
    assert reach.token_scope(reach.SCOPES[1], refused).mend[-1].endswith(reach.SCOPES[0])
    assert reach.token_scope("https://other.example/.default", refused).mend[-1].endswith(reach.SCOPES[0])


NAME = "OpenAI.GlobalStandard.gpt-4.1-mini-finetune"


@pytest.mark.parametrize(
    ("used", "limit", "state"),
    [(0, 100, State.OK), (1, 100, State.WARN), (0, 99, State.BLOCKER)],
    ids=["fits", "fits once others are gone", "never fits"],
)
def test_the_next_candidate_and_its_release_stand_beside_what_there_is(used: float, limit: float, state: State) -> None:
    """Live 50, candidate 50."""
    (found,) = quota.capacity("swedencentral", [Usage(NAME.lower(), used, limit)], outputs(), {"clippy": BASE})

    assert found.state is state


def test_a_candidate_that_is_deployed_needs_no_more() -> None:
    told = outputs(clippy=model_mapping(candidate=served_mapping("x")))
    (found,) = quota.capacity("swedencentral", [Usage(NAME, 50, 100)], told, {"clippy": BASE})

    assert found.state is State.OK


def test_a_quota_that_is_not_listed_and_a_base_that_is_not_known_are_said() -> None:
    (unlisted,) = quota.capacity("swedencentral", [], outputs(), {"clippy": BASE})
    (unknown,) = quota.capacity("swedencentral", [], outputs(), {"clippy": None})

    assert (unlisted.state, unknown.state) == (State.WARN, State.UNCHECKED)


def test_models_of_other_regions_are_not_counted_here() -> None:
    assert list(quota.capacity("northcentralus", [], outputs(), {"clippy": BASE})) == []


def _files(number: int) -> list[StoredFile]:
    return [StoredFile(f"file-{each}", "a.jsonl", "fine-tune", 1, FileStatus.PROCESSED) for each in range(number)]


def _jobs(number: int, status: str) -> list[Job]:
    return [Job(f"ftjob-{each}", JobStatus.parse(status), BASE, NOW) for each in range(number)]


@pytest.mark.parametrize(
    ("files", "jobs", "state"),
    [
        (_files(98), _jobs(19, "pending"), State.OK),
        (_files(99), [], State.BLOCKER),
        ([], _jobs(20, "pending"), State.BLOCKER),
        ([], _jobs(40, "succeeded"), State.OK),
    ],
    ids=["room for two files and a job", "no room for validation data", "queue full", "ended jobs don't wait"],
)
def test_an_account_takes_a_hundred_files_and_twenty_waiting_jobs(
    files: list[StoredFile], jobs: list[Job], state: State
) -> None:
    assert quota.room("main", files, jobs).state is state
