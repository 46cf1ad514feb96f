"""Who we are to Azure: errors are all translated, and discovery is off exactly where Entra's cannot know."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import azure.core.exceptions
import azure.identity
import pytest
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError

from jobs.azure import credentials
from jobs.azure.core_errors import FOREIGN, translate
from jobs.azure.credentials import Credential, is_microsofts, translate_sign_in
from jobs.errors import CloudFailed, SignInFailed, Unavailable


def exceptions(module: Any) -> list[type[Exception]]:
    found = [getattr(module, name) for name in dir(module)]
    return [kind for kind in found if isinstance(kind, type) and issubclass(kind, Exception)]


@pytest.mark.parametrize("module", [azure.core.exceptions, azure.identity])
def test_every_exception_of_the_library_is_translated(module: Any) -> None:
    """A version of the library with an exception outside these bases fails here."""
    kinds = exceptions(module)

    assert kinds
    assert [kind for kind in kinds if not issubclass(kind, FOREIGN)] == []


def test_translation_is_total() -> None:
    for kind in exceptions(azure.core.exceptions):
        if kind.__name__ in ("StreamConsumedError", "StreamClosedError", "ResponseNotReadError", "ODataV4Error"):
            continue  # Made from a response or a stream, not from words.
        assert isinstance(translate("x", kind("words")), CloudFailed)
        assert isinstance(translate_sign_in(kind("words")), CloudFailed)


@pytest.mark.parametrize(
    ("authority", "known"),
    [
        ("login.microsoftonline.com", True),
        ("https://login.microsoftonline.com/", True),
        ("https://login.microsoftonline.us", True),
        ("login.chinacloudapi.cn", True),
        ("https://127.0.0.1:4443", False),
        ("https://login.contoso.example", False),
        ("https://login.microsoftonline.com.evil.example", False),
    ],
)
def test_whose_authority_it_is(authority: str, known: bool) -> None:
    assert is_microsofts(authority) is known


@pytest.mark.parametrize(
    ("stack", "environment", "authority", "discovery_off"),
    [
        (None, None, "login.microsoftonline.com", False),
        ("login.microsoftonline.us", "https://127.0.0.1:1", "login.microsoftonline.us", False),
        (None, "https://127.0.0.1:1", "https://127.0.0.1:1", True),
        ("https://login.contoso.example", None, "https://login.contoso.example", True),
    ],
    ids=["nothing said", "the stack says", "the environment says", "a private cloud"],
)
def test_the_authority_is_the_stacks_then_the_environments_then_the_public_clouds(
    monkeypatch: pytest.MonkeyPatch,
    stack: str | None,
    environment: str | None,
    authority: str,
    discovery_off: bool,
) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr(credentials, "DefaultAzureCredential", lambda **options: asked.update(options))
    monkeypatch.delenv("AZURE_AUTHORITY_HOST", raising=False)
    if environment is not None:
        monkeypatch.setenv("AZURE_AUTHORITY_HOST", environment)
    Credential(stack)

    assert (asked["authority"], asked["disable_instance_discovery"]) == (authority, discovery_off)


def test_what_asks_or_is_slow_is_left_out_unless_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr(credentials, "DefaultAzureCredential", lambda **options: asked.update(options))
    monkeypatch.delenv("AZURE_TOKEN_CREDENTIALS", raising=False)
    Credential(None)
    assert asked["exclude_interactive_browser_credential"]

    asked.clear()
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "AzurePowerShellCredential")
    Credential(None)
    assert "exclude_powershell_credential" not in asked


def test_nobody_signed_in_is_said_with_advice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_TENANT_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SignInFailed) as caught:
        Credential(None).bearer("https://cognitiveservices.azure.com/.default")()
    assert "az login" in str(caught.value)
    assert isinstance(caught.value.__cause__, ClientAuthenticationError)


def test_an_authority_that_cannot_be_one_is_said() -> None:
    with pytest.raises(SignInFailed):
        Credential("http://login.contoso.example")


def test_no_way_to_entra_is_worth_asking_again() -> None:
    assert isinstance(translate_sign_in(ServiceRequestError("no route")), Unavailable)


CHAIN = """DefaultAzureCredential failed to retrieve a token from the included credentials.
Attempted credentials:
\tEnvironmentCredential: {environment}
\tManagedIdentityCredential: ManagedIdentityCredential authentication unavailable.
To mitigate this issue, please refer to the troubleshooting guidelines here at https://aka.ms/azsdk."""


def test_a_chain_that_reached_nobody_is_worth_asking_again() -> None:
    """azure-identity wraps what its first credential met in words of its own, without the exception."""
    words = (
        "Authentication failed: HTTPSConnection(host='login.contoso.example', port=443): "
        "Failed to establish a new connection: [Errno 111] Connection refused"
    )

    translated = translate_sign_in(ClientAuthenticationError(CHAIN.format(environment=words)))

    assert isinstance(translated, Unavailable)
    assert "login.contoso.example" in str(translated)


@pytest.mark.parametrize(
    "met",
    [
        "HTTP Error: 503",
        "HTTP Error: 429",
        "AADSTS90033: A transient error has occurred. Please try again.",
        "AADSTS90055: There have been too many requests.",
        "EOF occurred in violation of protocol (_ssl.c:2427)",
        "('Connection broken: IncompleteRead(628 bytes read, 629 more expected)', IncompleteRead(628 bytes read))",
        "JSON is invalid: Expecting value: line 1 column 1 (char 0)",
        "Expecting value: line 1 column 1 (char 0)",
    ],
)
def test_an_entra_that_is_unwell_is_worth_asking_again(met: str) -> None:
    """What azure-identity 1.27 was seen to say of each of a local authority's faults."""
    translated = translate_sign_in(ClientAuthenticationError(CHAIN.format(environment=f"Authentication failed: {met}")))

    assert isinstance(translated, Unavailable)
    assert "az login" not in str(translated)


@pytest.mark.parametrize(
    "secret", ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE"]
)
def test_a_service_principal_is_asked_again_by_our_clock_and_not_by_the_library_s(
    monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    """A machine's own identity keeps the library's patience, which is made for a service that is up some time later."""
    asked: dict[str, Any] = {}
    monkeypatch.setattr(credentials, "DefaultAzureCredential", lambda **options: asked.update(options))
    for name in ("AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    Credential(None)
    assert "retry_total" not in asked

    monkeypatch.setenv(secret, "x")
    Credential(None)
    assert asked["retry_total"] == 0


def test_the_credential_that_was_refused_is_shown_without_those_that_nobody_set_up() -> None:
    refused = ClientAuthenticationError(
        CHAIN.format(environment="Authentication failed: AADSTS7000215: Invalid client")
    )

    translated = translate_sign_in(refused)

    assert isinstance(translated, SignInFailed)
    assert translated.details[0] == "EnvironmentCredential: Authentication failed: AADSTS7000215: Invalid client"
    assert "ManagedIdentity" not in str(translated)


def test_each_credential_is_named_where_none_was_set_up() -> None:
    translated = translate_sign_in(ClientAuthenticationError(CHAIN.format(environment="not fully configured.")))

    assert [line.partition(":")[0] for line in translated.details[:2]] == [
        "EnvironmentCredential",
        "ManagedIdentityCredential",
    ]


def test_a_certificate_that_is_not_trusted_is_not_met_with_advice_to_sign_in() -> None:
    words = "Authentication failed: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"

    translated = translate_sign_in(ClientAuthenticationError(CHAIN.format(environment=words)))

    assert "SSL_CERT_FILE" in str(translated)
    assert "az login" not in str(translated)


class Tokens:
    """In the place of azure-identity: it gives the same token until it is made anew. A credential."""

    made = 0

    def __init__(self, **_: Any) -> None:
        type(self).made += 1
        self.token = f"token-{self.made}"

    def get_token(self, *_: str, **__: Any) -> Any:
        return SimpleNamespace(token=self.token)

    get_token_info = get_token

    def close(self) -> None:
        pass


@pytest.fixture
def credential(monkeypatch: pytest.MonkeyPatch) -> Credential:
    monkeypatch.setattr(Tokens, "made", 0)
    monkeypatch.setattr(credentials, "DefaultAzureCredential", Tokens)
    return Credential(None)


def test_a_token_is_kept_until_it_is_refused(credential: Credential) -> None:
    bearer = credential.bearer("scope")

    assert (bearer(), bearer()) == ("token-1", "token-1")
    assert (bearer.renewed("token-1"), bearer()) == ("token-2", "token-2")


def test_of_many_whose_token_was_refused_one_renews_it(credential: Credential) -> None:
    """Sixty requests were under way with it."""
    bearer = credential.bearer("scope")

    assert {bearer.renewed("token-1") for _ in range(60)} == {"token-2"}


def test_storage_s_library_gets_another_token_where_it_asks_for_one_after_a_refusal(credential: Credential) -> None:
    """azure-storage-blob 12.31, StorageBearerTokenCredentialPolicy.on_challenge: with the tenant of the challenge."""
    assert credential.get_token("scope").token == "token-1"
    assert credential.get_token("scope", tenant_id="t").token == "token-2"
    assert credential.get_token_info("scope", options={}).token == "token-2"
    assert credential.get_token_info("scope", options={"tenant_id": "t"}).token == "token-3"
