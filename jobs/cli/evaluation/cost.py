"""What an evaluation costs: told before anybody is asked, held against the budgets, and agreed to above a small sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from contract.catalog.prices import Prices
from jobs.chat_ports import ChatRequest
from jobs.cli.evaluation.trial import Trial
from jobs.cli.training.spending import agree
from jobs.errors import Refused
from jobs.evaluation.asking.round import unanswered
from jobs.evaluation.contenders import model_id_of
from jobs.evaluation.costs import AskingCost, Share, Tokens, counter_for, share_of, skus, tokens_of, tokens_sent
from jobs.evaluation.kept_answers import Kept
from jobs.planning.money import words

SMALL = Decimal(1)
"""US dollars that are spent without a question: less than a person's time to answer it."""
_VERDICT = Tokens(200, 80)
"""Of a judge, beside question and answers: its rubric and frame, and what it says. A guess; told exactly before it is
asked."""


def planned(trial: Trial, kept: Kept) -> AskingCost:
    """What is still to be asked, and about what it comes to. Asks nobody but the storage."""
    prices = Prices(trial.outputs.environment.prices)
    counters = {each.name: counter_for(each.model_id) for each in trial.contenders}
    of_skus = skus(trial.contenders, trial.model, trial.outputs)
    asked: dict[str, list[Tokens]] = {each.name: [] for each in trial.contenders}
    judged: list[Tokens] = []
    for contender, question, request in unanswered(trial.contenders, trial.questions, trial.spec.asking, kept):
        counter = counters[contender.name]
        asked[contender.name].append(tokens_of(request, question, counter))
        if trial.judges:
            judged.append(_judged(tokens_of(ChatRequest(contender.deployment, question.messages), question, counter)))
    shares = [
        share_of(each.name, each.model_id, of_skus[each.name], asked[each.name], prices) for each in trial.contenders
    ]
    for deployment, times in trial.judges.items():
        found = trial.outputs.base_deployments[deployment]
        share = share_of(f"judge {deployment}", model_id_of(found), found.sku, judged * times, prices)
        shares.append(replace(share, of_judge=True))
    return AskingCost(tuple(shares))


def share_of_judge(trial: Trial, deployment: str, requests: Sequence[ChatRequest]) -> Share:
    """Of what a judge is to be asked: its questions are counted, its answers guessed."""
    found = trial.outputs.base_deployments[deployment]
    model_id = model_id_of(found)
    counter = counter_for(model_id)
    asked = [Tokens(tokens_sent(request, counter), _VERDICT.answers) for request in requests]
    prices = Prices(trial.outputs.environment.prices)
    return share_of(f"judge {deployment}", model_id, found.sku, asked, prices)


def _judged(tokens: Tokens) -> Tokens:
    """A judge sees what was asked, what was expected and what was answered."""
    return Tokens(tokens.prompt + 2 * (tokens.answers or 0) + _VERDICT.prompt, _VERDICT.answers)


@dataclass
class Allowance:
    """What may be spent. ``again``: the command that spends it without asking."""

    trial: Trial
    yes: bool
    again: str
    _spent: Decimal = Decimal(0)
    _agreed: Decimal | None = SMALL
    """None: whatever it comes to."""

    def plan(self, cost: AskingCost) -> None:
        """Says what is to be asked, and asks whether it may be. Raises Refused where it may not."""
        say, shares = self.trial.say, [share for share in cost.shares if share.questions]
        if not shares:
            # What judges said is looked up in its turn.
            say(f"every answer is kept from before{'' if self.trial.judges else ': nobody is asked'}")
            return
        names = ", ".join(each.name for each in self.trial.contenders)
        say(f"{len(self.trial.questions):,} questions for {names}; still to be asked:")
        self._tell(shares)
        said = "an amount that is not known" if cost.usd is None else f"about {words(cost.usd)}"
        say(f"in all {said}")
        self._allow(cost.usd, cost)
        self._spent = sum((share.usd or Decimal(0) for share in cost.shares if not share.of_judge), Decimal(0))

    def spend(self, cost: AskingCost) -> None:
        """What judges are asked is known once there are answers: agreed to where it goes beyond what was planned."""
        self._tell(cost.shares)
        self._allow(None if cost.usd is None else self._spent + cost.usd, cost)
        self._spent += cost.usd or Decimal(0)

    def _tell(self, shares: Sequence[Share]) -> None:
        for share in shares:
            self.trial.say(f"  {share.name}: {_told(share)}")
        for key in AskingCost(tuple(shares)).missing:
            self.trial.say(f"the price is not known: tuned-models:prices.{key} in the stack file says it")

    def _allow(self, usd: Decimal | None, cost: AskingCost) -> None:
        self._refuse(usd, cost)
        if self._agreed is None or (usd is not None and usd <= self._agreed):
            return
        said = "an amount that is not known" if usd is None else f"about {words(usd)}"
        agree(said, self.again, yes=self.yes, later=" on answers")
        self._agreed = usd

    def _refuse(self, usd: Decimal | None, cost: AskingCost) -> None:
        for key, allowed in self._budgets():
            if usd is not None and usd <= allowed:
                continue
            comes = f"comes to about {words(usd)}" if usd is not None else "costs what is not known"
            mend = [f"Set tuned-models:prices.{price} in the stack file." for price in cost.missing]
            raise Refused(
                f"asking {comes}, and {key} allows {words(allowed)}; nothing was spent",
                details=[*mend, f"Ask less, or raise tuned-models:{key} in the stack file, then bring the stack up."],
                stack=self.trial.asked.stack,
            )

    def _budgets(self) -> list[tuple[str, Decimal]]:
        """Those of a run: to measure a model may cost no more than to make it."""
        trial = self.trial
        output = trial.outputs.models.get(trial.model)
        of_model = output.budget.run if output is not None and output.budget is not None else None
        found = {
            f"models.{trial.model}.budget.run": of_model,
            "environment.runBudget": trial.outputs.environment.run_budget,
        }
        return [(key, Decimal(str(usd))) for key, usd in found.items() if usd is not None]


def _told(share: Share) -> str:
    tokens = share.tokens
    out = f"about {tokens.answers:,} out" if tokens.answers is not None else "out nobody knows how many"
    usd = "not known" if share.usd is None else words(share.usd)
    return f"{share.questions:,} questions, {tokens.prompt:,} tokens in, {out}: {usd}"
