"""What a stack serves, found out by asking: one question to each deployment that is to answer.

A new deployment is known to Azure Resource Manager before its account's data plane knows it (its DeploymentNotFound
says: "If you created the deployment within the last 5 minutes, please wait a moment and try again"), and may then take
a while until it is ready (DeploymentNotReady). So both are waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from contract.outputs import ServedOutput, StackOutputs
from contract.serving import Role
from jobs.chat_ports import Chat, ChatReply, ChatRequest
from jobs.doctor_ports import StandingDeployment
from jobs.errors import CloudFailed, ServiceRefused, Unavailable
from jobs.ports import Clock

Finding = Literal["answers", "missing", "wrong", "failed"]
"""``failed``: Azure, or the way to it, so that nobody knows how it answers."""

_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = 30.0
_SHOWN = 60
_UNKNOWN = "DeploymentNotFound"
_FILTERED = "content_filter"


@dataclass(frozen=True)
class Golden:
    """The question of one model.

    contains   words of a right answer, whatever their case; None: any answer is
    system     for a model that was trained with no one system message
    """

    messages: tuple[Mapping[str, Any], ...]
    contains: str | None = None
    system: str | None = None
    tools: tuple[Mapping[str, Any], ...] = ()
    temperature: float | None = None
    max_tokens: int | None = None


@dataclass(frozen=True)
class Probe:
    """A deployment that is to answer. ``account``: its name in the stack."""

    model: str
    role: Role
    account: str
    deployment: str
    served: ServedOutput

    @property
    def place(self) -> str:
        return f"{self.deployment} in {self.account}"


@dataclass(frozen=True)
class Probed:
    """What came of it. ``said``: the first words of the answer; ``why``: where it does not answer as it should."""

    probe: Probe
    finding: Finding
    why: str | None = None
    seconds: float | None = None
    said: str | None = None


@dataclass(frozen=True)
class Asking:
    """``tell`` is told, once for each deployment, that it is waited for, and why."""

    clock: Clock
    deadline: datetime
    tell: Callable[[Probe, str], None]


def probes(outputs: StackOutputs, model: str | None = None) -> Iterator[Probe]:
    """Every deployment of what is live, spillover too, and of candidates; by model, then account."""
    for name, output in sorted(outputs.models.items()):
        if model not in (None, name):
            continue
        if output.live is not None:
            yield from _in_accounts(name, "live", output.live, output.live.deployments)
            yield from _in_accounts(name, "spillover", output.live, output.live.spillover)
        if output.candidate is not None:
            yield from _in_accounts(name, "candidate", output.candidate, output.candidate.deployments)


def _in_accounts(model: str, role: Role, served: ServedOutput, where: Mapping[str, str]) -> Iterator[Probe]:
    for account, deployment in sorted(where.items()):
        yield Probe(model, role, account, deployment, served)


def probed(
    probe: Probe, golden: Golden, chat: Chat, asking: Asking, standing: Mapping[str, StandingDeployment] | None
) -> Probed:
    """``standing``: the account's deployments by name, as Azure Resource Manager lists them; None where it was not
    asked. Without it a deployment that the data plane does not know is waited for just so, and then missing."""
    if standing is not None and (why := _otherwise(probe, standing.get(probe.deployment))) is not None:
        return Probed(probe, "missing" if probe.deployment not in standing else "wrong", why)
    try:
        reply = _reply(probe, _request(probe, golden), chat, asking)
    except ServiceRefused as refused:
        if refused.code == _UNKNOWN:
            finding: Finding = "missing" if standing is None else "failed"
            return Probed(probe, finding, "the account's data plane does not know it")
        if refused.code == _FILTERED:
            return Probed(probe, "wrong", "the content filter refuses the question")
        return Probed(probe, "failed", refused.in_a_line)
    except CloudFailed as failed:
        return Probed(probe, "failed", failed.in_a_line)
    return _judged(probe, golden, reply)


def _otherwise(probe: Probe, found: StandingDeployment | None) -> str | None:
    """Why what stands is not what the outputs say."""
    if found is None:
        return "it does not exist"
    if found.model != probe.served.model_id:
        return f"it serves {found.model}"
    return None


def _request(probe: Probe, golden: Golden) -> ChatRequest:
    system = probe.served.system_message or golden.system
    head = ({"role": "system", "content": system},) if system is not None else ()
    return ChatRequest(
        probe.deployment,
        (*head, *golden.messages),
        tools=golden.tools,
        temperature=golden.temperature,
        max_tokens=golden.max_tokens,
    )


def _reply(probe: Probe, request: ChatRequest, chat: Chat, asking: Asking) -> ChatReply:
    """The answer, once there is one. Raises CloudFailed where there is none by the deadline."""
    pause = _FIRST_PAUSE
    told = False
    while True:
        try:
            return chat.ask(request)
        except CloudFailed as error:
            if not _may_pass(error):
                raise
            wish = error.retry_after if isinstance(error, Unavailable) else None
            seconds = max(wish or 0.0, pause)
            left = (asking.deadline - asking.clock.now()).total_seconds()
            if seconds > left:
                raise
            if not told:
                asking.tell(probe, error.in_a_line)
                told = True
            asking.clock.sleep(seconds)
            pause = min(_LONGEST_PAUSE, pause * 2)


def _may_pass(error: CloudFailed) -> bool:
    return isinstance(error, Unavailable) or (isinstance(error, ServiceRefused) and error.code == _UNKNOWN)


def _judged(probe: Probe, golden: Golden, reply: ChatReply) -> Probed:
    said = " ".join((reply.text or "").split())
    calls = ", ".join(call.name for call in reply.tool_calls)
    shown = said if len(said) <= _SHOWN else f"{said[: _SHOWN - 1].rstrip()}…"
    shown = shown or (f"calls {calls}" if calls else "")
    if reply.finish_reason == _FILTERED:
        return Probed(probe, "wrong", "the content filter cuts its answer off", reply.seconds, shown or None)
    if not shown:
        return Probed(probe, "wrong", f"its answer is empty (it ends with {reply.finish_reason})", reply.seconds)
    if golden.contains is not None and golden.contains.casefold() not in (reply.text or "").casefold():
        return Probed(probe, "wrong", f"its answer lacks {golden.contains!r}", reply.seconds, shown)
    return Probed(probe, "answers", None, reply.seconds, shown)
