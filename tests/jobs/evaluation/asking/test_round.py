"""Every contender is asked every question: by threads, on a clock that moves by hand."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from contract.evaluation_spec import Asking
from jobs.chat_ports import ChatReply, ChatRequest, unanswered
from jobs.errors import CloudFailed, DeadlinePassed, JobsError, ServiceRefused, SignInFailed, Unavailable, Unreadable
from jobs.evaluation.answer import Answer
from jobs.evaluation.asking import round as round_
from jobs.evaluation.asking.limits import Limits, Rate
from jobs.evaluation.asking.round import Party, Standing, ask_all, ask_requests
from jobs.evaluation.asking.round import unanswered as to_be_asked
from jobs.evaluation.kept_answers import Kept
from jobs.evaluation.question import Contender, Prompt, Question
from jobs.evaluation.questions import Questions, questions_of
from jobs.tuning.patience import Patience
from tests.jobs.doubles import START, KeptBlobs

CANDIDATE = Contender("candidate", "candidate", "tuned", "main", "clippy-1", Prompt("Be brief."))
PROMPTED = Contender("prompted", "baseline", "base", "main", "base", Prompt("Think."))
ELSEWHERE = Contender("elsewhere", "baseline", "base", "west", "base", Prompt("Think."))


@dataclass
class SharedClock:
    """Moved by whoever sleeps. A Clock for several threads."""

    moment: datetime = START
    slept: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self.moment += timedelta(seconds=seconds)


@dataclass
class Scripted:
    """Answers with the question and the model's name, unless ``script`` has something for the request's number among
    those to its deployment. A Chat."""

    clock: SharedClock
    script: Mapping[tuple[str, int], JobsError | ChatReply] = field(default_factory=dict)
    before: Callable[[ChatRequest], None] = lambda _: None
    asked: list[tuple[str, str, datetime]] = field(default_factory=list)
    _count: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, request: ChatRequest) -> ChatReply:
        self.before(request)
        with self._lock:
            text = request.messages[-1]["content"]
            self.asked.append((request.deployment, text, self.clock.now()))
            self._count[request.deployment] += 1
            scripted = self.script.get((request.deployment, self._count[request.deployment]))
        if isinstance(scripted, JobsError):
            raise scripted
        return scripted or replied(f"{request.deployment}: {text}")

    def texts(self, deployment: str) -> list[str]:
        return sorted(text for name, text, _ in self.asked if name == deployment)


def replied(text: str, finish: str = "stop") -> ChatReply:
    return ChatReply(text, (), finish, 8, 3, 0.5, "m")


def refusal(kind: type[CloudFailed], status: int, code: str, deployment: str = "clippy-1") -> CloudFailed:
    return kind(unanswered(deployment), status=status, code=code, details=["Words of the service."])


def throttled(seconds: float | None) -> Unavailable:
    error = Unavailable(unanswered("clippy-1"), status=429, code="RateLimitReached")
    error.retry_after = seconds
    return error


def questions(number: int, word: str = "Question") -> list[Question]:
    return [
        Question(index, index + 1, ({"role": "user", "content": f"{word} {index}"},), None, (), "x", (), {}, {})
        for index in range(number)
    ]


@dataclass
class Table:
    """Where a round takes place: its storage, clock and what is told."""

    blobs: KeptBlobs = field(default_factory=KeptBlobs)
    clock: SharedClock = field(default_factory=SharedClock)
    told: list[Sequence[Standing]] = field(default_factory=list)

    def chat(self, script: Mapping[tuple[str, int], JobsError | ChatReply] | None = None) -> Scripted:
        return Scripted(self.clock, script or {})

    def round(
        self,
        chat: Scripted,
        contenders: Sequence[Contender],
        asked: Sequence[Question] | Questions,
        *,
        limits: Limits | None = None,
        concurrency: int = 2,
        most: int | None = None,
    ) -> dict[str, dict[int, Answer]]:
        """The answers, all of them read."""
        patience = Patience(self.clock, self.clock.now() + timedelta(hours=1), lambda *_: None)
        with Kept(self.blobs, "clippy", patience, pytest.fail) as kept:
            found = ask_all(
                contenders,
                asked,
                Asking(concurrency=concurrency, max_tokens=most),
                {"main": chat, "west": chat},
                kept,
                clock=self.clock,
                say=self.told.append,
                of=9 if isinstance(asked, Questions) else len(asked),
                deadline=self.clock.now() + timedelta(hours=1),
                limits={} if limits is None else {(each.account, each.deployment): limits for each in contenders},
            )
            return {name: dict(answers) for name, answers in found.items()}


@pytest.fixture
def table() -> Table:
    return Table()


def test_each_contender_is_asked_each_question_once(table: Table) -> None:
    chat = table.chat()
    answers = table.round(chat, [CANDIDATE, PROMPTED, ELSEWHERE], questions(20))

    assert {name: len(each) for name, each in answers.items()} == {"candidate": 20, "prompted": 20, "elsewhere": 20}
    assert answers["candidate"][7].text == "clippy-1: Question 7"
    assert (answers["prompted"][7].text, answers["prompted"][7].completion_tokens) == ("base: Question 7", 3)
    assert len(chat.texts("clippy-1")) == 20
    assert {(each.contender, each.answered, each.of, each.kept) for each in table.told[-1]} == {
        ("candidate", 20, 20, 0),
        ("prompted", 20, 20, 0),
        ("elsewhere", 20, 20, 0),
    }


def test_what_was_answered_is_never_asked_again(table: Table) -> None:
    table.round(table.chat(), [CANDIDATE, PROMPTED], questions(10))
    again = table.chat()
    answers = table.round(again, [CANDIDATE, PROMPTED], questions(10))

    assert again.asked == []
    assert answers["candidate"][3].text == "clippy-1: Question 3"
    assert table.told[-1][0] == Standing("candidate", 10, 10, 0, 10)


def test_what_is_the_same_is_asked_once(table: Table) -> None:
    """A line that stands twice in the holdout, or two contenders whose answers a judge sees alike."""
    twin = Contender("twin", "baseline", "base", "main", "base", Prompt("Think."))
    asked = [replace(each, messages=({"role": "user", "content": f"Q{each.index % 3}"},)) for each in questions(9)]
    chat = table.chat()
    answers = table.round(chat, [PROMPTED, twin], asked, concurrency=4)

    assert chat.texts("base") == ["Q0", "Q1", "Q2"]
    assert [answers["twin"][index].text for index in range(9)] == [f"base: Q{index % 3}" for index in range(9)]
    assert [(each.answered, each.missing) for each in table.told[-1]] == [(9, 0), (9, 0)]


def test_a_changed_line_or_prompt_or_model_or_setting_is_asked_anew_and_nothing_else_is(table: Table) -> None:
    asked = questions(5)
    table.round(table.chat(), [CANDIDATE, PROMPTED], asked)
    chat = table.chat()
    table.round(chat, [CANDIDATE], [*asked[:4], *questions(5, "Another")[4:]])
    assert chat.texts("clippy-1") == ["Another 4"]

    for changed, most in (
        (Contender("prompted", "baseline", "base", "main", "base", Prompt("Think twice.")), None),
        (Contender("prompted", "baseline", "other", "main", "base", Prompt("Think.")), None),
        (PROMPTED, 10),
    ):
        chat = table.chat()
        table.round(chat, [CANDIDATE, changed] if most is None else [changed], asked, most=most)
        assert (len(chat.texts("clippy-1")), len(chat.texts("base"))) == (0, 5)


def test_what_would_be_asked_is_known_before(table: Table) -> None:
    asked = [*questions(4), replace(questions(1)[0], index=4)]
    table.round(table.chat(), [CANDIDATE], asked[:2])
    patience = Patience(table.clock, START + timedelta(hours=1), lambda *_: None)
    with Kept(table.blobs, "clippy", patience, pytest.fail) as kept:
        found = [
            (contender.name, question.index, request.deployment)
            for contender, question, request in to_be_asked([CANDIDATE, PROMPTED], asked, Asking(), kept)
        ]

    assert [each for each in found if each[0] == "candidate"] == [("candidate", index, "clippy-1") for index in (2, 3)]
    assert [index for name, index, _ in found if name == "prompted"] == [0, 1, 2, 3]


def test_no_more_than_its_concurrency_is_under_way(table: Table) -> None:
    most, now, lock = [0], [0], threading.Lock()
    together = threading.Barrier(3, timeout=10)

    def under_way(_: ChatRequest) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        together.wait()
        with lock:
            now[0] -= 1

    chat = table.chat()
    chat.before = under_way
    table.round(chat, [CANDIDATE], questions(9), concurrency=3)

    assert most[0] == 3


def test_requests_keep_to_the_rate_from_the_start(table: Table) -> None:
    """Five in ten seconds, as the stack's outputs tell."""
    chat = table.chat()
    table.round(chat, [CANDIDATE], questions(20), limits=Limits(4, (Rate(5, 10.0),)))
    moments = sorted((moment - START).total_seconds() for _, _, moment in chat.asked)

    assert all(later - earlier >= 9 for earlier, later in zip(moments, moments[5:], strict=False))
    assert 30 <= moments[-1] <= 34


def test_contenders_of_one_deployment_share_its_rate(table: Table) -> None:
    """And take turns: none of them waits for the other's last question."""
    other = Contender("other", "baseline", "base", "main", "base", Prompt("Think twice."))
    chat = table.chat()
    table.round(chat, [PROMPTED, other], questions(10), limits=Limits(1, (Rate(5, 10.0),)))
    moments = [(moment - START).total_seconds() for _, _, moment in chat.asked]

    assert all(later - earlier >= 9 for earlier, later in zip(moments, moments[5:], strict=False))
    assert [text for _, text, _ in chat.asked[:4]] == ["Question 0", "Question 0", "Question 1", "Question 1"]


def test_retry_after_lets_the_whole_deployment_wait_and_no_other(table: Table) -> None:
    chat = table.chat({("clippy-1", 3): throttled(40.0)})
    answers = table.round(chat, [CANDIDATE], questions(6), concurrency=1)
    moments = [(moment - START).total_seconds() for _, _, moment in chat.asked]

    assert moments[:3] == [0, 0, 0]
    assert all(moment >= 40 for moment in moments[3:])
    assert len(answers["candidate"]) == 6


def test_what_fails_for_a_while_is_asked_again(table: Table) -> None:
    lost = Unavailable(unanswered("clippy-1"), details=["ReadError"])
    broken = Unavailable(unanswered("clippy-1"), status=500)
    unready = Unavailable(unanswered("clippy-1"), status=400, code="DeploymentNotReady")
    chat = table.chat(
        {("clippy-1", 1): unready, ("clippy-1", 2): throttled(None), ("clippy-1", 5): lost, ("clippy-1", 7): broken}
    )
    answers = table.round(chat, [CANDIDATE], questions(6), concurrency=1)

    assert {index: each.failed for index, each in answers["candidate"].items()} == dict.fromkeys(range(6))
    assert len(chat.asked) == 10


def test_a_question_that_is_refused_for_good_is_an_answer_that_failed(table: Table) -> None:
    script: dict[tuple[str, int], JobsError | ChatReply] = {
        ("clippy-1", 1): refusal(ServiceRefused, 400, "content_filter"),
        ("clippy-1", 2): refusal(ServiceRefused, 400, "context_length_exceeded"),
        ("clippy-1", 3): replied("How to", "content_filter"),
    }
    answers = table.round(table.chat(script), [CANDIDATE], questions(4), concurrency=1)["candidate"]

    assert [answers[index].failed for index in range(4)] == [
        "content_filter",
        "context_length_exceeded",
        "content_filter",
        None,
    ]
    assert (table.told[-1][0].answered, table.told[-1][0].failed) == (1, 3)


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (404, "DeploymentNotFound", "An up makes it"),
        (401, "PermissionDenied", "Words of the service."),
        (403, "403", "Words of the service."),
        (410, "ModelDeprecated", "Words of the service."),
        (400, "unsupported_value", "evaluation.asking"),
    ],
)
def test_a_refusal_of_the_deployment_ends_the_round_and_keeps_what_was_answered(
    table: Table, status: int, code: str, words: str
) -> None:
    with pytest.raises(ServiceRefused) as caught:
        table.round(
            table.chat({("clippy-1", 4): refusal(ServiceRefused, status, code)}),
            [CANDIDATE],
            questions(9),
            concurrency=1,
        )
    chat = table.chat()
    table.round(chat, [CANDIDATE], questions(9), concurrency=1)

    assert "deployment clippy-1 of account main cannot be asked" in str(caught.value)
    assert words in str(caught.value)
    assert (caught.value.status, caught.value.code) == (status, code)
    assert chat.texts("clippy-1") == [f"Question {index}" for index in range(3, 9)]


def test_without_a_token_nobody_is_asked(table: Table) -> None:
    with pytest.raises(SignInFailed, match="az login"):
        table.round(table.chat({("clippy-1", 1): SignInFailed("az login comes first")}), [CANDIDATE], questions(3))


def test_a_question_that_never_works_is_told_with_its_line_once_it_has_been_asked_often(table: Table) -> None:
    class Poisoned(Scripted):
        def ask(self, request: ChatRequest) -> ChatReply:
            if request.messages[-1]["content"] == "Question 1":
                raise Unavailable(unanswered("clippy-1"), status=500)
            return super().ask(request)

    chat = Poisoned(table.clock)
    with pytest.raises(Unavailable) as caught:
        table.round(chat, [CANDIDATE], questions(3), concurrency=1)

    assert caught.value.line == 2
    assert "does not answer" in str(caught.value)
    assert chat.texts("clippy-1") == ["Question 0", "Question 2"]


def test_a_deployment_that_is_silent_is_given_up(table: Table) -> None:
    class Silent(Scripted):
        def ask(self, request: ChatRequest) -> ChatReply:
            raise Unavailable(unanswered(request.deployment), details=["ConnectError"])

    with pytest.raises(Unavailable, match="does not answer"):
        table.round(Silent(table.clock), [CANDIDATE], questions(50), concurrency=4)

    assert timedelta(minutes=4) < table.clock.now() - START < timedelta(minutes=12)


def test_the_deadline_ends_it_and_says_how_much_is_answered(table: Table) -> None:
    """A pause that would last until then is not waited out: a wish of the service's is followed for an hour."""
    with pytest.raises(DeadlinePassed) as caught:
        table.round(table.chat({("clippy-1", 3): throttled(7200.0)}), [CANDIDATE], questions(9), concurrency=1)

    assert table.clock.now() == START
    assert "2 of 9 questions are answered; they are kept" in str(caught.value)


def test_nothing_is_begun_after_the_deadline(table: Table) -> None:
    def late(_: ChatRequest) -> None:
        table.clock.sleep(1000)

    chat = table.chat()
    chat.before = late
    with pytest.raises(DeadlinePassed):
        table.round(chat, [CANDIDATE], questions(9), concurrency=1)

    assert 4 <= len(chat.asked) <= 5


def test_an_interruption_keeps_what_was_answered_and_the_next_command_goes_on(table: Table) -> None:
    over = threading.Event()

    def interrupted(standings: Sequence[Standing]) -> None:
        if standings[0].answered >= 3:
            over.set()
            raise KeyboardInterrupt

    def slowly(_: ChatRequest) -> None:
        if len(first.asked) > 5:
            over.wait(10)

    first = table.chat()
    first.before = slowly
    table.told = Interrupting(interrupted)
    with pytest.raises(KeyboardInterrupt):
        table.round(first, [CANDIDATE], questions(200), concurrency=1)
    table.told = []
    second = table.chat()
    answers = table.round(second, [CANDIDATE], questions(200), concurrency=1)

    assert len(answers["candidate"]) == 200
    assert 3 <= len(first.asked) < 200
    assert Counter(first.texts("clippy-1") + second.texts("clippy-1")).most_common(1)[0][1] == 1


class Interrupting(list[Sequence[Standing]]):
    """A list that does something with what it is given."""

    def __init__(self, act: Callable[[Sequence[Standing]], None]) -> None:
        super().__init__()
        self._act = act

    def append(self, standings: Sequence[Standing]) -> None:
        self._act(standings)


def test_an_answer_that_hangs_keeps_nobody_from_ending(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(round_, "_GRACE", 0.05)
    never = threading.Event()

    def hang(request: ChatRequest) -> None:
        if request.messages[-1]["content"] == "Question 2":
            never.wait(20)

    chat = table.chat({("clippy-1", 4): refusal(ServiceRefused, 404, "DeploymentNotFound")})
    chat.before = hang
    try:
        with pytest.raises(ServiceRefused):
            table.round(chat, [CANDIDATE], questions(9), concurrency=2)
    finally:
        never.set()


def test_a_holdout_that_breaks_off_is_told(table: Table, tmp_path: Path) -> None:
    line = json.dumps({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]})
    (tmp_path / "holdout.jsonl").write_text(f"{line}\n{{\n", encoding="utf-8")
    with pytest.raises(Unreadable) as caught:
        table.round(table.chat(), [CANDIDATE], questions_of(tmp_path / "holdout.jsonl"))

    assert caught.value.line == 2


def test_requests_that_somebody_has_put_together_are_asked_and_kept_alike(table: Table) -> None:
    """Those to a judge."""
    requests = [ChatRequest("judge", ({"role": "user", "content": f"Rate {number}"},)) for number in range(5)]
    patience = Patience(table.clock, START + timedelta(hours=1), lambda *_: None)
    chats = [table.chat(), table.chat()]
    for chat in chats:
        with Kept(table.blobs, "clippy", patience, pytest.fail) as kept:
            answers = ask_requests(
                Party("judge", "gpt-4.1", ("main", "judge")),
                requests,
                chat,
                kept,
                clock=table.clock,
                say=table.told.append,
                deadline=START + timedelta(hours=1),
                limits=Limits(2),
            )
            assert [answers[place].text for place in range(5)] == [f"judge: Rate {place}" for place in range(5)]

    assert [len(chat.asked) for chat in chats] == [5, 0]
