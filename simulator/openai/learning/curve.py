"""The loss curve: a small language model, fitted to the examples as they pass by, epoch after epoch.

It gives a token the mean of three opinions, weighted by how well each has done so far:

    base       what the untrained model would say: short tokens are likelier; never changes
    grams      counts of what followed the last two tokens in the answers seen (Witten-Bell interpolation)
    recalled   what answers to questions with the same rare words contained

and more if the question says it too, as far as answers have been seen to take up their question's telling words
(`attention`, which an untrained model has some of).

Loss is the mean of -ln p over tokens. Each example is measured before it is learnt: in the first epoch that is an
honest test of each opinion. Later it is not, and the weights drift, each epoch more, to what remembers best. So a
clean file lowers the validation loss and too many epochs raise it again while the training loss goes on falling;
answers shuffled among questions unlearn `attention`; noise makes `grams` useless too. The learning rate multiplier
scales counts and drift alike.

Numbers are of the right order for a chat model and mean nothing beside Azure's own. Cost is bounded: of a large file
an even sample is fitted.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.openai.learning.examples import Lesson
from simulator.openai.learning.words import words

VISITS = 120_000
"""Most tokens the fit looks at, over all epochs; keeps 450 examples under a second."""
LONGEST = 96
RARE_WORDS = 3
ATTENTION = 0.25
AGAIN = 0.4
"""What an example counts when it is seen again, beside 1 the first time."""
VANITY = 0.08
"""By how much each further epoch trusts what it measures on examples seen before."""


@dataclass(frozen=True)
class Step:
    """Metrics of one step. Validation metrics are of a mini-batch; the full ones only stand at the end of an epoch."""

    step: int
    train_loss: float
    train_accuracy: float
    valid_loss: float | None = None
    valid_accuracy: float | None = None
    full_valid_loss: float | None = None
    full_valid_accuracy: float | None = None


@dataclass(frozen=True)
class _Text:
    tokens: list[str]
    asked: frozenset[str]
    rare: tuple[str, ...]


@dataclass(frozen=True)
class _Score:
    loss: float
    accuracy: float


class _Model:
    def __init__(self, pace: float) -> None:
        self.weights = [0.65, 0.30, 0.05]
        self.attention = ATTENTION
        self.pace = pace
        self.tested = [0.0] * 3
        self.tests = 0
        self.counts: defaultdict[tuple[str, ...], defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
        self.totals: defaultdict[tuple[str, ...], float] = defaultdict(float)
        self.recalled: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
        self.recalled_totals: defaultdict[str, float] = defaultdict(float)

    def score(self, text: _Text) -> tuple[_Score, list[float]]:
        """How likely the answer is, and each opinion's share in that."""
        shares = [0.0] * 3
        loss = right = 0.0
        before = ("<", "<")
        for token in text.tokens:
            parts = self._opinions(token, before, text)
            total = sum(parts)
            probability = min(0.999, total)
            if token in text.asked:
                probability += self.attention * (0.95 - probability)
            loss -= math.log(probability)
            right += probability
            for index in range(3):
                shares[index] += parts[index] / total
            before = (before[1], token)
        length = max(1, len(text.tokens))
        return _Score(loss / length, right / length), [share / length for share in shares]

    def learn(self, text: _Text, shares: Sequence[float], drift: float, vanity: float) -> None:
        """`vanity` is how much the shares count that were measured on examples seen before: 0 in the first epoch."""
        if vanity == 0:
            self.tested = [t + s for t, s in zip(self.tested, shares, strict=True)]
            self.tests += 1
        else:
            tested = [t / max(1, self.tests) for t in self.tested]
            shares = [vanity * s + (1 - vanity) * t for s, t in zip(shares, tested, strict=True)]
        self.weights = [(1 - drift) * w + drift * s for w, s in zip(self.weights, shares, strict=True)]
        gain = self.pace * (1.0 if vanity == 0 else AGAIN)
        if text.asked:
            taken_up = len(text.asked.intersection(text.tokens)) / len(text.asked)
            self.attention = (1 - drift) * self.attention + drift * taken_up
        before = ("<", "<")
        for token in text.tokens:
            for context in (before, before[1:], ()):
                self.counts[context][token] += gain
                self.totals[context] += gain
            for word in text.rare:
                self.recalled[word][token] += gain
                self.recalled_totals[word] += gain
            before = (before[1], token)

    def _opinions(self, token: str, before: tuple[str, str], text: _Text) -> list[float]:
        base = 0.15 * 0.86 ** len(token) + 0.01
        grams = base
        for context in ((), before[1:], before):
            seen = self.counts.get(context)
            if seen is None:
                break
            kinds, total = len(seen), self.totals[context]
            grams = (seen.get(token, 0.0) + kinds * grams) / (total + kinds)
        recalled = 0.0
        for word in text.rare:
            known = self.recalled.get(word)
            if known is not None:
                recalled += min(0.9, 12 * known.get(token, 0.0) / self.recalled_totals[word]) / len(text.rare)
        by_base, by_grams, by_recalled = self.weights
        return [by_base * base, by_grams * grams, by_recalled * recalled]


def fit(
    training: Sequence[Lesson],
    validation: Sequence[Lesson],
    *,
    epochs: int,
    steps_per_epoch: int,
    pace: float = 1.0,
    seed: int = 0,
    before: Sequence[Lesson] = (),
) -> list[Step]:
    """Every step's metrics. `pace`: the learning rate multiplier. `before`: what the parent model has learnt."""
    chance = random.Random(f"curve|{seed}")  # noqa: S311 - a shuffle that must repeat, no secret.
    budget = VISITS // (epochs + 2)
    frequency, of = _frequencies(training), len(training)
    texts = _sample(_texts(training, frequency, of), budget)
    held_out = _sample(_texts(validation, frequency, of), budget // 2)
    model = _Model(pace)
    for text in _sample(_texts(before, frequency, of), budget):
        model.learn(text, model.score(text)[1], 1 / max(1, len(before)), 0.0)
    steps: list[Step] = []
    for epoch in range(epochs):
        chance.shuffle(texts)
        steps += _epoch(model, texts, held_out, epoch, steps_per_epoch)
    return steps


def _epoch(model: _Model, texts: list[_Text], held_out: list[_Text], epoch: int, count: int) -> list[Step]:
    drift = min(0.5, 0.7 * min(model.pace, 2.0) / max(1, len(texts)))
    vanity = min(1.0, VANITY * epoch * model.pace)
    steps: list[Step] = []
    done = 0
    last: _Score | None = None
    for index in range(count):
        until = max(done, round((index + 1) * len(texts) / count))
        scores = []
        for text in texts[done:until]:
            score, shares = model.score(text)
            model.learn(text, shares, drift, vanity)
            scores.append(score)
        if not scores and texts:
            # More steps than sampled examples: the step is measured on one of them, nothing new is learnt.
            scores = [model.score(texts[min(done, len(texts) - 1)])[0]]
        done = until
        batch = _mean(scores)
        if held_out and (index % max(1, count // 40) == 0 or last is None):
            size = min(4, len(held_out))
            start = (index * size) % len(held_out)
            last = _mean([model.score(text)[0] for text in (held_out + held_out)[start : start + size]])
        full = _mean([model.score(text)[0] for text in held_out]) if held_out and index == count - 1 else None
        steps.append(_step(epoch * count + index + 1, batch, full or last, full))
    return steps


def _step(number: int, batch: _Score, valid: _Score | None, full: _Score | None) -> Step:
    return Step(
        number,
        round(batch.loss, 4),
        round(batch.accuracy, 4),
        None if valid is None else round(valid.loss, 4),
        None if valid is None else round(valid.accuracy, 4),
        None if full is None else round(full.loss, 4),
        None if full is None else round(full.accuracy, 4),
    )


def _mean(scores: Sequence[_Score]) -> _Score:
    number = max(1, len(scores))
    return _Score(sum(s.loss for s in scores) / number, sum(s.accuracy for s in scores) / number)


def _frequencies(lessons: Sequence[Lesson]) -> Counter[str]:
    """In how many questions each word stands."""
    return Counter(word for lesson in lessons for word in frozenset(words(lesson.question)))


def _texts(lessons: Sequence[Lesson], frequency: Counter[str], of: int) -> list[_Text]:
    """Lessons as the model sees them; which words are rare is known from `of` training examples."""
    texts = []
    for lesson in lessons:
        question = frozenset(words(lesson.question))
        telling = frozenset(word for word in question if frequency[word] <= max(1, of // 12))
        rare = sorted((w for w in telling if len(w) > 2), key=lambda w: (frequency[w], -len(w), w))[:RARE_WORDS]
        texts.append(_Text(words(lesson.target)[:LONGEST] or ["<empty>"], telling, tuple(rare)))
    return texts


def _sample(texts: list[_Text], budget: int) -> list[_Text]:
    """As many as the budget of tokens allows, evenly spread over the file."""
    total = sum(len(text.tokens) for text in texts)
    if total <= budget:
        return texts
    keep = max(1, len(texts) * budget // total)
    return [texts[index * len(texts) // keep] for index in range(keep)]
