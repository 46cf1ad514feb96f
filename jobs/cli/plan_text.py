"""A plan for people: sections, each with its figures and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from jobs.planning.money import span, words
from jobs.planning.plan import BreakEven, Evaluation, Figure, FileFigures, Plan, Stage, Statement, Training

if TYPE_CHECKING:
    from rich.console import RenderableType

_SECTIONS = (
    ("refused", "In the way"),
    ("warning", "Mind"),
    ("unchecked", "Not checked"),
    ("note", "Looked at"),
)
_SHORT = 40
_STAGES = {"candidate": "once the candidate is up", "live": "once it is live"}


def print_plan(plan: Plan, console: Console) -> None:
    """All of it, on ``console``."""
    head = Text(f"Plan of {plan.model} on {plan.stack}", style="bold")
    where = (
        f"{plan.method} tuning of {plan.parent_model_id} by {plan.training_type} training, in account {plan.account} "
        f"({plan.location}, {plan.kind}); US dollars, prices of {plan.prices_as_of}, catalog of {plan.catalog_as_of}"
    )
    console.print(Group(head, Text(where), *_Shown(plan).sections()))
    for severity, title in _SECTIONS:
        said = [each for each in plan.statements if each.severity == severity]
        if said:
            console.print(Text(f"\n{title}", style="bold"))
            for line in _statements(said):
                # The terminal wraps: a line break within a command would be copied with it.
                console.print(line, soft_wrap=True)


class _Shown:
    """The sections of one plan; what its figures rest on is gathered, and stands once below them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._sources: list[str] = []

    def sections(self) -> Iterable[RenderableType]:
        plan = self._plan
        yield _section("Data", _files(plan.files))
        yield _section("Training", self._training(plan.training))
        for stage in plan.hosting:
            yield _section(f"Hosting {_STAGES[stage.when]}", self._hosting(stage))
        yield _section("Evaluation on the holdout, once", self._evaluation(plan.evaluation))
        yield _section("Break-even", _break_even(plan.break_even))
        if plan.budgets:
            lines = [(each.key, f"{_sum(each.planned)} of {words(each.allowed)}", "") for each in plan.budgets]
            yield _section("Budgets", _rows(lines))
        if self._sources:
            rests = (Text(f"[{number}] {source}", style="dim") for number, source in enumerate(self._sources, 1))
            yield _section("Sources", Group(*rests))

    def _rests_on(self, source: str) -> str:
        """``[1]``; what is short or not known is said in place."""
        if len(source) < _SHORT or source.startswith("not known"):
            return source
        if source not in self._sources:
            self._sources.append(source)
        return f"[{self._sources.index(source) + 1}]"

    def _training(self, training: Training) -> Table:
        rows = [("cost", _figure(training.cost), self._told(training.cost))]
        if training.bound is not None:
            rows.append(("at most", _figure(training.bound), self._told(training.bound)))
        if training.epochs is not None:
            rows.append(("epochs", training.epochs.words, self._rests_on(training.epochs.source)))
        batch = str(training.batch_size)
        rows.append(("batch size", batch, "the service chooses" if batch == "auto" else "tune.yaml"))
        return _rows(rows)

    def _hosting(self, stage: Stage) -> Table:
        rows = [
            (
                f"{each.role} in {each.account}",
                "not known" if each.per_30_days is None else f"{words(each.per_30_days)} in 30 days",
                f"{each.sku} {each.capacity}, {_hour(each.per_hour)}{self._rests_on(each.source)}",
            )
            for each in stage.deployments
        ]
        known = f"{words(stage.known_per_30_days)} in 30 days"
        total = known if not stage.missing else f"{known} and more"
        return _rows([*rows, ("together", total, "")])

    def _evaluation(self, evaluation: Evaluation | None) -> RenderableType:
        if evaluation is None:
            return Text("not known: no holdout whose tokens could be counted", style="dim")
        figures = (("tuned model", evaluation.tuned), ("its base", evaluation.base))
        return _rows([(name, _figure(figure), self._told(figure)) for name, figure in figures])

    def _told(self, figure: Figure) -> str:
        source = self._rests_on(figure.source)
        return f"{figure.computed}{' ' if source.startswith('[') else '; '}{source}"


def _section(title: str, body: RenderableType) -> Group:
    return Group(Text(f"\n{title}", style="bold"), body)


def _rows(rows: Iterable[tuple[str, str, str]]) -> Table:
    """What, how much, and what it rests on."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(justify="right")
    table.add_column(style="dim", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _files(files: Sequence[FileFigures]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("file")
    for title in ("examples", "tokens", "in prompts", "in answers", "longest"):
        table.add_column(title, justify="right")
    for file in files:
        about = "" if file.exact else "about "
        longest = "" if file.longest is None else f"{file.longest:,} (line {file.longest_line})"
        table.add_row(
            file.use,
            f"{file.examples:,}",
            "not known" if file.tokens is None else f"{about}{file.tokens:,}",
            "" if file.prompt_tokens is None else f"{file.prompt_tokens:,}",
            "" if file.answer_tokens is None else f"{file.answer_tokens:,}",
            longest,
        )
    return table


def _hour(per_hour: Decimal | None) -> str:
    return "" if per_hour is None else f"{words(per_hour)} per hour "


def _break_even(found: BreakEven) -> RenderableType:
    rows = []
    if found.saved_per_call is not None:
        rows.append(("saved per call", f"${found.saved_per_call:f}", found.computed or ""))
    if found.calls_for_training is not None:
        rows.append(("pays the training", f"{found.calls_for_training:,} calls", ""))
    if found.calls_per_30_days is not None:
        rows.append(("pays the hosting", f"{found.calls_per_30_days:,} calls in 30 days", ""))
    missing = [Text(f"not known: {each}", style="dim") for each in found.missing]
    return Group(*([_rows(rows)] if rows else []), *missing)


def _statements(said: Sequence[Statement]) -> Iterable[Text]:
    told: set[tuple[str, ...]] = set()
    for each in said:
        yield Text(f"{each.topic}: {each.words}")
        if each.mend not in told:
            yield from (Text(f"  {mend}", style="dim") for mend in each.mend)
            told.add(each.mend)


def _figure(figure: Figure) -> str:
    return "not known" if figure.usd is None else span(figure.usd_least, figure.usd)


def _sum(usd: Decimal | None) -> str:
    return "not known" if usd is None else words(usd)
