"""Answers that are labels: short, and out of a small set. What a classifier is taught, and how often each.

They count as labels where nine of ten answers have at most 40 characters and no line break, there are at least 20 of
them, and on average each different one stands there five times. A call of a tool counts as one by the tool's name, a
short JSON object by what stands under a key that says label (its confidence and reason may differ each time).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Self

import orjson

from jobs.data.balance.frequent import Frequent
from jobs.data.findings import Remark
from jobs.data.privacy.sensitive import masked

LONGEST = 40
FEWEST_ANSWERS = 20
RARE = 10
"""Of a label that stands in fewer examples nothing is learned but chance."""
_MOST = 200
_DOMINATES_TWO, _DOMINATES_MORE = 0.8, 0.6
_NAMED = 5
_CALL = "calls "
_LONGEST_OBJECT = 400
_LABEL_KEYS = ("label", "category", "class", "intent", "sentiment")


class Labels:
    """Answers, as they may be labels."""

    def __init__(self) -> None:
        self._short = Frequent(_MOST)
        self._answers = 0

    def add(self, text: str, called: str | None) -> None:
        """An answer's text, and the name of the tool that it calls first."""
        self._answers += 1
        if called is not None:
            self._short.add(f"{_CALL}{called}"[: LONGEST + len(_CALL)])
        elif len(text) <= LONGEST + 10 or _may_say_label(text):
            label = (_said_label(text) or text).strip()
            if label and len(label) <= LONGEST and "\n" not in label:
                self._short.add(label)

    def add_texts(self, texts: Sequence[str]) -> None:
        """Answers that call no tool."""
        for text in texts:
            if len(text) <= LONGEST + 10 or _may_say_label(text):
                self.add(text, None)
            else:
                self._answers += 1

    def merge(self, later: Self) -> None:
        self._short.merge(later._short)
        self._answers += later._answers

    def counts(self) -> list[tuple[str, int]] | None:
        """The labels, the most frequent first; None where the answers are none."""
        distinct = self._short.distinct
        if distinct is None or self._answers < FEWEST_ANSWERS or 10 * self._short.total < 9 * self._answers:
            return None
        return self._short.counts() if distinct <= min(_MOST, max(2, self._short.total // 5)) else None

    def remarks(self, training: Self | None) -> Iterator[Remark]:
        """``training``: of the training file; None for that file itself."""
        if training is not None:
            yield from self._unknown(training)
            return
        counts = self.counts()
        if counts is None:
            return
        yield from _dominating(counts, self._short.total)
        yield from _rare(counts, self._short.total)
        yield from _spelling(counts)

    def _unknown(self, training: Self) -> Iterator[Remark]:
        known = training.counts()
        if known is None:
            return
        missing = dict(self._short.counts())
        for label, _ in known:
            missing.pop(label, None)
        if missing:
            unknown = sorted(missing.items(), key=lambda found: (-found[1], found[0]))
            words = f"answers what no training example does: {_listed(unknown)}"
            yield "balance-label-unknown", None, words


def _may_say_label(text: str) -> bool:
    return text[:1] == "{" and len(text) <= _LONGEST_OBJECT


def _said_label(text: str) -> str | None:
    """What a JSON object says under the first of _LABEL_KEYS that it has; None where that is no text."""
    if text[:1] != "{":
        return None
    try:
        value = orjson.loads(text)
    except ValueError:
        return None
    found = next((value[key] for key in _LABEL_KEYS if key in value), None)
    return found if isinstance(found, str) else None


def _dominating(counts: list[tuple[str, int]], total: int) -> Iterator[Remark]:
    (label, count), others = counts[0], len(counts) - 1
    share = count / total
    if not others:
        if not label.startswith(_CALL):
            yield "balance-label-dominates", None, f"answers {_shown(label)} in all of {total} examples"
    elif share > (_DOMINATES_TWO if others == 1 else _DOMINATES_MORE):
        rest = f"one of {others} other labels" if others > 1 else _shown(counts[1][0])
        words = f"answers {_shown(label)} in {count} of {total} examples ({share:.0%}), and {rest} in {total - count}"
        yield "balance-label-dominates", None, words


def _rare(counts: list[tuple[str, int]], total: int) -> Iterator[Remark]:
    rare = [(label, count) for label, count in counts if count < RARE]
    if rare and total >= 5 * RARE:
        words = f"has {len(rare)} of {len(counts)} labels in fewer than {RARE} examples each: {_listed(rare)}"
        yield "balance-label-rare", None, words


def _spelling(counts: list[tuple[str, int]]) -> Iterator[Remark]:
    spelled: dict[str, list[tuple[str, int]]] = {}
    for label, count in counts:
        spelled.setdefault(label.casefold().strip(" .!\"'`"), []).append((label, count))
    for same in spelled.values():
        if len(same) > 1:
            yield "balance-label-spelling", None, f"spells one label in {len(same)} ways: {_listed(same)}"


def _listed(counts: list[tuple[str, int]]) -> str:
    named = ", ".join(f"{_shown(label)} {count} ×" for label, count in counts[:_NAMED])
    return f"{named}, … ({len(counts)} in all)" if len(counts) > _NAMED else named


def _shown(label: str) -> str:
    return label if label.startswith(_CALL) else repr(masked(label))


def shown(counts: list[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """The labels for showing, what is sensitive masked."""
    return tuple((masked(label), count) for label, count in counts)
