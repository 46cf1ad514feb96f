"""A plan for people: what it costs first, then what speaks against it, then the data it was reckoned from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from jobs.planning.money import span, words
from jobs.planning.plan import BreakEven, Evaluation, Figure, FileFigures, Plan, PlannedDeployment, Stage, Statement

if TYPE_CHECKING:
    from rich.console import RenderableType

Row = tuple[str, str, str]
"""What, how much, and how it comes about."""

_SECTIONS = (
    ("refused", "In the way"),
    ("warning", "Mind"),
    ("unchecked", "Not checked"),
    ("note", "Looked at"),
)
_STAGES = {"candidate": "once the candidate is up", "live": "once it is live"}
_UNKNOWN = "not known"


def print_plan(plan: Plan, console: Console, *, sources: bool = False) -> None:
    """All of it, on ``console``; with ``sources`` also what each figure rests on."""
    where = (
        f"{plan.method} tuning of {plan.parent_model_id} by {plan.training_type} training, in account {plan.account} "
        f"({plan.location}, {plan.kind})"
    )
    console.print(Group(Text(f"Plan of {plan.model} on {plan.stack}", style="bold"), Text(where)))
    standing = [each for each in plan.statements if each.topic == "run"]
    for each in standing:
        _print_statements([each], console)
    console.print(_section("Cost", _rows(_costs(plan))))
    console.print(Text(_rests_on(plan), style="dim"))
    for severity, title in _SECTIONS:
        said = [each for each in plan.statements if each.severity == severity and each not in standing]
        if said:
            console.print(Text(f"\n{title}", style="bold"))
            _print_statements(said, console)
    console.print(_section("Data", _files(plan.files)))
    if sources:
        console.print(_section("Sources", Group(*(Text(line) for line in _sources(plan)))))


def _costs(plan: Plan) -> Iterable[Row]:
    training = plan.training
    yield "training, once", _figure(training.cost), _told(training.cost)
    if training.bound is not None:
        yield "  at most", _figure(training.bound), training.bound.computed
    if training.epochs is not None and training.epochs.least != training.epochs.most:
        yield "", "", "epochs are the service's to choose: this is an estimate"
    for stage in plan.hosting:
        yield from _hosting(stage)
    yield from _evaluation(plan.evaluation)
    yield from _break_even(plan.break_even)
    for each in plan.budgets:
        yield "budget", words(each.allowed), f"{each.key}; {_planned(each.planned)}"


def _hosting(stage: Stage) -> Iterable[Row]:
    known = words(stage.known_per_30_days)
    total = known if not stage.missing else (f"{known} and more" if stage.known_per_30_days else _UNKNOWN)
    deployments = [_deployment(each) for each in stage.deployments]
    if len(deployments) == 1:
        yield "hosting, 30 days", total, f"{_STAGES[stage.when]}: {deployments[0]}"
        return
    part = "" if stage.of_candidate is None else f", {words(stage.of_candidate)} of it for the candidate"
    yield "hosting, 30 days", total, f"{_STAGES[stage.when]}{part}:"
    for each in deployments:
        yield "", "", f"· {each}"


def _deployment(each: PlannedDeployment) -> str:
    cost = each.source if each.per_hour is None else f"{words(each.per_hour)} per hour"
    return f"{each.role} in {each.account}, {each.sku} {each.capacity}, {cost}"


def _evaluation(evaluation: Evaluation | None) -> Iterable[Row]:
    if evaluation is None:
        yield "evaluation, once", _UNKNOWN, "no holdout whose tokens could be counted"
        return
    if evaluation.tuned == evaluation.base:
        yield "evaluation, once", _figure(evaluation.base), f"tuned model and base, each: {_told(evaluation.base)}"
        return
    yield "evaluation, once", _figure(evaluation.tuned), f"tuned model: {_told(evaluation.tuned)}"
    yield "", _figure(evaluation.base), f"base: {_told(evaluation.base)}"


def _break_even(found: BreakEven) -> Iterable[Row]:
    title = "break-even"
    rows: list[tuple[str, str]] = []
    if found.calls_for_training is not None:
        rows.append((f"{found.calls_for_training:,} calls", "pay for the training"))
    if found.calls_per_30_days is not None:
        rows.append((f"{found.calls_per_30_days:,} calls", "in 30 days pay for the hosting"))
    if found.saved_per_call is not None and found.saved_per_call <= 0:
        yield title, "never", f"a call of the tuned model costs no less: {found.computed}"
        return
    if found.saved_per_call is not None:
        rows.append((f"${found.saved_per_call:f}", f"saved per call: {found.computed}"))
    for number, (figure, said) in enumerate([*rows, *((_UNKNOWN, each) for each in found.missing)]):
        yield title if not number else "", figure, said


def _rests_on(plan: Plan) -> str:
    return (
        f"US dollars, by list prices of {plan.prices_as_of}, which may differ from your bill: jobs plan --sources says "
        f"where each is from. Catalog of {plan.catalog_as_of}."
    )


def _sources(plan: Plan) -> Iterable[str]:
    """What rests on it, and it; once each."""
    figures = {"training": plan.training.cost.source}
    if plan.training.bound is not None:
        figures["training at most"] = plan.training.bound.source
    if plan.training.epochs is not None:
        figures["epochs"] = plan.training.epochs.source
    figures |= {f"hosting on {each.sku}": each.source for stage in plan.hosting for each in stage.deployments}
    if plan.evaluation is not None:
        figures |= {"evaluation, base": plan.evaluation.base.source, "evaluation, tuned": plan.evaluation.tuned.source}
    for source in dict.fromkeys(figures.values()):
        yield f"{', '.join(name for name, of in figures.items() if of == source)}: {source}"


def _section(title: str, body: RenderableType) -> Group:
    return Group(Text(f"\n{title}", style="bold"), body)


def _rows(rows: Iterable[Row]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
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
            _UNKNOWN if file.tokens is None else f"{about}{file.tokens:,}",
            "" if file.prompt_tokens is None else f"{file.prompt_tokens:,}",
            "" if file.answer_tokens is None else f"{file.answer_tokens:,}",
            longest,
        )
    return table


def _told(figure: Figure) -> str:
    """How it comes about; and, where a price lacks, which key would make it known."""
    missing = [f"set prices.{key}" for key in figure.missing]
    return "; ".join([figure.computed, *missing])


def _print_statements(said: Sequence[Statement], console: Console) -> None:
    topics: dict[tuple[str, tuple[str, ...]], dict[str, None]] = {}
    for each in said:
        topics.setdefault((each.words, each.mend), {})[each.topic] = None
    told: set[tuple[str, ...]] = set()
    for (said_words, mends), names in topics.items():
        console.print(Text(f"{', '.join(names)}: {said_words}"))
        if mends not in told:
            for mend in mends:
                # The terminal wraps: a line break within a command would be copied with it.
                console.print(Text(f"  {mend}", style="dim"), soft_wrap=True)
            told.add(mends)


def _figure(figure: Figure) -> str:
    return _UNKNOWN if figure.usd is None else span(figure.usd_least, figure.usd)


def _planned(usd: Decimal | None) -> str:
    return "what the plan comes to is not known" if usd is None else f"the plan comes to {words(usd)}"
