"""A checked file, in the figures that a plan goes by."""

from __future__ import annotations

from jobs.data.check import Report
from jobs.planning.plan import FileFigures


def figures_of(report: Report) -> FileFigures:
    """Of one file, as the check of datasets has counted it."""
    examples, tokens = sum(report.kinds.values()), report.tokens
    if tokens is None:
        return FileFigures(use=report.use, sha256=report.sha256, size=report.size, examples=examples)
    return FileFigures(
        use=report.use,
        sha256=report.sha256,
        size=report.size,
        examples=examples,
        encoding=tokens.encoding,
        exact=tokens.exact,
        tokens=tokens.total,
        prompt_tokens=tokens.prompt,
        answer_tokens=tokens.answers,
        answers=examples + report.kinds.get("preference", 0),
        longest=tokens.longest,
        longest_line=tokens.longest_line,
    )
