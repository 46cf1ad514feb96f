"""The gate before the data plane: which account is asked, may the caller reach it, who is it, may it do that.

In Azure's order: the network, then the key or token, then the data action.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from starlette.requests import Request

from simulator import reach
from simulator.access import allowed
from simulator.arm.models import ACCOUNTS, Resource, account_keys, find_account_by_subdomain, resources_of
from simulator.cloud import Cloud
from simulator.entra import audiences, tokens
from simulator.openai import errors, regions, throttling

OPENAI_HOST = ".openai.azure.com"
FOUNDRY_HOST = ".services.ai.azure.com"
REGIONAL_HOST = ".api.cognitive.microsoft.com"
_ACTIONS = "Microsoft.CognitiveServices/accounts/OpenAI"


@dataclass(frozen=True)
class Operation:
    """What is asked for: the data action it needs, by Azure's list of provider operations, and its name in refusals."""

    action: str
    name: str


def _operation(action: str, name: str) -> Operation:
    return Operation(f"{_ACTIONS}/{action}", name)


UPLOAD = _operation("files/write", "POST /openai/files")
LIST_FILES = _operation("files/read", "GET /openai/files")
GET_FILE = _operation("files/read", "GET /openai/files/{file-id}")
GET_CONTENT = _operation("files/read", "GET /openai/files/{file-id}/content")
DELETE_FILE = _operation("files/delete", "DELETE /openai/files/{file-id}")
IMPORT = _operation("files/import/action", "POST /openai/files/import")
# That uploads need the right to write files is memory.
START_UPLOAD = _operation("files/write", "POST /openai/uploads")
ADD_PART = _operation("files/write", "POST /openai/uploads/{upload-id}/parts")
COMPLETE_UPLOAD = _operation("files/write", "POST /openai/uploads/{upload-id}/complete")
CANCEL_UPLOAD = _operation("files/write", "POST /openai/uploads/{upload-id}/cancel")
UPLOADS = frozenset({UPLOAD, START_UPLOAD, ADD_PART, IMPORT})
"""What counts as an upload where uploads are throttled; that all four do is memory."""
CREATE_JOB = _operation("fine-tunes/write", "POST /openai/fine_tuning/jobs")
LIST_JOBS = _operation("fine-tunes/read", "GET /openai/fine_tuning/jobs")
GET_JOB = _operation("fine-tunes/read", "GET /openai/fine_tuning/jobs/{fine-tuning-job-id}")
CHANGE_JOB = _operation("fine-tunes/write", "POST /openai/fine_tuning/jobs/{fine-tuning-job-id}")
# That graders need the right to write jobs is memory.
VALIDATE_GRADER = _operation("fine-tunes/write", "POST /openai/fine_tuning/alpha/graders/validate")
RUN_GRADER = _operation("fine-tunes/write", "POST /openai/fine_tuning/alpha/graders/run")
LIST_MODELS = _operation("models/read", "GET /openai/models")
GET_MODEL = _operation("models/read", "GET /openai/models/{model-id}")
CHAT = _operation("deployments/chat/completions/action", "POST /openai/deployments/{deployment-id}/chat/completions")


@dataclass(frozen=True)
class Entry:
    """A caller let in: to which account, and as whom (None with a key)."""

    account: Resource
    principal: str | None


def enter(cloud: Cloud, request: Request, operation: Operation) -> Entry:
    """Lets the caller in, or raises the refusal."""
    entry = _admitted(cloud, request, operation)
    if operation in UPLOADS:
        throttling.admit_upload(cloud, entry.account)
    return entry


def _admitted(cloud: Cloud, request: Request, operation: Operation) -> Entry:
    host: str = request.path_params["host"]
    shown = _Shown.by(request)
    if host.endswith(REGIONAL_HOST):
        return _enter_region(cloud, host.removesuffix(REGIONAL_HOST), shown)
    account = _account(cloud, host)
    _check_network(cloud, account, request)
    if any(_opens(cloud, account, key) for key in shown.keys):
        if account.properties.get("disableLocalAuth"):
            raise errors.keys_disabled()
        return Entry(account, None)
    if shown.header_key is not None:
        raise errors.keys_disabled() if account.properties.get("disableLocalAuth") else errors.key_not_accepted()
    if shown.authorization is None:
        raise errors.key_not_accepted()
    try:
        principal = tokens.verify(cloud, shown.authorization, audiences.DATA_PLANE)
    except tokens.TokenProblem as problem:
        raise errors.token_not_accepted() from problem
    if not allowed(cloud, principal.object_id, operation.action, account.id, data=True):
        raise errors.permission_denied(principal.object_id, operation.action, operation.name)
    return Entry(account, principal.object_id)


@dataclass(frozen=True)
class _Shown:
    """What the caller shows. A bearer value may be a key too: the openai client sends any `api_key` so."""

    header_key: str | None
    authorization: str | None

    @classmethod
    def by(cls, request: Request) -> _Shown:
        return cls(request.headers.get("api-key"), request.headers.get("authorization"))

    @property
    def keys(self) -> list[str]:
        scheme, _, text = (self.authorization or "").partition(" ")
        bearer = text.strip() if scheme.lower() == "bearer" else ""
        return [key for key in (self.header_key, bearer) if key]


def known_host(cloud: Cloud, host: str) -> None:
    """Raises the refusal of a host name that no account has; regions all answer."""
    if not host.endswith(REGIONAL_HOST):
        _account(cloud, host)


def _account(cloud: Cloud, host: str) -> Resource:
    for ending in (OPENAI_HOST, FOUNDRY_HOST):
        if host.endswith(ending):
            account = find_account_by_subdomain(cloud, host.removesuffix(ending))
            if account is not None and (ending == OPENAI_HOST or account.body.get("kind") == "AIServices"):
                return account
    raise errors.resource_not_found()


def _enter_region(cloud: Cloud, location: str, shown: _Shown) -> Entry:
    """The regional endpoint is for keys alone: it tells accounts apart by them."""
    for account in resources_of(cloud, ACCOUNTS):
        here = regions.normalised(account.location) == location.lower()
        if here and any(_opens(cloud, account, key) for key in shown.keys):
            if account.properties.get("disableLocalAuth"):
                raise errors.keys_disabled()
            if _behind_network(account):
                raise errors.regional_endpoint_behind_network()
            return Entry(account, None)
    if shown.header_key is None and shown.authorization is not None:
        raise errors.custom_subdomain_needed()
    raise errors.key_not_accepted()


def _opens(cloud: Cloud, account: Resource, key: str) -> bool:
    return any(hmac.compare_digest(key.encode(), known.encode()) for known in account_keys(cloud, account))


def _check_network(cloud: Cloud, account: Resource, request: Request) -> None:
    match reach.barred(cloud, account, inside=reach.is_inside(request.scope)):
        case reach.Barred.PUBLIC_ACCESS_OFF:
            raise errors.public_access_disabled()
        case reach.Barred.RULES:
            raise errors.firewall()


def _behind_network(account: Resource) -> bool:
    settings = account.properties
    default = str((settings.get("networkAcls") or {}).get("defaultAction") or "Allow")
    return default.lower() == "deny" or settings.get("publicNetworkAccess") == "Disabled"
