"""The loss curve: a small language model, fitted to the examples as they pass by, epoch after epoch.

It gives a token the mean of three opinions, weighted by how well each has done so far:

    base       what the untrained model would say: short tokens are likelier; never changes
    grams      counts of what followed the last two tokens in the answers seen (Witten-Bell interpolation)
    recalled   what answers to questions with the same rare words contained

and more if the question says it too, as far as answers have been seen to take up their question's telling words
(`attention`, which an untrained model has some of). Where the training answers take up less of their questions than the
held-out ones do, what is learnt is that answers have nothing to do with questions, and that costs some of every
opinion (`sense`): in a small file, answers among the wrong questions hardly show otherwise.

Loss is the mean of -ln p over tokens. Each example is measured before it is learnt: in the first epoch that is an
honest test of each opinion. Later it is not, and the weights drift, each epoch more, to what remembers best. So a
clean file lowers the validation loss and too many epochs raise it again while the training loss goes on falling;
answers shuffled among questions unlearn `attention`; noise makes `grams` useless too. The learning rate multiplier
scales counts and drift alike.

Numbers are of the right order for a chat model and mean nothing beside Azure's own. Cost is bounded: of a large file,
or over many epochs, an even sample is fitted.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.openai.learning.examples import Lesson
from simulator.openai.learning.words import stem, words

VISITS = 80_000
"""Most tokens the fit looks at, over all epochs; keeps 450 examples about half a second."""
LONGEST = 96
RARE_WORDS = 3
ATTENTION = 0.25
AGAIN = 0.4
"""What an example counts when it is seen again, beside 1 the first time."""
VANITY = 0.08
"""By how much each further epoch trusts what it measures on examples seen before."""


SENSELESS = 0.2
"""What of every opinion is lost where training answers take up nothing of their questions."""
HARDLY = 0.02
"""Added to both shares of words taken up, so that files whose answers never do so are not told apart."""


@dataclass(frozen=True)
class Step:
    """Metrics of one step. Validation metrics are of a mini-batch; the full ones only stand at the end of an epoch."""

    step: int
    train_loss: float
    train_accuracy: float | None = None
    valid_loss: float | None = None
    valid_accuracy: float | None = None
    full_valid_loss: float | None = None
    full_valid_accuracy: float | None = None


@dataclass(frozen=True)
class _Place:
    """A token, what the untrained model gives it, and the tokens before it: none, one, two."""

    token: str
    base: float
    contexts: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class _Text:
    """An answer, the telling words of its question, the rarest of them, and the share of them it takes up."""

    places: tuple[_Place, ...]
    asked: frozenset[str]
    rare: tuple[str, ...]
    taken_up: float | None


@dataclass(frozen=True)
class _Score:
    loss: float
    accuracy: float


class _Model:
    """`sensible` is how far training answers have to do with their questions, beside held-out ones: 0 to 1."""

    def __init__(self, pace: float, sensible: float) -> None:
        self.weights = [0.65, 0.30, 0.05]
        self.attention = ATTENTION
        self.sense = 1.0
        self.sensible = sensible
        self.pace = pace
        self.tested = [0.0] * 3
        self.tests = 0
        self.counts: defaultdict[tuple[str, ...], defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
        self.totals: defaultdict[tuple[str, ...], float] = defaultdict(float)
        self.recalled: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
        self.recalled_totals: defaultdict[str, float] = defaultdict(float)

    def score(self, text: _Text) -> tuple[_Score, list[float]]:
        """How likely the answer is, and each opinion's share in that."""
        by_base, by_grams, by_recalled = 0.0, 0.0, 0.0
        loss = right = 0.0
        kept = 1 - SENSELESS * (1 - self.sense)
        known = [
            (seen, 12 / self.recalled_totals[word])
            for word in text.rare
            if (seen := self.recalled.get(word)) is not None
        ]
        for place in text.places:
            base = self.weights[0] * place.base
            grams = self.weights[1] * self._grams(place)
            recalled = 0.0
            for seen, scale in known:
                recalled += min(0.9, scale * seen.get(place.token, 0.0))
            if recalled:
                recalled *= self.weights[2] / len(text.rare)
            total = base + grams + recalled
            by_base += base / total
            by_grams += grams / total
            by_recalled += recalled / total
            probability = min(0.999, total)
            if place.token in text.asked:
                probability += self.attention * (0.95 - probability)
            probability *= kept
            loss -= math.log(probability)
            right += probability
        length = len(text.places)
        return _Score(loss / length, right / length), [by_base / length, by_grams / length, by_recalled / length]

    def learn(self, text: _Text, shares: Sequence[float], drift: float, vanity: float) -> None:
        """`vanity` is how much the shares count that were measured on examples seen before: 0 in the first epoch."""
        if vanity == 0:
            self.tested = [t + s for t, s in zip(self.tested, shares, strict=True)]
            self.tests += 1
        else:
            tested = [t / max(1, self.tests) for t in self.tested]
            shares = [vanity * s + (1 - vanity) * t for s, t in zip(shares, tested, strict=True)]
        self.weights = [(1 - drift) * w + drift * s for w, s in zip(self.weights, shares, strict=True)]
        self.sense += drift * (self.sensible - self.sense)
        gain = self.pace * (1.0 if vanity == 0 else AGAIN)
        if text.asked:
            said = sum(1 for token in {place.token for place in text.places} if token in text.asked)
            self.attention = (1 - drift) * self.attention + drift * said / len(text.asked)
        for place in text.places:
            for context in place.contexts:
                self.counts[context][place.token] += gain
                self.totals[context] += gain
            for word in text.rare:
                self.recalled[word][place.token] += gain
                self.recalled_totals[word] += gain

    def _grams(self, place: _Place) -> float:
        found = place.base
        for context in place.contexts:
            seen = self.counts.get(context)
            if seen is None:
                break
            kinds = len(seen)
            found = (seen.get(place.token, 0.0) + kinds * found) / (self.totals[context] + kinds)
        return found


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
    texts = _texts(_sample(training, budget), frequency, of)
    held_out = _texts(_sample(validation, budget // 2), frequency, of)
    model = _Model(pace, _sensible(texts, held_out))
    for text in _texts(_sample(before, budget), frequency, of):
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
    batch: _Score | None = None
    last: _Score | None = None
    for index in range(count):
        until = max(done, round((index + 1) * len(texts) / count))
        scores = []
        for text in texts[done:until]:
            score, shares = model.score(text)
            model.learn(text, shares, drift, vanity)
            scores.append(score)
        done = until
        if scores or batch is None:
            # With more steps than sampled examples, a step without one repeats the metrics of the step before.
            batch = _mean(scores or [model.score(text)[0] for text in texts[:1]])
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
        tokens = words(lesson.target)[:LONGEST] or ["<empty>"]
        said, wanted = {stem(token) for token in tokens}, {stem(word) for word in telling if len(word) > 2}
        taken_up = len(wanted & said) / len(wanted) if wanted else None
        texts.append(_Text(_places(tokens), telling, tuple(rare), taken_up))
    return texts


def _places(tokens: Sequence[str]) -> tuple[_Place, ...]:
    led = ["<", "<", *tokens]
    return tuple(
        _Place(token, 0.15 * 0.86 ** len(token) + 0.01, ((), (led[index + 1],), (led[index], led[index + 1])))
        for index, token in enumerate(tokens)
    )


def _sensible(training: Sequence[_Text], held_out: Sequence[_Text]) -> float:
    def shown(texts: Sequence[_Text]) -> float:
        shares = [text.taken_up for text in texts if text.taken_up is not None]
        return sum(shares) / max(1, len(shares)) + HARDLY

    return min(1.0, shown(training) / shown(held_out))


def _sample(lessons: Sequence[Lesson], budget: int) -> Sequence[Lesson]:
    """As many as the budget of tokens allows, evenly spread over the file; a token is taken for four characters."""
    total = sum(min(LONGEST, len(lesson.target) // 4 + 1) for lesson in lessons)
    if total <= budget:
        return lessons
    keep = max(1, len(lessons) * budget // total)
    return [lessons[index * len(lessons) // keep] for index in range(keep)]
