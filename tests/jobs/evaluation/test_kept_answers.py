"""Answers that were paid for, as they are kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from jobs.errors import Unavailable
from jobs.evaluation.answer import Answer, AnsweredCall
from jobs.evaluation.kept_answers import PART_ANSWERS, PART_TIME, Answers, Kept, folder_of
from jobs.tuning.patience import Patience
from tests.jobs.doubles import START, HandClock, KeptBlobs

MODEL_ID = "gpt-4.1-mini-2025-04-14.ft-0123456789abcdef0123456789abcdef-clippy-66dd61a1"
FOLDER = folder_of("clippy", MODEL_ID)


def digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


def answer(word: str, text: str = "Fuji.") -> Answer:
    return Answer(question=digest(word), text=text, prompt_tokens=8, completion_tokens=3, seconds=0.5, at="2026")


@dataclass
class Storage:
    """One storage, and what commands are told about it."""

    blobs: KeptBlobs = field(default_factory=KeptBlobs)
    clock: HandClock = field(default_factory=HandClock)
    told: list[str] = field(default_factory=list)

    @contextmanager
    def kept(self) -> Iterator[Kept]:
        patience = Patience(self.clock, self.clock.now() + timedelta(hours=1), lambda *_: None)
        with Kept(self.blobs, "clippy", patience, self.told.append) as kept:
            yield kept


def test_another_command_finds_what_was_kept() -> None:
    storage, call = Storage(), AnsweredCall(name="price", arguments="{")
    said = answer("a").model_copy(update={"tool_calls": (call,), "text": None, "finish": "tool_calls"})
    with storage.kept() as kept:
        kept.of(MODEL_ID).add(said, START)
        assert kept.of(MODEL_ID).get(digest("a")) == said
    with storage.kept() as kept:
        assert kept.of(MODEL_ID).get(digest("a")) == said
        assert kept.of(MODEL_ID).get(digest("b")) is None
        assert kept.of("another model").get(digest("a")) is None

    [name] = storage.blobs.blobs
    assert name.startswith(f"answers/clippy/{digest(MODEL_ID)[:16]}/")
    assert name.endswith(".jsonl")


def test_a_part_is_written_once_it_is_full_or_some_time_old() -> None:
    storage = Storage()
    with storage.kept() as kept:
        shelf = kept.of(MODEL_ID)
        for number in range(PART_ANSWERS - 1):
            shelf.add(answer(str(number)), START)
        kept.flush(due=True)
        assert not storage.blobs.blobs
        shelf.add(answer("last"), START)
        kept.flush(due=True)
        assert len(storage.blobs.blobs) == 1
        shelf.add(answer("late"), START)
        kept.flush(due=True)
        assert len(storage.blobs.blobs) == 1
        storage.clock.moment += PART_TIME
        kept.flush(due=True)
        assert len(storage.blobs.blobs) == 2

    assert [len(part.splitlines()) for part in storage.blobs.blobs.values()] == [PART_ANSWERS, 1]


def test_what_is_left_is_written_at_the_end_whatever_ends_it() -> None:
    storage = Storage()

    def interrupted() -> None:
        with storage.kept() as kept:
            kept.of(MODEL_ID).add(answer("a"), START)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert len(storage.blobs.blobs) == 1


def test_an_answer_that_was_cut_is_read_over_and_told() -> None:
    storage = Storage()
    with storage.kept() as kept:
        for word in ("a", "b"):
            kept.of(MODEL_ID).add(answer(word), START)
    [name] = storage.blobs.blobs
    storage.blobs.blobs[name] = storage.blobs.blobs[name][:-40]
    with storage.kept() as kept:
        assert kept.of(MODEL_ID).get(digest("a")) == answer("a")
        assert kept.of(MODEL_ID).get(digest("b")) is None

    assert len(storage.told) == 1
    assert name in storage.told[0]


@pytest.mark.parametrize("line", [b"\xff", b"[]", b'{"question": "short"}', b'{"question": 7}', b"[" * 100_000])
def test_a_line_that_is_no_answer_keeps_nobody_from_the_others(line: bytes) -> None:
    storage = Storage()
    good = answer("a").model_dump_json(by_alias=True).encode()
    storage.blobs.put(f"{FOLDER}x.jsonl", b"\n".join([line, b"", good]))
    with storage.kept() as kept:
        assert kept.of(MODEL_ID).get(digest("a")) == answer("a")


def test_a_later_version_may_have_written_more_of_an_answer() -> None:
    storage = Storage()
    told = json.loads(answer("a").model_dump_json(by_alias=True)) | {"reasoningTokens": 7}
    storage.blobs.put(f"{FOLDER}x.jsonl", json.dumps(told).encode())
    with storage.kept() as kept:
        assert kept.of(MODEL_ID).get(digest("a")) == answer("a")


def test_two_evaluations_at_once_do_each_other_no_harm() -> None:
    """Both have asked the same question: the elder answer counts, for everybody and from then on."""
    storage = Storage()
    with storage.kept() as one, storage.kept() as other:
        one.of(MODEL_ID).add(answer("a", "One."), START)
        other.of(MODEL_ID).add(answer("a", "Two."), START)
        other.of(MODEL_ID).add(answer("b", "Two."), START)
        one.flush()
        storage.clock.moment += timedelta(seconds=1)
        other.flush()
    with storage.kept() as kept:
        found = [kept.of(MODEL_ID).get(digest(word)) for word in "ab"]

    assert [each.text for each in found if each] == ["One.", "Two."]
    assert len(storage.blobs.blobs) == 2


def test_an_answer_is_never_written_over() -> None:
    storage = Storage()
    with storage.kept() as kept:
        place = kept.of(MODEL_ID).add(answer("a", "One."), START)
        assert kept.of(MODEL_ID).add(answer("a", "Two."), START) == place

    assert b"Two." not in b"".join(storage.blobs.blobs.values())


def test_who_was_interrupted_while_a_part_was_written_writes_it_again_with_what_came_since(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first one had arrived, though nobody heard of it."""
    storage = Storage()
    create = storage.blobs.create

    def interrupted(name: str, content: bytes) -> str | None:
        create(name, content)
        monkeypatch.setattr(storage.blobs, "create", create)
        raise KeyboardInterrupt

    monkeypatch.setattr(storage.blobs, "create", interrupted)
    with storage.kept() as kept:
        kept.of(MODEL_ID).add(answer("a"), START)
        with pytest.raises(KeyboardInterrupt):
            kept.flush()
        kept.of(MODEL_ID).add(answer("b"), START)
    with storage.kept() as kept:
        assert kept.of(MODEL_ID).get(digest("a")) == answer("a")
        assert kept.of(MODEL_ID).get(digest("b")) == answer("b")


def test_a_storage_that_is_away_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = Storage()

    def away(name: str, content: bytes) -> str | None:
        raise Unavailable(f"{name} cannot be stored: {len(content)}")

    monkeypatch.setattr(storage.blobs, "create", away)
    with storage.kept() as kept:
        kept.of(MODEL_ID).add(answer("a"), START)
        with pytest.raises(Unavailable):
            kept.flush()
        waited = sum(storage.clock.slept)

    assert 240 <= waited <= 300
    assert sum(storage.clock.slept) == waited


def test_answers_are_read_from_where_they_are_with_each_look() -> None:
    storage = Storage()
    with storage.kept() as kept:
        shelf = kept.of(MODEL_ID)
        answers = Answers(shelf)
        for index in (3, 0):
            answers.put(index, shelf.add(answer(str(index), f"{index}."), START))

        assert {index: each.text for index, each in answers.items()} == {0: "0.", 3: "3."}
        assert (len(answers), 1 in answers, 7 in answers) == (2, False, False)
