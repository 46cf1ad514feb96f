"""Planned faults at the blob listener, with Azurite behind it, as Storage's client takes them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from azure.core.exceptions import (
    AzureError,
    HttpResponseError,
    IncompleteReadError,
    ServiceRequestError,
    ServiceResponseError,
)
from azure.storage.blob import BlobServiceClient, LinearRetry, generate_blob_sas

from simulator.server import Simulator
from tests.simulator.blobs.storage import Storage, refusal

if TYPE_CHECKING:
    from tests.simulator.blobs.conftest import Making

PUT = {"listener": "blob", "method": "PUT"}
GET = {"listener": "blob", "method": "GET"}
CUT = (ServiceRequestError, ServiceResponseError, IncompleteReadError)
BIG = b"x" * 3_000_000


@pytest.fixture
def trainer(storage: Storage) -> BlobServiceClient:
    return storage.client("trainer")


@pytest.fixture(autouse=True)
def cleared(blobs_simulator: Simulator) -> Iterator[None]:
    yield
    blobs_simulator.faults.clear()


def plan(simulator: Simulator, does: dict[str, Any], match: dict[str, Any], **said: Any) -> None:
    simulator.faults.install({"faults": [{"match": match, "does": does} | said]})


def test_an_answer_takes_the_place_of_azurites(blobs_simulator: Simulator, trainer: BlobServiceClient) -> None:
    blob = trainer.get_blob_client("data", "one")
    plan(blobs_simulator, {"kind": "answer", "status": 503}, PUT)
    assert refusal(lambda: blob.upload_blob(BIG)) == (503, "ServerBusy")
    assert not blob.exists()
    plan(blobs_simulator, {"kind": "answer", "status": 500, "after": True}, PUT)
    assert refusal(lambda: blob.upload_blob(BIG)) == (500, "InternalError")
    assert blob.exists()


@pytest.mark.parametrize(
    ("does", "there"),
    [
        ({"kind": "reset"}, False),
        ({"kind": "reset", "when": "during", "bytes": 1_000_000}, False),
        ({"kind": "reset", "when": "after"}, True),
    ],
    ids=str,
)
def test_a_connection_is_reset_before_during_or_after(
    blobs_simulator: Simulator, trainer: BlobServiceClient, does: dict[str, Any], there: bool
) -> None:
    """Half a blob is none."""
    blob = trainer.get_blob_client("data", "two")
    plan(blobs_simulator, does, PUT)
    with pytest.raises(CUT):
        blob.upload_blob(BIG)
    assert blob.exists() is there


def test_its_own_second_try_meets_the_first_ones_effect(blobs_simulator: Simulator, storage: Storage) -> None:
    """A create-only write whose answer was lost finds its own blob: who sees 409 then may have won."""
    once_more = LinearRetry(backoff=0, retry_total=1, random_jitter_range=0)
    blob = storage.client("trainer", retry_policy=once_more).get_blob_client("data", "claim")
    plan(blobs_simulator, {"kind": "reset", "when": "after"}, PUT)
    assert refusal(lambda: blob.upload_blob(b"mine", overwrite=False)) == (409, "BlobAlreadyExists")
    assert blobs_simulator.faults.matched == 2


def test_a_download_that_ends_too_early_is_told(
    blobs_simulator: Simulator, trainer: BlobServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the client's own three tries, a second apart."""
    monkeypatch.setattr(time, "sleep", lambda _: None)
    blob = trainer.get_blob_client("data", "three")
    blob.upload_blob(BIG)
    plan(blobs_simulator, {"kind": "truncate", "bytes": 1000}, GET, times=None)
    with pytest.raises(HttpResponseError, match="IncompleteRead"):
        blob.download_blob().readall()


def test_parts_of_a_blob_are_told_apart_by_their_parameters(
    blobs_simulator: Simulator, trainer: BlobServiceClient
) -> None:
    blob = trainer.get_blob_client("data", "parts")
    plan(blobs_simulator, {"kind": "answer", "status": 503}, PUT | {"query": {"comp": "blocklist"}})
    blob.stage_block("MDE=", b"1")
    assert refusal(lambda: blob.commit_block_list([])) == (503, "ServerBusy")
    assert blobs_simulator.faults.matched == 1


def test_an_expired_token_is_refused_as_storage_refuses_it(
    blobs_simulator: Simulator, storage: Storage, trainer: BlobServiceClient
) -> None:
    blob = trainer.get_blob_client("data", "four")
    blob.upload_blob(b"1")
    plan(blobs_simulator, {"kind": "expireTokens"}, GET)
    assert refusal(blob.download_blob) == (401, "InvalidAuthenticationInfo")
    assert storage.client("trainer").get_blob_client("data", "four").download_blob().readall() == b"1"


def test_a_clock_that_is_off_moves_date_and_last_modified_alike(
    blobs_simulator: Simulator, trainer: BlobServiceClient
) -> None:
    """So the age of a blob is what it was."""
    blob = trainer.get_blob_client("data", "five")
    blob.upload_blob(b"1")
    usual = blob.get_blob_properties()
    blobs_simulator.faults.install({"skew": 1800})
    assert blob.get_blob_properties().last_modified == usual.last_modified + timedelta(minutes=30)


def test_a_signed_address_has_its_time_by_the_services_clock(make_storage: Making, blobs_simulator: Simulator) -> None:
    """Made for an hour by a clock that is right: over already, or not yet begun."""
    storage = make_storage(allowSharedKeyAccess=True)
    storage.with_key().get_blob_client("data", "six").upload_blob(b"1")
    now = datetime.now(UTC)
    sas = generate_blob_sas(
        storage.name,
        "data",
        "six",
        account_key=storage.key,
        permission="r",
        start=now - timedelta(minutes=5),
        expiry=now + timedelta(hours=1),
    )
    signed = storage.client(credential=sas).get_blob_client("data", "six")
    assert signed.download_blob().readall() == b"1"
    for skew in (7200, -7200):
        blobs_simulator.faults.install({"skew": skew})
        assert refusal(signed.download_blob) == (403, "AuthenticationFailed")


def test_it_raises_nothing_but_its_own_errors(blobs_simulator: Simulator, trainer: BlobServiceClient) -> None:
    """Whatever answer is spoilt, and however."""
    blob = trainer.get_blob_client("data", "seven")
    blob.upload_blob(b"1")
    for kind in ("contentType", "empty", "notJson"):
        plan(blobs_simulator, {"kind": kind}, GET)
        with contextlib.suppress(AzureError):
            blob.download_blob().readall()
        assert blobs_simulator.faults.fired == 1
