"""An error says what failed, where, in whose words, and nothing twice; the tree in the docstring is the tree."""

from __future__ import annotations

import re

from jobs import errors
from jobs.errors import JobsError, RunFailed


def test_all_that_is_known_is_said() -> None:
    error = RunFailed(
        "the run failed", details=["line 3 is no JSON"], status=400, code="invalidPayload", request_id="abc"
    )
    located = error.located(stack="dev", run="ftjob-1", next_command="jobs run clippy -s dev")

    assert str(located) == (
        "stack dev, run ftjob-1: the run failed\n"
        "  line 3 is no JSON\n"
        "  (status 400, code invalidPayload, request ID abc)"
    )
    assert located.next_command == "jobs run clippy -s dev"


def test_what_is_known_first_stays() -> None:
    error = JobsError("x", stack="dev", next_command="a").located(stack="prod", run="r", next_command="b")

    assert (error.stack, error.run, error.next_command) == ("dev", "r", "a")


def test_the_tree_that_is_drawn_is_the_tree_that_is_there() -> None:
    drawn: list[tuple[int, str]] = [
        (len(line) - len(line.lstrip(" │├└─")), found[1])
        for line in str(errors.__doc__).splitlines()
        if (found := re.match(r"[ │├└─]{4,}([A-Z]\w+)(?:\s{2,}|$)", line))
    ]

    def tree(kind: type[JobsError], depth: int) -> list[tuple[int, str]]:
        below = [
            entry
            for child in kind.__subclasses__()
            if child.__module__ == errors.__name__
            for entry in tree(child, depth + 4)
        ]
        return [(depth, kind.__name__), *below]

    assert drawn == tree(JobsError, 4)
