"""Who we are to Azure: the only import of ``azure.identity``.

DefaultAzureCredential: a service principal from the environment, a workload or managed identity, then who is signed in
with az, azd or PowerShell.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock
from typing import Any
from urllib.parse import urlsplit

from azure.identity import AzureAuthorityHosts, DefaultAzureCredential

from jobs.azure.answers import UNTRUSTED, is_untrusted
from jobs.azure.core_errors import FOREIGN, translate
from jobs.azure.token_claims import identity_of
from jobs.doctor_ports import Identity
from jobs.errors import CloudFailed, SignInFailed, Unavailable
from jobs.plain import one_line

_MICROSOFTS = frozenset(
    {
        AzureAuthorityHosts.AZURE_PUBLIC_CLOUD,
        AzureAuthorityHosts.AZURE_GOVERNMENT,
        AzureAuthorityHosts.AZURE_CHINA,
        # Aliases that Entra's own discovery document lists for the public cloud.
        "login.windows.net",
        "login.microsoft.com",
        "sts.windows.net",
    }
)
_ADVICE = (
    "Sign in with `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (or a federated token) "
    "of a service principal."
)
_NO_WAY = re.compile(
    r"establish a new connection|failed to resolve|name resolution|Connection aborted|Connection reset|timed out"
    r"|EOF occurred|Connection broken|Expecting value",
    re.IGNORECASE,
)
"""How requests, urllib3 and json say that nobody was reached, or no whole answer came: the chain of credentials passes
on words, no exception."""
_UNWELL = re.compile(r"HTTP Error: (?:408|429|5\d\d)\b|temporarily_unavailable|AADSTS900(?:06|12|33|55)\b")
"""How msal and Entra ID say that asking again may help (Microsoft Learn, "Microsoft Entra authentication and
authorization error codes": retryable, timed out, unavailable, throttled)."""
_PRINCIPALS = ("AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE")
"""With one of these a service principal signs in."""
_SLOW_OR_ASKING = {
    "exclude_shared_token_cache_credential": True,
    "exclude_visual_studio_code_credential": True,
    "exclude_powershell_credential": True,
    "exclude_broker_credential": True,
    "exclude_interactive_browser_credential": True,
}
"""Left out of the chain unless AZURE_TOKEN_CREDENTIALS says what is wanted: they start a shell, or ask somebody."""


@dataclass(frozen=True)
class Bearer:
    """A function that gives a valid token for ``scope``."""

    credential: Credential
    scope: str

    def __call__(self) -> str:
        return str(self.credential.get_token(self.scope).token)

    def renewed(self, refused: str) -> str:
        """Another one, where this one was refused: one for all whose requests were under way."""
        with self.credential.alone:
            if self() == refused:
                self.credential.forget()
            return self()


class Credential:
    """DefaultAzureCredential with its errors in our terms; Azure's libraries take it for a credential of theirs.

    authority    the stack's; AZURE_AUTHORITY_HOST, then the public cloud, where it is None

    A token is kept by the library until shortly before it expires. One that a service refuses before that is forgotten.
    Of several threads one at a time is ``alone`` with it: the others get what it was given.
    """

    def __init__(self, authority: str | None) -> None:
        self._authority = authority
        self.alone = RLock()
        self._inner = self._made()

    def _made(self) -> DefaultAzureCredential:
        wanted = authority_in_use(self._authority)
        chosen = bool(os.environ.get("AZURE_TOKEN_CREDENTIALS"))
        # jobs.tuning.patience asks again, by our clock. A machine's identity keeps the library's patience: the service
        # that gives it is up some time after the machine.
        principal = any(os.environ.get(name) for name in _PRINCIPALS)
        with _translated():
            return DefaultAzureCredential(
                authority=wanted,
                disable_instance_discovery=not is_microsofts(wanted),
                **({} if chosen else _SLOW_OR_ASKING),
                **({"retry_total": 0} if principal else {}),
            )

    def get_token(self, *scopes: str, **options: Any) -> Any:
        with self.alone, _translated():
            self._heed(options)
            return self._inner.get_token(*scopes, **options)

    def get_token_info(self, *scopes: str, **options: Any) -> Any:
        with self.alone, _translated():
            self._heed(options)
            return self._inner.get_token_info(*scopes, **options)

    def _heed(self, options: Mapping[str, Any]) -> None:
        # Storage's library names the tenant when the token that it had was refused, and only then.
        if "tenant_id" in options or "tenant_id" in (options.get("options") or {}):
            self.forget()

    def forget(self) -> None:
        """The next token is a new one."""
        self._inner.close()
        self._inner = self._made()

    def close(self) -> None:
        self._inner.close()

    def bearer(self, scope: str) -> Bearer:
        return Bearer(self, scope)

    def identity(self, scope: str) -> Identity:
        """Whom a token for ``scope`` speaks for."""
        try:
            return identity_of(str(self.get_token(scope).token))
        except ValueError as error:
            raise SignInFailed(str(error)) from None


def authority_in_use(authority: str | None) -> str:
    """The stack's; AZURE_AUTHORITY_HOST, then the public cloud, where it names none."""
    return authority or os.environ.get("AZURE_AUTHORITY_HOST") or AzureAuthorityHosts.AZURE_PUBLIC_CLOUD


def is_microsofts(authority: str) -> bool:
    """Whether Entra's instance discovery knows this authority. Of another one, such as a private cloud's, it can't say
    anything, and the libraries ask for ``disable_instance_discovery`` (azure-identity's documentation)."""
    host = urlsplit(authority if "://" in authority else f"https://{authority}").hostname
    return host in _MICROSOFTS


def translate_sign_in(error: Exception) -> CloudFailed:
    """``error`` of azure-identity in our terms."""
    what = "no token could be had from Entra ID"
    translated = translate(what, error) if isinstance(error, FOREIGN) else None
    if isinstance(translated, Unavailable):
        return translated
    words = _attempts(str(error))
    if not is_untrusted(str(error)) and (_NO_WAY.search(str(error)) or _UNWELL.search(str(error))):
        return Unavailable(what, details=words)
    return SignInFailed(
        what,
        details=[*words, UNTRUSTED if is_untrusted(str(error)) else _ADVICE],
        status=translated.status if translated else None,
        request_id=translated.request_id if translated else None,
    )


def _attempts(text: str) -> list[str]:
    """What the chain says of each credential, a line each. Where one was tried and refused, the others, which were not
    even configured, are left out: it is what somebody set up."""
    lines = [line for line in text.splitlines() if line.strip()]
    attempts = [line.strip() for line in lines if line.startswith("\t")]
    tried = [line for line in attempts if ": Authentication failed: " in line]
    return [one_line(line) for line in tried or attempts or [line.strip() for line in lines][:8]]


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (*FOREIGN, ValueError) as error:
        # ValueError: an authority or a tenant that cannot be one.
        raise translate_sign_in(error) from error
