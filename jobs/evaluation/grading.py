"""One answer by one grader: the way into jobs.evaluation.graders."""

from __future__ import annotations

from pathlib import Path

from contract.evaluation_graders import Contains, EvaluationGrader, ExactMatch, NormalizedMatch
from jobs.evaluation.answer import Answer
from jobs.evaluation.graders import texts
from jobs.evaluation.graders.graded import Graded
from jobs.evaluation.graders.judging import JudgeMessage, Judging
from jobs.evaluation.graders.namespaces import Namespaces, Unresolved
from jobs.evaluation.question import Question

__all__ = ["Graded", "JudgeMessage", "Judging", "graded", "right"]


def graded(
    grader: EvaluationGrader,
    question: Question,
    answer: Answer,
    judging: Judging | None = None,  # noqa: ARG001  # For judges, which are not here yet.
    folder: Path | None = None,  # noqa: ARG001  # As judging.
) -> Graded:
    """What the answer is worth. An answer that the service refused to give has the least score; so has one to a
    question that lacks what a template refers to, and Graded.said says what that is.

    judging    needed by judge and score_model
    folder     the model's, in which files and modules of graders lie; needed by callable and schemaFile
    Raises Refused where a callable, or a file it needs, is faulty; what ``judging`` raises but for content filters.
    """
    if answer.failed is not None:
        return Graded(0.0, f"the service refused to answer ({answer.failed})")
    try:
        return _measured(grader, Namespaces(question, answer))
    except Unresolved as unresolved:
        return Graded(0.0, str(unresolved))


def right(grader: EvaluationGrader, found: Graded, answer: Answer) -> bool:
    """Whether the answer is right by this grader."""
    return answer.failed is None and found.judged and found.score >= grader.pass_threshold


def _measured(grader: EvaluationGrader, spaces: Namespaces) -> Graded:
    match grader:
        case ExactMatch():
            return texts.exact(spaces.filled(grader.input), spaces.filled(grader.reference))
        case NormalizedMatch():
            return texts.same_normalized(spaces.filled(grader.input), spaces.filled(grader.reference))
        case Contains():
            values = grader.values or (grader.reference,)
            return texts.contained(
                spaces.filled(grader.input),
                [spaces.filled(value) for value in values],
                grader.match,
                case_sensitive=grader.case_sensitive,
            )
        case _:
            raise NotImplementedError(grader.type)
