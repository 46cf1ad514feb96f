"""Hosts of data planes as the first segment of a path: this Azure answers for all of them at one address."""

from __future__ import annotations

from starlette.convertors import Convertor


class HostName(Convertor[str]):
    """A path's first segment that is a host name, in lower case; ``regex`` says of which data plane."""

    def convert(self, value: str) -> str:
        return value.lower()

    def to_string(self, value: str) -> str:
        return value
