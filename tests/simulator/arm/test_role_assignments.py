"""Role assignments and definitions, held against azure-mgmt-authorization and captured refusals."""

from __future__ import annotations

from typing import Any

from simulator.arm.models import Resource
from simulator.entra.models import SEEDED
from simulator.server import Simulator
from tests.simulator.arm.clients import Clients, refused
from tests.simulator.arm.conftest import As, Wire

OPENAI_USER = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"
OPENAI_CONTRIBUTOR = "a001fd3d-188f-4b5d-821b-7da978bf7442"
FIRST = "11111111-1111-4111-8111-111111111111"
SECOND = "22222222-2222-4222-8222-222222222222"
UNKNOWN = "33333333-3333-4333-8333-333333333333"
CALLER = SEEDED["caller"]


def body(simulator: Simulator, principal: str, role: str = OPENAI_USER, **more: Any) -> Any:
    definition = (
        f"/subscriptions/{simulator.cloud.subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    )
    return {"properties": {"roleDefinitionId": definition, "principalId": principal} | more}


def test_the_answer_has_the_recorded_form(simulator: Simulator, wire: Wire, account: Resource) -> None:
    """Azure/azure-cli, test_role_assignment_handle_conflicted_assignments.yaml."""
    path = f"{account.id}/providers/Microsoft.Authorization/roleAssignments/{FIRST}"
    sent = body(simulator, CALLER.object_id, principalType="ServicePrincipal")
    answer = wire("PUT", f"{path}?api-version=2022-04-01", sent)
    assert answer.status_code == 201
    made = answer.json()
    assert set(made) == {"properties", "id", "type", "name"}
    assert (made["id"], made["type"], made["name"]) == (path, "Microsoft.Authorization/roleAssignments", FIRST)
    assert set(made["properties"]) == {
        "roleDefinitionId", "principalId", "principalType", "scope", "condition", "conditionVersion", "createdOn",
        "updatedOn", "createdBy", "updatedBy", "delegatedManagedIdentityResourceId", "description",
    }  # fmt: skip
    assert made["properties"]["scope"] == account.id
    assert made["properties"]["createdBy"] is None
    assert made["properties"]["condition"] is None


def test_an_assignment_lets_its_principal_in(simulator: Simulator, azure: Clients, as_: As, account: Resource) -> None:
    with refused(403, "AuthorizationFailed"):
        as_("caller").cognitive.accounts.get("rg-tuned", account.name)
    azure.authorization.role_assignments.create(account.id, FIRST, body(simulator, CALLER.object_id))
    assert as_("caller").cognitive.accounts.get("rg-tuned", account.name).name == account.name
    azure.authorization.role_assignments.delete(account.id, FIRST)
    with refused(403, "AuthorizationFailed"):
        as_("caller").cognitive.accounts.get("rg-tuned", account.name)


def test_the_same_assignment_may_be_put_again(simulator: Simulator, azure: Clients, account: Resource) -> None:
    sent = body(simulator, CALLER.object_id)
    first = azure.authorization.role_assignments.create(account.id, FIRST, sent)
    second = azure.authorization.role_assignments.create(account.id, FIRST, sent)
    assert (first.id, first.created_on) == (second.id, second.created_on)


def test_the_same_assignment_under_another_name_exists(simulator: Simulator, azure: Clients, account: Resource) -> None:
    azure.authorization.role_assignments.create(account.id, FIRST, body(simulator, CALLER.object_id))
    with refused(
        409,
        "RoleAssignmentExists",
        "The role assignment already exists. The ID of the conflicting role assignment is "
        "11111111111141118111111111111111.",
    ):
        azure.authorization.role_assignments.create(account.id, SECOND, body(simulator, CALLER.object_id))


def test_a_name_keeps_its_principal_and_scope(simulator: Simulator, azure: Clients, account: Resource) -> None:
    azure.authorization.role_assignments.create(account.id, FIRST, body(simulator, CALLER.object_id))
    message = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."
    with refused(400, "RoleAssignmentUpdateNotPermitted", message):
        azure.authorization.role_assignments.create(account.id, FIRST, body(simulator, SEEDED["trainer"].object_id))
    group = account.id.split("/providers/", maxsplit=1)[0]
    with refused(400, "RoleAssignmentUpdateNotPermitted", message):
        azure.authorization.role_assignments.create(group, FIRST, body(simulator, CALLER.object_id))


def test_an_unknown_principal_may_not_be_replicated_yet(
    simulator: Simulator, azure: Clients, account: Resource
) -> None:
    """Azure/avdaccelerator#76: without a principal type it is refused, with two blanks before the last sentence."""
    with refused(
        400,
        "PrincipalNotFound",
        f"Principal 33333333333343338333333333333333 does not exist in the directory {simulator.cloud.tenant_id}. "
        "Check that you have the correct principal ID. If you are creating this principal and then immediately "
        "assigning a role, this error might be related to a replication delay. In this case, set the role assignment "
        "principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype",
    ):
        azure.authorization.role_assignments.create(account.id, FIRST, body(simulator, UNKNOWN))
    sent = body(simulator, UNKNOWN, principalType="ServicePrincipal")
    assert azure.authorization.role_assignments.create(account.id, FIRST, sent).principal_id == UNKNOWN


def test_a_principal_id_is_a_guid(simulator: Simulator, azure: Clients, account: Resource) -> None:
    with refused(400, "InvalidPrincipalId", "The Principal ID 'me' is not valid. Principal ID must be a GUID."):
        azure.authorization.role_assignments.create(account.id, FIRST, body(simulator, "me"))


def test_a_principal_has_the_type_it_has(simulator: Simulator, azure: Clients, account: Resource) -> None:
    sent = body(simulator, CALLER.object_id, principalType="User")
    with refused(400, "UnmatchedPrincipalType"):
        azure.authorization.role_assignments.create(account.id, FIRST, sent)


def test_an_accounts_own_identity_is_a_principal(simulator: Simulator, azure: Clients, account: Resource) -> None:
    own = account.body["identity"]["principalId"]
    made = azure.authorization.role_assignments.create(account.id, FIRST, body(simulator, own))
    assert made.principal_id == own


def test_a_role_that_is_not_there_is_refused(simulator: Simulator, azure: Clients, account: Resource) -> None:
    with refused(404, "RoleDefinitionDoesNotExist"):
        azure.authorization.role_assignments.create(account.id, FIRST, body(simulator, CALLER.object_id, UNKNOWN))


def test_lists_are_filtered_by_scope_and_principal(simulator: Simulator, azure: Clients, account: Resource) -> None:
    group = account.id.split("/providers/", maxsplit=1)[0]
    assignments = azure.authorization.role_assignments
    assignments.create(account.id, FIRST, body(simulator, CALLER.object_id))
    assignments.create(group, SECOND, body(simulator, CALLER.object_id))
    of_caller = f"principalId eq '{CALLER.object_id}'"
    assert {each.name for each in assignments.list_for_scope(group, filter=of_caller)} == {FIRST, SECOND}
    assert {each.name for each in assignments.list_for_scope(group, filter=f"atScope() and {of_caller}")} == {SECOND}
    assert {FIRST, SECOND} < {each.name for each in assignments.list_for_scope(account.id, filter="atScope()")}


def test_assigning_a_role_takes_the_right_to_assign(
    simulator: Simulator, as_: As, azure: Clients, account: Resource
) -> None:
    """Built-in roles: OpenAI Contributor manages deployments, but assigns no roles."""
    trainer = SEEDED["trainer"]
    azure.authorization.role_assignments.create(
        account.id, FIRST, body(simulator, trainer.object_id, OPENAI_CONTRIBUTOR)
    )
    with refused(403, "AuthorizationFailed"):
        as_("trainer").authorization.role_assignments.create(account.id, SECOND, body(simulator, CALLER.object_id))


def test_role_definitions_are_listed_and_read_by_guid(azure: Clients, account: Resource) -> None:
    by_name = list(
        azure.authorization.role_definitions.list(account.id, filter="roleName eq 'Cognitive Services OpenAI User'")
    )
    assert [each.name for each in by_name] == [OPENAI_USER]
    assert (
        azure.authorization.role_definitions.get(account.id, OPENAI_USER).role_name == "Cognitive Services OpenAI User"
    )
