"""What judges are asked: noted first, all of them asked at once, then looked up. So nobody pays a judge twice.

A grader asks its judge in the middle of grading, one question at a time. Grading once with a docket that only notes
what is not known tells all the questions; once they are answered the docket answers each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from contract.outputs import StackOutputs
from jobs.chat_ports import ChatRequest
from jobs.errors import ServiceRefused, Unavailable
from jobs.evaluation.answer import Answer
from jobs.evaluation.asking.requests import answer_key
from jobs.evaluation.contenders import model_id_of
from jobs.evaluation.graders.judging import JudgeMessage

_REASONING = re.compile(r"o\d|gpt-5")
"""Models that take no temperature (azure-ai-docs, reasoning.md: "not supported with reasoning models")."""


class NotAskedYet(Unavailable):
    """The judge has not been asked this."""


@dataclass
class Docket:
    """A Judging.

    known   the answer of a model, by its ID, to what has that digest; None where it was not asked
    open    what is not known, by its digest
    """

    outputs: StackOutputs
    known: Callable[[str, str], Answer | None]
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
        answer = self.known(model_id, key)
        if answer is None:
            self.open[key] = request
            raise NotAskedYet(f"{deployment} has not been asked yet")
        if answer.failed is not None:
            raise ServiceRefused(f"{deployment} was not let answer", status=400, code=answer.failed)
        return answer.text or ""

    def model_id(self, deployment: str) -> str:
        return model_id_of(self.outputs.base_deployments[deployment])

    def take_open(self) -> Mapping[str, Sequence[ChatRequest]]:
        """What is open, by deployment; nothing is any more."""
        found: dict[str, list[ChatRequest]] = {}
        for request in self.open.values():
            found.setdefault(request.deployment, []).append(request)
        self.open.clear()
        return found
