"""Containers and a disk that takes no state: Azurite, which has the blobs, has a place of its own."""

from __future__ import annotations

import pytest
from azure.core.exceptions import HttpResponseError

from tests.simulator.blobs.storage import Storage


def test_no_container_comes_or_goes_and_blobs_do(storage: Storage) -> None:
    client = storage.client("trainer")
    data = client.get_container_client("data")
    data.upload_blob("before", b"x")
    with storage.running.faults.planned({"behaviour": {"disk": "full"}}):
        for change in (data.delete_container, client.get_container_client("another").create_container):
            with pytest.raises(HttpResponseError) as refused:
                change()
            assert refused.value.status_code == 507
        data.upload_blob("meanwhile", b"y")
        assert [each.name for each in client.list_containers()] == ["data"]

    assert sorted(data.list_blob_names()) == ["before", "meanwhile"]
    client.get_container_client("another").create_container()
    data.delete_container()
    assert [each.name for each in client.list_containers()] == ["another"]
