"""What is said about a file as a whole, told by looking at one example after the other.

A file is scanned in pieces, by several processes. Each piece is seen by observers of its own; they are sent to the
main process (so they can be pickled, and are small) and merged there in the order of the file, with the same result as
if one had seen all examples. What has been merged grows by some ten bytes an example at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self

from jobs.data.balance.figures import Balance, BalanceSummary
from jobs.data.evaluation_references import EvaluationReferences
from jobs.data.expected import Expected, Use
from jobs.data.findings import Remark
from jobs.data.formats import Parts
from jobs.data.leaks.near import Index, NearPrompts
from jobs.data.scanning.plain_chat import PlainExamples
from jobs.data.slices import Slices, SliceSummary


class Observer(Protocol):
    """Looks at the examples of one file that are of the expected kind, good ones and others."""

    def add(self, parts: Parts, example: Mapping[str, Any], line: int) -> None:
        """The next example. Total: it may have any faults that a JSON object can have."""
        ...

    def add_plain(self, plain: PlainExamples) -> None:
        """As ``add`` for each of these good chat examples, which have nothing but roles and texts. Most are so."""
        ...

    def merge(self, later: Self) -> None:
        """Takes in what another has seen, which was further down in the same file."""
        ...

    def findings(self, training: Self | None) -> Iterator[Remark]:
        """At the end of the file. ``training``: what it saw in the training file; None for that file itself."""
        ...


@dataclass(frozen=True)
class Beside:
    """What the observers of a training file know of the files that are held against it, which are read before it.

    It is made once and sent to each process that scans, so it is no larger than it must be.

    prompts    of each file, an index of them
    """

    prompts: Mapping[Use, Index]


def beside(others: Mapping[Use, list[Observer]]) -> Beside:
    """``others``: what was seen in the validation file and in the holdout, as far as there are such files."""
    return Beside({use: NearPrompts.index_of(seen) for use, seen in others.items()})


def observers(expected: Expected, known: Beside | None = None) -> list[Observer]:
    """Fresh ones, always the same in the same order. Whoever adds one adds a line here, its import where it is used.

    known    of a training file, where other files are held against it
    """
    from jobs.data.balance.tool_definitions import ToolDefinitions
    from jobs.data.formats.images import ImageTally
    from jobs.data.leaks.inversions import Inversions

    found: list[Observer] = [
        ImageTally(),
        NearPrompts(expected.use, known.prompts if known else {}),
        Balance(expected.use),
        ToolDefinitions(),
        Slices(),
        EvaluationReferences(expected.evaluation_references if expected.use == "holdout" else ()),
    ]
    if expected.method == "dpo":
        found.append(Inversions())
    return found


def balance_of(seen: list[Observer]) -> BalanceSummary | None:
    """What was seen of a file, in figures."""
    return next((observer.summary() for observer in seen if isinstance(observer, Balance)), None)


def slices_of(seen: list[Observer]) -> SliceSummary:
    """How many lines of a file are in each slice."""
    return next((observer.summary() for observer in seen if isinstance(observer, Slices)), ())
