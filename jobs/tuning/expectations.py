"""What a model's datasets are held to, by what the catalog knows of its base."""

from __future__ import annotations

from dataclasses import replace

from contract import catalog, evaluation_graders, graders
from contract.evaluation_spec import EvaluationSpec
from contract.graders import AnyGrader
from contract.release import Method
from jobs.data.expected import Expected, Use


def expected_of(
    base: str | None,
    method: Method,
    use: Use = "training",
    grader: AnyGrader | None = None,
    evaluation: EvaluationSpec | None = None,
) -> Expected:
    """``base``: a model's ID, tuned ones included; what the catalog doesn't know of it stays unknown."""
    of_graders = {
        path
        for each in (evaluation.graders if evaluation is not None else ())
        for path in evaluation_graders.references(each)
    }
    expected = Expected(
        use=use,
        method=method,
        base=base,
        grader_references=graders.references(grader) if grader is not None else (),
        evaluation_references=tuple(sorted(of_graders)),
    )
    facts = catalog.find(base) if base is not None else None
    if facts is None:
        return expected
    return replace(expected, encoding=facts.encoding, tokens_per_example=facts.tokens_per_example, images=facts.images)
