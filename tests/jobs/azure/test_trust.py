"""Whom the clients trust with a token, and with what is sent: only who proves, over TLS, to be who was asked."""

from __future__ import annotations

import io
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
import trustme
from azure.core.credentials import AccessToken

from jobs.azure.blobs import BlobContainer, BlobReader
from jobs.azure.control_plane import METADATA_HOST, Arm, find_cloud
from jobs.azure.credentials import Credential
from jobs.azure.openai_service import OpenAIService
from jobs.errors import CloudFailed, ServiceRefused, SignInFailed
from simulator import questions

TOKEN = "not-for-everybody"
SECRET = "nor-is-this"
ARM_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/a"


@dataclass
class Host:
    """An HTTPS server on this machine. ``seen``: path, headers and body of each request, as text."""

    url: str
    seen: list[str] = field(default_factory=list)
    redirect_to: str | None = None


@contextmanager
def serving(certificate: trustme.LeafCert) -> Iterator[Host]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            made.seen.append(f"{self.path} {self.headers} {body.decode('latin-1')}")
            self.send_response(307 if made.redirect_to else 404)
            if made.redirect_to:
                self.send_header("Location", f"{made.redirect_to}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = answer  # noqa: N815 - names of http.server's.

        def log_message(self, *_: Any) -> None: ...

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """A client that refuses the certificate is what is wanted."""

    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    made = Host(f"https://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()


class Shown:
    """A credential that always has the token."""

    token: ClassVar[AccessToken] = AccessToken(TOKEN, int(time.time()) + 3600)

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        return self.token

    def close(self) -> None: ...


def account(url: str) -> None:
    with closing(OpenAIService(url, lambda: TOKEN)) as service:
        service.upload(io.BytesIO(b"a dataset"), "t.jsonl")


def account_read(url: str) -> None:
    with closing(OpenAIService(url, lambda: TOKEN)) as service:
        service.job("ftjob-1")


def storage(url: str) -> None:
    with closing(BlobContainer(f"{url}/contoso", "runs", Shown())) as container:  # type: ignore[arg-type]  # A credential by its methods.
        container.put("x", b"a plan")


def referenced(url: str) -> None:
    with closing(BlobReader(f"{url}/contoso/c/b", Shown())) as reader:  # type: ignore[arg-type]  # As above.
        reader.version()


def control_plane(url: str) -> None:
    with closing(Arm("s", url, Shown())) as arm:  # type: ignore[arg-type]  # As above.
        arm.__dict__["cloud"] = type("Cloud", (), {"endpoint": url, "scope": "https://management.azure.com/.default"})
        arm.account_state(ARM_ID)


def sign_in(url: str) -> None:
    with closing(Credential(url)) as credential:
        credential.get_token("https://cognitiveservices.azure.com/.default")


CLIENTS = [account, account_read, storage, referenced, control_plane, sign_in]


@pytest.fixture(autouse=True)
def principal(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"AZURE_TENANT_ID": "7e57ab1e-0000-4000-8000-000000000001", "AZURE_CLIENT_ID": "c"}
    for name, value in {
        **names,
        "AZURE_CLIENT_SECRET": SECRET,
        "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential",
    }.items():
        monkeypatch.setenv(name, value)
    # Azure's library tries three times to sign in, and waits in between.
    monkeypatch.setattr("azure.core.pipeline.transport.RequestsTransport.sleep", lambda *_: None)
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """The authority that this process is told to trust."""
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(file)
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.setenv(name, str(file))
    return authority


CERTIFICATES: dict[str, Callable[[trustme.CA], trustme.LeafCert]] = {
    "of an authority that nobody knows": lambda _: trustme.CA().issue_cert("127.0.0.1"),
    "of another host": lambda ca: ca.issue_cert("contoso.openai.azure.com"),
    "expired": lambda ca: ca.issue_cert("127.0.0.1", not_after=datetime(2020, 1, 1, tzinfo=UTC)),
}


@pytest.fixture(scope="module", params=CERTIFICATES)
def impostor(request: pytest.FixtureRequest, authority: trustme.CA) -> Iterator[Host]:
    with serving(CERTIFICATES[request.param](authority)) as host:
        yield host


@pytest.mark.parametrize("client", CLIENTS)
def test_a_certificate_that_proves_nothing_is_refused_and_nothing_was_sent(
    client: Callable[[str], None], impostor: Host, trusted: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the environment says: these variables turned verification off elsewhere, or in other times."""
    for name in (
        "PYTHONHTTPSVERIFY",
        "NODE_TLS_REJECT_UNAUTHORIZED",
        "CURL_SSL_VERIFY",
        "AZURE_CLI_DISABLE_CONNECTION_VERIFICATION",
    ):
        monkeypatch.setenv(name, "1" if name.startswith("AZURE") else "0")
    with pytest.raises(CloudFailed) as refused:
        client(impostor.url)

    assert isinstance(refused.value, ServiceRefused | SignInFailed), "asking again changes nothing"
    assert "SSL_CERT_FILE" in str(refused.value)
    assert impostor.seen == []


@pytest.mark.parametrize("client", CLIENTS)
def test_one_that_proves_it_is_spoken_to(client: Callable[[str], None], trusted: trustme.CA) -> None:
    """So that the refusals above are about the certificate."""
    with serving(trusted.issue_cert("127.0.0.1")) as host, pytest.raises(CloudFailed):
        client(host.url)

    # Who signs in asks the authority about itself first, and shows nothing to one that can't say.
    assert client is sign_in or TOKEN in "".join(host.seen)
    assert host.seen


@pytest.mark.parametrize("client", CLIENTS)
def test_a_redirection_takes_neither_token_nor_data_to_another_host(
    client: Callable[[str], None], trusted: trustme.CA
) -> None:
    with serving(trusted.issue_cert("127.0.0.1")) as host, serving(trusted.issue_cert("127.0.0.1")) as other:
        host.redirect_to = other.url
        with pytest.raises(CloudFailed):
            client(host.url)

    assert len(host.seen) >= 1
    assert other.seen == []


@pytest.mark.parametrize("client", CLIENTS)
def test_nothing_is_sent_unencrypted(client: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is even connected to."""
    connected: list[object] = []
    monkeypatch.setattr("socket.socket.connect", lambda _, address: connected.append(address))
    with pytest.raises((ServiceRefused, SignInFailed)):
        client("http://127.0.0.1:9")

    assert connected == []


def test_a_cloud_that_sends_the_control_planes_token_over_http_is_refused(
    trusted: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = {"resourceManager": "http://arm.example", "authentication": {"audiences": ["https://arm.example"]}}

    class Answer:
        def raise_for_status(self) -> None: ...

        def json(self) -> Any:
            return json.loads(json.dumps(described))

    monkeypatch.setenv(METADATA_HOST, "cloud.example")
    monkeypatch.setattr("jobs.azure.control_plane._asked", lambda *_: Answer())
    with pytest.raises(ServiceRefused, match="no https address"):
        find_cloud(None)


@pytest.mark.parametrize("answers", ["elsewhere", "as an impostor"])
def test_the_demos_questions_are_put_to_nobody_else(
    answers: str, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, holdout = tmp_path / "ca.pem", tmp_path / "h.jsonl"
    authority.cert_pem.write_to_path(file)
    holdout.write_text('{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}\n')
    monkeypatch.setattr("azure.identity.get_bearer_token_provider", lambda *_: lambda: TOKEN)
    leaf = (authority if answers == "elsewhere" else trustme.CA()).issue_cert("127.0.0.1")
    with serving(leaf) as host, serving(authority.issue_cert("127.0.0.1")) as other:
        host.redirect_to = other.url
        outputs = {
            "models": {
                "m": {
                    "candidate": None,
                    "live": {"systemMessage": None, "deployments": {"main": "d"}},
                    "trainIn": "main",
                }
            },
            "accounts": {"main": {"endpoint": f"{host.url}/"}},
            "baseDeployments": {"b": {"account": "main"}},
            "environment": {"tokenScope": "s"},
        }
        environment = {
            "SSL_CERT_FILE": str(file),
            "AZURE_TENANT_ID": "7e57ab1e-0000-4000-8000-000000000001",
            "AZURE_AUTHORITY_HOST": host.url,
        }
        with pytest.raises(Exception, match=r"307|Connection error"):
            questions.ask(outputs, "m", holdout, environment)

    assert other.seen == []
