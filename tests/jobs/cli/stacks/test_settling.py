"""A decision about a model's pointers is written into the stack file, and it is said where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from contract.release import Releases
from jobs.cli.stacks.settling import settle
from jobs.releases.pointers import Decided
from tests.jobs.doubles import KeptStack
from tests.jobs.releases.outputs import made
from tests.jobs.specimens import outputs

WANTED = Releases(live=made("1"))
FILE = "environments/Pulumi.dev.yaml"


@dataclass
class _Stack(KeptStack):
    """``patch``: the file stays as it is. Somebody writes into it meanwhile, so that it is decided twice."""

    patch: bool = False

    def record(self, model: str, change: Callable[[Releases], Releases]) -> bool:
        change(Releases(candidate=made("2"), previous=(made("3"),)))
        return super().record(model, change) and not self.patch


def _decide(releases: Releases) -> Decided:
    return Decided(WANTED, releases != WANTED, f"of {len(releases.records())} records")


@pytest.mark.parametrize(
    ("before", "patch", "words", "where"),
    [
        (Releases(), False, "of 0 records", f"recorded in {FILE}"),
        (Releases(), True, "of 0 records", f"goes into a patch of {FILE}, which stays as it is"),
        (WANTED, False, "of 1 records", None),
        (WANTED, True, "of 1 records", None),
    ],
)
def test_what_was_decided_last_is_told_and_where_it_went(
    before: Releases, patch: bool, words: str, where: str | None
) -> None:
    stack = _Stack(outputs(), recorded={"clippy": before}, patch=patch)
    settled = settle(stack, "clippy", _decide)

    assert (settled.decided.words, settled.where) == (words, where)
    assert stack.releases() == {"clippy": WANTED}
