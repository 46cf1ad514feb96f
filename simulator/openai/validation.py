"""Why an accepted job fails: its files are read, the data screened, the model evaluated.

Codes are memory, as are words without a source. The limits: MicrosoftDocs azure-ai-docs, quotas-limits, fine-tuning.md
and fine-tuning-vision.md; those of one example are learning/formats.py's.
"""

from __future__ import annotations

from simulator.openai.learning import pictures
from simulator.openai.learning.examples import FEWEST_EXAMPLES, Examples
from simulator.openai.models import JobError

MOST_TRAINED_TOKENS = 2_000_000_000
_SHOWN = 5


def fault(training: Examples, held_out: Examples | None, epochs: int) -> tuple[JobError | None, bool]:
    """Why the job will fail, and whether only at the evaluation of the model."""
    for examples, param in ((training, "training_file"), (held_out, "validation_file")):
        wrong = _file_fault(examples, param) if examples is not None else None
        if wrong is not None:
            return wrong, False
    if training.count < FEWEST_EXAMPLES:
        # OpenAI's words; Azure's are not known.
        text = f"Training file has {training.count} example(s), but must have at least {FEWEST_EXAMPLES} examples"
        return JobError(code="invalidPayload", message=text, param="training_file"), False
    if training.tokens * epochs > MOST_TRAINED_TOKENS:
        text = (
            f"Training would take {training.tokens * epochs} tokens ({training.tokens} in {epochs} epochs), "
            f"and at most {MOST_TRAINED_TOKENS} are allowed in a job."
        )
        return JobError(code="invalidPayload", message=text, param="training_file"), False
    if training.harms:
        # Words: MicrosoftDocs azure-ai-docs, how-to-fine-tuning-safety-evaluation-content.md.
        text = (
            f"The provided training data failed RAI checks for harm types: [{', '.join(training.harms)}]. "
            "Please fix the data and try again."
        )
        return JobError(code="contentFilter", message=text, param="training_file"), False
    if training.unsafe:
        # Words: the same page. The mark stands in for a model whose evaluation goes badly.
        text = (
            "This model is unable to be deployed. Model evaluation identified that this fine tuned model scores above "
            "acceptable thresholds for [Violence, Self Harm]. Please review your training data set and resubmit the "
            "job."
        )
        return JobError(code="contentFilter", message=text), True
    return None, False


def _file_fault(examples: Examples, param: str) -> JobError | None:
    if examples.faulty:
        shown = "; ".join(str(each) for each in examples.faults[:_SHOWN])
        more = examples.faulty - _SHOWN
        text = f"Validation of jsonl file failed: {shown}" + (f"; and {more} more" if more > 0 else "")
        return JobError(code="jsonlValidationFailed", message=text, param=param)
    if examples.pictured > pictures.MOST_EXAMPLES:
        text = (
            f"Validation of jsonl file failed: {examples.pictured} examples with images, "
            f"and at most {pictures.MOST_EXAMPLES} are allowed"
        )
        return JobError(code="jsonlValidationFailed", message=text, param=param)
    return None
