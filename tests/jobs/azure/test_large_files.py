"""Large files with nothing doubled: the real clients of both services against a local Azure, over HTTPS."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import openai
import pytest

from jobs.azure.blobs import BlobContainer
from jobs.azure.credentials import Credential
from jobs.azure.large_files import API_VERSION, LargeFiles
from jobs.errors import CloudFailed, ServiceRefused, Unavailable, Unsettled
from jobs.ports import FileStatus, Secret
from jobs.tuning.files import file_parts, sending
from jobs.tuning.files.sending import Steps
from jobs.tuning.files.upload import blob_name, ensure, store, stored_files
from jobs.tuning.journals.journal import BegunUpload
from jobs.tuning.patience import Patience
from simulator.arm.models import ACCOUNTS
from simulator.roles import OPENAI_CONTRIBUTOR
from simulator.server import Simulator
from tests.jobs.doubles import START, HandClock
from tests.simulator.blobs.storage import CONTRIBUTOR, Storage

CONTENT = b'{"messages": []}\n' * 200_000
"""3.4 MB: more than a block that goes at once, were that not 4 MiB; parts are made smaller here."""
DIGEST = hashlib.sha256(CONTENT).hexdigest()
SCOPE = "https://cognitiveservices.azure.com/.default"


@dataclass
class Cloud:
    """An account and a storage, as the trainer sees them."""

    running: Simulator
    storage: Storage
    service: LargeFiles
    blobs: BlobContainer
    dataset: Path
    begun: list[BegunUpload] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    clock: HandClock = field(default_factory=HandClock)

    def patience(self) -> Patience:
        return Patience(self.clock, START + timedelta(hours=24), lambda *_: None)

    def send(self) -> str:
        waiting = self.patience()
        store(self.blobs, self.dataset, DIGEST, waiting)
        steps = Steps(self.begun[-1] if self.begun else None, keep=self.begun.append, say=self.said.append)
        files = stored_files(self.service, waiting)
        file, _ = ensure(self.service, self.dataset, DIGEST, files, waiting, steps=steps, blobs=self.blobs)
        assert file.status is FileStatus.PROCESSED
        return file.id

    def stored(self) -> dict[str, bytes]:
        """The account's files and their content, by ID."""
        openai_state = self.running.cloud.state.openai
        return {each.id: openai_state.content(str(each.content)).read() for each in openai_state.files.values()}


@pytest.fixture
def cloud(
    blobs_simulator: Simulator,
    environment: Callable[..., dict[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Cloud]:
    monkeypatch.setattr(sending, "LARGE", 1_000_000)
    monkeypatch.setattr(file_parts, "PART", 1024 * 1024)
    environment("trainer", blobs_simulator)
    storage = Storage(blobs_simulator, "tests", {"allowSharedKeyAccess": False, "allowBlobPublicAccess": False})
    storage.container("data")
    account_id = f"{storage.id.partition('/providers/')[0]}/providers/{ACCOUNTS}/contoso"
    account = storage.put(account_id, ACCOUNTS, "contoso", {"customSubDomainName": "contoso"})
    account.body |= {"kind": "OpenAI", "location": "swedencentral"}
    storage.grant("trainer", CONTRIBUTOR)
    granted = storage.grant("trainer", OPENAI_CONTRIBUTOR)
    granted.body["properties"]["scope"] = account_id
    dataset = tmp_path / "training_set.jsonl"
    dataset.write_bytes(CONTENT)
    with ExitStack() as opened:
        opened.callback(storage.close)
        credential = opened.enter_context(closing(Credential(None)))
        endpoint = f"{blobs_simulator.url}/contoso.openai.azure.com/"
        service = opened.enter_context(closing(LargeFiles(endpoint, credential.bearer(SCOPE))))
        blobs = opened.enter_context(closing(BlobContainer(f"{storage.url}/", "data", credential)))
        yield Cloud(blobs_simulator, storage, service, blobs, dataset)


def test_a_large_file_is_fetched_from_the_blob_in_which_it_is_stored(cloud: Cloud) -> None:
    file_id = cloud.send()

    assert cloud.stored() == {file_id: CONTENT}
    assert cloud.said == ["training_set.jsonl is fetched from the storage by the service"]
    assert cloud.running.cloud.state.openai.uploads == {}


def test_a_blob_that_broke_off_in_the_middle_is_not_there_and_is_stored_by_the_next_command(cloud: Cloud) -> None:
    """Its first blocks had gone; Azure throws them away after a week."""
    cloud.dataset.write_bytes(CONTENT * 2)
    digest = hashlib.sha256(CONTENT * 2).hexdigest()

    def stop(done: int, _: int) -> None:
        if done > 5_000_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store(cloud.blobs, cloud.dataset, digest, cloud.patience(), stop)
    assert list(cloud.blobs.names()) == []

    assert store(cloud.blobs, cloud.dataset, digest, cloud.patience())
    stored = cloud.storage.client("trainer").get_blob_client("data", blob_name(digest))
    assert stored.download_blob().readall() == CONTENT * 2


def test_a_storage_whose_network_is_closed_sends_it_in_parts(cloud: Cloud) -> None:
    """A rule lets us in (203.0.113.10), and the service out; what it left in error is taken away again."""
    rules = {"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.10"}]}
    cloud.storage.resource.body["properties"]["networkAcls"] = rules
    file_id = cloud.send()

    assert cloud.stored() == {file_id: CONTENT}
    assert "could not be fetched by the service (Import of file failed." in cloud.said[-1]
    (upload,) = cloud.running.cloud.state.openai.uploads.values()
    assert (upload.closed, upload.file) == ("completed", file_id)
    assert [len(each.parts) for each in cloud.begun[-4:]] == [1, 2, 3, 4]


def test_parts_that_are_there_are_not_sent_again(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """By another process, which has nothing but the journal."""
    monkeypatch.setattr(cloud.blobs, "signed_address", refusing(403))
    add = cloud.service.add_part
    sent: list[bytes] = []

    def stopping(upload_id: str, content: bytes) -> str:
        if len(sent) == 2:
            raise KeyboardInterrupt
        sent.append(content)
        return add(upload_id, content)

    monkeypatch.setattr(cloud.service, "add_part", stopping)
    with pytest.raises(KeyboardInterrupt):
        cloud.send()

    def counting(upload_id: str, content: bytes) -> str:
        sent.append(content)
        return add(upload_id, content)

    monkeypatch.setattr(cloud.service, "add_part", counting)
    file_id = cloud.send()

    assert cloud.stored() == {file_id: CONTENT}
    assert b"".join(sent) == CONTENT


def test_an_upload_that_is_over_is_begun_anew(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service says so; our clock thinks that there is time."""
    monkeypatch.setattr(cloud.blobs, "signed_address", refusing(403))
    add = cloud.service.add_part
    monkeypatch.setattr(cloud.service, "add_part", refusing(410))
    with pytest.raises(ServiceRefused):
        cloud.send()
    (*_, last) = cloud.running.cloud.state.openai.uploads.values()
    last.expires_at = cloud.running.clock.now().timestamp() - 1
    monkeypatch.setattr(cloud.service, "add_part", add)
    file_id = cloud.send()

    assert cloud.stored() == {file_id: CONTENT}


@pytest.mark.parametrize(
    ("path", "way"),
    [("*/v1/files", "whole"), ("*/files/import", "import"), ("*/uploads/*/complete", "parts")],
)
def test_an_answer_that_was_lost_leaves_one_file_though_the_list_lags_by_minutes(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, path: str, way: str
) -> None:
    if way == "whole":
        monkeypatch.setattr(sending, "LARGE", len(CONTENT) + 1)
    if way == "parts":
        monkeypatch.setattr(cloud.blobs, "signed_address", refusing(403))
    sleep = cloud.clock.sleep

    def sleep_there_too(seconds: float) -> None:
        sleep(seconds)
        cloud.running.clock.advance(seconds)

    monkeypatch.setattr(cloud.clock, "sleep", sleep_there_too)
    plan = {
        "faults": [{"match": {"method": "POST", "path": path}, "does": {"kind": "reset", "when": "after"}}],
        "behaviour": {"lists": {"files": 240}},
    }
    with cloud.running.cloud.faults.planned(plan):
        file_id = cloud.send()

    assert cloud.stored() == {file_id: CONTENT}
    assert 235 <= sum(cloud.clock.slept) < 300


def refusing(status: int) -> Callable[..., str]:
    def refuse(*_: object) -> str:
        raise ServiceRefused("refused", status=status)

    return refuse


class TestASignedAddress:
    def test_reads_one_blob_for_an_hour_and_does_nothing_else(self, cloud: Cloud) -> None:
        store(cloud.blobs, cloud.dataset, DIGEST, cloud.patience())
        cloud.blobs.put("other.jsonl", b"{}")
        address = cloud.blobs.signed_address(blob_name(DIGEST), timedelta(hours=1))
        asked = {key: values[0] for key, values in parse_qs(urlsplit(address.value).query).items()}
        ends = datetime.fromisoformat(asked["se"])

        assert (asked["sp"], asked["sr"], asked["spr"]) == ("r", "b", "https")
        # Signed with a key that Entra ID stands for, and that ends with it.
        assert asked["skoid"]
        assert asked["ske"] == asked["se"]
        assert timedelta(minutes=59) < ends - datetime.now(UTC) <= timedelta(hours=1)
        with httpx2.Client() as anybody:
            assert anybody.get(address.value).content == CONTENT
            assert anybody.delete(address.value).status_code == 403
            assert anybody.put(address.value, headers={"x-ms-blob-type": "BlockBlob"}).status_code == 403
            assert anybody.get(address.value.replace(blob_name(DIGEST), "other.jsonl")).status_code == 403
            listed = address.value.replace(f"/{blob_name(DIGEST)}", "").replace("?", "?restype=container&comp=list&")
            assert anybody.get(listed).status_code == 403

    def test_of_a_blob_that_is_not_there_is_refused(self, cloud: Cloud) -> None:
        with pytest.raises(ServiceRefused):
            cloud.blobs.signed_address("nothing.jsonl", timedelta(hours=1))

    @pytest.mark.parametrize("body", [{}, "nothing"])
    def test_is_not_made_of_a_key_that_is_none(self, cloud: Cloud, body: object) -> None:
        """The library takes any answer for one. The file goes in parts then."""
        match = {"method": "POST", "path": "/tests/", "listener": "blob"}
        fault = {"match": match, "does": {"kind": "answer", "status": 200, "body": body}}
        with cloud.running.cloud.faults.planned({"faults": [fault]}):
            cloud.send()

        assert "no address of blob" in cloud.said[-1]
        assert set(cloud.stored().values()) == {CONTENT}

    def test_is_shown_by_nothing_that_goes_wrong(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The service repeats what it was given, in a refusal and in an answer that makes no sense."""
        address = Secret("https://tests.blob.core.windows.net/data/t.jsonl?sp=r&sig=c2lnbmVk%3D")

        statuses = [400, 404, 500, 200]

        def echo(request: httpx2.Request) -> httpx2.Response:
            message = f"cannot be read: {request.content.decode()}"
            return httpx2.Response(statuses.pop(), json={"error": {"code": "fileImportFailed", "message": message}})

        service = answering(monkeypatch, echo)
        while statuses:
            with pytest.raises(CloudFailed) as caught:
                service.import_blob(address, "t.jsonl")
            failed = caught.value
            told = f"{failed} {failed!r} {failed.details} {failed.__cause__!r} {address} {address!r}"
            assert "c2lnbmVk" not in told
            assert failed.__suppress_context__


def answering(monkeypatch: pytest.MonkeyPatch, answer: Callable[[httpx2.Request], httpx2.Response]) -> LargeFiles:
    """The service with ``answer`` in place of the network."""
    service = LargeFiles("https://x.openai.azure.com/", lambda: "token")
    dated = openai.AzureOpenAI(
        azure_endpoint="https://x.openai.azure.com",
        api_version=API_VERSION,
        azure_ad_token="token",
        max_retries=0,
        http_client=httpx2.Client(transport=httpx2.MockTransport(answer)),
    )
    monkeypatch.setitem(service.__dict__, "_dated", dated)
    return service


class TestRequests:
    def test_are_those_of_the_specification(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Paths, version and forms of 2024-10-21."""
        seen: list[tuple[str, str]] = []
        file = {"id": "file-1", "filename": "t.jsonl", "purpose": "fine-tune", "bytes": 4, "status": "pending"}
        answers = {
            "/openai/files/import": file | {"bytes": None},
            "/openai/uploads": {"id": "fine-tune-1", "expires_at": 1646133327},
            "/openai/uploads/fine-tune-1/parts": {"id": "uplprt-1", "azure_block_id": "LnmictL3p0u4LH/ko343nw=="},
            "/openai/uploads/fine-tune-1/complete": {"id": "fine-tune-1", "status": "completed", "file": file},
        }

        def answer(request: httpx2.Request) -> httpx2.Response:
            seen.append((request.url.path, request.url.query.decode()))
            return httpx2.Response(200, json=answers[request.url.path])

        service = answering(monkeypatch, answer)
        imported = service.import_blob(Secret("https://x/y?sig=z"), "t.jsonl")
        upload = service.open_upload("t.jsonl", 4)
        part = service.add_part(upload.id, b"1234")
        done = service.complete_upload(upload.id, [part], hashlib.md5(b"1234", usedforsecurity=False).hexdigest())

        assert seen == [(path, "api-version=2024-10-21") for path in answers]
        assert (imported.size, part, done.id) == (0, "uplprt-1", "file-1")
        assert upload.expires_at == datetime.fromtimestamp(1646133327, UTC)

    @pytest.mark.parametrize("error", [httpx2.ReadTimeout("t"), httpx2.ReadError("r")])
    def test_without_an_answer_are_unsettled_where_a_file_may_have_come_of_them(
        self, monkeypatch: pytest.MonkeyPatch, error: Exception
    ) -> None:
        """What merely opens an upload, or adds to it, may be asked again."""

        def lose(_: httpx2.Request) -> httpx2.Response:
            raise error

        service = answering(monkeypatch, lose)
        with pytest.raises(Unsettled):
            service.import_blob(Secret("https://x/y?sig=z"), "t.jsonl")
        with pytest.raises(Unsettled):
            service.complete_upload("fine-tune-1", ["uplprt-1"], "0")
        with pytest.raises(Unavailable):
            service.open_upload("t.jsonl", 4)
        with pytest.raises(Unavailable):
            service.add_part("fine-tune-1", b"1234")


def test_the_threshold_and_the_limits_are_the_documented_ones() -> None:
    """100 MB (Well-Architected Framework, Azure OpenAI); 512 MB (azure-ai-docs); 8 GB, the smaller of two; 64 MiB."""
    source = Path(sending.__file__).read_text()

    assert re.search(r"^LARGE = 100_000_000$", source, re.MULTILINE)
    assert (sending.LARGEST_WHOLE, sending.LARGEST) == (512_000_000, 8_000_000_000)
    assert file_parts.PART <= 64 * 2**20
    assert timedelta(hours=1) >= sending.SIGNED
