"""Pulumi's values: to the wire and back, and what is shown of them."""

from __future__ import annotations

from typing import Any

from google.protobuf import struct_pb2  # type: ignore[import-untyped]  # The package has no types.
from hypothesis import given
from hypothesis import strategies as some

from simulator.pulumi.values import (
    UNKNOWN,
    Secret,
    from_struct,
    has_secret,
    has_unknown,
    marked,
    revealed,
    shown,
    to_struct,
    unmarked,
)

_WHOLE = some.integers(min_value=-(2**53), max_value=2**53)
_PLAIN = some.booleans() | _WHOLE | some.text(max_size=8) | some.just(UNKNOWN)
_VALUES = some.recursive(
    _PLAIN,
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(some.text(max_size=5), inner, max_size=3)
        | some.builds(Secret, inner)
    ),
    max_leaves=12,
)


@given(some.dictionaries(some.text(max_size=5), _VALUES, max_size=4))
def test_what_goes_over_the_wire_comes_back(properties: dict[str, Any]) -> None:
    assert from_struct(to_struct(properties)) == properties
    assert unmarked(marked(properties)) == properties


@given(some.dictionaries(some.text(max_size=5), _VALUES, max_size=4))
def test_nothing_secret_is_left_in_what_is_revealed_or_shown(properties: dict[str, Any]) -> None:
    assert not has_secret(revealed(properties))
    assert not has_secret(shown(properties))
    assert not has_unknown(shown(properties))


def test_whole_numbers_become_integers_and_others_stay() -> None:
    """The wire has floats only; Azure wants a capacity of 10, not 10.0."""
    struct = struct_pb2.Struct()
    struct.update({"capacity": 10.0, "share": 0.5})

    found = from_struct(struct)

    assert found == {"capacity": 10, "share": 0.5}
    assert isinstance(found["capacity"], int)


def test_nulls_are_absent_unless_they_are_asked_for() -> None:
    struct = struct_pb2.Struct()
    struct.update({"live": None, "list": [None]})

    assert from_struct(struct) == {"list": [None]}
    assert from_struct(struct, nulls=True) == {"live": None, "list": [None]}


def test_a_secret_says_nothing_when_it_is_printed() -> None:
    assert repr({"key": Secret("hush")}) == "{'key': [secret]}"
