"""The base of every stored shape: strict, frozen, camelCase as it stands in the files."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
)
from pydantic.alias_generators import to_camel


class Shape(BaseModel):
    """A frozen value. Unknown keys are refused, and no value is bent into another type (``1`` is no text)."""

    model_config = ConfigDict(
        # Built when first used: a command starts without the validators of what it doesn't read.
        defer_build=True,
        extra="forbid",
        frozen=True,
        strict=True,
        # What is compared with a number that is none holds for nothing.
        allow_inf_nan=False,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )


class Lenient(Shape):
    """A frozen value that another version may have written: keys it adds later are read over."""

    model_config = ConfigDict(extra="ignore")


class Brief(Shape):
    """A value that people review in diffs: what is not said in it is left out, where it is written."""

    @model_serializer(mode="wrap")
    def _without_nothing(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields: dict[str, Any] = written(self)
        return {key: value for key, value in fields.items() if value is not None}


def none_if_empty(value: object) -> object:
    """For sections that may be absent: Pulumi.yaml gives each ``{}``, since the CLI reports a missing key alone."""
    return None if value == {} else value


_ORDERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Control characters but the tab and the ends of lines: a terminal would obey them (ECMA-48)."""


def has_orders(text: str) -> bool:
    """Whether there is such a character in it."""
    return _ORDERS.search(text) is not None


_TURNS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What sets the direction of text (Unicode Technical Report 36, bidirectional spoofing)."""


def in_a_line(text: str) -> str:
    """``text`` on one line, however many somebody has written; what would have it read in another order is written
    out, such as ``\\u202e``."""
    return _TURNS.sub(lambda found: f"\\u{ord(found[0]):04x}", " ".join(text.split()))


def _without_orders(text: str) -> str:
    if (found := _ORDERS.search(text)) is not None:
        raise ValueError(f"has a control character, U+{ord(found[0]):04X}")
    return text


_SHA256 = r"^[0-9a-f]{64}$"
_DATE = r"^\d{4}-\d{2}-\d{2}$"
_TIMESTAMP = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"
_SLICE = r"^[^=]+=.+$"
_RESOURCE_ID = r"^/[sS]ubscriptions/[0-9a-fA-F-]{36}/[rR]esource[gG]roups/[^/]+/[pP]roviders/.+$"

RULES = {
    _SHA256: "a SHA-256 digest: 64 of 0-9 and a-f",
    _DATE: 'a day such as "2026-11-20", in quotes',
    _TIMESTAMP: 'a moment in UTC such as "2026-11-20T09:00:00Z", in quotes',
    _SLICE: "a slice: its name and value, such as language=de",
    _RESOURCE_ID: "a resource ID: /subscriptions/…/resourceGroups/…/providers/…",
}
"""What each pattern asks for, in words for the person whose value it refuses."""

Text = Annotated[str, StringConstraints(min_length=1), AfterValidator(_without_orders)]
"""Words that people read: nothing in them is an order to a terminal."""
Sha256 = Annotated[str, StringConstraints(pattern=_SHA256)]
Date = Annotated[str, StringConstraints(pattern=_DATE)]
"""A day; a text, because an unquoted one becomes a time on its way through the CLI."""
Timestamp = Annotated[str, StringConstraints(pattern=_TIMESTAMP)]
SliceKey = Annotated[str, StringConstraints(pattern=_SLICE), AfterValidator(_without_orders)]
Usd = Annotated[float, Field(ge=0, le=1_000_000_000, allow_inf_nan=False)]
"""US dollars; more than anybody pays is a slip of the finger."""
ResourceId = Annotated[str, StringConstraints(pattern=_RESOURCE_ID)]
