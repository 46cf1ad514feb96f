"""A role that was just assigned, which data planes don't know of yet."""

from __future__ import annotations

import pytest
from azure.core.exceptions import HttpResponseError
from openai import AuthenticationError, OpenAI

from simulator.server import Simulator
from tests.simulator.blobs.storage import CONTRIBUTOR, Storage, refusal
from tests.simulator.openai.conftest import Tenancy


def test_azure_openai_refuses_until_then(tenancy: Tenancy, client: OpenAI) -> None:
    """As it refuses who has no role at all; up to ten minutes are documented (role-based-access-control)."""
    with tenancy.simulator.cloud.faults.planned({"behaviour": {"roles": 600}}):
        tenancy.simulator.clock.advance(599)
        with pytest.raises(AuthenticationError) as refused:
            client.files.list()
        tenancy.simulator.clock.advance(1)
        assert list(client.files.list()) == []

    assert refused.value.code == "PermissionDenied"


def test_a_role_that_is_older_holds(tenancy: Tenancy, client: OpenAI) -> None:
    tenancy.simulator.clock.advance(600)
    with tenancy.simulator.cloud.faults.planned({"behaviour": {"roles": 600}}):
        assert list(client.files.list()) == []


@pytest.mark.parametrize("create", [True, False])
def test_blobs_are_refused_until_then(simulator: Simulator, create: bool) -> None:
    """Containers too, though making one is no data action. Without Azurite, what is let in is answered 501."""
    storage = Storage(simulator, "tests", {})
    storage.grant("trainer", CONTRIBUTOR)
    container = storage.client("trainer").get_container_client("data")

    def use() -> object:
        return container.create_container() if create else container.upload_blob("blob", b"x")

    try:
        with simulator.cloud.faults.planned({"behaviour": {"roles": 600}}):
            assert refusal(use) == (403, "AuthorizationPermissionMismatch")
            simulator.clock.advance(600)
            with pytest.raises(HttpResponseError) as let_in:
                use()
        assert let_in.value.status_code == 501
    finally:
        storage.close()
