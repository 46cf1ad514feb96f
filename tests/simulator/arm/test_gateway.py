"""ARM's gateway refuses in ARM's envelope, with the words that were captured or, where none were, remembered."""

from __future__ import annotations

import re

import pytest

from simulator.entra.models import OTHER_SUBSCRIPTION_ID, SEEDED
from simulator.server import Simulator
from tests.simulator.arm.clients import GROUP, LOCATION, Clients, deployment, refused
from tests.simulator.arm.conftest import As, Wire

V = "api-version=2025-06-01"


def group_path(simulator: Simulator) -> str:
    return f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/{GROUP}"


def account_path(simulator: Simulator, name: str = "a1") -> str:
    return f"{group_path(simulator)}/providers/Microsoft.CognitiveServices/accounts/{name}"


def test_a_request_without_a_token_is_told_how_to_get_one(simulator: Simulator, wire: Wire) -> None:
    answer = wire("GET", f"{group_path(simulator)}?api-version=2024-03-01", headers={})
    assert answer.status_code == 401
    assert answer.json() == {
        "error": {
            "code": "AuthenticationFailed",
            "message": "Authentication failed. The 'Authorization' header is missing.",
        }
    }
    tenant = simulator.cloud.tenant_id
    assert answer.headers["WWW-Authenticate"] == (
        f'Bearer authorization_uri="https://login.windows.net/{tenant}", error="invalid_token", '
        "error_description=\"The authentication failed because of missing 'Authorization' header.\""
    )


def test_a_token_that_is_none_is_refused(simulator: Simulator, wire: Wire) -> None:
    answer = wire("GET", group_path(simulator), headers={"Authorization": "Bearer abc"})
    assert answer.status_code == 401
    assert answer.json()["error"] == {"code": "InvalidAuthenticationToken", "message": "The access token is invalid."}
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_token_for_the_data_plane_is_for_the_wrong_audience(simulator: Simulator, wire: Wire) -> None:
    token = wire.token(audience="https://cognitiveservices.azure.com")
    answer = wire("GET", group_path(simulator), headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert answer.json()["error"] == {
        "code": "InvalidAuthenticationTokenAudience",
        "message": "The access token has been obtained for wrong audience or resource "
        "'https://cognitiveservices.azure.com'. It should exactly match with one of the allowed audiences "
        "'https://management.core.windows.net/','https://management.core.windows.net',"
        "'https://management.azure.com/','https://management.azure.com'.",
    }


def test_an_expired_token_is_told_both_moments_as_americans_write_them(simulator: Simulator, wire: Wire) -> None:
    # 2025-11-24 22:31:01 UTC, valid for 3599 s: the first moment is that of the captured refusal.
    token = wire.token(issued_at=1764023461)
    answer = wire("GET", group_path(simulator), headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    error = answer.json()["error"]
    assert error["code"] == "ExpiredAuthenticationToken"
    assert re.fullmatch(
        r"The access token expiry UTC time '11/24/2025 11:31:00 PM' is earlier than current UTC time "
        r"'\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d:\d\d [AP]M'\.",
        error["message"],
    )


def test_a_token_of_another_tenant_is_refused(simulator: Simulator, wire: Wire) -> None:
    token = wire.token(tenant_id="99999999-0000-4000-8000-000000000001")
    answer = wire("GET", group_path(simulator), headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    error = answer.json()["error"]
    assert error["code"] == "InvalidAuthenticationTokenTenant"
    assert "https://sts.windows.net/99999999-0000-4000-8000-000000000001/" in error["message"]


def test_an_api_version_is_required(simulator: Simulator, wire: Wire) -> None:
    answer = wire("GET", group_path(simulator))
    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "code": "MissingApiVersionParameter",
        "message": "The api-version query parameter (?api-version=) is required for all requests.",
    }


def test_an_unknown_api_version_is_answered_with_those_that_are_known(simulator: Simulator, wire: Wire) -> None:
    answer = wire("GET", f"{account_path(simulator)}?api-version=2019-01-01")
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] == "NoRegisteredProviderFound"
    assert error["message"].startswith(
        "No registered resource provider found for location '' and API version '2019-01-01' for type 'accounts'. "
        "The supported api-versions are '"
    )
    assert "2025-06-01" in error["message"]
    assert "The supported locations are '" in error["message"]


def test_an_api_version_that_is_no_date_is_malformed(simulator: Simulator, wire: Wire) -> None:
    answer = wire("GET", f"{account_path(simulator)}?api-version=latest")
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "InvalidApiVersionParameter"


def test_a_top_level_member_that_no_resource_has_is_refused_with_its_place(simulator: Simulator, wire: Wire) -> None:
    # The form of Azure/azure-sdk-for-net#3487.
    answer = wire("PUT", f"{group_path(simulator)}?api-version=2024-03-01", {"location": LOCATION, "colour": 1})
    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "code": "InvalidRequestContent",
        "message": "The request content was invalid and could not be deserialized: 'Could not find member 'colour' on "
        "object of type 'ResourceDefinition'. Path 'colour', line 1, position 37.'.",
    }


def test_a_body_that_is_no_json_is_refused(simulator: Simulator, wire: Wire) -> None:
    answer = wire("PUT", f"{group_path(simulator)}?api-version=2024-03-01", b'{"location": oops}')
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] == "InvalidRequestContent"
    assert error["message"].startswith("The request content was invalid and could not be deserialized: '")


def test_a_subscription_that_is_not_there_is_not_found(wire: Wire) -> None:
    other = "11111111-2222-3333-4444-555555555555"
    answer = wire("GET", f"/subscriptions/{other}?api-version=2022-12-01")
    assert answer.status_code == 404
    assert answer.headers["x-ms-failure-cause"] == "gateway"
    assert answer.json()["error"] == {
        "code": "SubscriptionNotFound",
        "message": f"The subscription '{other}' could not be found.",
    }


def test_a_subscription_id_that_is_no_guid_is_malformed(wire: Wire) -> None:
    answer = wire("GET", "/subscriptions/mine?api-version=2022-12-01")
    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "code": "InvalidSubscriptionId",
        "message": "The provided subscription identifier 'mine' is malformed or invalid.",
    }


def test_a_resource_in_a_group_that_is_not_there_names_the_group(azure: Clients) -> None:
    with refused(404, "ResourceGroupNotFound", "Resource group 'nowhere' could not be found."):
        azure.cognitive.accounts.get("nowhere", "a1")


def test_a_resource_that_is_not_there_is_not_found_with_a_link(azure: Clients, group: str) -> None:
    with refused(
        404,
        "ResourceNotFound",
        "The Resource 'Microsoft.CognitiveServices/accounts/a1' under resource group 'rg-tuned' was not found. "
        "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    ):
        azure.cognitive.accounts.get(group, "a1")


def test_a_child_needs_its_parent(simulator: Simulator, azure: Clients, group: str) -> None:
    with refused(
        404,
        "ParentResourceNotFound",
        "Failed to perform 'write' on resource(s) of type 'accounts/deployments', because the parent resource "
        f"'{account_path(simulator)}' could not be found.",
    ):
        azure.cognitive.deployments.begin_create_or_update(group, "a1", "d1", deployment())


def test_deleting_what_is_not_there_answers_204(simulator: Simulator, wire: Wire, group: str) -> None:
    assert wire("DELETE", f"{account_path(simulator)}?{V}").status_code == 204


def test_without_a_role_nothing_is_read_or_written(simulator: Simulator, as_: As, group: str) -> None:
    stranger = SEEDED["stranger"]
    path = f"{account_path(simulator)}/deployments/d1"
    with refused(
        403,
        "AuthorizationFailed",
        f"The client '{stranger.client_id}' with object id '{stranger.object_id}' does not have authorization to "
        f"perform action 'Microsoft.CognitiveServices/accounts/deployments/write' over scope '{path}' or the scope is "
        "invalid. If access was recently granted, please refresh your credentials.",
    ):
        as_("stranger").cognitive.deployments.begin_create_or_update(group, "a1", "d1", deployment())
    with refused(403, "AuthorizationFailed"):
        as_("stranger").resources.resource_groups.get(group)


def test_the_subscription_is_listed_only_to_those_who_may_read_it(simulator: Simulator, wire: Wire) -> None:
    path = "/subscriptions?api-version=2022-12-01"
    mine = wire("GET", path).json()["value"]
    assert [each["subscriptionId"] for each in mine] == [simulator.cloud.subscription_id, OTHER_SUBSCRIPTION_ID]
    stranger = {"Authorization": f"Bearer {wire.token('stranger')}"}
    assert wire("GET", path, headers=stranger).json()["value"] == []


def test_ids_are_found_whatever_their_case(simulator: Simulator, wire: Wire, group: str) -> None:
    path = f"/subscriptions/{simulator.cloud.subscription_id.upper()}/RESOURCEGROUPS/RG-TUNED?api-version=2024-03-01"
    assert wire("GET", path).json()["id"] == group_path(simulator)


def test_a_route_that_is_not_simulated_names_itself(simulator: Simulator, wire: Wire, group: str) -> None:
    path = f"{group_path(simulator)}/providers/Microsoft.Compute/virtualMachines/vm1"
    answer = wire("GET", f"{path}?api-version=2024-07-01")
    assert answer.status_code == 501
    assert answer.json()["error"] == {
        "code": "NotSimulated",
        "message": f"The simulated Azure has no route for GET {path}",
    }


@pytest.mark.parametrize("page", ["$top=1", "$maxpagesize=1"])
def test_a_long_list_comes_in_pages(simulator: Simulator, wire: Wire, azure: Clients, group: str, page: str) -> None:
    azure.resources.resource_groups.create_or_update("rg-second", {"location": LOCATION})
    base = f"/subscriptions/{simulator.cloud.subscription_id}/resourcegroups?api-version=2024-03-01"
    first = wire("GET", f"{base}&{page}").json()
    assert [each["name"] for each in first["value"]] == ["rg-second"]
    if page.startswith("$max"):
        second = wire("GET", first["nextLink"]).json()
        assert [each["name"] for each in second["value"]] == [GROUP]
        assert "nextLink" not in second


def test_a_region_and_its_absence_are_refused(simulator: Simulator, wire: Wire) -> None:
    path = f"{group_path(simulator)}?api-version=2024-03-01"
    absent = wire("PUT", path, {})
    assert (absent.status_code, absent.json()["error"]["code"]) == (400, "LocationRequired")
    unknown = wire("PUT", path, {"location": "atlantis"})
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (400, "LocationNotAvailableForResourceType")
