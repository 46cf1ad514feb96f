"""What a caller may do with a resource, asked by azure-mgmt-authorization's client."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from azure.mgmt.authorization.v2022_04_01.models import Permission

from simulator.roles import OPENAI_CONTRIBUTOR, READER
from simulator.server import Simulator
from tests.simulator.arm.clients import Clients
from tests.simulator.blobs.storage import Storage


@pytest.fixture
def storage(simulator: Simulator) -> Storage:
    return Storage(simulator, "contosodev", {})


@pytest.fixture
def trainer(as_: Callable[[str], Clients]) -> Clients:
    return as_("trainer")


def _permissions(clients: Clients, name: str = "contosodev") -> list[Permission]:
    found = clients.authorization.permissions.list_for_resource(
        "tests", "Microsoft.Storage", "", "storageAccounts", name
    )
    return list(found)


def test_each_role_given_there_or_above_is_a_set_of_permissions(storage: Storage, trainer: Clients) -> None:
    storage.grant("trainer", OPENAI_CONTRIBUTOR)
    above = storage.grant("trainer", READER)
    above.body["properties"]["scope"] = storage.id.partition("/providers/")[0]

    found = _permissions(trainer)

    assert sorted(tuple(each.data_actions or ()) for each in found) == [
        (),
        ("Microsoft.CognitiveServices/accounts/OpenAI/*",),
    ]
    assert ["*/read"] in [each.actions for each in found]


def test_roles_of_others_and_of_other_places_don_t_count(storage: Storage, trainer: Clients) -> None:
    storage.grant("caller", READER)
    storage.grant("trainer", READER, "/blobServices/default/containers/datasets")

    assert _permissions(trainer) == []
    assert _permissions(trainer, "another") == []
