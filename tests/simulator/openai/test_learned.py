"""A curve is computed beside the event loop, and once."""

from __future__ import annotations

import importlib
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from openai import OpenAI

from simulator.openai import learned
from simulator.openai.learning.curve import fit
from tests.simulator.openai.conftest import Tenancy, capitals, chat, lines
from tests.simulator.openai.test_dance import BASE, finished, tuned, upload


@pytest.mark.parametrize("asked", ["events", "checkpoints", "files", "jobs"])
def test_other_requests_are_answered_while_a_curve_is_computed(
    tenancy: Tenancy, client: OpenAI, http: httpx2.Client, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    """Whatever it was that needed the curve: the job's own lists, files (results are one), another job."""
    begun, released, runs = threading.Event(), threading.Event(), []

    def slow(*given: Any, **named: Any) -> Any:
        runs.append(threading.current_thread().name)
        begun.set()
        assert released.wait(timeout=20)
        return fit(*given, **named)

    monkeypatch.setattr("simulator.openai.learned.fit", slow)
    learned._curve.cache_clear()  # other tests may have had the same curve computed
    job = tuned(client, capitals(), seed=4711)
    ask: dict[str, Callable[[], Any]] = {
        "events": lambda: client.fine_tuning.jobs.list_events(job.id).data,
        "checkpoints": lambda: client.fine_tuning.jobs.checkpoints.list(job.id).data,
        "files": lambda: client.files.list(purpose="fine-tune-results").data,
        "jobs": lambda: [client.fine_tuning.jobs.create(model=job.model, training_file=job.training_file)],
    }
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(ask[asked]) for _ in range(2)]
        assert begun.wait(timeout=20)
        try:
            assert http.get("/_simulator/clock").status_code == 200
            assert not any(each.done() for each in waiting)
        finally:
            released.set()
        assert all(each.result(timeout=20) for each in waiting)

    assert len(runs) == 1
    assert "simulator" not in runs


TAKES_LONG = {
    "upload": "simulator.openai.file_responses.holds_json_lines",
    "job": "simulator.openai.learned.read_examples",
    "chat": "simulator.openai.learned.Pupil",
}


@pytest.mark.parametrize("asked", TAKES_LONG)
def test_other_requests_are_answered_while_a_file_is_taken_in_read_or_learnt(
    tenancy: Tenancy, client: OpenAI, http: httpx2.Client, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    """A large one takes seconds."""
    job = tuned(client, capitals(1, 13), seed=4712)
    tenancy.deploy("guide", str(job.fine_tuned_model))
    tenancy.simulator.clock.advance(120)
    learned.examples.cache_clear()
    learned._pupil.cache_clear()
    begun, released = threading.Event(), threading.Event()
    module, name = TAKES_LONG[asked].rsplit(".", 1)
    real = getattr(importlib.import_module(module), name)

    def slow(*given: Any, **named: Any) -> Any:
        begun.set()
        assert released.wait(timeout=20)
        return real(*given, **named)

    monkeypatch.setattr(TAKES_LONG[asked], slow)
    ask: dict[str, Callable[[], Any]] = {
        "upload": lambda: client.files.create(file=("t.jsonl", capitals()), purpose="fine-tune"),
        "job": lambda: client.fine_tuning.jobs.create(model=job.model, training_file=job.training_file),
        "chat": lambda: client.chat.completions.create(model="guide", messages=[{"role": "user", "content": "Hi"}]),
    }
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask[asked])
        assert begun.wait(timeout=20)
        try:
            assert http.get("/_simulator/clock").status_code == 200
            assert not waiting.done()
        finally:
            released.set()
        assert waiting.result(timeout=20)


def test_a_model_trained_too_long_answers_worse_than_its_earlier_checkpoint(tenancy: Tenancy, client: OpenAI) -> None:
    """Where its own curve has it so: the validation loss turns, and more goes wrong of what it wasn't taught."""
    rows = measured(160)
    training, validation = (upload(client, lines(*part)) for part in (rows[:120], rows[120:]))
    hyper: Any = {"n_epochs": 10, "learning_rate_multiplier": 2.0, "batch_size": 24}
    made = client.fine_tuning.jobs.create(
        model=BASE,
        training_file=training,
        validation_file=validation,
        seed=1,
        method={"type": "supervised", "supervised": {"hyperparameters": hyper}},
        extra_body={"trainingType": "GlobalStandard"},
    )
    job = finished(client, made.id)
    found = sorted(client.fine_tuning.jobs.checkpoints.list(job.id).data, key=lambda each: each.step_number)
    assert (found[0].metrics.full_valid_loss or 9) < (found[-1].metrics.full_valid_loss or 0)
    tenancy.deploy("early", found[0].fine_tuned_model_checkpoint)
    tenancy.deploy("late", str(job.fine_tuned_model))
    tenancy.simulator.clock.advance(120)

    def right(model: str, examples: list[dict[str, Any]]) -> int:
        asked = [
            client.chat.completions.create(model=model, messages=example["messages"][:-1]).choices[0].message.content
            == example["messages"][-1]["content"]
            for example in examples
        ]
        return sum(asked)

    fresh = measured(200)[160:]
    assert right("late", fresh) + 4 < right("early", fresh)
    assert right("late", rows[:10]) == 10, "what was taught is known"


def measured(count: int) -> list[dict[str, Any]]:
    """Rows of a table with their labels, and words beside that mean nothing."""
    chance = random.Random(5)  # noqa: S311 - test data that repeats.
    examples = []
    for number in range(count):
        height = chance.uniform(10, 30)
        junk = " ".join("".join(chance.choices(("ka", "lo", "mi", "ru", "ve", "so"), k=2)) for _ in range(2))
        examples.append(
            chat(f"Ticket {number}: height {height:.2f} cm, {junk}", "short" if height < 20 else "tall", "Sort.")
        )
    return examples
