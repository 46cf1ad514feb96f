"""What each deployment answers, and how long it is waited for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from contract.outputs import ServedOutput, StackOutputs
from jobs.chat_ports import ChatReply, ChatRequest, ToolCall
from jobs.doctor_ports import StandingDeployment
from jobs.errors import JobsError, ServiceRefused, Unavailable
from jobs.releases.verifying import Asking, Golden, Probe, Probed, probed, probes
from tests.jobs.doubles import HandClock
from tests.jobs.releases.outputs import served
from tests.jobs.specimens import model_mapping, outputs_mapping

GOLDEN = Golden(({"role": "user", "content": "What is 6 times 7?"},), "Forty-two")
SERVED = ServedOutput.model_validate(served("1") | {"systemMessage": "Be brief."})
PROBE = Probe("clippy", "live", "main", "clippy-11111111", SERVED)
STANDS = {PROBE.deployment: StandingDeployment(PROBE.deployment, SERVED.model_id, "GlobalStandard", 50)}
NOT_READY = Unavailable("clippy-11111111 does not answer", status=400, code="DeploymentNotReady")
UNKNOWN = ServiceRefused("clippy-11111111 does not answer", status=404, code="DeploymentNotFound")


class Scripted:
    """Answers in turn, the last one for good. A Chat."""

    def __init__(self, *answers: ChatReply | JobsError) -> None:
        self.answers = list(answers)
        self.asked: list[ChatRequest] = []

    def ask(self, request: ChatRequest) -> ChatReply:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, JobsError):
            raise answer
        return answer


def reply(text: str | None = "It is forty-two.", finish: str = "stop", calls: tuple[ToolCall, ...] = ()) -> ChatReply:
    return ChatReply(text, calls, finish, 20, 5, 0.5, "m")


def asked(
    chat: Scripted,
    standing: Mapping[str, StandingDeployment] | None = STANDS,
    clock: HandClock | None = None,
    tell: Callable[[Probe, str], None] = lambda *_: None,
    golden: Golden = GOLDEN,
) -> Probed:
    clock = clock or HandClock()
    return probed(PROBE, golden, chat, Asking(clock, clock.now() + timedelta(minutes=10), tell), standing)


def test_it_is_asked_the_question_with_the_system_message_it_was_trained_with() -> None:
    chat = Scripted(reply())
    found = asked(chat)

    assert (found.finding, found.seconds, found.said) == ("answers", 0.5, "It is forty-two.")
    assert [dict(message) for message in chat.asked[0].messages] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "What is 6 times 7?"},
    ]
    assert chat.asked[0].deployment == "clippy-11111111"


def test_the_question_s_own_tools_and_system_message_are_sent_where_the_model_has_no_one() -> None:
    tool = {"type": "function", "function": {"name": "search"}}
    golden = Golden(GOLDEN.messages, system="Search.", tools=(tool,), temperature=0.0, max_tokens=20)
    chat = Scripted(reply())
    bare = PROBE.served.model_copy(update={"system_message": None})
    asking = Asking(HandClock(), HandClock().now(), lambda *_: None)
    probed(replace(PROBE, served=bare), golden, chat, asking, None)
    (request,) = chat.asked

    assert request.messages[0] == {"role": "system", "content": "Search."}
    assert (request.tools, request.temperature, request.max_tokens) == ((tool,), 0.0, 20)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (reply("It is 42."), "lacks 'Forty-two'"),
        (reply("  \n"), "is empty (it ends with stop)"),
        (reply(None, "length"), "is empty (it ends with length)"),
        (reply("Forty-two", "content_filter"), "content filter cuts"),
        (ServiceRefused("no", status=400, code="content_filter"), "content filter refuses"),
    ],
)
def test_an_answer_that_is_none_is_wrong(answer: ChatReply | JobsError, why: str) -> None:
    found = asked(Scripted(answer))

    assert found.finding == "wrong"
    assert found.why is not None
    assert why in found.why


def test_a_tool_call_is_an_answer_where_no_words_are_asked_for() -> None:
    found = asked(Scripted(reply(None, "tool_calls", (ToolCall("search", "{}"),))), golden=Golden(GOLDEN.messages))

    assert (found.finding, found.said) == ("answers", "calls search")


def test_a_long_answer_is_shown_by_its_first_words_in_one_line() -> None:
    said = asked(Scripted(reply("forty-two\n" * 50))).said

    assert said is not None
    assert said.endswith("…")
    assert len(said) <= 60
    assert "\n" not in said


def test_one_that_azure_does_not_list_is_missing_without_being_asked() -> None:
    chat = Scripted(reply())

    assert asked(chat, {}).finding == "missing"
    assert chat.asked == []


def test_one_that_serves_another_model_is_wrong() -> None:
    other = {PROBE.deployment: StandingDeployment(PROBE.deployment, "gpt-4.1-mini", "GlobalStandard", 50)}

    assert asked(Scripted(reply()), other).why == "it serves gpt-4.1-mini"


@pytest.mark.parametrize("trouble", [NOT_READY, UNKNOWN])
def test_one_that_is_new_is_waited_for_and_that_is_said_once(trouble: JobsError) -> None:
    clock, told = HandClock(), []
    found = asked(Scripted(trouble, trouble, trouble, reply()), clock=clock, tell=lambda *words: told.append(words))

    assert found.finding == "answers"
    assert clock.slept == [2.0, 4.0, 8.0]
    assert told == [(PROBE, trouble.in_a_line)]


def test_the_service_s_own_wish_is_followed() -> None:
    busy = Unavailable("busy", status=429)
    busy.retry_after = 17.0
    clock = HandClock()
    asked(Scripted(busy, reply()), clock=clock)

    assert clock.slept == [17.0]


@pytest.mark.parametrize(
    ("trouble", "standing", "finding"),
    [
        (NOT_READY, STANDS, "failed"),
        (UNKNOWN, STANDS, "failed"),
        (UNKNOWN, None, "missing"),
    ],
)
def test_at_the_deadline_it_is_given_up(
    trouble: JobsError, standing: Mapping[str, StandingDeployment] | None, finding: str
) -> None:
    clock = HandClock()

    assert asked(Scripted(trouble), standing, clock).finding == finding
    assert 9 * 60 < sum(clock.slept) <= 10 * 60


def test_a_refusal_that_waiting_does_not_help_is_told_at_once() -> None:
    clock = HandClock()
    found = asked(Scripted(ServiceRefused("no right to ask", status=401)), clock=clock)

    assert (found.finding, found.why, clock.slept) == ("failed", "no right to ask", [])


def test_everything_live_is_asked_in_each_account_and_candidates_and_nothing_else() -> None:
    live = served("1") | {"deployments": {"west": "a", "east": "b"}, "spillover": {"east": "c"}}
    clippy = model_mapping(live=live, candidate=served("2"), previous=[served("3")])
    outputs = StackOutputs.parse(outputs_mapping(clippy=clippy, writer=model_mapping(live=served("4"))))

    assert [(each.model, each.role, each.place) for each in probes(outputs)] == [
        ("clippy", "live", "b in east"),
        ("clippy", "live", "a in west"),
        ("clippy", "spillover", "c in east"),
        ("clippy", "candidate", "clippy-22222222 in main"),
        ("writer", "live", "clippy-44444444 in main"),
    ]
    assert [each.model for each in probes(outputs, "writer")] == ["writer"]
