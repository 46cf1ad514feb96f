"""Files that the service fetches from a blob: with the real clients of both, and a SAS of Storage's own making."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from azure.storage.blob import BlobSasPermissions, generate_blob_sas

from simulator.arm.models import ACCOUNTS, Resource
from simulator.cloud import seeded_assignment
from simulator.entra.models import SEEDED
from simulator.entra.tokens import access_token
from simulator.openai.contents import PIECE
from simulator.reach import OUTSIDE, SERVICE
from simulator.roles import OPENAI_CONTRIBUTOR
from simulator.server import Simulator
from tests.simulator.blobs.storage import Storage
from tests.simulator.openai.conftest import capitals

Answer = dict[str, Any]


class Importing:
    """The data plane of an account, as the trainer."""

    def __init__(self, running: Simulator) -> None:
        self.running = running
        cloud = running.cloud
        given = seeded_assignment(cloud, SEEDED["trainer"], OPENAI_CONTRIBUTOR)
        cloud.state.arm.resources[given.key] = given
        now = running.clock.now()
        account = Resource(
            id=f"/subscriptions/{cloud.subscription_id}/resourceGroups/rg/providers/{ACCOUNTS}/contoso",
            type=ACCOUNTS,
            name="contoso",
            body={
                "kind": "OpenAI",
                "location": "swedencentral",
                "properties": {"customSubDomainName": "contoso", "publicNetworkAccess": "Enabled"},
            },
            etag="",
            created_at=now,
            changed_at=now,
            created_by="",
            changed_by="",
        )
        cloud.state.arm.resources[account.key] = account
        token = access_token(cloud, SEEDED["trainer"], "https://cognitiveservices.azure.com")
        self.http = httpx2.Client(
            base_url=f"{running.url}/contoso.openai.azure.com/openai/",
            headers={"Authorization": f"Bearer {token}"},
            verify=ssl.create_default_context(cafile=running.ca_file),
            trust_env=False,
        )

    def post(self, address: object, **changes: Any) -> httpx2.Response:
        body = {"purpose": "fine-tune", "filename": "t.jsonl", "content_url": address} | changes
        return self.http.post("files/import", params={"api-version": "2024-10-21"}, json=body)

    def settled(self, file_id: str) -> Answer:
        self.running.clock.advance(60)
        found: Answer = self.http.get(f"v1/files/{file_id}").json()
        return found


@pytest.fixture
def importing(blobs_simulator: Simulator) -> Iterator[Importing]:
    made = Importing(blobs_simulator)
    yield made
    made.http.close()


def signed(storage: Storage, content: bytes = b"", *, lives: timedelta = timedelta(minutes=30)) -> str:
    """The address of a blob that is there, and that whoever has it may read."""
    now = datetime.now(UTC)
    service = storage.client("trainer")
    if content:
        service.get_blob_client("data", "t.jsonl").upload_blob(content, overwrite=True)
    key = service.get_user_delegation_key(now - timedelta(hours=2), now + timedelta(hours=1))
    sas = generate_blob_sas(
        storage.name,
        "data",
        "t.jsonl",
        user_delegation_key=key,
        permission=BlobSasPermissions(read=True),
        start=now - timedelta(hours=1),
        expiry=now + lives,
    )
    return f"{storage.url}/data/t.jsonl?{sas}"


def test_a_file_is_imported_from_a_signed_address(importing: Importing, storage: Storage) -> None:
    """201 with its place, pending and without a size; then processed, byte for byte."""
    answer = importing.post(signed(storage, capitals()))
    told = answer.json()
    done = importing.settled(told["id"])

    assert answer.status_code == 201
    assert answer.headers["location"].endswith(f"/contoso.openai.azure.com/openai/files/{told['id']}")
    assert (told["status"], told["bytes"], told["filename"]) == ("pending", None, "t.jsonl")
    assert (done["status"], done["bytes"]) == ("processed", len(capitals()))
    assert importing.http.get(f"v1/files/{told['id']}/content").content == capitals()


def test_a_file_of_several_pieces_is_imported_whole(importing: Importing, storage: Storage) -> None:
    content = capitals() * 1000
    file_id = importing.post(signed(storage, content)).json()["id"]

    assert len(content) > 2 * PIECE
    assert importing.settled(file_id)["bytes"] == len(content)


def errs(importing: Importing, address: str) -> str:
    answer = importing.post(address)
    done = importing.settled(answer.json()["id"])
    assert (answer.status_code, done["status"]) == (201, "error")
    assert "sig=" not in done["status_details"]
    return str(done["status_details"])


def test_what_may_not_be_read_ends_in_error(importing: Importing, storage: Storage) -> None:
    """An address that was good until an hour ago, one without signature, and a blob that isn't there."""
    missing = errs(importing, signed(storage))
    late = errs(importing, signed(storage, capitals(), lives=-timedelta(minutes=5)))
    bare = errs(importing, f"{storage.url}/data/t.jsonl")

    assert missing == "Import of file failed. The content answered 404 BlobNotFound."
    assert late == "Import of file failed. The content answered 403 AuthenticationFailed."
    assert bare.startswith("Import of file failed. The content answered 409 PublicAccessNotPermitted")


def test_what_is_no_jsonl_ends_in_error(importing: Importing, storage: Storage) -> None:
    assert errs(importing, signed(storage, b"nothing\n")) == (
        "Validation of jsonl file failed: No valid json line found in file."
    )


@pytest.mark.parametrize(
    ("settings", "reached"),
    [
        ({"publicNetworkAccess": "Disabled"}, False),
        ({"networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": OUTSIDE}]}}, False),
        ({"networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": OUTSIDE}, {"value": SERVICE}]}}, True),
    ],
)
def test_the_service_comes_from_an_address_of_its_own(
    importing: Importing, storage: Storage, settings: dict[str, Any], reached: bool
) -> None:
    """A rule that lets the operator in lets the service in no more than anybody else."""
    address = signed(storage, capitals())
    storage.resource.body["properties"].update(settings)
    done = importing.settled(importing.post(address).json()["id"])

    assert (done["status"] == "processed") is reached


def test_other_addresses_are_not_fetched(importing: Importing) -> None:
    for address in ("https://example.com/t.jsonl", f"{importing.running.blob_url}.evil.example/a/b"):
        answer = importing.post(address)

        assert (answer.status_code, answer.json()["error"]["code"]) == (501, "NotSimulated")


@pytest.mark.parametrize(
    "changes", [{"content_url": None}, {"content_url": 7}, {"filename": "t.txt"}, {"filename": None}, {"purpose": "x"}]
)
def test_what_makes_no_sense_is_refused_at_once(
    importing: Importing, changes: dict[str, Any], storage: Storage
) -> None:
    answer = importing.post(f"{storage.url}/data/t.jsonl", **changes)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalidPayload")


def test_the_route_wants_a_version(importing: Importing) -> None:
    ask: Callable[..., httpx2.Response] = importing.http.post

    assert ask("files/import", json={}).status_code == 404
    assert ask("files", json={}).status_code == 501
