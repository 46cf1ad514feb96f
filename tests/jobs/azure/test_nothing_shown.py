"""Nothing secret is in what the adapters' libraries log, in what errors and traces say, or in how their values look."""

from __future__ import annotations

import io
import logging
import resource
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing

import jwt
import pytest

from jobs.__main__ import main
from jobs.azure.blobs import BlobContainer
from jobs.azure.control_plane import Arm
from jobs.azure.credentials import Credential
from jobs.azure.openai_service import OpenAIService
from jobs.errors import CloudFailed, JobsError
from jobs.ports import Secret
from simulator.entra.models import SEEDED, TRAINER
from simulator.server import Simulator
from tests.leaks import Leaks

SERVICE = "https://cognitiveservices.azure.com/.default"
_LOGGERS = ("openai", "httpx2", "httpcore2", "azure", "msal", "urllib3", "requests")


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that the libraries would ever log, as somebody gets it who turns everything on."""
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    levels = {name: logging.getLogger(name).level for name in _LOGGERS}
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    yield told
    logging.getLogger().removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def account(url: str, blob_url: str, credential: Credential) -> None:
    del blob_url
    with closing(OpenAIService(f"{url}/contoso.openai.azure.com/", credential.bearer(SERVICE))) as service:
        service.job("ftjob-1")


def storage(url: str, blob_url: str, credential: Credential) -> None:
    del url
    with closing(BlobContainer(f"{blob_url}/contosodev", "runs", credential)) as container:
        container.get("x.json")


def control_plane(url: str, blob_url: str, credential: Credential) -> None:
    del url, blob_url
    with closing(Arm("7e57ab1e-0000-4000-8000-00000000005b", None, credential)) as arm:
        arm.usages("swedencentral")


def identity(url: str, blob_url: str, credential: Credential) -> None:
    del url, blob_url
    credential.identity(SERVICE)
    raise CloudFailed("so that there is a trace", details=[repr(credential), repr(vars(credential))])


@pytest.mark.parametrize("ask", [account, storage, control_plane, identity])
@pytest.mark.parametrize("secret", ["good", "wrong"])
def test_whatever_fails_shows_no_secret(
    ask: Callable[[str, str, Credential], None],
    secret: str,
    *,
    simulator: Simulator,
    environment: Callable[..., dict[str, str]],
    logged: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environment("trainer")
    if secret == "wrong":
        monkeypatch.setenv("AZURE_CLIENT_SECRET", f"{TRAINER.secret}-of-last-year")
    issued: list[str] = []
    shown = Leaks()
    encode = jwt.encode

    def encoding(*args: object, **options: object) -> str:
        issued.append(encode(*args, **options))  # type: ignore[arg-type]  # As it was called.
        return issued[-1]

    monkeypatch.setattr(jwt, "encode", encoding)
    with closing(Credential(None)) as credential, pytest.raises(JobsError) as failed:
        ask(simulator.url, simulator.blob_url, credential)
    for token in issued:
        shown.keep(token.rpartition(".")[2])
    trace = "".join(traceback.format_exception(failed.value))
    shown.heard("trace", trace)
    shown.heard("logged", logged.getvalue())
    shown.heard("said", str(failed.value))

    assert bool(issued) is (secret == "good")
    assert logged.getvalue()
    assert shown.taken() == []
    assert "of-last-year" not in trace + logged.getvalue()


def test_a_secret_has_no_look() -> None:
    secret = Secret("https://a.blob.core.windows.net/c/b?sv=1&sig=abc")

    assert "abc" not in f"{secret} {secret!r} {[secret]} {vars(type(secret))}"
    assert not any(each.secret and each.secret in repr(each) for each in SEEDED.values())


def test_no_variable_makes_the_library_write_down_whole_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """OPENAI_LOG=debug would: with them, addresses that are signed."""
    from openai._utils._logs import setup_logging

    told, limited = io.StringIO(), list[tuple[int, int]]()
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    monkeypatch.setattr(logging.getLogger("openai"), "level", logging.NOTSET)
    monkeypatch.setattr("sys.stderr", told)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("gc.set_threshold", lambda *_: None)
    monkeypatch.setattr("resource.setrlimit", lambda kind, limits: limited.append((kind, limits[0])))
    monkeypatch.setenv("OPENAI_LOG", "debug")

    def app(**_: object) -> None:
        # As the library does when it is imported.
        setup_logging()
        logging.getLogger("openai._base_client").debug("content_url: https://a/b?sig=x")

    monkeypatch.setattr("jobs.cli.app.app", app)
    main()

    assert told.getvalue() == ""
    assert limited == [(resource.RLIMIT_CORE, 0)], "nor what its memory held when it crashed"
