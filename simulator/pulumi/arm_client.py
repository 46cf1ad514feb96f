"""Requests to ARM, and the wait for what ARM goes on doing after its answer.

Nothing is retried: what the service refuses is refused, RequestConflict (409) included.
"""

from __future__ import annotations

import base64
import json
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx2

from simulator.pulumi.connection import Connection

PUBLIC_LOGIN = "https://login.microsoftonline.com"
PUBLIC_ARM = "https://management.azure.com"
PATIENCE = 3600.0
"""Seconds a long-running operation may take unless the resource says otherwise (customTimeouts)."""
PAUSE = 1.0
"""Seconds between two questions where the service gives no hint."""
SHORTEST = 0.005
RENEW = 300.0
"""Seconds of life left in a token at which a new one is asked for."""
EXCHANGED = "api://AzureADTokenExchange"
"""Audience of the tokens that Entra exchanges (Microsoft Learn, "Workload identity federation")."""

Body = dict[str, Any]


class ArmError(Exception):
    """What ARM refused, on one line: status, code, message and the resource it was about. ``status`` is 0 where no
    answer refused it: an operation that ended so, or one that nobody answered.

    accepted   the write itself was taken; what failed came after it
    """

    def __init__(self, status: int, code: str, message: str, resource: str, *, accepted: bool = False) -> None:
        number = f"{status} " if status else ""
        super().__init__(f"{number}{code}: {' '.join(message.split())} ({resource})")
        self.status = status
        self.code = code
        self.resource = resource
        self.accepted = accepted

    @property
    def may_stand(self) -> bool:
        """Whether a write that ended so may have taken effect: no answer, none that can be read, or the service broke
        over it."""
        return self.accepted or self.status in (0, 408, 429) or self.status >= 500


class ArmClient:
    """Speaks to one ARM as one principal; may be shared between threads. Close it."""

    def __init__(
        self,
        connection: Connection,
        *,
        wait: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.connection = connection
        self._wait = wait
        self._now = now
        trusted = ssl.create_default_context(cafile=connection.ca_file)
        # A proxy is never asked: this Azure is on this machine.
        self._http = httpx2.Client(verify=trusted, trust_env=False, timeout=httpx2.Timeout(120.0, connect=10.0))
        self._lock = threading.Lock()
        self._endpoints: tuple[str, str, str] | None = None
        self._token: tuple[str, float] | None = None

    def close(self) -> None:
        self._http.close()

    def get(self, resource_id: str, api_version: str) -> Body | None:
        """The resource; None where there is none."""
        answer = self._send("GET", resource_id, api_version)
        if answer.status_code == 404:
            return None
        self._succeeded(answer, resource_id)
        return _told(answer, resource_id)

    def require(self, resource_id: str, api_version: str) -> Body:
        """The resource. Raises ArmError where there is none."""
        answer = self._send("GET", resource_id, api_version)
        self._succeeded(answer, resource_id)
        return _told(answer, resource_id)

    def put(self, resource_id: str, api_version: str, body: Body, *, patience: float = 0.0) -> Body:
        """Creates or replaces, and waits until it stands. The resource as it then is."""
        answer = self._send("PUT", resource_id, api_version, body)
        self._succeeded(answer, resource_id)
        try:
            if self._follow(answer, resource_id, api_version, patience or PATIENCE):
                return self.get(resource_id, api_version) or {}
        except ArmError as failed:
            failed.accepted = True
            raise
        return _told(answer, resource_id)

    def delete(self, resource_id: str, api_version: str, *, patience: float = 0.0) -> None:
        """Deletes and waits until it is gone; what isn't there is no fault."""
        answer = self._send("DELETE", resource_id, api_version)
        if answer.status_code == 404:
            return
        self._succeeded(answer, resource_id)
        self._follow(answer, resource_id, api_version, patience or PATIENCE, deleting=True)

    def delete_elsewhere(self, url: str, audience: str) -> None:
        """Deletes at another plane than ARM, with a token for it; what isn't there is no fault."""
        token, _ = self._new_token(self._places()[1], audience)
        answer = self._reach("DELETE", url, headers={"Authorization": f"Bearer {token}"})
        if answer.status_code != 404:
            self._succeeded(answer, url.partition("?")[0])

    def object_id(self) -> str:
        """The principal's object ID, as its token has it."""
        payload = self._bearer().split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return str(claims.get("oid", ""))

    def _follow(
        self, answer: httpx2.Response, resource_id: str, api_version: str, patience: float, *, deleting: bool = False
    ) -> bool:
        """Waits for what an answer announced: by its operation, its Location, or the resource's own state.

        Whether there was anything to wait for. Raises ArmError where the operation fails or the patience ends.
        """
        deadline = self._now() + patience
        operation, location = answer.headers.get("Azure-AsyncOperation"), answer.headers.get("Location")
        if operation:
            self._until(answer, deadline, resource_id, lambda: self._operation(operation, resource_id))
            return True
        if answer.status_code == 202 and location:
            self._until(answer, deadline, resource_id, lambda: self._location(location, resource_id))
            return True
        if deleting or _state(_object(answer)) in _SETTLED:
            return False
        self._until(answer, deadline, resource_id, lambda: self._standing(resource_id, api_version))
        return True

    def _until(
        self,
        answer: httpx2.Response,
        deadline: float,
        resource_id: str,
        ask: Callable[[], tuple[httpx2.Response, bool]],
    ) -> None:
        done = False
        while not done:
            pause = _hint(answer.headers)
            if self._now() + pause > deadline:
                raise ArmError(0, "Timeout", "the operation took longer than it was given", resource_id)
            self._wait(pause)
            answer, done = ask()

    def _operation(self, url: str, resource_id: str) -> tuple[httpx2.Response, bool]:
        answer = self._ask("GET", url)
        self._succeeded(answer, resource_id)
        body = _told(answer, resource_id)
        status = str(body.get("status", "Succeeded"))
        _ended_well(status, body, resource_id)
        return answer, status in _SETTLED

    def _location(self, url: str, resource_id: str) -> tuple[httpx2.Response, bool]:
        answer = self._ask("GET", url)
        if answer.status_code == 404:  # A delete whose end took its operation along.
            return answer, True
        self._succeeded(answer, resource_id)
        return answer, answer.status_code != 202

    def _standing(self, resource_id: str, api_version: str) -> tuple[httpx2.Response, bool]:
        answer = self._send("GET", resource_id, api_version)
        self._succeeded(answer, resource_id)
        body = _told(answer, resource_id)
        _ended_well(_state(body), body, resource_id)
        return answer, _state(body) in _SETTLED

    def _send(self, method: str, resource_id: str, api_version: str, body: Body | None = None) -> httpx2.Response:
        return self._ask(method, f"{self._places()[0]}{resource_id}?api-version={api_version}", body)

    def _ask(self, method: str, url: str, body: Body | None = None) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self._bearer()}"}
        return self._reach(method, url, json=body, headers=headers)

    def _reach(self, method: str, url: str, **how: Any) -> httpx2.Response:
        try:
            return self._http.request(method, url, **how)
        except httpx2.HTTPError as problem:
            host = httpx2.URL(url).netloc.decode()
            raise ArmError(0, "Unreachable", f"{host} can't be reached: {problem}", url.partition("?")[0]) from problem

    def _succeeded(self, answer: httpx2.Response, resource_id: str) -> None:
        if answer.status_code >= 400:
            error = _error(_object(answer))
            code = str(error.get("code") or answer.reason_phrase or "Unknown")
            raise ArmError(answer.status_code, code, _message(error, answer.text), resource_id)

    def _places(self) -> tuple[str, str, str]:
        """ARM's address, the login endpoint, and the audience of ARM's tokens."""
        with self._lock:
            if self._endpoints is None:
                self._endpoints = self._look_up()
            return self._endpoints

    def _look_up(self) -> tuple[str, str, str]:
        host = self.connection.metadata_host
        if not host:
            return PUBLIC_ARM, self.connection.authority or PUBLIC_LOGIN, f"{PUBLIC_ARM}/"
        base = host.rstrip("/") if "://" in host else f"https://{host.rstrip('/')}"
        answer = self._reach("GET", f"{base}/metadata/endpoints?api-version=2022-09-01")
        self._succeeded(answer, f"{base}/metadata/endpoints")
        found = answer.json()
        cloud = found[0] if isinstance(found, list) else found
        login = cloud["authentication"]
        return str(cloud["resourceManager"]).rstrip("/"), str(login["loginEndpoint"]), str(login["audiences"][0])

    def _bearer(self) -> str:
        _, login, audience = self._places()
        with self._lock:
            if self._token is None or self._token[1] - self._now() < RENEW:
                self._token = self._new_token(login, audience)
            return self._token[0]

    def _new_token(self, login: str, audience: str) -> tuple[str, float]:
        known = self.connection
        url = f"{login.rstrip('/')}/{known.tenant_id}/oauth2/v2.0/token"
        asked = {
            "grant_type": "client_credentials",
            "client_id": known.client_id,
            "scope": f"{audience.rstrip('/')}/.default",
            **self._proof(),
        }
        answer = self._reach("POST", url, data=asked)
        body = _object(answer)
        if answer.status_code != 200:
            said = str(body.get("error_description") or answer.text)
            raise ArmError(answer.status_code, str(body.get("error", "Unknown")), said, url)
        return str(body["access_token"]), self._now() + float(body.get("expires_in", 3600))

    def _proof(self) -> dict[str, str]:
        """What shows to Entra who this is: the secret, or a fresh token of the pipeline's own (GitHub Docs, "OpenID
        Connect reference": a GET with the job's bearer token, and the audience beside)."""
        known = self.connection
        if known.token_url is None:
            return {"client_secret": known.client_secret}
        url = httpx2.URL(known.token_url).copy_merge_params({"audience": EXCHANGED})
        answer = self._reach("GET", str(url), headers={"Authorization": f"Bearer {known.token_right}"})
        self._succeeded(answer, str(url.copy_with(query=None)))
        return {
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": str(_object(answer)["value"]),
        }


_SETTLED = frozenset({"Succeeded", "Failed", "Canceled", ""})


def _state(body: Mapping[str, Any]) -> str:
    return str((body.get("properties") or {}).get("provisioningState", ""))


def _ended_well(state: str, body: Mapping[str, Any], resource_id: str) -> None:
    if state in ("Failed", "Canceled"):
        error = _error(body)
        said = _message(error, f"the operation ended as {state}")
        raise ArmError(0, str(error.get("code") or state), said, resource_id)


def _error(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is under `error`; Azure Monitor has code and message at the top."""
    error = body.get("error", body)
    return error if isinstance(error, Mapping) else {}


def _message(error: Mapping[str, Any], otherwise: str) -> str:
    said = str(error.get("message") or otherwise or "no message")
    details = [str(each.get("message", "")) for each in error.get("details") or [] if isinstance(each, Mapping)]
    return "; ".join([said, *filter(None, details)])


def _hint(headers: Mapping[str, str]) -> float:
    """Seconds until the next question, as the service wishes. Compressed time is told in fractions or milliseconds."""
    for name, unit in (("retry-after-ms", 0.001), ("x-ms-retry-after-ms", 0.001), ("Retry-After", 1.0)):
        try:
            return max(SHORTEST, float(headers[name]) * unit)
        except (KeyError, ValueError):
            continue
    return PAUSE


def _told(answer: httpx2.Response, resource_id: str) -> Body:
    """What a good answer tells. Raises ArmError where it tells nothing: what follows would rest on that."""
    body = _object(answer)
    if not body:
        raise ArmError(0, "Unreadable", f"the answer ({answer.status_code}) makes no sense", resource_id)
    return body


def _object(answer: httpx2.Response) -> Body:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
