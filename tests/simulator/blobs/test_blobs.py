"""Blobs, judged by azure-storage-blob with a token of azure-identity."""

from __future__ import annotations

import hashlib
import os
from functools import partial
from typing import TYPE_CHECKING

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import BlobBlock, BlobServiceClient, StandardBlobTier

from tests.simulator.blobs.storage import CONTRIBUTOR, Storage, refusal

if TYPE_CHECKING:
    from tests.simulator.blobs.conftest import Making

MIB = 1024 * 1024


@pytest.fixture
def trainer(storage: Storage) -> BlobServiceClient:
    return storage.client("trainer")


def test_what_is_uploaded_is_downloaded_with_its_type_and_metadata(trainer: BlobServiceClient) -> None:
    """Content, content type and metadata come back as they were given."""
    blob = trainer.get_blob_client("data", "runs/one.json")

    blob.upload_blob(b'{"a": 1}', metadata={"run": "one"})
    got = blob.download_blob()

    assert got.readall() == b'{"a": 1}'
    assert got.properties.metadata == {"run": "one"}
    assert got.properties.content_settings.content_type == "application/octet-stream"


@pytest.mark.parametrize(
    "name",
    ["plain", "a folder/with blanks", "ünï/çødé", "per%cent", "plus+and&=?#'()[]", "trailing/", "co%2Fded", "~tilde!*"],
)
def test_names_survive_the_way(trainer: BlobServiceClient, name: str) -> None:
    """A blob is listed under the very name it was written with."""
    container = trainer.get_container_client("data")

    container.upload_blob(name, name.encode())

    assert [each.name for each in container.list_blobs()] == [name]
    assert container.download_blob(name).readall() == name.encode()


def test_a_create_only_write_loses_to_the_first(trainer: BlobServiceClient) -> None:
    """If-None-Match: * refuses what exists with 409 BlobAlreadyExists, and the first content stays."""
    blob = trainer.get_blob_client("data", "claim")
    blob.upload_blob(b"first", overwrite=False)

    assert refusal(lambda: blob.upload_blob(b"second", overwrite=False)) == (409, "BlobAlreadyExists")
    assert blob.download_blob().readall() == b"first"


def test_an_etag_guards_an_overwrite(trainer: BlobServiceClient) -> None:
    """If-Match with a former ETag is refused with 412 ConditionNotMet."""
    blob = trainer.get_blob_client("data", "journal")
    first = blob.upload_blob(b"1")["etag"]
    blob.upload_blob(b"2", etag=first, match_condition=MatchConditions.IfNotModified, overwrite=True)

    late = partial(blob.upload_blob, b"3", etag=first, match_condition=MatchConditions.IfNotModified, overwrite=True)

    assert refusal(late) == (412, "ConditionNotMet")
    assert blob.download_blob().readall() == b"2"


def test_large_blobs_go_up_and_come_down_in_blocks(storage: Storage) -> None:
    """48 MiB in blocks of 4 MiB, several at once, arrive byte for byte."""
    client = storage.client("trainer", max_single_put_size=4 * MIB, max_block_size=4 * MIB, max_chunk_get_size=8 * MIB)
    blob = client.get_blob_client("data", "large")
    content = os.urandom(48 * MIB)

    blob.upload_blob(content, max_concurrency=4)
    digest = hashlib.sha256()
    for part in blob.download_blob(max_concurrency=2).chunks():
        digest.update(part)

    assert digest.digest() == hashlib.sha256(content).digest()
    assert len(blob.get_block_list()[0]) == 12


def test_blocks_are_committed_by_list(trainer: BlobServiceClient) -> None:
    """Staged blocks are nothing until a list of them is committed."""
    blob = trainer.get_blob_client("data", "blocks")
    for number in (b"2", b"1"):
        blob.stage_block(number.decode(), number)

    assert not blob.exists()
    blob.commit_block_list([BlobBlock("1"), BlobBlock("2")])
    assert blob.download_blob().readall() == b"12"


def test_ranges_are_downloaded(trainer: BlobServiceClient) -> None:
    """A part of a blob comes as 206 with just these bytes."""
    blob = trainer.get_blob_client("data", "range")
    blob.upload_blob(b"0123456789")

    assert blob.download_blob(offset=3, length=4).readall() == b"3456"


def test_listing_goes_by_prefix_and_by_page(trainer: BlobServiceClient) -> None:
    """Blobs come in order of name, by prefix, over as many pages as they need."""
    container = trainer.get_container_client("data")
    for number in range(7):
        container.upload_blob(f"runs/{number}", b"")
    container.upload_blob("other", b"")

    pages = [[each.name for each in page] for page in container.list_blobs("runs/", results_per_page=3).by_page()]

    assert pages == [["runs/0", "runs/1", "runs/2"], ["runs/3", "runs/4", "runs/5"], ["runs/6"]]
    assert {each.name for each in container.walk_blobs(delimiter="/")} == {"other", "runs/"}


def test_a_leased_blob_is_written_by_its_holder_only(trainer: BlobServiceClient) -> None:
    """Without the lease ID a write is refused with 412 LeaseIdMissing."""
    blob = trainer.get_blob_client("data", "leased")
    blob.upload_blob(b"before")
    lease = blob.acquire_lease(15)

    assert refusal(lambda: blob.upload_blob(b"stranger", overwrite=True)) == (412, "LeaseIdMissing")
    blob.upload_blob(b"holder", overwrite=True, lease=lease)
    lease.release()

    assert blob.download_blob().readall() == b"holder"


def test_appending_copying_tagging_and_deleting_work(trainer: BlobServiceClient) -> None:
    """The other operations of a blob's life reach Azurite too."""
    container = trainer.get_container_client("data")
    log = container.get_blob_client("log")
    log.create_append_blob()
    log.append_block(b"one ")
    log.append_block(b"two")
    copy = container.get_blob_client("copy")
    copy.start_copy_from_url(log.url)
    copy.set_blob_metadata({"kind": "copy"})
    put = container.upload_blob("plain", b"x")
    put.set_standard_blob_tier(StandardBlobTier.COOL)

    assert copy.download_blob().readall() == b"one two"
    copy.delete_blob()
    assert refusal(copy.download_blob) == (404, "BlobNotFound")


def test_a_missing_container_is_told_from_a_missing_blob(trainer: BlobServiceClient) -> None:
    """404 says ContainerNotFound or BlobNotFound."""
    for container, code in (("absent", "ContainerNotFound"), ("data", "BlobNotFound")):
        assert refusal(trainer.get_blob_client(container, "absent").download_blob) == (404, code)


def test_containers_of_the_data_plane_are_known_to_arm_and_the_other_way_round(
    storage: Storage, trainer: BlobServiceClient
) -> None:
    """Both planes create and delete the same containers."""
    resources = storage.running.cloud.state.arm.resources
    created = f"{storage.id}/blobServices/default/containers/made-here".lower()

    trainer.create_container("made-here")
    assert created in resources
    trainer.delete_container("made-here")
    assert created not in resources

    later = storage.container("made-by-arm")
    trainer.get_blob_client("made-by-arm", "blob").upload_blob(b"x")
    assert [each.name for each in trainer.list_containers()] == ["data", "made-by-arm"]
    del resources[later.key]
    assert [each.name for each in trainer.list_containers()] == ["data"]


def test_a_new_account_gets_blobs_of_its_own(
    make_storage: Making, storage: Storage, trainer: BlobServiceClient
) -> None:
    """An account created later has the same container names and none of the blobs; the first one's stay."""
    trainer.get_blob_client("data", "one").upload_blob(b"first")
    other = make_storage("another")
    other.grant("trainer", CONTRIBUTOR)

    assert list(other.client("trainer").get_container_client("data").list_blob_names()) == []
    assert trainer.get_blob_client("data", "one").download_blob().readall() == b"first"


def test_an_unknown_account_is_not_simulated(storage: Storage) -> None:
    """What can't even be resolved in Azure is 501 here, so that it is never taken for a missing blob."""
    url = storage.url.replace("/tests", "/nobodys")
    with (
        BlobServiceClient(
            url, credential=storage.credential("trainer"), connection_verify=str(storage.running.ca_file), retry_total=0
        ) as client,
        pytest.raises(HttpResponseError, match="nobodys") as refused,
    ):
        client.get_blob_client("data", "x").download_blob()

    assert refused.value.status_code == 501


@pytest.mark.parametrize("spoilt", ["empty", "contentType"])
def test_an_answer_to_a_write_can_be_spoilt(storage: Storage, spoilt: str) -> None:
    """A plan's fault sets headers that Azurite has set, in another case; two of one name would break the connection."""
    blob = storage.client("trainer").get_blob_client("data", "spoilt")
    plan = {"faults": [{"match": {"method": "PUT"}, "does": {"kind": spoilt}}]}
    with storage.running.cloud.faults.planned(plan) as faults:
        answer = blob.upload_blob(b"abc")
        assert faults.fired == 1

    assert answer["etag"] == blob.get_blob_properties().etag
