"""The gate: what an evaluation has to show before a model may be live, per model and environment. Pure.

tune.yaml's ``evaluation.gate`` says it for all environments, ``models.<name>.gate`` of a stack key by key for that one.
Closed by default: what has not been evaluated is not released, and a difference that may be chance is none.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.alias_generators import to_camel

from contract.shape import Brief, SliceKey, Text, Usd

Score = Annotated[float, Field(ge=-1_000_000, le=1_000_000)]


class Gate(Brief):
    """What is not named here is as tune.yaml says, and else as ``DEFAULTS`` do."""

    grader: Text | None = Field(
        default=None, description="The grader that decides, by its name; default: the first of evaluation.graders."
    )
    min_difference: Score | None = Field(
        default=None,
        description="The least by which the mean has to be better than what is replaced; default 0, "
        "or lowerBound where that is less.",
    )
    lower_bound: Score | None = Field(
        default=None,
        description="What the 95 % interval of the difference has to lie above; default 0. "
        "Below 0: worse by so much is accepted, such as for a cheaper model.",
    )
    max_regressions: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="How many answers may be wrong that were right; default: any number."
    )
    floors: dict[SliceKey, Score] | None = Field(
        default=None, description="The least mean per slice, written as name=value, such as language=de."
    )
    max_cost_per_answer: Usd | None = Field(default=None, description="US dollars; default: any.")
    max_p95_seconds: Annotated[float, Field(gt=0, le=3600)] | None = Field(
        default=None, description="Within which 95 of 100 answers come; default: any."
    )

    def over(self, general: Gate | None) -> Gate:
        """This gate, with what it does not name taken from ``general``; floors are joined slice by slice."""
        if general is None:
            return self
        own = {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}
        if self.floors is not None:
            own["floors"] = {**(general.floors or {}), **self.floors}
        return general.model_copy(update=own)

    def with_defaults(self) -> Gate:
        """This gate over ``DEFAULTS``. A ``lower_bound`` below 0 lets a model be worse: the mean may be so too, then,
        unless ``min_difference`` says otherwise."""
        full = self.over(DEFAULTS)
        if self.min_difference is None and self.lower_bound is not None and self.lower_bound < 0:
            return full.model_copy(update={"min_difference": self.lower_bound})
        return full


DEFAULTS = Gate(min_difference=0.0, lower_bound=0.0)

_AT_LEAST = ("min_difference", "lower_bound")
_AT_MOST = ("max_regressions", "max_cost_per_answer", "max_p95_seconds")


def shortfalls(applied: Gate, demanded: Gate) -> list[str]:
    """Where ``applied`` asks for less than ``demanded``, a few words each; empty where it asks for as much.

    What ``demanded`` does not name it does not ask for. By another grader nothing that it asks for was shown.
    """
    if demanded.grader is not None and applied.grader != demanded.grader:
        return [
            f"grader {demanded.grader!r} decides now, and {repr(applied.grader) if applied.grader else 'another'} did"
        ]
    found = []
    for names, is_less in ((_AT_LEAST, _lower), (_AT_MOST, _higher)):
        for name in names:
            now, then = getattr(demanded, name), getattr(applied, name)
            if now is not None and is_less(then, now):
                found.append(_words(to_camel(name), now, then))
    floors = applied.floors or {}
    for where, now in sorted((demanded.floors or {}).items()):
        if _lower(floors.get(where), now):
            found.append(_words(f"floors {where}", now, floors.get(where)))
    return found


def _lower(then: float | None, now: float) -> bool:
    return then is None or then < now


def _higher(then: float | None, now: float) -> bool:
    return then is None or then > now


def _words(key: str, now: float, then: float | None) -> str:
    return f"{key} is {now:g} now, and {'nothing' if then is None else f'{then:g}'} was asked for"
