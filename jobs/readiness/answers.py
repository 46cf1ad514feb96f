"""The questions that a person must have answered before tuning pays, and which of them tune.yaml leaves open.

They are those of Microsoft's page on when to use fine-tuning (azure-ai-docs, fine-tuning-considerations.md): why, what
was tried so far, what isn't working, what data, how quality is measured. Its version of 2024 asks them in these words;
that of 2026 keeps what they are about. Who approved the data is asked here besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from contract.use_case import Attempt, Baseline, Provenance, Success, UseCase
from jobs.readiness.remark import Remark

_EMPTY = frozenset(
    {"tbd", "tba", "tbc", "todo", "fixme", "x", "xx", "xxx", "none", "nothing", "nil", "null", "na", "n/a", "yes", "no"}
    | {"unknown", "unclear", "not known", "don't know", "later", "soon", "pending", "open", "not yet"}
    | {"to be done", "to be defined", "to be decided", "to be determined"}
)
"""What people write where they have no answer."""
_PLACEHOLDER = re.compile(r"<[^<>]*>")


def open_questions(use_case: UseCase | None) -> tuple[Remark, ...]:
    """What ``use_case`` does not answer, in the order of its keys; one for all where there is none at all."""
    if use_case is None:
        words = "says not why it is tuned: goal, kind, baseline, data and success under `useCase`"
        return (Remark("readiness-use-case", "useCase", words),)
    return tuple(_questions(use_case))


def answered(text: str | float | None) -> bool:
    """Whether it says anything: ``tbd``, ``-``, ``n/a`` and ``<placeholders>`` don't."""
    if not isinstance(text, str):
        return text is not None
    said = text.strip().casefold()
    return (
        bool(re.search(r"\w", said)) and said.strip(" .!?…-_*:()[]") not in _EMPTY and not _PLACEHOLDER.fullmatch(said)
    )


def _questions(use_case: UseCase) -> Iterator[Remark]:
    if not answered(use_case.goal):
        yield Remark("readiness-goal", "useCase.goal", "what shall the model do better, and for whom?")
    if use_case.kind is None:
        kinds = "style, format, classification, toolUse, cost, knowledge or other"
        yield Remark("readiness-goal", "useCase.kind", f"what sort of goal is it: {kinds}?")
    baseline = use_case.baseline or Baseline()
    if baseline.scorecard is None:
        # What was measured says what was tried, and what it got wrong.
        prompting = "instructions and examples in the prompt"
        yield from _attempt("readiness-baseline", "useCase.baseline.prompting", baseline.prompting, prompting)
        words = "nobody has measured it: `jobs evaluate MODEL --baseline -s STACK` does, and prints the line to write"
        yield Remark("readiness-baseline", "useCase.baseline.scorecard", words)
    if use_case.kind == "knowledge":
        yield from _attempt(
            "readiness-knowledge",
            "useCase.baseline.retrieval",
            baseline.retrieval,
            "retrieval, which Microsoft says to start with for knowledge that a model lacks",
        )
    data = use_case.data or Provenance()
    if not answered(data.origin):
        yield Remark("readiness-data", "useCase.data.origin", "where do the examples come from?")
    if not answered(data.approved_by):
        yield Remark("readiness-approval", "useCase.data.approvedBy", "who approved their use for training?")
    if data.approved_on is None:
        yield Remark("readiness-approval", "useCase.data.approvedOn", "on what day was it approved?")
    success = use_case.success or Success()
    if not answered(success.measure):
        yield Remark("readiness-success", "useCase.success.measure", "what is measured?")
    if not answered(success.target):
        yield Remark("readiness-success", "useCase.success.target", "which value has it to reach?")


def _attempt(rule: str, key: str, attempt: Attempt | None, what: str) -> Iterator[Remark]:
    attempt = attempt or Attempt()
    tried = attempt.tried if isinstance(attempt.tried, bool) else answered(attempt.tried)
    if not tried:
        yield Remark(rule, f"{key}.tried", f"was nothing tried without tuning? Try {what}")
    elif not answered(attempt.failings):
        yield Remark(rule, f"{key}.failings", "what did it measurably get wrong?")
