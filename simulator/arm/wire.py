"""Between HTTP and ARM's rules: bodies read and written, pages, and the headers of operations under way."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from simulator.arm import errors
from simulator.arm.ids import parse
from simulator.arm.models import Operation
from simulator.cloud import Cloud
from simulator.errors import JSON_UTF8

# ARM's ResourceDefinition has these whatever the type; what Azure set itself is dropped again.
COMMON = frozenset({"id", "name", "type", "etag", "systemData"})
PAGE = 100
"""Resources on a page, where the caller asks for no other number: invented."""


def reply(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer with a JSON body, or none."""
    if body is None:
        return Response(b"", status, dict(headers or {}))
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return Response(text.encode(), status, dict(headers or {}), JSON_UTF8)


async def read_body(request: Request) -> tuple[dict[str, Any], str]:
    """The JSON object sent, and its text; an absent body is an empty object."""
    raw = await request.body()
    if not raw.strip():
        return {}, ""
    try:
        text = raw.decode("utf-8-sig")
        value = json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError) as fault:
        line, column = getattr(fault, "lineno", 1), getattr(fault, "colno", 1)
        said = f"Unexpected character encountered while parsing value. Path '', line {line}, position {column - 1}."
        raise errors.request_content(said) from fault
    if not isinstance(value, dict):
        raise errors.request_content("The request body is not a JSON object. Path '', line 1, position 1.")
    return value, text


def check_members(body: Mapping[str, Any], text: str, allowed: frozenset[str]) -> dict[str, Any]:
    """The body without what every resource may have and nobody may set; refuses members that no resource has."""
    for member in body:
        if member not in allowed and member not in COMMON:
            raise errors.unknown_member(member, _position(text, member))
    properties = body.get("properties")
    if properties is not None and not isinstance(properties, dict):
        raise errors.request_content("Error converting value to an object. Path 'properties', line 1, position 1.")
    return {name: value for name, value in body.items() if name in allowed}


def hint(cloud: Cloud, seconds: float) -> dict[str, str]:
    """When to ask again. Azure sends whole seconds; compressed time needs less: azure-core reads the other header too.

    Retry-After has to stay a whole number: the management libraries parse it as one.
    """
    wait = cloud.clock.wait_hint(seconds)
    if wait >= 1:
        return {"Retry-After": str(math.ceil(wait))}
    return {"x-ms-retry-after-ms": str(max(1, round(wait * 1000)))}


def announce(cloud: Cloud, operation: Operation, namespace: str, api_version: str) -> dict[str, str]:
    """The headers that lead a client to an operation under way. Azure signs these addresses (t, c, s, h): not here."""
    url = address(cloud, operation, namespace, api_version)
    name = "Location" if operation.style == "location" else "Azure-AsyncOperation"
    return {name: url} | hint(cloud, operation.wait)


def page(cloud: Cloud, request: Request, items: list[Any]) -> dict[str, Any]:
    """One page of a list, with nextLink where more follows."""
    query = dict(request.query_params)
    start = int(query["$skiptoken"]) if query.get("$skiptoken", "").isdigit() else 0
    wanted = query.get("$maxpagesize") or query.get("$top") or ""
    size = min(int(wanted), PAGE) if wanted.isdigit() and int(wanted) > 0 else PAGE
    answer: dict[str, Any] = {"value": items[start : start + size]}
    if start + size < len(items) and not query.get("$top"):
        onward = urlencode(query | {"$skiptoken": str(start + size)})
        answer["nextLink"] = f"{cloud.endpoints.main}{request.url.path}?{onward}"
    return answer


def address(cloud: Cloud, operation: Operation, namespace: str, api_version: str) -> str:
    of = parse(operation.resource)
    base = f"{cloud.endpoints.main}/subscriptions/{(of and of.subscription) or cloud.subscription_id}"
    match namespace:
        case "Microsoft.Resources":
            return f"{base}/operationresults/{operation.id}?api-version={api_version}"
        case "Microsoft.Storage":
            # Seen in Azure's SDK recordings of storage accounts being made.
            where = f"locations/{operation.location}/asyncoperations/{operation.id}?monitor=true&"
            return f"{base}/providers/{namespace}/{where}api-version={api_version}"
        case "Microsoft.Network" if "/privatednszones/" in operation.resource:
            # Seen in Azure/azure-cli's recordings of private DNS zones, under the zone's group.
            group = operation.resource.split("/")[4]
            where = f"resourceGroups/{group}/providers/{namespace}/privateDnsOperationResults/{operation.id}"
            return f"{base}/{where}?api-version={api_version}"
        case "Microsoft.Network":
            # Seen in Azure/azure-cli's recordings of virtual networks.
            kind = "operations" if operation.style == "status" else "operationResults"
            where = f"locations/{operation.location}/{kind}/{operation.id}"
            return f"{base}/providers/{namespace}/{where}?api-version={api_version}"
        case _:
            # The version is the one in the CLI's recording of 2025-10, whatever the request's was.
            where = f"locations/{operation.location}/operationResults/{operation.id}"
            return f"{base}/providers/{namespace}/{where}?api-version=2017-04-18"


def _position(text: str, member: str) -> int:
    """Where Newtonsoft's reader stands once it has read a member's name: behind the colon."""
    at = text.find(json.dumps(member))
    colon = text.find(":", at + len(member) + 2) if at >= 0 else -1
    return colon + 1 if colon >= 0 else 0
