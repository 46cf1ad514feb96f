"""What asking costs: before, by tokens as they are counted here; afterwards, by those that the service counted. Pure.

Models are billed by tokens, a tuned one as its base is; provisioned ones not by tokens at all
(fine-tuning-cost-management.md, 2026-02-11). Answers are taken to be as long as those of the holdout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from contract import catalog
from contract.catalog.prices import MILLION, Prices, total
from contract.outputs import StackOutputs
from contract.release import Sku
from jobs.chat_ports import ChatRequest
from jobs.data.counting.tokens import Counter
from jobs.data.formats import Parts
from jobs.evaluation.measuring import TokenPrice
from jobs.evaluation.question import Contender, Question


@dataclass(frozen=True)
class Tokens:
    """Of questions, and of answers as long as the expected ones; None where nobody knows how long those will be."""

    prompt: int = 0
    answers: int | None = 0

    def __add__(self, other: Tokens) -> Tokens:
        known = self.answers is not None and other.answers is not None
        return Tokens(self.prompt + other.prompt, (self.answers or 0) + (other.answers or 0) if known else None)


@dataclass(frozen=True)
class Share:
    """What asking one model comes to. ``usd``: None where it is not known; ``missing``: prices that would tell."""

    name: str
    questions: int
    tokens: Tokens
    usd: Decimal | None
    missing: tuple[str, ...] = ()
    of_judge: bool = False
    """Which is asked once the others have answered."""


@dataclass(frozen=True)
class AskingCost:
    """Of all that is still to be asked."""

    shares: tuple[Share, ...]

    @property
    def usd(self) -> Decimal | None:
        return total([share.usd for share in self.shares])

    @property
    def questions(self) -> int:
        return sum(share.questions for share in self.shares)

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(sorted({key for share in self.shares for key in share.missing}))


def tokens_of(request: ChatRequest, question: Question, counter: Counter) -> Tokens:
    """Of one question and its answer."""
    expected = sum(counter.text(text) for text in _expected(question))
    return Tokens(tokens_sent(request, counter), expected or request.max_tokens)


def tokens_sent(request: ChatRequest, counter: Counter) -> int:
    parts = Parts("chat", [dict(each) for each in request.messages], [], [dict(each) for each in request.tools])
    return counter.example(parts).prompt


def _expected(question: Question) -> Iterable[str]:
    if question.expected:
        yield question.expected
    for call in question.expected_calls:
        yield f"{call.name} {call.arguments}"


def counter_for(model_id: str) -> Counter:
    facts = catalog.find(model_id)
    return Counter(facts.encoding if facts is not None else None)


def share_of(name: str, model_id: str, sku: Sku, asked: Iterable[Tokens], prices: Prices) -> Share:
    """``asked``: of each question that is still open."""
    counted = list(asked)
    tokens = sum(counted, Tokens())
    if sku.provisioned or not counted:
        return Share(name, len(counted), tokens, Decimal(0))
    into, out = prices.input(model_id), prices.output(model_id)
    missing = tuple(price.key for price in (into, out) if price.usd is None)
    usd = None
    if into.usd is not None and out.usd is not None and tokens.answers is not None:
        usd = (into.usd * tokens.prompt + out.usd * tokens.answers) / MILLION
    return Share(name, len(counted), tokens, usd, missing)


def price_of(model_id: str, sku: Sku, prices: Prices) -> TokenPrice | None:
    """None where it is not paid by tokens."""
    if sku.provisioned:
        return None
    into, out = prices.input(model_id), prices.output(model_id)
    return TokenPrice(*(None if price.usd is None else float(price.usd / MILLION) for price in (into, out)))


def sku_of(contender: Contender, model: str, outputs: StackOutputs) -> Sku:
    """On which the contender is deployed."""
    if contender.kind == "baseline":
        return outputs.base_deployments[contender.deployment].sku
    served = getattr(outputs.models[model], contender.kind)
    if served is None:
        raise ValueError("who is asked is deployed")
    sku: Sku = served.sku
    return sku


def skus(contenders: Iterable[Contender], model: str, outputs: StackOutputs) -> Mapping[str, Sku]:
    """By the contender's name."""
    return {each.name: sku_of(each, model, outputs) for each in contenders}
