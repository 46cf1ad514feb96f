"""The description of the cloud, in the forms that pulumi-azure-native's metadata client is tested with."""

from __future__ import annotations

import httpx2
import pytest

from simulator.server import Simulator


def get(http: httpx2.Client, version: str) -> httpx2.Response:
    return http.get("/metadata/endpoints", params={"api-version": version})


def test_what_azure_native_reads_leads_back_to_this_azure(http: httpx2.Client, simulator: Simulator) -> None:
    told = get(http, "2022-09-01").json()
    assert told["name"] == "AzureCloud"
    assert told["resourceManager"] == f"{simulator.url}/"
    assert told["authentication"]["loginEndpoint"] == simulator.url
    assert told["authentication"]["identityProvider"] == "AAD"
    assert told["authentication"]["tenant"] == "common"
    # The provider asks for tokens of the first.
    assert told["authentication"]["audiences"][0] == "https://management.core.windows.net/"
    assert "storage" in told["suffixes"]


def test_the_version_before_answers_with_a_list_of_clouds(http: httpx2.Client, simulator: Simulator) -> None:
    [cloud] = get(http, "2019-05-01").json()
    assert cloud["resourceManager"] == f"{simulator.url}/"


@pytest.mark.parametrize("version", ["1.0", "2015-01-01", "2018-01-01"])
def test_early_versions_have_names_of_their_own(http: httpx2.Client, simulator: Simulator, version: str) -> None:
    told = get(http, version).json()
    assert set(told) == {"galleryEndpoint", "graphEndpoint", "portalEndpoint", "authentication"}
    assert told["authentication"]["loginEndpoint"] == simulator.url


def test_it_needs_no_token_but_a_version(http: httpx2.Client) -> None:
    answer = http.get("/metadata/endpoints")
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "MissingApiVersionParameter"
