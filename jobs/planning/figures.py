"""A checked file, in the figures that a plan goes by."""

from __future__ import annotations

from jobs.data.check import Report
from jobs.data.token_summary import TokenSummary
from jobs.planning.plan import FileFigures


def figures_of(report: Report) -> FileFigures:
    """Of one file, as the check of datasets has counted it."""
    counted = {} if report.tokens is None else _counted(report.tokens)
    return FileFigures.model_validate(
        {
            "use": report.use,
            "sha256": report.sha256,
            "size": report.size,
            "examples": sum(report.kinds.values()),
            **counted,
        }
    )


def _counted(tokens: TokenSummary) -> dict[str, object]:
    return {
        "encoding": tokens.encoding,
        "exact": tokens.exact,
        "tokens": tokens.total,
        "prompt_tokens": tokens.prompt,
        "answer_tokens": tokens.answers,
        "longest": tokens.longest,
        "longest_line": tokens.longest_line,
    }
