"""Azure's own graders, in an evaluation: the shapes of reinforcement (contract.graders), with ``passThreshold``.

Its ``text_similarity`` is in contract.evaluation_graders.texts, with metrics of our own besides.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from contract import graders
from contract.evaluation_graders.texts import to_be_had

_PASSES = "The score from which an answer is right."


class StringCheck(graders.StringCheck):
    pass_threshold: float = Field(default=0.5, description=_PASSES)


def _middle(data: dict[str, Any]) -> float:
    low, high = data.get("range") or (0.0, 1.0)
    return float((low + high) / 2)


def _sent(how: graders.SamplingParams | None) -> graders.SamplingParams | None:
    """Raises ValueError for what is not sent with a question of an evaluation."""
    for name, given in (("topP", how and how.top_p), ("reasoningEffort", how and how.reasoning_effort)):
        if given is not None:
            raise ValueError(f"{name} is not sent in evaluations: temperature, seed and maxCompletionsTokens are")
    return how


class ScoreModel(graders.ScoreModel):
    """``model``: a key of the stack's baseDeployments."""

    sampling_params: Annotated[graders.SamplingParams | None, AfterValidator(_sent)] = None
    pass_threshold: float = Field(default_factory=_middle, description=f"{_PASSES} Default: the middle of the range.")


def _no_image(tag: str | None) -> str | None:
    if tag is not None:
        raise ValueError("Azure's image is not here: the source runs in the Python of `jobs`")
    return tag


class Python(graders.Python):
    """Run in a process of its own, within 30 seconds."""

    image_tag: Annotated[str | None, AfterValidator(_no_image)] = None
    pass_threshold: float = Field(default=0.5, description=_PASSES)


def _singles(named: dict[str, graders.Single]) -> dict[str, graders.Single]:
    for key, single in named.items():
        try:
            if isinstance(single, graders.TextSimilarity):
                to_be_had(single.evaluation_metric)
            if isinstance(single, graders.ScoreModel):
                _sent(single.sampling_params)
            if isinstance(single, graders.Python):
                _no_image(single.image_tag)
        except ValueError as error:
            raise ValueError(f"{key}: {error}") from None
    return named


class Multi(graders.Multi):
    """``graders``: Azure's own, by name."""

    graders: Annotated[dict[str, graders.Single], Field(min_length=1), AfterValidator(_singles)]
    pass_threshold: float = Field(default=0.5, description=_PASSES)
