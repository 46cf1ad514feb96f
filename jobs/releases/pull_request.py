"""A promotion as a pull request: a title, and a body in Markdown. Pure.

Whatever somebody else wrote stands in code spans: nothing in them is Markdown, HTML, a mention or a reference to
an issue (GitHub Flavored Markdown, "Code spans"; in tables a pipe is escaped even there, "Tables").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from contract.evaluation import Evaluation
from contract.release import ReleaseRecord
from jobs.plain import one_line

_VERDICTS = {"passed": "passed", "failed": "failed", "notShown": "not shown: too few examples to tell"}


@dataclass(frozen=True)
class Standing:
    """How it stands in the target, and the commands that lead on or back.

    live     what is live there
    missing  what a release would lack today
    hosting  US dollars per 30 days of the model's deployments, by when; None where not known, with the missing keys
    """

    live: ReleaseRecord | None
    missing: Sequence[str]
    hosting: Mapping[str, tuple[Decimal | None, Sequence[str]]]
    up: str
    following: Sequence[str]
    withdraw: str
    rollback: str


@dataclass(frozen=True)
class PullRequest:
    """``record`` is the candidate of ``target``, and came from ``source``."""

    model: str
    record: ReleaseRecord
    source: str
    target: str
    standing: Standing = field(repr=False)

    @property
    def title(self) -> str:
        return one_line(f"Promote {self.model} run {self.record.run_key[:8]} from {self.source} to {self.target}")

    @property
    def body(self) -> str:
        parts = (self._changes(), self._lineage(), self._scorecard(), self._cost(), self._after(), self._back())
        return "\n\n".join("\n".join(part) for part in parts) + "\n"

    def _changes(self) -> Iterator[str]:
        standing = self.standing
        yield "## What changes"
        yield ""
        yield (
            f"{code(self.record.model_id)} of {code(self.source)} becomes the candidate of {code(self.target)}: the "
            "same model, not a retrained one. Applications are served as before until it is released."
        )
        if standing.live is not None:
            yield f"Live there, and not touched: {code(standing.live.model_id)}."
        if standing.missing:
            yield "Before it may be released:"
            yield ""
            yield from (f"- {code(words)}" for words in standing.missing)

    def _lineage(self) -> Iterator[str]:
        record = self.record
        digests = record.digests
        yield "## Lineage"
        yield ""
        yield "| | |"
        yield "|---|---|"
        facts = {
            "Run": record.run_key,
            "Job": record.job_id,
            "Parent": record.parent_model_id,
            "Trained": f"{record.trained_at}, {record.method}, {record.training_type}, seed {record.seed}",
            "Account": record.source or record.trained_in,
            "Training data": digests.train,
            "Validation data": digests.validation,
            "Holdout": digests.holdout,
            "tune.yaml": digests.tune_yaml,
        }
        yield from (f"| {name} | {cell(fact)} |" for name, fact in facts.items() if fact is not None)

    def _scorecard(self) -> Iterator[str]:
        yield "## Scorecard"
        yield ""
        evaluation = self.record.evaluation
        if evaluation is None:
            yield "It has not been evaluated."
            return
        yield (
            f"Verdict: **{_VERDICTS[evaluation.verdict]}**, in {code(evaluation.stack)}, {code(evaluation.at)}, by "
            f"{code(evaluation.by)}: mean {evaluation.mean:.3f} by {code(evaluation.grader)} of {evaluation.examples} "
            "examples."
        )
        yield from (f"- {code(reason)}" for reason in evaluation.reasons)
        yield from _compared(evaluation)
        if evaluation.preferences is not None:
            liked = evaluation.preferences
            yield ""
            yield (
                f"People preferred it {liked.preferred} times, {code(liked.against)} {liked.other} times, neither "
                f"{liked.neither} times."
            )

    def _cost(self) -> Iterator[str]:
        cost, standing = self.record.cost, self.standing
        yield "## Cost"
        yield ""
        yield f"- Training: {_usd(cost.actual)} actual, {_usd(cost.estimated)} estimated; nothing is trained again"
        words = {"candidate": "as the candidate", "live": "once it is live"}
        for when, (amount, missing) in standing.hosting.items():
            told = _usd(amount) if amount is not None else f"not known: set {', '.join(f'prices.{m}' for m in missing)}"
            yield f"- Hosting of the model in {code(self.target)} per 30 days, {words.get(when, when)}: {told}"
        evaluation = self.record.evaluation
        if evaluation is not None and evaluation.cost_per_answer is not None:
            yield f"- An answer: ${evaluation.cost_per_answer:.6f}"

    def _after(self) -> Iterator[str]:
        yield "## Once this is merged"
        yield ""
        yield from _commands([self.standing.up, *self.standing.following])
        yield ""
        yield "The release is a change of its own, and another up."

    def _back(self) -> Iterator[str]:
        standing = self.standing
        yield "## How to roll back"
        yield ""
        yield "Before it is released, put the candidate aside (or revert this change):"
        yield ""
        yield from _commands([standing.withdraw, standing.up])
        yield ""
        yield "Once it is live:" if standing.live is not None else "Once it is live, and another was live before it:"
        yield ""
        yield from _commands([standing.rollback, standing.up])


def code(text: str) -> str:
    """``text`` on one line as a code span, whatever backticks it has."""
    told = one_line(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", told)), default=0) + 1)
    pad = " " if told.startswith("`") or told.endswith("`") or not told else ""
    return f"{fence}{pad}{told}{pad}{fence}"


def cell(text: str) -> str:
    """The same in a table, where a backslash escapes what follows it before anything else is looked at."""
    return re.sub(r"(\\*)\|", r"\1\1\\|", code(text))


def _compared(evaluation: Evaluation) -> Iterator[str]:
    if not evaluation.against:
        return
    yield ""
    yield "| against | model | its mean | difference | 95 % interval | wins / losses / ties | regressions |"
    yield "|---|---|---|---|---|---|---|"
    for each in evaluation.against:
        found = each.difference
        yield (
            f"| {cell(each.name)} | {cell(each.model_id)} | {each.mean:.3f} | {found.difference:+.3f} "
            f"| {found.low:+.3f} to {found.high:+.3f} | {found.wins} / {found.losses} / {found.ties} "
            f"| {each.regressions} |"
        )


def _commands(commands: Sequence[str]) -> Iterator[str]:
    yield "```sh"
    yield from (one_line(command).replace("```", "") for command in commands)
    yield "```"


def _usd(amount: float | Decimal | None) -> str:
    return "not known" if amount is None else f"${amount:,.2f}"
