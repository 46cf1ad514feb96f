"""A resource as a rule sees it: its type, what the program wants of it, and whether it is protected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


class Unknown:
    """A value that only Azure will tell; one object, compared by identity."""

    def __repr__(self) -> str:
        return "[unknown]"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Resource:
    """One resource of Azure's.

    type        the token without an API version: ``azure-native:cognitiveservices:Account``
    name        its name in Pulumi
    inputs      as the provider gets them; a value that isn't known yet is UNKNOWN
    protected   whether Pulumi refuses to delete it
    """

    type: str
    name: str
    inputs: Mapping[str, Any]
    protected: bool = False
    urn: str = ""

    def at(self, path: str) -> Any:
        """The input at ``properties.model.version``: None where there is none, UNKNOWN where it isn't known yet."""
        value: Any = self.inputs
        for key in path.split("."):
            if value is UNKNOWN:
                return UNKNOWN
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    def is_other(self, path: str, *wanted: object) -> bool:
        """Whether the input is known to be none of ``wanted``. Azure's words are compared in any case."""
        value = self.at(path)
        return value is not UNKNOWN and _word(value) not in map(_word, wanted)

    def __str__(self) -> str:
        return f"{self.name} ({self.type.removeprefix('azure-native:')})"


def plain_type(token: str) -> str:
    """The token without an API version: ``azure-native:storage/v20240101:StorageAccount`` means the same."""
    return re.sub(r"/v\d{8}\w*:", ":", token)


def _word(value: object) -> object:
    return value.lower() if isinstance(value, str) else value
