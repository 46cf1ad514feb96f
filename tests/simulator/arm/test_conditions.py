"""Who may assign some roles only assigns those: conditions as Microsoft documents and as this program writes them."""

from __future__ import annotations

from typing import Any

import pytest

from infra.access import ASSIGNED_BY_DEPLOYERS, constrained
from simulator.arm.conditions import Attempt, Unreadable, read
from simulator.arm.models import Resource
from simulator.entra.models import SEEDED, ServicePrincipal
from simulator.roles import CONTRIBUTOR, OPENAI_CONTRIBUTOR, OPENAI_USER, RBAC_ADMINISTRATOR, USER_ACCESS_ADMINISTRATOR
from simulator.server import Simulator
from tests.simulator.arm.clients import Clients, refused
from tests.simulator.arm.conftest import As

CALLER, STRANGER = SEEDED["caller"], SEEDED["stranger"]
NAMES = [f"{number}1111111-1111-4111-8111-111111111111" for number in range(1, 5)]
WRITE = "Microsoft.Authorization/roleAssignments/write"
DELETE = "Microsoft.Authorization/roleAssignments/delete"


def asked(simulator: Simulator, role: str, principal: str, condition: str | None = None) -> Any:
    definitions = f"/subscriptions/{simulator.cloud.subscription_id}/providers/Microsoft.Authorization/roleDefinitions"
    limit = {"condition": condition, "conditionVersion": "2.0"} if condition else {}
    who = {"principalId": principal, "principalType": "ServicePrincipal"}
    return {"properties": {"roleDefinitionId": f"{definitions}/{role}"} | who | limit}


@pytest.fixture
def deployer(simulator: Simulator, azure: Clients, as_: As, account: Resource) -> Clients:
    """Somebody with the rights of a stack's deployer on its resource group."""
    group = account.id.partition("/providers/")[0]
    create = azure.authorization.role_assignments.create
    create(group, NAMES[0], asked(simulator, CONTRIBUTOR, CALLER.object_id))
    create(
        group,
        NAMES[1],
        asked(simulator, RBAC_ADMINISTRATOR, CALLER.object_id, constrained(ASSIGNED_BY_DEPLOYERS)),
    )
    return as_("caller")


class TestADeployer:
    def test_assigns_and_takes_away_what_the_program_assigns(
        self, simulator: Simulator, deployer: Clients, account: Resource
    ) -> None:
        made = deployer.authorization.role_assignments.create(
            account.id, NAMES[2], asked(simulator, OPENAI_USER, STRANGER.object_id)
        )

        deployer.authorization.role_assignments.delete(account.id, NAMES[2])

        assert made.name == NAMES[2]

    @pytest.mark.parametrize("role", [CONTRIBUTOR, RBAC_ADMINISTRATOR, USER_ACCESS_ADMINISTRATOR])
    @pytest.mark.parametrize("principal", [CALLER, STRANGER], ids=lambda principal: principal.name)
    def test_makes_nobody_a_deployer_itself_included(
        self, simulator: Simulator, deployer: Clients, account: Resource, role: str, principal: ServicePrincipal
    ) -> None:
        sent = asked(simulator, role, principal.object_id)
        with refused(403, "AuthorizationFailed", containing="has an authorization with ABAC condition"):
            deployer.authorization.role_assignments.create(account.id, NAMES[2], sent)

    def test_can_not_lift_its_own_condition_nor_take_a_deployers_role_away(
        self, simulator: Simulator, deployer: Clients, account: Resource
    ) -> None:
        group = account.id.partition("/providers/")[0]
        with refused(403, "AuthorizationFailed", containing=WRITE):
            deployer.authorization.role_assignments.create(
                group, NAMES[1], asked(simulator, RBAC_ADMINISTRATOR, CALLER.object_id)
            )
        with refused(403, "AuthorizationFailed", containing=DELETE):
            deployer.authorization.role_assignments.delete(group, NAMES[1])

    def test_can_make_itself_a_trainer(self, simulator: Simulator, deployer: Clients, account: Resource) -> None:
        """As the page on security says: what may assign a role may assign it to itself."""
        deployer.authorization.role_assignments.create(
            account.id, NAMES[2], asked(simulator, OPENAI_CONTRIBUTOR, CALLER.object_id)
        )

    def test_without_a_condition_another_role_still_counts(
        self, simulator: Simulator, azure: Clients, deployer: Clients, account: Resource
    ) -> None:
        azure.authorization.role_assignments.create(
            account.id, NAMES[2], asked(simulator, USER_ACCESS_ADMINISTRATOR, CALLER.object_id)
        )

        deployer.authorization.role_assignments.create(
            account.id, NAMES[3], asked(simulator, CONTRIBUTOR, STRANGER.object_id)
        )


def test_a_condition_that_can_not_be_read_is_not_taken(simulator: Simulator, azure: Clients, account: Resource) -> None:
    with refused(501, "NotSimulated"):
        azure.authorization.role_assignments.create(
            account.id, NAMES[2], asked(simulator, RBAC_ADMINISTRATOR, CALLER.object_id, "@Principal[name] is fine")
        )


REQUEST = "@Request[Microsoft.Authorization/roleAssignments:{}]"
ROLE, KIND = REQUEST.format("RoleDefinitionId"), REQUEST.format("PrincipalType")


@pytest.mark.parametrize(
    ("condition", "fulfilled"),
    [
        # Microsoft Learn, "Examples to delegate Azure role assignment management with conditions": constrain roles;
        # all except some; and what "Azure role assignment condition format and syntax" says of !, AND and OR.
        (f"((!(ActionMatches{{'{WRITE}'}})) OR ({ROLE} ForAnyOfAnyValues:GuidEquals {{{OPENAI_USER}}}))", True),
        (f"((!(ActionMatches{{'{WRITE}'}})) OR ({ROLE} ForAnyOfAnyValues:GuidEquals {{{CONTRIBUTOR}}}))", False),
        (f"((!(ActionMatches{{'{DELETE}'}})) OR ({ROLE} ForAnyOfAnyValues:GuidEquals {{{CONTRIBUTOR}}}))", True),
        (f"{ROLE} ForAnyOfAllValues:GuidNotEquals {{{CONTRIBUTOR}, {RBAC_ADMINISTRATOR}}}", True),
        (f"{ROLE} ForAnyOfAllValues:GuidNotEquals {{{CONTRIBUTOR}, {OPENAI_USER}}}", False),
        (f"{KIND} StringEqualsIgnoreCase 'serviceprincipal'", True),
        (f"{KIND} StringEqualsIgnoreCase 'User' AND {ROLE} GuidEquals {OPENAI_USER}", False),
        (f"{KIND} StringEqualsIgnoreCase 'User' OR {ROLE} GuidEquals {OPENAI_USER}", True),
        (f"{REQUEST.format('PrincipalId')} GuidNotEquals {CONTRIBUTOR}", False),
    ],
)
def test_a_condition_is_read_as_documented(condition: str, fulfilled: bool) -> None:
    """The request lacks the attribute that the last one asks for."""
    attempt = Attempt(WRITE, {"roledefinitionid": OPENAI_USER, "principaltype": "ServicePrincipal"}, {})

    assert read(condition)(attempt) is fulfilled


@pytest.mark.parametrize("condition", ["", "(", f"{ROLE} GuidEquals {OPENAI_USER} {ROLE}", f"{ROLE} Like 'a'"])
def test_what_is_no_condition_is_told(condition: str) -> None:
    with pytest.raises(Unreadable):
        read(condition)
