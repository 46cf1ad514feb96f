"""What applications read at run time: one key-value of App Configuration per model that is live.

Its key is ``tuned-models/<model>``, its content type JSON. One value for all of it, so that nobody ever reads the
deployment of one release with the system message of another.
"""

from __future__ import annotations

from typing import Literal

from contract.shape import Lenient

KEY_PREFIX = "tuned-models/"
CONTENT_TYPE = "application/json"
LONGEST_VALUE = 9_000
"""Bytes of a value: a key-value has 10,000 with its key and content type (Microsoft Learn, App Configuration FAQ)."""


class ServedAt(Lenient):
    """Where one account answers."""

    endpoint: str
    deployment: str
    location: str


class Pointer(Lenient):
    """What is live of one model: in the first of the accounts that serve it, and in each."""

    schema_version: Literal[1] = 1
    model_id: str
    system_message: str | None
    endpoint: str
    deployment: str
    accounts: dict[str, ServedAt]


def key_of(model: str) -> str:
    return f"{KEY_PREFIX}{model}"
