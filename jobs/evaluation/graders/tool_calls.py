"""Tool calls: whether an answer calls what is expected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from contract.evaluation_graders import ToolCall
from jobs import chat_ports
from jobs.evaluation.answer import AnsweredCall
from jobs.evaluation.graders.graded import Graded, whether
from jobs.evaluation.graders.json_values import same
from jobs.evaluation.graders.namespaces import parsed

_Expected = chat_ports.ToolCall
_NO_JSON = object()


def called(grader: ToolCall, calls: Sequence[AnsweredCall], expected: Sequence[_Expected]) -> Graded:
    """Each expected call has one of its own among the answer's, and there are no others."""
    if len(calls) != len(expected):
        return Graded(0.0, f"{_counted(len(calls))}, {_counted(len(expected))} expected")
    names = [call.name for call in calls]
    wanted = [call.name for call in expected]
    if (names != wanted) if grader.order == "same" else (sorted(names) != sorted(wanted)):
        return Graded(0.0, f"calls {', '.join(names)}; {', '.join(wanted)} expected")

    def fits(call: AnsweredCall, want: _Expected) -> bool:
        return call.name == want.name and _arguments_fit(grader, call.arguments, want.arguments)

    if grader.order == "same":
        fit = all(fits(call, want) for call, want in zip(calls, expected, strict=True))
    else:
        fit = _paired(calls, expected, fits)
    return whether(fit, "the arguments are others")


def _counted(number: int) -> str:
    return f"{number or 'no'} call{'' if number == 1 else 's'}"


def _arguments_fit(grader: ToolCall, given: str, wanted: str) -> bool:
    if grader.arguments == "ignored" or given == wanted:
        return True
    found, expected = _value(given), _value(wanted)
    if found is _NO_JSON or expected is _NO_JSON:
        return False
    if grader.arguments == "subset" and isinstance(found, dict) and isinstance(expected, dict):
        return all(key in found and same(found[key], value) for key, value in expected.items())
    return same(found, expected)


def _value(arguments: str) -> Any:
    """Some models send nothing where a function takes nothing."""
    return parsed(arguments, _NO_JSON) if arguments.strip() else {}


def _paired(
    calls: Sequence[AnsweredCall], expected: Sequence[_Expected], fits: Callable[[AnsweredCall, _Expected], bool]
) -> bool:
    """Whether there is a pairing that serves all: a call may fit several (Kuhn's augmenting paths)."""
    partner: dict[int, int] = {}

    def serve(want: int, tried: set[int]) -> bool:
        for index, call in enumerate(calls):
            if index not in tried and fits(call, expected[want]):
                tried.add(index)
                if index not in partner or serve(partner[index], tried):
                    partner[index] = want
                    return True
        return False

    return all(serve(want, set()) for want in range(len(expected)))
