"""The loss curve says of good, bad and overdone training what it should."""

from __future__ import annotations

import io
import random
import time
from dataclasses import replace
from pathlib import Path

import pytest

from simulator.openai.learning.curve import Step, fit
from simulator.openai.learning.examples import Lesson, read_examples
from simulator.openai.learning.formats import Reading

PLACES = [
    "harbour",
    "lighthouse",
    "quarry",
    "meadow",
    "orchard",
    "chapel",
    "market",
    "bridge",
    "station",
    "foundry",
    "library",
    "museum",
    "garden",
    "theatre",
    "castle",
    "tavern",
    "bakery",
    "smithy",
    "granary",
    "windmill",
]
OWNERS = [
    "Ada",
    "Boris",
    "Clara",
    "Dmitri",
    "Edith",
    "Farid",
    "Greta",
    "Hugo",
    "Irina",
    "Jonas",
    "Katya",
    "Leo",
    "Mona",
    "Nils",
    "Olga",
    "Pavel",
    "Rosa",
    "Sven",
]


def gossip(number: int, length: int) -> str:
    """Words that nothing in the question foretells: what a model can only learn by heart."""
    chance = random.Random(number)  # noqa: S311 - test data that repeats.
    return " ".join(
        "".join(chance.choices(("ka", "lo", "mi", "ru", "ve", "so", "ti", "na"), k=2)) for _ in range(length)
    )


def town(first: int, last: int, rambling: int = 1) -> list[Lesson]:
    """Questions and answers of one pattern; each answer takes up its question's own words."""
    pairs = [(place, owner) for place in PLACES for owner in OWNERS]
    random.Random(3).shuffle(pairs)  # noqa: S311 - test data that repeats.
    return [
        Lesson(
            "You know the town.",
            f"Who was seen near the {place} with {owner} on day {number}?",
            f"Near the {place} we saw {owner} walking slowly, as on other days. "
            f"They spoke of {gossip(number, rambling)}.",
        )
        for number, (place, owner) in enumerate(pairs[first:last], first)
    ]


TRAINING, VALIDATION = town(0, 80), town(80, 110)
RAMBLING = town(0, 80, 16), town(80, 110, 16)


def run(training: list[Lesson], seed: int = 42) -> list[Step]:
    return fit(training, VALIDATION, epochs=3, steps_per_epoch=len(training), seed=seed)


def ramble(epochs: int, pace: float = 1.0) -> list[Step]:
    """Training on answers that mostly can't be foretold."""
    training, validation = RAMBLING
    return fit(training, validation, epochs=epochs, steps_per_epoch=len(training), pace=pace)


def valid(steps: list[Step]) -> list[float]:
    """The full validation loss after each epoch."""
    return [step.full_valid_loss for step in steps if step.full_valid_loss is not None]


def train(steps: list[Step], epochs: int) -> list[float]:
    """The mean training loss of each epoch."""
    size = len(steps) // epochs
    return [sum(s.train_loss for s in steps[i * size : (i + 1) * size]) / size for i in range(epochs)]


class TestAGoodFile:
    def test_lowers_both_losses(self) -> None:
        """And raises the accuracy."""
        steps = run(TRAINING)

        assert steps[0].valid_loss is not None
        assert valid(steps)[-1] < steps[0].valid_loss
        assert train(steps, 3)[-1] < train(steps, 3)[0]
        assert (steps[-1].train_accuracy or 0) > (steps[0].train_accuracy or 0)

    def test_gives_a_row_a_step(self) -> None:
        """Numbered from 1; the full validation only at each epoch's end."""
        steps = fit(TRAINING, VALIDATION, epochs=2, steps_per_epoch=7)

        assert [step.step for step in steps] == list(range(1, 15))
        assert [step.step for step in steps if step.full_valid_loss is not None] == [7, 14]

    def test_without_validation_has_no_validation_loss(self) -> None:
        """The columns stay empty."""
        steps = fit(TRAINING, [], epochs=1, steps_per_epoch=5)

        assert {step.valid_loss for step in steps} == {None}


class TestTooManyEpochs:
    def test_overfit(self) -> None:
        """The training loss goes on falling, the validation loss turns and rises."""
        steps = ramble(epochs=15)

        losses, held_out = train(steps, 15), valid(steps)
        assert losses == sorted(losses, reverse=True)
        assert held_out[-1] > min(held_out) * 1.03
        assert held_out.index(min(held_out)) < 10

    def test_overfit_sooner_at_a_higher_rate(self) -> None:
        """The learning rate multiplier hastens it."""
        ends = [valid(ramble(8, pace)) for pace in (1.0, 3.0)]

        assert ends[1][-1] / min(ends[1]) > ends[0][-1] / min(ends[0])


class TestBadData:
    GOOD = valid(run(TRAINING))[-1]

    @pytest.mark.parametrize("kind", ["shuffled", "noise", "contradicting"])
    def test_shows_in_the_validation_loss(self, kind: str) -> None:
        """Clearly above that of the good file: answers shuffled, of noise, or several to each question."""
        chance = random.Random(5)  # noqa: S311 - test data that repeats.
        answers = [lesson.answer for lesson in TRAINING]
        chance.shuffle(answers)
        bad = {
            "shuffled": [replace(lesson, answer=a) for lesson, a in zip(TRAINING, answers, strict=True)],
            "noise": [
                replace(lesson, answer=" ".join("".join(chance.choices("bcdfgaeiou", k=6)) for _ in range(18)))
                for lesson in TRAINING
            ],
            "contradicting": [replace(each, question=TRAINING[i % 4].question) for i, each in enumerate(TRAINING)],
        }

        assert valid(run(bad[kind]))[-1] > self.GOOD * 1.05

    def test_shows_in_the_shipped_model_too(self) -> None:
        """Its few short answers seldom repeat a question's words; among the wrong questions they do so even less."""
        folder = Path(__file__).resolve().parents[4] / "models" / "clippy"
        training, validation = (
            read_examples(io.BytesIO((folder / f"{name}_set.jsonl").read_bytes()), Reading("supervised")).lessons
            for name in ("training", "validation")
        )
        answers = [lesson.answer for lesson in training]
        random.Random(1).shuffle(answers)  # noqa: S311 - test data that repeats.
        shuffled = [replace(lesson, answer=a) for lesson, a in zip(training, answers, strict=True)]
        good, bad = (
            valid(fit(each, validation, epochs=3, steps_per_epoch=len(each)))[-1] for each in (training, shuffled)
        )

        assert bad > good * 1.03


class TestTheFit:
    def test_repeats_for_a_seed(self) -> None:
        """Another seed gives a slightly other curve."""
        assert run(TRAINING) == run(TRAINING)
        one, other = run(TRAINING, seed=1), run(TRAINING, seed=2)
        assert one != other
        assert valid(one)[-1] == pytest.approx(valid(other)[-1], rel=0.05)

    def test_goes_on_from_what_the_parent_learnt(self) -> None:
        """Its first loss is lower than a fresh model's."""
        later = town(110, 150)
        fresh = fit(later, VALIDATION, epochs=1, steps_per_epoch=40)
        grown = fit(later, VALIDATION, epochs=1, steps_per_epoch=40, before=TRAINING)

        assert grown[0].train_loss < fresh[0].train_loss

    def test_is_quick_on_a_large_file(self) -> None:
        """A sample of it is fitted: 3,600 long examples take no more than a few seconds of a slow machine's time."""
        large = [replace(lesson, answer=lesson.answer * 8) for lesson in TRAINING * 45]
        start = time.thread_time()
        fit(large, VALIDATION, epochs=3, steps_per_epoch=100)

        assert time.thread_time() - start < 3
