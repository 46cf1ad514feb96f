"""At which requests a fault happens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from pydantic import Field, field_validator

from simulator.faults.glob import fits
from simulator.faults.shape import Shape

Listener = Literal["main", "blob"]


class Match(Shape):
    """Requests that have all of what is said; nothing said: every request.

    method    any case
    path      decoded, `*` for any characters, slashes included; case doesn't count. On the main listener a data plane's
              path begins with its host, on the blob listener with the account
    pattern   a regular expression that is searched in the path instead; case doesn't count
    query     parameters that must be there, by name: `*` as in `path`
    listener  both unless said
    """

    method: str | None = None
    path: str | None = None
    pattern: str | None = None
    query: dict[str, str] = Field(default_factory=dict)
    listener: Listener | None = None

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            try:
                re.compile(pattern)
            except re.error as problem:
                raise ValueError(f"no regular expression: {problem}") from problem
        return pattern

    def fits(self, listener: Listener, method: str, path: str, query: Mapping[str, str]) -> bool:
        """Whether a request is meant; `query` has its names in lower case."""
        return (
            (self.listener is None or self.listener == listener)
            and (self.method is None or self.method.upper() == method)
            and (self.path is None or fits(self.path, path))
            and (self.pattern is None or re.search(self.pattern, path, re.IGNORECASE) is not None)
            and all(
                (value := query.get(name.lower())) is not None and fits(wanted, value)
                for name, wanted in self.query.items()
            )
        )
