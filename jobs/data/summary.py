"""A dataset in figures."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from jobs.data.formats import Parts
from jobs.data.formats.messages import ROLES, SYSTEM_ROLES
from jobs.data.leaks.fingerprints import text_of
from jobs.data.privacy.sensitive import masked
from jobs.data.scanning.plain_chat import PlainExamples

DISTINCT_SYSTEM_MESSAGES = 1000
"""So many different system messages are told apart."""
_PREVIEW = 80


@dataclass(frozen=True)
class SystemMessages:
    """What the examples begin with. Several system messages in a row count as one, parted by blank lines.

    common     the one that every example begins with; None where they differ, or have none
    previews   the beginning of each different one, with what may be a secret or personal in it masked, and how many
               examples have it, most frequent first
    missing    how many examples have none
    more       whether there were more different ones than are told apart
    """

    common: str | None = None
    previews: tuple[tuple[str, int], ...] = ()
    missing: int = 0
    more: bool = False

    @property
    def distinct(self) -> int:
        return len(self.previews)


@dataclass(frozen=True)
class Summary:
    """Of the chat examples in a file, those with faults in their schema included.

    turns        messages in all
    roles        messages by role, most frequent first
    characters   of contents, in all
    longest      characters of the longest example's contents, which stands on ``longest_line``
    with_tools   examples that declare tools
    """

    examples: int
    turns: int
    roles: tuple[tuple[str, int], ...]
    characters: int
    longest: int
    longest_line: int | None
    with_tools: int
    system_messages: SystemMessages


class Tally:
    """A summary in the making: of a piece, to which examples are added, or of a file, into which pieces are merged."""

    def __init__(self) -> None:
        self._examples = self._turns = self._characters = self._longest = self._with_tools = 0
        self._longest_line: int | None = None
        self._roles: Counter[str] = Counter()
        self._rows: Counter[tuple[str, ...]] = Counter()
        """Of examples with these roles, which are not counted in the others."""
        self._system = _SystemTally()

    def add(self, example: Mapping[str, Any], parts: Parts, line: int) -> None:
        found = example.get("messages") if parts.kind != "preference" else [*parts.prompt, *chain(*parts.answers)]
        messages = [m for m in found if isinstance(m, dict)] if isinstance(found, list) else []
        characters = sum(len(text_of(message)) for message in messages)
        self._examples += 1
        self._turns += len(messages)
        self._roles.update(role for m in messages if (role := m.get("role")) in ROLES)
        self._characters += characters
        if characters > self._longest or self._longest_line is None:
            self._longest, self._longest_line = characters, line
        self._with_tools += bool(parts.tools)
        if messages:
            self._system.add(_system_message(messages))

    def add_plain(self, plain: PlainExamples) -> None:
        """The same for examples that have nothing but roles and texts."""
        self._rows.update(row.roles for row in plain.rows)
        self._examples += len(plain)
        characters = [sum(map(len, texts)) for texts in plain.texts]
        self._turns += sum(map(len, plain.texts))
        self._characters += sum(characters)
        if self._longest_line is None or max(characters) > self._longest:
            self._longest = max(characters)
            self._longest_line = plain.lines[characters.index(self._longest)]
        for row, texts in zip(plain.rows, plain.texts, strict=True):
            self._system.add("\n\n".join(texts[: row.system]) if row.system else None)

    def merge(self, later: Tally) -> None:
        """Takes in what was counted further down in the same file."""
        self._examples += later._examples
        self._turns += later._turns
        self._roles.update(later._roles)
        self._rows.update(later._rows)
        self._characters += later._characters
        if self._longest_line is None or later._longest > self._longest:
            self._longest, self._longest_line = later._longest, later._longest_line
        self._with_tools += later._with_tools
        self._system.merge(later._system)

    def summary(self) -> Summary:
        return Summary(
            examples=self._examples,
            turns=self._turns,
            roles=self._by_role(),
            characters=self._characters,
            longest=self._longest,
            longest_line=self._longest_line,
            with_tools=self._with_tools,
            system_messages=self._system.messages(),
        )

    def _by_role(self) -> tuple[tuple[str, int], ...]:
        roles = Counter(self._roles)
        for row, number in self._rows.items():
            for role in row:
                roles[role] += number
        return tuple(sorted(roles.items(), key=lambda found: (-found[1], ROLES.index(found[0]))))


class _SystemTally:
    """Counts by digest: a thousand long system messages are not kept in memory. What is merged into is bounded."""

    def __init__(self) -> None:
        self._first: str | None = None
        self._previews: dict[bytes, str] = {}
        self._counts: Counter[bytes] = Counter()
        self._missing = 0
        self._more = False
        self._last: tuple[str | None, bytes] = (None, b"")

    def add(self, text: str | None) -> None:
        if text is None:
            self._missing += 1
            return
        if text != self._last[0]:
            # As a rule it is the same throughout.
            self._last = text, hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        key = self._last[1]
        if key not in self._previews:
            # Twice what is shown: what is masked must be whole.
            self._previews[key] = text[: 2 * _PREVIEW]
            self._first = self._first if self._first is not None else text
        self._counts[key] += 1

    def merge(self, later: _SystemTally) -> None:
        self._first = self._first if self._first is not None else later._first
        self._missing += later._missing
        for key, preview in later._previews.items():
            if key not in self._previews:
                if len(self._previews) == DISTINCT_SYSTEM_MESSAGES:
                    self._more = True
                    continue
                self._previews[key] = preview
            self._counts[key] += later._counts[key]

    def messages(self) -> SystemMessages:
        is_common = len(self._previews) == 1 and not self._missing
        previews = tuple((_shown(self._previews[key]), count) for key, count in self._counts.most_common())
        return SystemMessages(self._first if is_common else None, previews, self._missing, self._more)


def _system_message(messages: list[dict[str, Any]]) -> str | None:
    texts = []
    for message in messages:
        if message.get("role") not in SYSTEM_ROLES:
            break
        texts.append(text_of(message))
    return "\n\n".join(texts) if texts else None


def _shown(text: str) -> str:
    text = masked(text)
    return text if len(text) <= _PREVIEW else f"{text[: _PREVIEW - 1]}…"
