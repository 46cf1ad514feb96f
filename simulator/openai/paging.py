"""Lists as the data plane gives them: a page after an ID, with `has_more`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from simulator.openai import errors


@dataclass(frozen=True)
class Page:
    after: str | None
    limit: int


def asked(request: Request, default: int, most: int) -> Page:
    """`after` and `limit` of the query; the bounds of the limit are OpenAI's."""
    text = request.query_params.get("limit", str(default))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        raise errors.invalid_field("limit", f"must be a whole number from 1 to {most}")
    return Page(request.query_params.get("after"), int(text))


def answer(items: Sequence[dict[str, Any]], page: Page) -> JSONResponse:
    """The page of items, which come in the order of the list. After an unknown ID nothing follows."""
    start = 0
    if page.after is not None:
        start = next((i + 1 for i, item in enumerate(items) if item["id"] == page.after), len(items))
    shown = list(items[start : start + page.limit])
    return JSONResponse(
        {
            "object": "list",
            "data": shown,
            "has_more": start + len(shown) < len(items),
            "first_id": shown[0]["id"] if shown else None,
            "last_id": shown[-1]["id"] if shown else None,
        }
    )
