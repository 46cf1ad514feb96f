"""Nothing that somebody wrote is Markdown in a pull request's body."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contract.release import ReleaseRecord
from jobs.releases.pull_request import PullRequest, Standing, cell, code
from tests.contract.specimens import record
from tests.evaluations import against, passed

WILD = "a`b``c | [x](https://evil) <b> @team #12 **bold** \n# head"
STANDING = Standing(
    live=None,
    missing=(WILD,),
    hosting={"candidate": (Decimal("12.5"), ()), "live": (None, ("hosting/Standard",))},
    up="pulumi up -s prod",
    following=("jobs verify -s prod",),
    withdraw="jobs withdraw clippy -s prod",
    rollback="jobs rollback clippy -s prod",
)


def _request(**changes: Any) -> PullRequest:
    candidate = passed(ReleaseRecord.model_validate(record()), **changes)
    return PullRequest("clippy", candidate, "dev", "prod", STANDING)


@given(st.text())
def test_a_code_span_ends_where_its_text_does(text: str) -> None:
    """A code span begins with a run of backticks, and ends with the next run of the same length (CommonMark 6.1)."""
    span = code(text)
    fence = re.match("`+", span)

    assert fence is not None
    inside = span[fence.end() : -fence.end()]
    assert span.endswith(fence[0])
    assert len(fence[0]) not in [len(run) for run in re.findall("`+", inside)]
    assert "\n" not in span
    assert not inside.startswith("`")
    assert not inside.endswith("`")


@given(st.text(alphabet="a|`\\ "))
def test_a_cell_ends_at_no_pipe_of_its_text(text: str) -> None:
    """A pipe within a cell is escaped, in a code span too (GitHub Flavored Markdown 4.10)."""
    assert "|" not in re.sub(r"\\.", "", cell(text))


def test_what_people_wrote_stands_in_code_spans() -> None:
    body = _request(by=WILD, grader=WILD, reasons=(WILD,), verdict="failed", against=(against(WILD),)).body
    without_code = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", body, flags=re.DOTALL)

    assert body.count("https://evil") == 5
    assert not any(sign in without_code for sign in ("evil", "<b>", "@team", "#12", "bold", "# head"))


def test_what_costs_nobody_knows_is_said_with_what_would_tell() -> None:
    body = _request().body

    assert "as the candidate: $12.50" in body
    assert "once it is live: not known: set prices.hosting/Standard" in body


def test_a_model_without_an_evaluation() -> None:
    bare = ReleaseRecord.model_validate(record(evaluation=None))

    assert "\nIt has not been evaluated.\n" in PullRequest("clippy", bare, "dev", "prod", STANDING).body
