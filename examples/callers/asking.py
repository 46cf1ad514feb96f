"""A question to whatever is live: a release, a rollback and a withdrawal need no change here."""

from __future__ import annotations

from collections.abc import Callable

from openai import NotFoundError, OpenAI
from openai.types.chat import ChatCompletionMessageParam

from .live import Cached, Live, Source

SECONDS = 30.0
"""For so long a pointer is believed; the former live deployment stays much longer."""


class Asking:
    """Asks one model. ``token`` gives a token for Azure OpenAI, a fresh one when the last is about to expire."""

    def __init__(self, source: Source, model: str, token: Callable[[], str], seconds: float = SECONDS) -> None:
        self._live, self._model, self._token = Cached(source, seconds), model, token

    def ask(self, question: str) -> str:
        """The live model's answer. Where its deployment is gone, what is live is read again, and asked once more."""
        live = self._live.read(self._model)
        try:
            return self._answer(live, question)
        except NotFoundError:
            # Azure says 404 (DeploymentNotFound): the pointer has moved on, or moves now. Should it still point to the
            # same deployment, that one is missing, and the second refusal says so.
            return self._answer(self._live.read_again(self._model), question)

    def _answer(self, live: Live, question: str) -> str:
        messages: list[ChatCompletionMessageParam] = [{"role": "user", "content": question}]
        if live.system_message:
            messages.insert(0, {"role": "system", "content": live.system_message})
        with OpenAI(base_url=f"{live.endpoint}openai/v1/", api_key=self._token) as client:
            reply = client.chat.completions.create(model=live.deployment, messages=messages)
        return reply.choices[0].message.content or ""
