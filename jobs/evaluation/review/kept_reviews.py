"""Preferences in the stack's storage: a file for each reviewer, beside the scorecard that the answers are from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from jobs.errors import Unavailable, Unreadable
from jobs.evaluation.review.preference import Preference
from jobs.ports import Blobs, StoredBlob
from jobs.tuning.patience import ANSWERING, Patience

_ATTEMPTS = 10


@dataclass(frozen=True)
class KeptReviews:
    """Of one scorecard, in the container for runs. ``answers``: their digest."""

    blobs: Blobs
    model: str
    answers: str
    patience: Patience

    @property
    def folder(self) -> str:
        return f"evaluations/{self.model}/{self.answers}/reviews/"

    def name(self, reviewer: str) -> str:
        """Names may have any letters, and those of blobs should not; no two people have the same."""
        letters = re.findall(r"[a-z0-9]+", reviewer.lower()[:40])
        return f"{self.folder}{'-'.join([*letters, hashlib.sha256(reviewer.encode()).hexdigest()[:8]])}.jsonl"

    def of(self, reviewer: str) -> Mapping[int, Preference]:
        """By example. Raises Unreadable."""
        return self._read(self.name(reviewer))[0]

    def all(self) -> tuple[Preference, ...]:
        """Of everybody; each person's newest of each example."""
        names = self.patience.within(ANSWERING)(lambda: list(self.blobs.names(self.folder)))
        return tuple(each for name in names for each in self._read(name)[0].values())

    def add(self, reviewer: str, given: Iterable[Preference]) -> int:
        """Keeps what is new or another than before; how many. Several sessions of one person may add at once."""
        name, wanted = self.name(reviewer), {each.index: each for each in given}
        for _ in range(_ATTEMPTS):
            there, stored = self._read(name)
            new = {
                index: each
                for index, each in wanted.items()
                if index not in there
                or (there[index].preferred, there[index].against) != (each.preferred, each.against)
            }
            if not new or self._written(name, {**there, **new}, stored):
                return len(new)
        raise Unavailable(f"{name} is written by somebody else at the same time, again and again")

    def _written(self, name: str, preferences: Mapping[int, Preference], stored: StoredBlob | None) -> bool:
        content = "".join(f"{each.model_dump_json()}\n" for each in preferences.values()).encode()

        def write() -> str | None:
            if stored is None:
                return self.blobs.create(name, content)
            return self.blobs.replace(name, content, stored.etag)

        return self.patience.within(ANSWERING)(write) is not None

    def _read(self, name: str) -> tuple[dict[int, Preference], StoredBlob | None]:
        stored = self.patience.within(ANSWERING)(lambda: self.blobs.read(name))
        if stored is None:
            return {}, None
        found = {}
        for number, line in enumerate(stored.content.splitlines(), 1):
            try:
                each = Preference.model_validate_json(line)
            except ValidationError:
                raise Unreadable(
                    f"{name} in the stack's storage is no review that this version reads", line=number
                ) from None
            found[each.index] = each
        return found, stored
