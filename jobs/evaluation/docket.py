"""What judges are asked: noted first, all of them asked at once, then looked up. So nobody pays a judge twice.

A grader asks its judge in the middle of grading, one question at a time. Grading once with a docket that only notes what
it is asked tells all the questions; once they are answered the docket answers each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contract.outputs import StackOutputs
from jobs.chat_ports import ChatRequest
from jobs.errors import ServiceRefused, Unavailable
from jobs.evaluation.answer import Answer
from jobs.evaluation.asking.requests import answer_key
from jobs.evaluation.graders.judging import JudgeMessage

_REASONING = re.compile(r"o\d|gpt-5")
"""Models that take no temperature (azure-ai-docs, reasoning.md: "not supported with reasoning models")."""


class NotAskedYet(Unavailable):
    """The judge has not been asked this."""


@dataclass
class Docket:
    """A Judging. ``answers``: by the digest of what was asked; ``open``: what was noted, by the same."""

    outputs: StackOutputs
    answers: dict[str, Answer] = field(default_factory=dict)
    open: dict[str, ChatRequest] = field(default_factory=dict)

    def ask(
        self,
        deployment: str,
        messages: Sequence[JudgeMessage],
        *,
        temperature: float | None,
        seed: int | None,
        max_tokens: int | None,
    ) -> str:
        """Raises NotAskedYet, having noted it; ServiceRefused where the service refused to answer."""
        model_id = self.model_id(deployment)
        request = ChatRequest(
            deployment,
            tuple({"role": message.role, "content": message.content} for message in messages),
            temperature=None if _REASONING.match(model_id) else temperature,
            seed=seed,
            max_tokens=max_tokens,
        )
        key = answer_key(model_id, request)
        answer = self.answers.get(key)
        if answer is None:
            self.open[key] = request
            raise NotAskedYet(f"{deployment} has not been asked yet")
        if answer.failed is not None:
            raise ServiceRefused(f"{deployment} was not let answer", status=400, code=answer.failed)
        return answer.text or ""

    def model_id(self, deployment: str) -> str:
        found = self.outputs.base_deployments[deployment]
        return f"{found.model}-{found.version}"

    def by_deployment(self) -> Mapping[str, Sequence[ChatRequest]]:
        """What is open."""
        found: dict[str, list[ChatRequest]] = {}
        for request in self.open.values():
            found.setdefault(request.deployment, []).append(request)
        return found

    def settle(self, requests: Sequence[ChatRequest], answers: Mapping[int, Answer]) -> None:
        """``answers``: by the place of each request among ``requests``, which are of ``open``."""
        for place, request in enumerate(requests):
            key = answer_key(self.model_id(request.deployment), request)
            self.answers[key] = answers[place]
            self.open.pop(key, None)
