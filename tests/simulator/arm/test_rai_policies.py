"""Content filters and blocklists of an account, judged by azure-mgmt-cognitiveservices and on the wire."""

from __future__ import annotations

from typing import Any

import pytest
from azure.mgmt.cognitiveservices.models import Account, RaiBlocklist, RaiBlocklistItem, RaiPolicy

from simulator.arm.models import Resource
from tests.simulator.arm.clients import Clients, deployment, name_of, refused
from tests.simulator.arm.conftest import Wire

V = "api-version=2025-06-01"
HATE = {"name": "Hate", "enabled": True, "blocking": True, "severityThreshold": "High", "source": "Prompt"}
JAILBREAK = {"name": "Jailbreak", "enabled": True, "blocking": True, "source": "Prompt"}
LYRICS = {"name": "Protected Material Text", "enabled": True, "blocking": True, "source": "Completion"}


def policy(*filters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "properties": {
            "mode": "Blocking",
            "basePolicyName": "Microsoft.DefaultV2",
            "contentFilters": list(filters),
            **more,
        }
    }


def put_policy(azure: Clients, account: Resource, name: str = "strict", **more: Any) -> Any:
    body = RaiPolicy.deserialize(policy(HATE, JAILBREAK, LYRICS, **more))
    return azure.cognitive.rai_policies.create_or_update(*name_of(account), name, body)


def put_deployment(azure: Clients, account: Resource, name: str, **properties: Any) -> Any:
    body = deployment()
    for key, value in properties.items():
        setattr(body.properties, key, value)
    return azure.cognitive.deployments.begin_create_or_update(*name_of(account), name, body).result()


def test_a_policy_is_kept_as_sent_and_is_user_managed(azure: Clients, account: Resource) -> None:
    put_policy(azure, account)
    found: Any = azure.cognitive.rai_policies.get(*name_of(account), "strict")

    assert found.properties.type == "UserManaged"
    assert found.properties.mode == "Blocking"
    assert [(each.name, each.severity_threshold, each.source) for each in found.properties.content_filters] == [
        ("Hate", "High", "Prompt"),
        ("Jailbreak", None, "Prompt"),
        ("Protected Material Text", None, "Completion"),
    ]
    assert [each.name for each in azure.cognitive.rai_policies.list(*name_of(account))] == ["strict"]


@pytest.mark.parametrize(
    ("name", "body", "status", "code"),
    [
        ("strict", policy(HATE | {"name": "Rudeness"}), 400, "Resource has invalid content filter"),
        ("strict", policy(HATE | {"severityThreshold": "Extreme"}), 400, "Resource has invalid content filter"),
        ("strict", policy(HATE | {"severityThreshold": None}), 400, "Resource has invalid content filter"),
        ("strict", policy(HATE | {"source": "Middle"}), 400, "Resource has invalid content filter"),
        ("strict", policy(JAILBREAK | {"source": "Completion"}), 400, "Resource has invalid content filter"),
        ("strict", policy(LYRICS | {"source": "Prompt"}), 400, "Resource has invalid content filter"),
        ("strict", policy(HATE, HATE | {"name": "hate"}), 400, "Resource has invalid content filter"),
        ("strict", policy(HATE | {"enabled": False}), 403, "ModifiedContentFilterNotApproved"),
        ("strict", policy(HATE | {"blocking": False}), 403, "ModifiedContentFilterNotApproved"),
        ("strict", policy(HATE, basePolicyName="Contoso.Default"), 400, "InvalidBasePolicyName"),
        ("strict", policy(HATE, mode="Sometimes"), 400, "InvalidRaiPolicyMode"),
        ("Microsoft.Default", policy(HATE), 400, "InvalidRaiPolicyName"),
        (
            "strict",
            policy(HATE, customBlocklists=[{"blocklistName": "rivals", "blocking": True, "source": "Prompt"}]),
            400,
            "RaiBlocklistNotFound",
        ),
    ],
)
def test_a_policy_is_held_against_its_rules(  # noqa: PLR0917 - a row of the table above
    wire: Wire, account: Resource, name: str, body: Any, status: int, code: str
) -> None:
    answer = wire("PUT", f"{account.id}/raiPolicies/{name}?{V}", body)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_what_is_no_harm_may_be_off_or_annotate_without_approval(wire: Wire, account: Resource) -> None:
    body = policy(JAILBREAK | {"enabled": False}, LYRICS | {"blocking": False})

    assert wire("PUT", f"{account.id}/raiPolicies/strict?{V}", body).status_code == 201


@pytest.mark.parametrize("name", ["strict", "STRICT", "Microsoft.Default", "Microsoft.DefaultV2"])
def test_a_deployment_names_a_policy_that_is_there(azure: Clients, account: Resource, name: str) -> None:
    put_policy(azure, account)

    assert put_deployment(azure, account, "d1", rai_policy_name=name).properties.rai_policy_name == name


def test_a_deployment_with_a_policy_that_isn_t_there_is_refused(azure: Clients, account: Resource) -> None:
    with refused(400, "InvalidResourceProperties"):
        put_deployment(azure, account, "d1", rai_policy_name="strict")


def test_a_deployment_s_policy_is_changed_in_place_and_only_then_deleted(azure: Clients, account: Resource) -> None:
    put_policy(azure, account)
    put_policy(azure, account, "looser")
    put_deployment(azure, account, "d1", rai_policy_name="strict")
    with refused(409, "RaiPolicyInUse", "The RAI policy 'strict' is used by the deployments: d1."):
        azure.cognitive.rai_policies.begin_delete(*name_of(account), "strict").result()
    put_deployment(azure, account, "d1", rai_policy_name="looser")
    azure.cognitive.rai_policies.begin_delete(*name_of(account), "strict").result()

    assert [each.name for each in azure.cognitive.rai_policies.list(*name_of(account))] == ["looser"]


def test_a_blocklist_has_items_and_stays_while_a_policy_uses_it(azure: Clients, account: Resource) -> None:
    lists, items = azure.cognitive.rai_blocklists, azure.cognitive.rai_blocklist_items
    lists.create_or_update(
        *name_of(account), "rivals", RaiBlocklist.deserialize({"properties": {"description": "Names of others"}})
    )
    item = RaiBlocklistItem.deserialize({"properties": {"pattern": "contos[o0]", "isRegex": True}})
    items.create_or_update(*name_of(account), "rivals", "one", item)
    put_policy(azure, account, customBlocklists=[{"blocklistName": "rivals", "blocking": True, "source": "Completion"}])

    found: Any = items.get(*name_of(account), "rivals", "one")
    assert found.properties.pattern == "contos[o0]"
    with refused(409, "RaiBlocklistInUse"):
        lists.begin_delete(*name_of(account), "rivals").result()
    azure.cognitive.rai_policies.begin_delete(*name_of(account), "strict").result()
    lists.begin_delete(*name_of(account), "rivals").result()
    with refused(404, "ParentResourceNotFound"):
        items.create_or_update(*name_of(account), "rivals", "one", item)


@pytest.mark.parametrize("properties", [{}, {"pattern": ""}, {"pattern": "(", "isRegex": True}])
def test_a_term_has_a_pattern_that_can_be_one(wire: Wire, account: Resource, properties: dict[str, Any]) -> None:
    wire("PUT", f"{account.id}/raiBlocklists/rivals?{V}", {"properties": {}})
    answer = wire("PUT", f"{account.id}/raiBlocklists/rivals/raiBlocklistItems/one?{V}", {"properties": properties})

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidRaiBlocklistItem")


def test_a_restored_account_has_its_policies_again(azure: Clients, account: Resource) -> None:
    put_policy(azure, account)
    azure.cognitive.accounts.begin_delete(*name_of(account)).result()
    body = {"location": account.location, "kind": "AIServices", "sku": {"name": "S0"}, "properties": {"restore": True}}
    azure.cognitive.accounts.begin_create(*name_of(account), Account.deserialize(body)).result()

    assert [each.name for each in azure.cognitive.rai_policies.list(*name_of(account))] == ["strict"]
