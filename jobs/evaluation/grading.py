"""One answer by one grader: the way into jobs.evaluation.graders."""

from __future__ import annotations

from pathlib import Path

from contract.evaluation_graders import (
    Callable,
    Classification,
    Contains,
    EvaluationGrader,
    ExactMatch,
    JsonSchema,
    Judge,
    Multi,
    NormalizedMatch,
    Number,
    Python,
    Regex,
    ScoreModel,
    StringCheck,
    TextSimilarity,
    ToolCall,
)
from jobs.evaluation.answer import Answer
from jobs.evaluation.graders import azure, callables, judges, labels, numbers, patterns, schemas, similarity, texts
from jobs.evaluation.graders import tool_calls as calls
from jobs.evaluation.graders.graded import Graded
from jobs.evaluation.graders.judging import JudgeMessage, Judging
from jobs.evaluation.graders.namespaces import Namespaces, Unresolved
from jobs.evaluation.question import Question

__all__ = ["Graded", "JudgeMessage", "Judging", "graded", "right"]


def graded(
    grader: EvaluationGrader,
    question: Question,
    answer: Answer,
    judging: Judging | None = None,
    folder: Path | None = None,
) -> Graded:
    """What the answer is worth. An answer that the service refused to give has the least score; so has one to a
    question that lacks what a template refers to, and Graded.said says what that is.

    judging    needed by whatever contract.evaluation_graders.judges names deployments of
    folder     the model's, in which files and modules of graders lie; needed by callable and schemaFile
    Raises Refused where a callable, or a file it needs, is faulty; what ``judging`` raises but for content filters.
    """
    spaces = Namespaces(question, answer)
    if isinstance(grader, Classification):
        # Of a failed answer too the expected label is told.
        return _classified(grader, spaces)
    if answer.failed is not None:
        least = grader.range[0] if isinstance(grader, ScoreModel) and grader.range is not None else 0.0
        return Graded(least, _refused(answer))
    try:
        return _measured(grader, spaces, judging, folder)
    except Unresolved as unresolved:
        return Graded(0.0, str(unresolved))


def right(grader: EvaluationGrader, found: Graded, answer: Answer) -> bool:
    """Whether the answer is right by this grader."""
    return answer.failed is None and found.judged and found.score >= grader.pass_threshold


def _refused(answer: Answer) -> str:
    return f"the service refused to answer ({answer.failed})"


def _classified(grader: Classification, spaces: Namespaces) -> Graded:
    wanted = _filled(grader.reference, spaces)
    if spaces.answer.failed is not None:
        found = labels.classified(grader, None, wanted)
        return Graded(0.0, _refused(spaces.answer), None, found.expected_label)
    return labels.classified(grader, _filled(grader.input, spaces), wanted)


def _filled(template: str, spaces: Namespaces) -> str | None:
    try:
        return spaces.filled(template)
    except Unresolved:
        return None


def _measured(grader: EvaluationGrader, spaces: Namespaces, judging: Judging | None, folder: Path | None) -> Graded:
    """Raises Unresolved."""
    match grader:
        case Regex():
            given = spaces.filled(grader.input)
            return patterns.matched(given, grader.pattern, full=grader.match == "full", ignore_case=grader.ignore_case)
        case Contains():
            values = [spaces.filled(value) for value in grader.values or (grader.reference,)]
            given = spaces.filled(grader.input)
            return texts.contained(given, values, grader.match, case_sensitive=grader.case_sensitive)
        case JsonSchema():
            wanted = spaces.filled(grader.reference) if grader.equal else None
            return schemas.fitting(grader, spaces.filled(grader.input), wanted, folder)
        case ToolCall():
            return calls.called(grader, spaces.answer.tool_calls, spaces.question.expected_calls)
        case Judge():
            return judges.judged(grader, spaces, judging)
        case Callable():
            return callables.scored(grader, spaces.question, spaces.answer, folder)
        case Multi():
            return azure.combined(grader, spaces, judging)
        case StringCheck() | ScoreModel() | Python():
            return azure.single(grader, spaces, judging)
        case Classification():
            return _classified(grader, spaces)
        case ExactMatch() | NormalizedMatch() | Number() | TextSimilarity():
            return _compared(grader, spaces.filled(grader.input), spaces.filled(grader.reference))


def _compared(grader: ExactMatch | NormalizedMatch | Number | TextSimilarity, given: str, wanted: str) -> Graded:
    match grader:
        case ExactMatch():
            return texts.exact(given, wanted)
        case NormalizedMatch():
            return texts.same_normalized(given, wanted)
        case Number():
            return numbers.same_number(grader, given, wanted)
        case TextSimilarity():
            return similarity.alike(grader.evaluation_metric, given, wanted)
