"""The hyperparameters of tune.yaml: which there are, within which bounds, and which method takes which.

Bounds and their sources:

    epochs                  1 to 50        OpenAI's OpenAPI specification (openai/openai-openapi, openapi.yaml)
    batchSize               1 to 256       the same; Azure's says that the maximum depends on the base model
    learningRateMultiplier  over 0         the same; the upper bound of 10 is ours, no page names one
    beta                    over 0, to 2   the same
    l2Multiplier            from 0         Azure's specification 2025-04-01-preview knows the key, without bounds
    computeMultiplier       over 0.00001, to 10   OpenAI's specification
    evalInterval            from 1         the same; no page names an upper bound
    evalSamples             from 1         the same; no page names an upper bound
    reasoningEffort         low, medium, high     Microsoft Learn, "Reinforcement fine-tuning"; medium unless chosen

Azure's own v1 specification names the same keys, without bounds, except for ``l2_multiplier``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from contract.release import Method
from contract.shape import Shape

Auto = Literal["auto"]
Epochs = Annotated[int, Field(ge=1, le=50)]
BatchSize = Annotated[int, Field(ge=1, le=256)]
LearningRateMultiplier = Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)]
Beta = Annotated[float, Field(gt=0, le=2, allow_inf_nan=False)]


class HyperparameterSpec(Shape):
    """``auto``, as what is not named, lets the service choose."""

    epochs: Epochs | Auto = Field(default="auto", description="How often training goes over the data: 1 to 50.")
    batch_size: BatchSize | Auto = Field(default="auto", description="Examples per step: 1 to 256.")
    learning_rate_multiplier: LearningRateMultiplier | Auto = Field(
        default="auto", description="Scales the learning rate the base model was trained with; over 0, at most 10."
    )
    beta: Beta | Auto = Field(
        default="auto", description="dpo: how strongly the model is held to the reference; over 0, at most 2."
    )
    l2_multiplier: Annotated[float, Field(ge=0, allow_inf_nan=False)] | Auto = Field(
        default="auto",
        description="dpo: L2 regularisation against drifting from the base model; no page names a range.",
    )
    eval_interval: Annotated[int, Field(ge=1, le=2**31 - 1)] | Auto = Field(
        default="auto", description="reinforcement: steps between two evaluations on the validation data."
    )
    eval_samples: Annotated[int, Field(ge=1, le=2**31 - 1)] | Auto = Field(
        default="auto", description="reinforcement: samples that an evaluation takes."
    )
    compute_multiplier: Annotated[float, Field(gt=0.00001, le=10, allow_inf_nan=False)] | Auto = Field(
        default="auto", description="reinforcement: how much is spent on exploring; over 0.00001, at most 10."
    )
    reasoning_effort: Literal["auto", "low", "medium", "high"] = Field(
        default="auto", description="reinforcement: how much the model thinks during training."
    )

    def chosen(self) -> Mapping[str, int | float | str]:
        """What is not left to the service, by the API's names: ``n_epochs``, ``batch_size``, …"""
        return {
            "n_epochs" if name == "epochs" else name: value
            for name, value in self.model_dump(by_alias=False).items()
            if value != "auto"
        }


OF_EVERY_METHOD = ("epochs", "batchSize", "learningRateMultiplier")
TAKEN: Mapping[Method, tuple[str, ...]] = {
    "supervised": OF_EVERY_METHOD,
    "dpo": (*OF_EVERY_METHOD, "beta", "l2Multiplier"),
    "reinforcement": (*OF_EVERY_METHOD, "evalInterval", "evalSamples", "computeMultiplier", "reasoningEffort"),
}
"""The hyperparameters that each method takes, as tune.yaml names them."""


def takers(key: str) -> tuple[Method, ...]:
    """The methods that take the hyperparameter ``key``; none where there is no such hyperparameter."""
    return tuple(method for method, keys in TAKEN.items() if key in keys)
