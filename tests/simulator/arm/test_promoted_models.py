"""A tuned model of one subscription served in another: what ARM takes and refuses, judged by Azure's own library.

Across accounts, regions and subscriptions of one tenant by ``properties.model.source``, with rights on both accounts,
in a region that fine-tunes: MicrosoftDocs azure-ai-docs, openai/how-to/fine-tuning-deploy.md, 2026-02.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from simulator.arm.models import Resource
from simulator.entra.models import OTHER_SUBSCRIPTION_ID, SEEDED
from simulator.server import Simulator
from tests.simulator.arm.clients import GROUP, Clients, add_tuned_model, make_account, refused, tuned_deployment

FOUNDRY_OWNER = "c883944f-8b7b-4483-af10-35834be79c4a"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
ELSEWHERE = "99999999-0000-4000-8000-000000000001"


@pytest.fixture
def there(simulator: Simulator, trusting: None) -> Iterator[Clients]:
    """The deployer's clients for the other subscription, with an empty group."""
    made = Clients(simulator, "deployer", OTHER_SUBSCRIPTION_ID)
    with made.open:
        made.resources.resource_groups.create_or_update(GROUP, {"location": "northcentralus"})
        yield made


def body(model: str, source: str, sku: str = "GlobalStandard") -> Any:
    made: Any = tuned_deployment(model, sku)
    made.properties.model.source = source
    return made


def put(azure: Clients, account: str, asked: Any) -> Any:
    return azure.cognitive.deployments.begin_create_or_update(GROUP, account, "d1", asked).result()


def grant(azure: Clients, scope: str, role: str, number: int) -> None:
    """To the trainer."""
    definition = f"{scope.partition('/resourceGroups/')[0]}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    asked: Any = {"properties": {"roleDefinitionId": definition, "principalId": SEEDED["trainer"].object_id}}
    azure.authorization.role_assignments.create(scope, f"{number:08d}-1111-4111-8111-111111111111", asked)


def test_it_is_deployed_from_its_source(simulator: Simulator, there: Clients, account: Resource) -> None:
    make_account(there, GROUP, "aoai-serving", "northcentralus")
    model = add_tuned_model(simulator, account)
    with refused(400, "DeploymentModelNotSupported"):
        put(there, "aoai-serving", tuned_deployment(model))
    made = put(there, "aoai-serving", body(model, account.id))

    assert f"/subscriptions/{OTHER_SUBSCRIPTION_ID}/" in made.id
    assert (made.properties.model.name, made.properties.model.source) == (model, account.id)


def test_rights_on_the_source_are_asked_for_across_subscriptions(
    simulator: Simulator, there: Clients, azure: Clients, account: Resource
) -> None:
    """Contributor of the source's group, which ``access.deployers`` gives, is enough."""
    serving = make_account(there, GROUP, "aoai-serving", "northcentralus")
    model = add_tuned_model(simulator, account)
    grant(there, serving.id, FOUNDRY_OWNER, 1)
    mine = Clients(simulator, "trainer", OTHER_SUBSCRIPTION_ID)
    with mine.open:
        with refused(403, "LinkedAuthorizationFailed", containing=f"on the linked scope(s) '{account.id}'"):
            put(mine, "aoai-serving", body(model, account.id))
        grant(azure, account.id.partition("/providers/")[0], CONTRIBUTOR, 2)

        assert put(mine, "aoai-serving", body(model, account.id)).properties.model.source == account.id


def test_another_tenants_subscription_is_refused_in_words_of_its_own(
    simulator: Simulator, there: Clients, account: Resource
) -> None:
    """As seen in Azure/OpenShift#41."""
    serving = make_account(there, GROUP, "aoai-serving", "northcentralus")
    source = account.id.replace(simulator.cloud.subscription_id, ELSEWHERE)
    with refused(
        403,
        "LinkedAuthorizationFailed",
        "The client has permission to perform action 'Microsoft.CognitiveServices/accounts/deployments/write' on scope "
        f"'{serving.id}/deployments/d1', however the current tenant '{simulator.cloud.tenant_id}' is not authorized to "
        f"access linked subscription '{ELSEWHERE}'.",
    ):
        put(there, "aoai-serving", body(add_tuned_model(simulator, account), source))


def test_a_source_that_was_deleted_is_an_invalid_scope(
    simulator: Simulator, there: Clients, azure: Clients, account: Resource
) -> None:
    make_account(there, GROUP, "aoai-serving", "northcentralus")
    model = add_tuned_model(simulator, account)
    azure.cognitive.accounts.begin_delete(GROUP, account.name).result()
    with refused(403, "LinkedAuthorizationFailed", containing="or the linked scope(s) are invalid"):
        put(there, "aoai-serving", body(model, account.id))


@pytest.mark.parametrize("sku", ["GlobalStandard", "DataZoneStandard"])
def test_a_region_that_does_not_fine_tune_takes_it_on_no_sku(
    simulator: Simulator, there: Clients, account: Resource, sku: str
) -> None:
    make_account(there, GROUP, "aoai-serving", "centralus")
    model = add_tuned_model(simulator, account)
    with refused(400, "DeploymentModelNotSupported"):
        put(there, "aoai-serving", body(model, account.id, sku))


def test_each_subscription_has_a_quota_of_its_own(
    simulator: Simulator, there: Clients, azure: Clients, account: Resource
) -> None:
    """Quota is assigned per subscription, region, model and deployment type (openai/how-to/quota.md)."""
    make_account(there, GROUP, "aoai-serving", account.location)
    model = add_tuned_model(simulator, account)
    asked = body(model, account.id)
    asked.sku.capacity = 500
    put(there, "aoai-serving", asked)

    def used(azure: Clients) -> float:
        name = "OpenAI.GlobalStandard.gpt-4.1-mini-finetune"
        found: Any = azure.cognitive.usages.list(account.location)
        return float(sum(each.current_value for each in found if each.name.value == name))

    assert (used(there), used(azure)) == (500, 0)
