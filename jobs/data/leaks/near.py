"""Prompts that are nearly the same: the Jaccard index of their three-word sequences is at least a half.

What is compared is what is asked: the messages of the prompt but the system's, without letter case and punctuation. Of
two prompts, the sequences of three words that both have are divided by those that either has (Broder, "On the
resemblance and containment of documents", 1997). Sequences that more than ten of a file's prompts have (of a thousand
more than a hundredth, but no more than 50; of fewer than twenty more than half) carry no weight: an instruction or a
phrase that all prompts share makes no two of them alike. A prompt of which fewer than five are left is not judged.

Why a half: of 449 grade-school problems and 50 others (GSM8K) no two come over 0.07. With other numbers in it, the same
problem comes to 0.63 (median; 0.41 to 0.89 for nine of ten), with other names to 0.87, with three words changed to
0.69. So at a half a problem with other numbers is nearly the same, as a rule: its template was seen, if not its answer.

A file that is held against the training file is indexed, and the training prompts stream past. One that has two of the
eight sequences of a prompt whose hashes are lowest is a candidate; then the whole sets are compared. Of prompts that
come to just a half 3 in 1,000 are missed, of more alike ones fewer (in a file of more than 20,000 prompts 4 in 100).
Within the training file the first 5,000 prompts are compared.

Memory: 8 bytes a sequence. Of more than four million (90,000 prompts of 45 words) those are kept whose hash ends in a
zero bit, then in two, and so on; the index is an estimate then.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Any, Self
from zlib import crc32

from jobs.data.expected import Use
from jobs.data.findings import Remark
from jobs.data.formats import Parts
from jobs.data.scanning.plain_chat import PlainExamples

NEARLY = 0.5
FEWEST = 5
"""A prompt with fewer sequences of its own is not judged."""
FIRST_PROMPTS = 5_000
MOST_SEQUENCES = 4_000_000
_MOST_WORDS = 20_000
"""Of one prompt so many are looked at."""
_MANY_PROMPTS = 20_000
_KEYS, _MET = 8, 2
"""By so many of its sequences a prompt is indexed, and so many of them make another prompt a candidate."""
_FEWER_KEYS, _FEWER_MET = 3, 1
"""The same in a file of more than _MANY_PROMPTS, for memory's sake."""
_MOST_CANDIDATES = 16
_COUNTED_EXACTLY, _COUNTERS = 250_000, 2**22
_RULES: Mapping[Use, str] = {"validation": "leak-near-validation", "holdout": "leak-near-holdout"}
_SPACES = bytes(byte if byte >= 128 or chr(byte).isalnum() else 32 for byte in range(256))


class _Ids(dict[bytes, int]):
    """A number for each word, the same in every process. Those of the last words are remembered."""

    def __missing__(self, word: bytes) -> int:
        if len(self) > 100_000:
            self.clear()
        number = self[word] = crc32(word)
        return number


_IDS = _Ids()


def sequences(prompt: Sequence[object]) -> set[int]:
    """The prompt's sequences of three words, each as a hash; of a text without blanks, those of three characters."""
    text = _asked(prompt).lower()
    words = text.encode("utf-8", "surrogatepass").translate(_SPACES).split()
    if 12 * len(words) < len(text):
        words = [char.encode("utf-8", "surrogatepass") for char in text[:_MOST_WORDS] if not char.isspace()]
    ids = list(map(_IDS.__getitem__, words[:_MOST_WORDS]))
    # Unlike those of texts, hashes of numbers are the same in every process.
    return set(map(hash, zip(ids, ids[1:], ids[2:], strict=False)))


def _asked(prompt: Sequence[object]) -> str:
    texts: list[str] = []
    for message in prompt:
        if isinstance(message, dict) and message.get("role") not in ("system", "developer"):
            content = message.get("content")
            if isinstance(content, str):
                texts.append(content)
            elif isinstance(content, list):
                texts += [
                    part["text"] for part in content if isinstance(part, dict) and isinstance(part.get("text"), str)
                ]
    return "\n".join(texts)


class PromptSets:
    """The sets of sequences of the prompts on ``lines``, one after the other.

    mask   of the hashes those are kept that have none of its bits
    """

    def __init__(self) -> None:
        self.mask = 0
        self.lines = array("L")
        self._ends = array("L")
        self._hashes = array("q")

    def __len__(self) -> int:
        return len(self.lines)

    def add(self, line: int, found: AbstractSet[int]) -> None:
        self._append(line, [value for value in found if not value & self.mask] if self.mask else found)
        self._keep_bounds()

    def merge(self, later: PromptSets) -> None:
        self._thin(later.mask)
        later._thin(self.mask)
        before = len(self._hashes)
        self.lines.extend(later.lines)
        self._hashes.extend(later._hashes)
        self._ends.extend(before + end for end in later._ends)
        self._keep_bounds()

    def of(self, number: int) -> set[int]:
        """The set of the prompt with that number, from 0."""
        return set(self._hashes[self._ends[number - 1] if number else 0 : self._ends[number]])

    def counts(self) -> _Counts:
        return _Counts(self._hashes)

    def _append(self, line: int, found: Sequence[int] | AbstractSet[int]) -> None:
        self.lines.append(line)
        self._hashes.extend(found)
        self._ends.append(len(self._hashes))

    def _keep_bounds(self) -> None:
        while len(self._hashes) > MOST_SEQUENCES and self.mask < 2**32:
            self._thin(2 * self.mask + 1)

    def _thin(self, mask: int) -> None:
        if mask <= self.mask:
            return
        whole, self.mask = self._hashes, mask
        start, ends = 0, self._ends
        self._hashes, self._ends = array("q"), array("L")
        for end in ends:
            self._hashes.extend(value for value in whole[start:end] if not value & mask)
            self._ends.append(len(self._hashes))
            start = end


class _Counts:
    """How many prompts have a sequence. Of many, hashes that fall on one counter are counted together."""

    def __init__(self, hashes: array[int]) -> None:
        self._exact: Counter[int] | None = None
        if len(hashes) <= _COUNTED_EXACTLY:
            self._exact = Counter(hashes)
            return
        self._mask = _COUNTERS - 1
        self._counters = counters = array("L", bytes(_COUNTERS * array("L").itemsize))
        for value in hashes:
            counters[value & self._mask] += 1

    def over(self, limit: int, sets: Iterable[AbstractSet[int]]) -> set[int]:
        """Those in the sets that more than so many have."""
        if self._exact is not None:
            return {value for value, count in self._exact.items() if count > limit}
        mask, counters = self._mask, self._counters
        return {value for found in sets for value in found if counters[value & mask] > limit}


class Index:
    """Finds, among the prompts of a file, those that another one is like."""

    def __init__(self, sets: PromptSets, *, filled: bool = True) -> None:
        """``filled``: else prompts are added one by one."""
        self._sets = sets
        self._places: dict[int, list[int]] = {}
        limit = max(2, min(len(sets) // 2, max(10, min(len(sets) // 100, 50))))
        self._common = sets.counts().over(limit, map(sets.of, range(len(sets))))
        self._keys, self._met = (_KEYS, _MET) if len(sets) <= _MANY_PROMPTS else (_FEWER_KEYS, _FEWER_MET)
        if filled:
            for number in range(len(sets)):
                self.add(number, sets.of(number))

    def add(self, number: int, found: AbstractSet[int]) -> None:
        """Those that come after will be held against it. ``found``: its sequences."""
        own = found - self._common
        if len(own) >= FEWEST:
            for key in sorted(own)[: self._keys]:
                self._places.setdefault(key, []).append(number)

    def like(self, found: AbstractSet[int]) -> list[tuple[float, int]]:
        """Those that are nearly the same: how much, and at which line."""
        if self._places.keys().isdisjoint(found):
            return []
        numbers = Counter(chain.from_iterable(map(self._places.__getitem__, self._places.keys() & found)))
        candidates = [number for number, met in numbers.items() if met >= self._met]
        if len(candidates) > _MOST_CANDIDATES:
            candidates = [number for number, _ in numbers.most_common(_MOST_CANDIDATES)]
        if not candidates:
            return []
        mask = self._sets.mask
        own = ({value for value in found if not value & mask} if mask else found) - self._common
        alike = []
        for number in candidates:
            other = self._sets.of(number) - self._common
            both = len(own & other)
            if both >= NEARLY * (len(own) + len(other) - both):
                alike.append((both / (len(own) + len(other) - both), self._sets.lines[number]))
        return alike


class NearPrompts:
    """Observes one file for prompts that are nearly the same: within it, and in the files that are held against it.

    indexes   of a training file: those of the other files, by their use
    """

    def __init__(self, use: Use, indexes: Mapping[Use, Index]) -> None:
        self._use = use
        self._indexes = indexes
        self._sets = PromptSets()
        self._nearest: dict[Use, dict[int, tuple[float, int]]] = {other: {} for other in self._indexes}

    def __getstate__(self) -> dict[str, Any]:
        """The indexes stay where they are: whoever takes in what was seen doesn't need them."""
        return self.__dict__ | {"_indexes": {}}

    def add(self, parts: Parts, example: Mapping[str, Any], line: int) -> None:
        del example
        if self._looks_at(line):
            self._add(parts.prompt, line)

    def add_plain(self, plain: PlainExamples) -> None:
        if self._looks_at(plain.lines[0]):
            for line, prompt in zip(plain.lines, plain.prompt_messages(), strict=True):
                if self._looks_at(line):
                    self._add(prompt, line)

    def _is_kept(self, line: int) -> bool:
        return self._use != "training" or line <= FIRST_PROMPTS

    def _looks_at(self, line: int) -> bool:
        return bool(self._indexes) or self._is_kept(line)

    def _add(self, prompt: Sequence[object], line: int) -> None:
        found = sequences(prompt)
        if self._is_kept(line):
            self._sets.add(line, found)
        for use, index in self._indexes.items():
            for alike, theirs in index.like(found):
                self._take(use, theirs, alike, line)

    def merge(self, later: Self) -> None:
        self._sets.merge(later._sets)
        for use, nearest in later._nearest.items():
            for theirs, (alike, line) in nearest.items():
                self._take(use, theirs, alike, line)

    @classmethod
    def index_of(cls, observers: Sequence[object]) -> Index:
        """Of the prompts that the one of this class among ``observers`` has seen."""
        return next(Index(observer._sets) for observer in observers if isinstance(observer, cls))

    def findings(self, training: Self | None) -> Iterator[Remark]:
        if training is None:
            yield from self._repeats() if self._use == "training" else ()
            return
        for ours, (alike, line) in sorted(training._nearest.get(self._use, {}).items()):
            yield _RULES[self._use], ours, f"is nearly the prompt of line {line} of the training file: {_share(alike)}"

    def _take(self, use: Use, theirs: int, alike: float, line: int) -> None:
        nearest = self._nearest.setdefault(use, {})
        if theirs not in nearest or alike > nearest[theirs][0]:
            nearest[theirs] = alike, line

    def _repeats(self) -> Iterator[Remark]:
        index = Index(self._sets, filled=False)
        for number, line in enumerate(self._sets.lines):
            found = self._sets.of(number)
            alike, before = max(index.like(found), default=(0.0, 0))
            if before:
                yield "repeat-near", line, f"is nearly the prompt of line {before}: {_share(alike)}"
            index.add(number, found)


def _share(alike: float) -> str:
    return f"{alike:.0%} of their sequences of three words are the same"
