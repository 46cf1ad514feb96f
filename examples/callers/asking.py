"""A question to whatever is live: a release, a rollback and a withdrawal need no change here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from openai import BadRequestError, NotFoundError, OpenAI
from openai.types.chat import ChatCompletionMessageParam

from .live import Cached, Live, Source

SECONDS = 30.0
"""For so long a pointer is believed; the former live deployment stays much longer."""


@dataclass(frozen=True)
class Answer:
    text: str
    by: Live
    """What gave it; an application logs the deployment and the model ID."""


class Asking:
    """Asks one model. ``token`` gives a token for Azure OpenAI, a fresh one when the last is about to expire."""

    def __init__(self, source: Source, model: str, token: Callable[[], str], seconds: float = SECONDS) -> None:
        self._live, self._model, self._token = Cached(source, seconds), model, token
        self._answered: Live | None = None

    def ask(self, question: str) -> Answer:
        """The live model's answer, whatever happens to deployments meanwhile."""
        try:
            answer = self._answer(self._live.read(self._model), question)
        except NotFoundError:
            # DeploymentNotFound: the pointer has moved on since it was read. Where it has not, the second call says so.
            answer = self._answer(self._live.read_again(self._model), question)
        except BadRequestError as refused:
            # A new deployment answers some minutes after it is there; what answered before stands longer than that.
            if refused.code != "DeploymentNotReady" or self._answered is None:
                raise
            answer = self._answer(self._answered, question)
        self._answered = answer.by
        return answer

    def _answer(self, live: Live, question: str) -> Answer:
        messages: list[ChatCompletionMessageParam] = [{"role": "user", "content": question}]
        if live.system_message:
            messages.insert(0, {"role": "system", "content": live.system_message})
        with OpenAI(base_url=f"{live.endpoint}openai/v1/", api_key=self._token) as client:
            reply = client.chat.completions.create(model=live.deployment, messages=messages)
        return Answer(reply.choices[0].message.content or "", live)
