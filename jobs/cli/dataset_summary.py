"""A dataset in figures, in plain lines that fit a terminal and a log alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobs.cli.check_result import CheckResult, counted
from jobs.data.check import Report
from jobs.data.expected import Expected
from jobs.data.rules import RULES
from jobs.data.summary import SystemMessages

_NO_GROUPS = ("tune", "file", "kind")
"""Rules of these names don't look into examples."""
_BLOCKS = "▁▂▃▄▅▆▇█"


def summary_lines(result: CheckResult) -> Iterator[str]:
    """Of each file, then what all of them were checked for."""
    for report in result.reports:
        yield f"{report.use}: {report.file}"
        for heading, words in _figures(report):
            yield f"  {heading:<10}{words}"
    yield _checked_for(result.expected)


def _figures(report: Report) -> Iterator[tuple[str, str]]:
    summary = report.summary
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in report.kinds.items())
    yield "examples", f"{kinds or 'none'}; {size_words(report.size)}, SHA-256 {report.sha256[:8]}…"
    if not summary.examples:
        return
    per_example = summary.turns / summary.examples
    roles = ", ".join(f"{role} {number:,}" for role, number in summary.roles)
    yield "messages", f"{summary.turns:,}, {per_example:.1f} an example: {roles}"
    yield "system", _system_words(summary.system_messages)
    if summary.with_tools:
        yield "tools", f"declared by {counted(summary.with_tools, 'example')}"


def _system_words(messages: SystemMessages) -> str:
    if messages.common is not None:
        return f"the same in every example: {messages.previews[0][0]!r}"
    if not messages.distinct:
        return "none"
    missing = f", and {counted(messages.missing, 'example')} without one" if messages.missing else ""
    return f"{messages.distinct:,}{' or more' if messages.more else ''} different ones{missing}"


def _checked_for(expected: Expected) -> str:
    groups = ", ".join(group for group in dict.fromkeys(_group(rule) for rule in RULES) if group not in _NO_GROUPS)
    base = f" of {expected.base}" if expected.base else ""
    limit = f"at most {expected.tokens_per_example:,} tokens an example" if expected.tokens_per_example else ""
    held = "; ".join(part for part in (f"for {expected.method} tuning{base}", limit) if part)
    return f"checked {held}; {len(RULES)} rules ({groups})"


def _group(rule: str) -> str:
    return rule.partition("-")[0]


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
