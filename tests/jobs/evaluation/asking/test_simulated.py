"""The round against the local Azure's own rates, by the real adapter; time passes there where somebody waits here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from contract.evaluation_spec import Asking
from jobs.azure.chat_service import ChatService
from jobs.azure.credentials import Credential
from jobs.evaluation.answer import Answer
from jobs.evaluation.asking.limits import Limits, Rate
from jobs.evaluation.asking.round import ask_all
from jobs.evaluation.kept_answers import Kept
from jobs.evaluation.question import Contender, Prompt
from jobs.tuning.patience import Patience
from simulator.server import Simulator
from tests.jobs.doubles import KeptBlobs
from tests.jobs.evaluation.asking.test_round import questions
from tests.simulator.openai.conftest import SCOPE, Tenancy, tenancy

__all__ = ["tenancy"]
CONTENDER = Contender("prompted", "baseline", "base", "main", "small", Prompt("Be brief."))


@dataclass
class SimulatedClock:
    """The local Azure's. A Clock."""

    simulator: Simulator
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> datetime:
        return self.simulator.clock.now()

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.simulator.clock.advance(seconds)


@pytest.fixture
def chat(tenancy: Tenancy, environment: Callable[..., dict[str, str]]) -> Iterator[ChatService]:
    environment("trainer", tenancy.simulator)
    endpoint = tenancy.endpoint.removesuffix("openai/v1/")
    with closing(Credential(None)) as credential, closing(ChatService(endpoint, credential.bearer(SCOPE))) as chat:
        yield chat


def asked(tenancy: Tenancy, chat: ChatService, limits: Limits) -> dict[int, Answer]:
    clock = SimulatedClock(tenancy.simulator)
    until = clock.now() + timedelta(hours=1)
    with Kept(KeptBlobs(), "clippy", Patience(clock, until, lambda *_: None), pytest.fail) as kept:
        found = ask_all(
            [CONTENDER],
            questions(15),
            Asking(max_tokens=20),
            {"main": chat},
            kept,
            clock=clock,
            say=lambda _: None,
            of=15,
            deadline=until,
            limits={("main", "small"): limits},
        )
        return dict(found["prompted"])


def test_who_keeps_to_the_rates_that_outputs_tell_is_never_refused(tenancy: Tenancy, chat: ChatService) -> None:
    """Capacity 3: three requests in ten seconds, 3,000 tokens a minute. One at a time, since no time passes while a
    request is on its way here."""
    tenancy.deploy("small", "gpt-4.1-mini", "2025-04-14").body["sku"]["capacity"] = 3
    began = tenancy.simulator.clock.now()
    with tenancy.simulator.cloud.faults.planned({"behaviour": {"throttling": {"chat": {}}}}) as faults:
        answers = asked(tenancy, chat, Limits(1, (Rate(3, 10.0),), (Rate(3000, 60.0),)))
        assert faults.conduct.struck["throttling.chat"] == 0

    assert len(answers) == 15
    assert timedelta(seconds=38) <= tenancy.simulator.clock.now() - began <= timedelta(seconds=46)


@pytest.mark.parametrize("hints", ["retryAfter", "none"])
def test_who_does_not_know_them_is_refused_and_waits(tenancy: Tenancy, chat: ChatService, hints: str) -> None:
    tenancy.deploy("small", "gpt-4.1-mini", "2025-04-14").body["sku"]["capacity"] = 3
    plan = {"behaviour": {"throttling": {"chat": {"hints": hints}}}}
    with tenancy.simulator.cloud.faults.planned(plan) as faults:
        answers = asked(tenancy, chat, Limits(8))
        assert faults.conduct.struck["throttling.chat"] > 0

    assert [answers[index].failed for index in range(15)] == [None] * 15
