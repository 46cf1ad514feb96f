"""The wire form of key-values: Microsoft Learn, azure-app-configuration/rest-api-key-value and rest-api-locks."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any, Literal
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from simulator.appconfig import errors, gate, models
from simulator.arm.models import Resource
from simulator.cloud import Cloud
from simulator.errors import NotSimulated

_ONE = "application/vnd.microsoft.appconfig.kv+json; charset=utf-8"
_SET = "application/vnd.microsoft.appconfig.kvset+json; charset=utf-8"
PAGE = 100
_NO_LABEL = ("", "\0")


async def get_key_value(request: Request) -> Response:
    cloud: Cloud = request.app.state.cloud
    store, _ = gate.enter(cloud, request, "read")
    _require_now(request)
    found = models.find_key_value(cloud, store, _named(request))
    if found is None:
        raise errors.not_found()
    if _met(request, found) == "not-modified":
        return Response(status_code=304, headers=_headers(found))
    return _one(request, found)


async def list_key_values(request: Request) -> Response:
    """Pages of 100, each with an ETag of its own."""
    cloud: Cloud = request.app.state.cloud
    store, _ = gate.enter(cloud, request, "read")
    _require_now(request)
    query = request.query_params
    if query.get("snapshot"):
        raise NotSimulated(request.method, request.url.path)
    found = list(
        models.filtered(cloud, store, query.get("key") or "*", query.get("label") or "*", query.getlist("tags"))
    )
    start = _after(query.get("after", ""))
    page = found[start : start + PAGE]
    etag = '"' + hashlib.sha256("|".join(each.etag for each in page).encode()).hexdigest()[:32] + '"'
    answer: dict[str, Any] = {"items": [_shown(request, each) for each in page]}
    headers = {"ETag": etag}
    if start + PAGE < len(found):
        after = base64.urlsafe_b64encode(str(start + PAGE).encode()).decode()
        onward = [(name, value) for name, value in query.multi_items() if name != "after"]
        answer["@nextLink"] = f"/kv?{urlencode([*onward, ('after', after)])}"
        headers["Link"] = f'<{answer["@nextLink"]}>; rel="next"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return _reply(answer, headers, _SET)


async def put_key_value(request: Request) -> Response:
    cloud: Cloud = request.app.state.cloud
    store, by = gate.enter(cloud, request, "write")
    named = _named(request)
    if "%" in named[0]:
        raise errors.parameter_invalid("key", f"key({named[0].index('%') + 1}): Invalid character")
    found = models.find_key_value(cloud, store, named)
    _require_match(request, found)
    if found is not None and found.properties["locked"]:
        raise errors.key_locked(named[0])
    return _one(request, models.put(cloud, store, named, await _body(request), by))


async def delete_key_value(request: Request) -> Response:
    """What isn't there is no fault: 204."""
    cloud: Cloud = request.app.state.cloud
    store, _ = gate.enter(cloud, request, "delete")
    named = _named(request)
    found = models.find_key_value(cloud, store, named)
    _require_match(request, found)
    if found is None:
        return Response(status_code=204)
    if found.properties["locked"]:
        raise errors.key_locked(named[0])
    gone = _one(request, found)
    models.delete(cloud, found)
    return gone


async def lock(request: Request) -> Response:
    """PUT makes a key-value read-only, DELETE writable again."""
    cloud: Cloud = request.app.state.cloud
    store, by = gate.enter(cloud, request, "write")
    found = models.find_key_value(cloud, store, _named(request))
    if found is None:
        raise errors.not_found()
    _require_match(request, found)
    models.lock(cloud, found, by, locked=request.method == "PUT")
    return _one(request, found)


async def unknown_path(request: Request) -> Response:
    """Whoever may read learns that this isn't simulated."""
    gate.enter(request.app.state.cloud, request, "read")
    raise NotSimulated(request.method, request.url.path)


def _named(request: Request) -> models.Named:
    label = request.query_params.get("label", "")
    return request.path_params["key"], None if label in _NO_LABEL else label


def _require_now(request: Request) -> None:
    if request.headers.get("accept-datetime"):
        raise NotSimulated(request.method, f"{request.url.path} as of another time")


def _met(request: Request, found: Resource) -> Literal["yes", "not-modified"]:
    """Holds a reading against its conditions."""
    wanted, known = request.headers.get("if-match"), request.headers.get("if-none-match")
    if wanted is not None and wanted not in ("*", found.etag):
        raise errors.precondition_failed()
    return "not-modified" if known in ("*", found.etag) else "yes"


def _require_match(request: Request, found: Resource | None) -> None:
    """Holds a change against its conditions: what must be there as it was, what must not be there."""
    wanted, unwanted = request.headers.get("if-match"), request.headers.get("if-none-match")
    if wanted is not None and (found is None or wanted not in ("*", found.etag)):
        raise errors.precondition_failed()
    if unwanted is not None and found is not None and unwanted in ("*", found.etag):
        raise errors.precondition_failed()


def _after(token: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(token)) if token else 0
    except ValueError:
        raise errors.parameter_invalid("after", "after(1): Invalid value") from None


async def _body(request: Request) -> dict[str, Any]:
    try:
        sent = json.loads(await request.body() or b"{}")
    except ValueError:
        sent = None
    if not isinstance(sent, dict):
        raise errors.parameter_invalid("entity", "entity(1): Invalid value")
    return sent


def _shown(request: Request, found: Resource) -> dict[str, Any]:
    known = found.properties
    shown = {
        "etag": found.etag.strip('"'),
        "key": known["key"],
        "label": known["label"],
        "content_type": known["contentType"],
        "value": known["value"],
        "last_modified": found.changed_at.isoformat(timespec="seconds"),
        "locked": known["locked"],
        "tags": known["tags"],
    }
    selected = request.query_params.get("$select")
    return {name: shown[name] for name in selected.split(",") if name in shown} if selected else shown


def _headers(found: Resource) -> dict[str, str]:
    return {"ETag": found.etag, "Last-Modified": f"{found.changed_at:%a, %d %b %Y %H:%M:%S GMT}"}


def _one(request: Request, found: Resource) -> Response:
    return _reply(_shown(request, found), _headers(found), _ONE)


def _reply(body: dict[str, Any], headers: dict[str, str], media_type: str) -> Response:
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return Response(text.encode(), 200, headers, media_type)
