"""What a dataset has too much or too little of, so that a model is not taught a bias: figures, and what stands out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Any, Self
from zlib import crc32

from jobs.data.balance.frequent import Frequent
from jobs.data.balance.labels import Labels, shown
from jobs.data.balance.languages import language_of
from jobs.data.balance.lengths import Lengths, Spread
from jobs.data.balance.sample import Sample
from jobs.data.expected import Use
from jobs.data.findings import Remark
from jobs.data.formats import Parts
from jobs.data.leaks.fingerprints import text_of
from jobs.data.privacy.sensitive import masked
from jobs.data.scanning.plain_chat import PlainExamples

_SAMPLED, _SAMPLED_CHARACTERS = 200, 300
_ROOM = 250
_FIRST, _EACH = 5_000, 16
"""Of so many lines all examples are looked at for what is frequent among them; then one in so many."""
_BEGINNING = 6
"""Words of a prompt that tell its template."""
_SHOWN = 60
_ENOUGH = 50
_SAME_ANSWER, _SAME_ANSWERS = 0.2, 10
_FEWEST_WITH_USER = 20
_HALF = 0.5
_LONGER = 0.9
_FOREIGN, _HARDLY = 0.1, 0.01


@dataclass(frozen=True)
class BalanceSummary:
    """A dataset's balance in figures.

    labels      and how many answers are each, the most frequent first; None where answers are no labels
    lengths     of answers in characters (of pairs: of the preferred ones); None where there are none
    languages   of prompts, in a sample of ``sampled``, the most frequent first; those that can't be told are left out
    longer      of pairs: how many preferred outputs are longer than the other; None where there are no pairs
    """

    labels: tuple[tuple[str, int], ...] | None
    lengths: Spread | None
    languages: tuple[tuple[str, int], ...]
    sampled: int
    longer: int | None


class Balance:
    """Observes answers and prompts of one file."""

    def __init__(self, use: Use) -> None:
        self._use = use
        self._labels, self._lengths = Labels(), Lengths()
        self._answers, self._beginnings, self._users = Frequent(_ROOM), Frequent(_ROOM), Frequent(_ROOM)
        self._sample = Sample(_SAMPLED, _SAMPLED_CHARACTERS)
        self._pairs = self._longer = 0
        self._skipped = False

    def add(self, parts: Parts, example: Mapping[str, Any], line: int) -> None:
        looked_at = _is_looked_at(line)
        self._skipped |= not looked_at
        if looked_at:
            self._asked(parts.prompt, example)
        if parts.answers:
            text = "\n".join(text_of(message) for message in parts.answers[0] if isinstance(message, dict))
            called = _called(parts.answers[0])
            self._labels.add(text, called)
            if text or called is None:
                self._lengths.add(text, line)
                if looked_at:
                    self._answers.add(_known_by(text))
        if parts.kind == "preference" and len(parts.answers) == 2:
            other = sum(len(text_of(message)) for message in parts.answers[1] if isinstance(message, dict))
            self._pairs += 1
            self._longer += len(text) > other

    def add_plain(self, plain: PlainExamples) -> None:
        answers = plain.answered()
        self._labels.add_texts(answers)
        self._lengths.update(answers, plain.lines)
        looked_at = list(map(_is_looked_at, plain.lines))
        self._skipped |= not all(looked_at)
        asked = list(compress(plain.asked(), looked_at))
        self._beginnings.update(list(map(_beginning, asked)))
        self._sample.update(asked)
        self._answers.update(list(map(_known_by, compress(answers, looked_at))))

    def merge(self, later: Self) -> None:
        self._labels.merge(later._labels)
        self._lengths.merge(later._lengths)
        self._answers.merge(later._answers)
        self._beginnings.merge(later._beginnings)
        self._users.merge(later._users)
        self._sample.merge(later._sample)
        self._skipped |= later._skipped
        self._pairs += later._pairs
        self._longer += later._longer

    def summary(self) -> BalanceSummary:
        labels, languages = self._labels.counts(), self._languages()
        return BalanceSummary(
            labels=None if labels is None else shown(labels),
            lengths=self._lengths.spread(),
            languages=tuple(languages.most_common()),
            sampled=sum(1 for _ in self._sample.texts()),
            longer=self._longer if self._pairs else None,
        )

    def findings(self, training: Self | None) -> Iterator[Remark]:
        yield from self._labels.remarks(None if training is None else training._labels)
        yield from self._lengths.remarks()
        if training is not None:
            yield from self._other_languages(training)
        elif self._use == "training":
            yield from self._same_answer()
            yield from self._same_beginning()
            yield from self._same_user()
            yield from self._longer_preferred()

    def _asked(self, prompt: list[Any], example: Mapping[str, Any]) -> None:
        user = example.get("user")
        text = ""
        for message in reversed(prompt):
            if isinstance(message, dict) and message.get("role") == "user":
                text = text_of(message)
                user = user or message.get("name")
                break
        metadata = example.get("metadata")
        if not user and isinstance(metadata, dict):
            user = metadata.get("user") or metadata.get("user_id")
        if isinstance(user, str):
            self._users.add(user[:_SHOWN])
        self._beginnings.add(_beginning(text))
        self._sample.add(text)

    def _languages(self) -> Counter[str]:
        return Counter(language for text in self._sample.texts() if (language := language_of(text)) is not None)

    def _all(self, what: str) -> str:
        return f"{what} looked at" if self._skipped else what

    def _same_answer(self) -> Iterator[Remark]:
        most, total = self._answers.most(), self._answers.total
        if most is None or self._labels.counts() is not None:
            return
        if most[1] >= max(_SAME_ANSWERS, _SAME_ANSWER * total):
            yield (
                "balance-same-answer",
                None,
                f"answers {_of(most[1], total, self._all('examples'))} with {_shown(most[0])!r}",
            )

    def _same_beginning(self) -> Iterator[Remark]:
        most, total = self._beginnings.most(), self._beginnings.total
        if most is None or total < _ENOUGH or not most[0] or self._beginnings.distinct == 1:
            return
        if most[1] > _HALF * total:
            given = f"{_of(most[1], total, self._all('prompts'))} with {masked(most[0])!r}"
            words = f"begins {given}, the others in another way"
            yield "balance-template", None, words

    def _same_user(self) -> Iterator[Remark]:
        most, total = self._users.most(), self._users.total
        if most is None or total < _FEWEST_WITH_USER or self._users.distinct == 1:
            return
        if most[1] > _HALF * total:
            yield (
                "balance-user",
                None,
                f"has {_of(most[1], total, self._all('examples'))} that name a user from {masked(most[0])!r}",
            )

    def _longer_preferred(self) -> Iterator[Remark]:
        if self._pairs < _ENOUGH:
            return
        shorter = self._pairs - self._longer
        for count, word in ((self._longer, "longer"), (shorter, "no longer")):
            if count >= _LONGER * self._pairs:
                words = f"prefers the output that is {word} than the other in {_of(count, self._pairs, 'pairs')}"
                yield "balance-preferred-length", None, words

    def _other_languages(self, training: Self) -> Iterator[Remark]:
        ours, theirs = self._languages(), training._languages()
        if ours.total() < 5 or theirs.total() < 5:
            return
        foreign = [
            (language, count)
            for language, count in ours.most_common()
            if count >= max(2, _FOREIGN * ours.total()) and theirs[language] <= _HARDLY * theirs.total()
        ]
        if foreign:
            given = ", ".join(f"{language} {count / ours.total():.0%}" for language, count in foreign)
            trained = ", ".join(f"{name} {count / theirs.total():.0%}" for name, count in theirs.most_common(3))
            yield "balance-language", None, f"asks in languages that training hardly has: {given}; training: {trained}"


def _of(count: int, total: int, what: str) -> str:
    return f"{count} of {total} {what} ({count / total:.0%})"


def _called(answer: list[Any]) -> str | None:
    """The name of the first tool that the answer calls."""
    for message in answer:
        calls = message.get("tool_calls") if isinstance(message, dict) else None
        call = calls[0] if isinstance(calls, list) and calls else None
        function = call.get("function") if isinstance(call, dict) else None
        name = function.get("name") if isinstance(function, dict) else None
        if isinstance(name, str):
            return name
    return None


def _is_looked_at(line: int) -> bool:
    """Of a long file every sixteenth example is enough to tell what dominates it."""
    return line <= _FIRST or not line % _EACH


def _beginning(prompt: str) -> str:
    return " ".join(prompt[: 20 * _BEGINNING].lower().split(maxsplit=_BEGINNING)[:_BEGINNING])


def _known_by(answer: str) -> str:
    return answer if len(answer) <= _SHOWN else f"{answer[:_SHOWN]}\0{crc32(_bytes(answer)):x}"


def _shown(answer: str) -> str:
    """An answer as it is known by; of one that was cut off without the last word, which may be half of a key."""
    begin, cut, _ = answer.partition("\0")
    return masked(f"{begin.rpartition(' ')[0]} …" if cut else begin)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
