"""A dataset in figures, in plain lines that fit a terminal and a log alike."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from jobs.cli.data.check_result import CheckResult, counted
from jobs.data.check import Report
from jobs.data.counting.token_summary import Bin, TokenSummary
from jobs.data.expected import Expected
from jobs.data.rules import RULES
from jobs.data.summary import SystemMessages

_HEADING = 11
_NAMED = 8
_METHODS = {"preference": "dpo", "grader": "reinforcement", "tune": None, "readiness": None, "evaluation": None}
"""Groups of rules that look at examples of one method only, or at none."""
_BLOCKS = "▁▂▃▄▅▆▇█"


def summary_lines(result: CheckResult, width: int | None = None) -> Iterator[str]:
    """Of each file, then what all of them were checked for. Lines are at most ``width`` long; None: as they come."""
    for report in result.reports:
        yield f"{report.use}: {report.file}"
        for heading, words in (*_figures(report), *_balance(report)):
            yield from _wrapped(f"  {heading:<{_HEADING}}", words, width)
    yield from _wrapped("", _checked_for(result.expected), width)


def _wrapped(heading: str, words: str, width: int | None) -> list[str]:
    if width is None or len(heading) + len(words) <= width:
        return [f"{heading}{words}"]
    indent = " " * (len(heading) if width > 2 * len(heading) else 4)
    return textwrap.wrap(words, width, initial_indent=heading, subsequent_indent=indent, break_on_hyphens=False)


def _figures(report: Report) -> Iterator[tuple[str, str]]:
    summary = report.summary
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in report.kinds.items())
    yield "examples", f"{kinds or 'none'}; {size_words(report.size)}, SHA-256 {report.sha256[:8]}…"
    if report.tokens is not None:
        yield from _token_figures(report.tokens)
    if not summary.examples:
        return
    per_example = summary.turns / summary.examples
    roles = ", ".join(f"{role} {number:,}" for role, number in summary.roles)
    yield "messages", f"{summary.turns:,}, {per_example:.1f} an example: {roles}"
    yield "system", _system_words(summary.system_messages)
    if summary.with_tools:
        yield "tools", f"declared by {counted(summary.with_tools, 'example')}"


def _token_figures(tokens: TokenSummary) -> Iterator[tuple[str, str]]:
    about = "" if tokens.exact else "about "
    by = tokens.encoding if tokens.known else f"{tokens.encoding}, since the model's own vocabulary is not known"
    yield (
        "tokens",
        f"{about}{tokens.total:,} in all, {tokens.prompt:,} in prompts and {tokens.answers:,} in answers, by {by}",
    )
    middle = f"half of them up to {tokens.median:,}, 95 of 100 up to {tokens.p95:,}, the longest on line"
    yield "", f"an example: {_drawn(tokens.per_example)}; {middle} {tokens.longest_line}"
    if tokens.answers:
        yield "", f"an answer: {_drawn(tokens.per_answer)}"


def _drawn(bins: tuple[Bin, ...]) -> str:
    """``20 ▁▂█▃ 99``"""
    if len(bins) == 1 and bins[0].low == bins[0].high:
        return f"{bins[0].low:,}"
    return f"{bins[0].low:,} {histogram([each.count for each in bins])} {bins[-1].high:,}"


def _balance(report: Report) -> Iterator[tuple[str, str]]:
    balance = report.balance
    if balance is None:
        return
    if balance.labels is not None:
        yield "labels", _listed(balance.labels)
    elif balance.lengths is not None:
        spread = balance.lengths
        words = f"{spread.shortest:,} to {spread.longest:,} characters, half of them up to {spread.median:,}"
        yield "answers", f"{words}; the longest on line {spread.longest_line}"
    if balance.longer is not None:
        yield "preferred", f"longer than the other output in {counted(balance.longer, 'pair')}"
    if balance.languages:
        yield "languages", f"{_listed(balance.languages)}, of {counted(balance.sampled, 'prompt')} looked at"
    for name, values in report.slices:
        yield "slices", f"{name}: {_listed(values)}"


def _listed(counts: Sequence[tuple[str, int]]) -> str:
    """The first few, with their numbers."""
    shown = ", ".join(f"{name} {number:,}" for name, number in counts[:_NAMED])
    more = len(counts) - _NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown


def _system_words(messages: SystemMessages) -> str:
    if messages.common is not None:
        return f"the same in every example: {messages.previews[0][0]!r}"
    if not messages.distinct:
        return "none"
    missing = f", and {counted(messages.missing, 'example')} without one" if messages.missing else ""
    if messages.distinct == 1:
        return f"one{missing}"
    return f"{messages.distinct:,}{' or more' if messages.more else ''} different ones{missing}"


def _checked_for(expected: Expected) -> str:
    groups = Counter(rule.partition("-")[0] for rule in RULES)
    looked = {group: n for group, n in groups.items() if _METHODS.get(group, expected.method) == expected.method}
    base = f" of {expected.base}" if expected.base else ""
    limit = _limit(expected)
    return f"checked for {expected.method} tuning{base}; {limit}; by {sum(looked.values())} rules ({', '.join(looked)})"


def _limit(expected: Expected) -> str:
    if expected.tokens_per_example:
        return f"at most {expected.tokens_per_example:,} tokens an example"
    unknown = "how many tokens an example may have is not known"
    return unknown if expected.base else f"{unknown} without a base model"


def histogram(counts: Sequence[int]) -> str:
    """A block for each count, the highest of them full; what is there at all is seen.

    >>> histogram([0, 1, 4, 8])
    ' ▁▄█'
    """
    most = max(counts, default=0)
    return "".join(_BLOCKS[-(-count * len(_BLOCKS) // most) - 1] if count else " " for count in counts)


def size_words(size: int) -> str:
    """``823 bytes``, ``12.3 KiB``, ``512.0 MiB``"""
    if size < 1024:
        return f"{size} bytes"
    return f"{size / 1024:,.1f} KiB" if size < 1024**2 else f"{size / 1024**2:,.1f} MiB"
