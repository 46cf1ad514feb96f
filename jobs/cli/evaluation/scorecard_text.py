"""A scorecard for people: the verdict and why, what each did, how they compare, and where the candidate got worse."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

import typer
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from contract.evaluation import Preferences, Verdict
from contract.gate import Gate
from jobs.cli.data.check_result import counted
from jobs.data.privacy.sensitive import masked
from jobs.evaluation.scorecard import Classification, Comparison, ContenderCard, Mean, Row, RowAnswer, Scorecard
from jobs.evaluation.shown import usd
from jobs.plain import one_line

VERDICTS: dict[Verdict, str] = {"passed": "passed", "failed": "failed", "notShown": "not shown to be better"}
_STYLES: dict[Verdict, str] = {"passed": "bold green", "failed": "bold red", "notShown": "bold yellow"}
_WIDE = 140
_SHOWN = 5
"""So many regressions are shown, and so many pairs of labels that were taken for each other."""
_ROWS = 20
"""Of slices and labels, those with most lines."""
_NOTHING = "-"


def show(card: Scorecard) -> None:
    """On standard output, within its width."""
    if sys.stdout.isatty():
        print_scorecard(card, Console(file=sys.stdout, highlight=False, markup=False))
        return
    # Nobody knows how wide it is where it is read: lines are wrapped late, and end where they end.
    console = Console(width=_WIDE, highlight=False, markup=False)
    with console.capture() as captured:
        print_scorecard(card, console)
    for line in captured.get().splitlines():
        typer.echo(line.rstrip())


def print_scorecard(card: Scorecard, console: Console) -> None:
    """All of it, on ``console``."""
    console.print(Group(*_head(card)))
    console.print(_section("What each did", _contenders(card)))
    if card.comparisons:
        console.print(_section(f"Candidate less the other, by {card.grader}, with its 95 % interval", _compared(card)))
        if others := list(_by_others(card)):
            console.print(_section("By graders that do not decide, where the interval lies beside 0", Group(*others)))
    for who, name, found in _classified(card):
        console.print(_section(f"Labels of {who}, by {name}", _labels(found)))
    if any(each.slices for each in card.contenders):
        console.print(_section(f"By slice, {card.grader}", _slices(card)))
    for comparison in card.comparisons:
        if comparison.regressions:
            console.print(_section(_regressed(comparison), Group(*_regressions(card, comparison))))
    if card.preferences is not None:
        console.print(
            _section("What people preferred, who knew of no answer whose it was", _preferred(card.preferences))
        )
    if card.overfitting is not None:
        console.print(_section("The run's own curve", Text(card.overfitting.words)))


def _head(card: Scorecard) -> Iterator[Text]:
    about = f"of {card.model_id}" if card.model_id is not None else f"of prompting alone, for {card.model}"
    yield Text(f"Evaluation {about}, on {card.stack}", style="bold")
    yield Text(f"{counted(card.examples, 'example')} of the holdout {card.holdout[:8]}…; {card.grader} decides")
    if card.verdict is not None:
        yield Text(f"Verdict: {VERDICTS[card.verdict]}", style=_STYLES[card.verdict])
        yield from (Text(f"  {reason}") for reason in card.reasons)
    if card.gate is not None:
        yield Text(f"The gate asked for: {'; '.join(_gate(card.gate))}", style="dim")


def _gate(gate: Gate) -> Iterator[str]:
    if gate.min_difference is not None:
        yield f"a difference of at least {gate.min_difference:g}"
    if gate.lower_bound is not None:
        yield f"an interval above {gate.lower_bound:g}"
    if gate.max_regressions is not None:
        yield f"at most {gate.max_regressions} regressions"
    yield from (f"{name} at least {floor:g}" for name, floor in sorted((gate.floors or {}).items()))
    if gate.max_cost_per_answer is not None:
        yield f"at most ${gate.max_cost_per_answer:g} per answer"
    if gate.max_p95_seconds is not None:
        yield f"95 of 100 answers within {gate.max_p95_seconds:g} s"


def _contenders(card: Scorecard) -> RenderableType:
    """A column each; of more than a line has room for, one after the other."""
    table = _table("", *(each.name for each in card.contenders))
    for grader in next(iter(card.contenders)).scores if card.contenders else ():
        table.add_row(grader, *(_mean(each.scores.get(grader), card.examples) for each in card.contenders))
    table.add_row("seconds, median", *(_seconds(each, "p50") for each in card.contenders))
    table.add_row("seconds, 95 of 100", *(_seconds(each, "p95") for each in card.contenders))
    table.add_row("tokens in / out", *(_tokens(each) for each in card.contenders))
    table.add_row("cost per answer", *(_cost(each) for each in card.contenders))
    if any(each.failed for each in card.contenders):
        table.add_row("refused by the service", *(f"{each.failed:,}" for each in card.contenders))
    asked = [Text(f"{each.name}: {each.model_id}, {each.deployment} in {each.account}") for each in card.contenders]
    return Group(table, *asked)


def _mean(mean: Mean | None, of: int | None = None) -> str:
    """``of``: how many examples there are; a judge may have given no verdict on some."""
    if mean is None:
        return _NOTHING
    if of is not None and mean.count < of:
        return f"{mean.mean:.3f} of {mean.count:,}"
    interval = "" if mean.low is None or mean.high is None else f" ({mean.low:.2f}–{mean.high:.2f})"
    return f"{mean.mean:.3f}{interval}"


def _seconds(card: ContenderCard, which: str) -> str:
    return _NOTHING if card.latency is None else f"{getattr(card.latency, which):.2f}"


def _tokens(card: ContenderCard) -> str:
    return f"{card.prompt_tokens:,.0f} / {card.completion_tokens:,.0f}"


def _cost(card: ContenderCard) -> str:
    return "not known" if card.cost_per_answer is None else usd(card.cost_per_answer)


def _compared(card: Scorecard) -> Table:
    table = _table("against", "difference", "interval", "better", "worse", "same", "p")
    for each in card.comparisons:
        found = each.graders[card.grader]
        interval = f"{found.low:+.3f} to {found.high:+.3f}"
        p_value = _chance(each.p_value)
        counts = (f"{count:,}" for count in (found.wins, found.losses, found.ties))
        table.add_row(each.against, f"{found.difference:+.3f}", interval, *counts, p_value)
    return table


def _chance(p_value: float | None) -> str:
    if p_value is None:
        return _NOTHING
    return "<0.001" if p_value < 0.001 else f"{p_value:.3f}"


def _by_others(card: Scorecard) -> Iterator[Text]:
    """What has passed by one grader may be worse by another."""
    for each in card.comparisons:
        for name, found in each.graders.items():
            if name != card.grader and (found.low > 0 or found.high < 0):
                interval = f"{found.low:+.3f} to {found.high:+.3f}"
                yield Text(f"{name}, against {each.against}: {found.difference:+.3f} ({interval})")


def _preferred(found: Preferences) -> Text:
    by = one_line(", ".join(found.reviewers))
    return Text(f"candidate {found.preferred:,}, {found.against} {found.other:,}, neither {found.neither:,} ({by})")


def _classified(card: Scorecard) -> Iterable[tuple[str, str, Classification]]:
    """Of the candidate, or of the first baseline where there is none."""
    first = card.card("candidate") or next(iter(card.contenders), None)
    if first is None:
        return ()
    who = "the candidate" if first.kind == "candidate" else first.name
    return [(who, name, found) for name, found in first.classification.items()]


def _labels(found: Classification) -> RenderableType:
    table = _table("label", "precision", "recall", "F1", "expected")
    for label, score in sorted(found.per_label.items(), key=lambda each: -each[1].support)[:_ROWS]:
        numbers = (f"{number:.2f}" for number in (score.precision, score.recall, score.f1))
        table.add_row(one_line(masked(label)), *numbers, f"{score.support:,}")
    return Group(
        Text(f"accuracy {found.accuracy:.3f}, macro F1 {found.macro_f1:.3f}"),
        table,
        *_more(len(found.per_label)),
        *(Text(f"  {line}") for line in _taken_for(found)),
    )


def _taken_for(found: Classification) -> Iterator[str]:
    """The confusion matrix off its diagonal, the most frequent first."""
    pairs = [
        (count, expected, answered)
        for expected, counts in zip(found.labels, found.confusion, strict=True)
        for answered, count in zip(found.labels, counts, strict=True)
        if count and expected != answered
    ]
    pairs.sort(key=lambda pair: -pair[0])
    for count, expected, answered in pairs[:_SHOWN]:
        yield f"{one_line(masked(expected))} was called {one_line(masked(answered))} {counted(count, 'time')}"
    if len(pairs) > _SHOWN:
        yield f"… and {counted(len(pairs) - _SHOWN, 'other pair')}; --format json has the matrix"


def _slices(card: Scorecard) -> RenderableType:
    """Those of most lines, in the order of the scorecard."""
    table = _table("", "lines", *(each.name for each in card.contenders))
    names = dict.fromkeys(name for each in card.contenders for name in each.slices)
    means = {name: [each.slices.get(name, {}).get(card.grader) for each in card.contenders] for name in names}
    counts = {name: next((mean.count for mean in means[name] if mean is not None), 0) for name in names}
    large = sorted(names, key=lambda name: -counts[name])[:_ROWS]
    for name in names:
        if name in large:
            table.add_row(one_line(masked(name)), f"{counts[name]:,}", *(_mean(mean) for mean in means[name]))
    return Group(table, *_more(len(names)))


def _regressed(comparison: Comparison) -> str:
    number = len(comparison.regressions)
    return f"{number:,} right by {comparison.against}, and wrong by the candidate"


def _regressions(card: Scorecard, comparison: Comparison) -> Iterator[Text]:
    rows = {row.index: row for row in card.rows}
    for index in comparison.regressions[:_SHOWN]:
        row = rows.get(index)
        if row is not None:
            yield from _row(row, comparison.against)
    if len(comparison.regressions) > _SHOWN:
        yield Text(f"… and {len(comparison.regressions) - _SHOWN} more; --format json has all")


def _row(row: Row, other: str) -> Iterator[Text]:
    yield Text(f"line {row.line}: {one_line(masked(row.question))}")
    if row.expected is not None:
        yield Text(f"  expected: {one_line(masked(row.expected))}")
    for name in (other, "candidate"):
        if name in row.answers:
            yield Text(f"  {name}: {_answered(row.answers[name])}")


def _answered(answer: RowAnswer) -> str:
    if answer.failed is not None:
        return f"(refused by the service: {one_line(answer.failed)})"
    calls = [f"{call.name}({call.arguments})" for call in answer.tool_calls]
    return one_line(masked(" ".join([answer.text or "", *calls]).strip())) or "(nothing)"


def _more(number: int) -> Iterator[Text]:
    """What is said below a table of which the first ones are shown."""
    if number > _ROWS:
        yield Text(f"… and {number - _ROWS:,} more; --format json has all")


def _table(*headings: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=True, header_style="bold")
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number == 0 else "right", overflow="fold")
    return table


def _section(title: str, body: RenderableType) -> Group:
    return Group(Text(f"\n{title}", style="bold"), body)
