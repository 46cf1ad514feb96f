"""The plan of one run: what is shown before money is spent, and stored as ``runs/<run key>/plan.json``.

Stored ones are read for years: each carries ``schemaVersion``, and a reader of every older version stays. Money is
decimal text in US dollars; null means not known, and ``source`` then says what would make it known.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from contract.release import Method, TrainingType
from contract.shape import Sha256, Shape, Text, Timestamp
from jobs.planning.money import span, words

DeploymentRole = Literal["candidate", "live", "spillover", "previous"]
When = Literal["candidate", "live"]
Severity = Literal["refused", "warning", "note", "unchecked"]
"""``refused``: it cannot work, or costs too much. ``unchecked``: this identity may not look, or nobody was asked."""


class Statement(Shape):
    """Something that a plan has to say, and what would mend it: lines to type or to write."""

    severity: Severity
    topic: Text
    words: Text
    mend: Annotated[tuple[Text, ...], Field(strict=False)] = ()


class Figure(Shape):
    """A sum, how it comes about, and what it rests on."""

    usd: Decimal | None
    """The most it comes to, where it is a span."""
    usd_least: Decimal | None = None
    computed: Text
    source: Text
    """Where the price is from, or which key would make it known."""
    missing: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    """Keys under ``prices`` that would make it known."""


class FileFigures(Shape):
    """One dataset. Tokens are as ``encoding`` counts them; null where there was nothing to count."""

    use: Literal["training", "validation", "holdout"]
    sha256: Sha256
    size: int
    """Bytes."""
    examples: int
    encoding: Text | None = None
    exact: bool = True
    """Whether that is the model's own vocabulary, and nothing is framed in a way that no document tells."""
    tokens: int | None = None
    prompt_tokens: int | None = None
    answer_tokens: int | None = None
    """Of all answers; a preference has two."""
    answers: int | None = None
    """How many those are; null, as in older plans, where each example has one."""
    longest: int | None = None
    """Tokens of the longest example, which stands on ``longest_line``."""
    longest_line: int | None = None

    @property
    def reply_tokens(self) -> int | None:
        """Of one answer to each example: about as many as a model would give."""
        if self.answer_tokens is None or not self.answers:
            return self.answer_tokens
        return self.answer_tokens * self.examples // self.answers


class Epochs(Shape):
    """How often training goes over the data; two different ends where the service chooses."""

    least: int
    most: int
    source: Text

    @property
    def words(self) -> str:
        return str(self.most) if self.least == self.most else f"{self.least} to {self.most}"


class Training(Shape):
    """What the training costs, once."""

    epochs: Epochs | None
    """Null for reinforcement, which is billed by time."""
    batch_size: int | Text
    tokens: int | None
    """Tokens × epochs, the most of it; what is billed."""
    cost: Figure
    bound: Figure | None = None
    """Reinforcement: what the service itself lets a job spend."""

    @property
    def cost_words(self) -> str:
        """For one line: ``$2.00 to $3.00``, ``up to $5,000.00``, or that it is not known."""
        if self.cost.usd is not None:
            return span(self.cost.usd_least, self.cost.usd)
        if self.bound is not None and self.bound.usd is not None:
            return f"up to {words(self.bound.usd)}"
        return "an amount that is not known"


class PlannedDeployment(Shape):
    """One deployment of the model, and what it costs for standing there."""

    role: DeploymentRole
    account: Text
    sku: Text
    capacity: int
    per_hour: Decimal | None
    per_30_days: Decimal | None
    source: Text
    missing: Annotated[tuple[Text, ...], Field(strict=False)] = ()


class Stage(Shape):
    """The model's deployments at one time: once the run has made a candidate, or once that is live."""

    when: When
    deployments: Annotated[tuple[PlannedDeployment, ...], Field(strict=False)]
    known_per_30_days: Decimal
    missing: Annotated[tuple[Text, ...], Field(strict=False)] = ()

    @property
    def per_30_days(self) -> Decimal | None:
        return None if self.missing else self.known_per_30_days

    @property
    def of_candidate(self) -> Decimal | None:
        """What of it the candidate costs, where that is but a part; null where it is not known, too."""
        costs = [each.per_30_days for each in self.deployments if each.role == "candidate"]
        known = [each for each in costs if each is not None]
        return sum(known, Decimal(0)) if 0 < len(known) == len(costs) < len(self.deployments) else None


class Evaluation(Shape):
    """What it costs to put the holdout's questions to both models once."""

    tuned: Figure
    base: Figure


class BreakEven(Shape):
    """After how many calls tuning has paid for itself; ``missing`` says what is needed to tell."""

    saved_per_call: Decimal | None = None
    calls_for_training: int | None = None
    calls_per_30_days: int | None = None
    """How many calls in 30 days pay for the hosting."""
    computed: Text | None = None
    missing: Annotated[tuple[Text, ...], Field(strict=False)] = ()


class Budget(Shape):
    """What may be spent on something, and what the plan comes to."""

    key: Text
    """As the stack file names it: ``models.clippy.budget.run``."""
    allowed: Decimal
    planned: Decimal | None


class Plan(Shape):
    """Everything that can be known of a run before it costs anything."""

    schema_version: Literal[1] = 1
    made_at: Timestamp
    stack: Text
    model: Text
    run_key: Sha256
    parent_model_id: Text
    method: Method
    training_type: TrainingType
    account: Text
    """The account's key in the stack, and below where it is and of what kind."""
    location: Text
    kind: Text
    on: date
    """The day by which the catalog's dates count."""
    catalog_as_of: date
    prices_as_of: date
    files: Annotated[tuple[FileFigures, ...], Field(strict=False)]
    training: Training
    hosting: Annotated[tuple[Stage, ...], Field(strict=False)]
    evaluation: Evaluation | None
    break_even: BreakEven
    budgets: Annotated[tuple[Budget, ...], Field(strict=False)]
    statements: Annotated[tuple[Statement, ...], Field(strict=False)]

    @property
    def refusals(self) -> tuple[Statement, ...]:
        return tuple(each for each in self.statements if each.severity == "refused")

    def json_text(self) -> str:
        """As it is stored and printed."""
        return self.model_dump_json(indent=2) + "\n"
