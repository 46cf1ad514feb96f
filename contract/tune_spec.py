"""models/<name>/tune.yaml: which model is trained, on what, how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic.alias_generators import to_camel

from contract import yaml_lines
from contract.bounded import TUNE_YAML, TooLarge, read_at_most
from contract.data_reference import Dataset
from contract.evaluation_spec import EvaluationSpec
from contract.faults import Fault, Faults, of_validation
from contract.graders import Grader, ResponseFormat
from contract.hyperparameters import TAKEN, HyperparameterSpec, takers
from contract.release import Method, TrainingType
from contract.shape import Shape, Text
from contract.sweep import Sweep
from contract.use_case import UseCase


class Data(Shape):
    """Paths beside tune.yaml, or references."""

    train: Dataset = Field(description="What it is trained on.")
    validation: Dataset | None = Field(
        default=None, description="What the service measures it by during training; needed for reinforcement."
    )
    holdout: Dataset | None = Field(default=None, description="Never sent for training.")


class TuneSpec(Shape):
    """One tuned model's specification, as people write it."""

    base: Text = Field(description="The base model with its version: gpt-4.1-mini-2025-04-14.")
    method: Method = Field(default="supervised", description="How it is tuned; which methods depends on the base.")
    training_type: TrainingType = Field(
        default="GlobalStandard", description="Where it may be trained, and at what price."
    )
    seed: int = Field(default=42, ge=0, le=2**31 - 1, description="Sent with every run, and recorded.")
    continue_from: Literal["base", "live"] = Field(
        default="base", description="live: the live model is tuned further, on new data."
    )
    data: Data = Field(description="The datasets.")
    hyperparameters: HyperparameterSpec = Field(
        default=HyperparameterSpec(), description="auto, as what is not named, lets the service choose."
    )
    sweep: Sweep | None = Field(default=None, description="What `jobs sweep` tries: a small grid.")
    grader: Grader | None = Field(default=None, description="reinforcement: what scores the answers.")
    response_format: ResponseFormat | None = Field(
        default=None, description="reinforcement: the form of the answers; text unless given."
    )
    evaluation: EvaluationSpec | None = Field(default=None, description="Baselines, graders and gate.")
    use_case: UseCase | None = Field(default=None, description="Why it is tuned: the readiness questions.")

    @classmethod
    def parse(cls, text: str, subject: str) -> TuneSpec:
        """The specification in ``text``. Raises Faults naming ``subject`` and, per fault, the line."""
        mapping, lines = yaml_lines.loaded(text, subject, "base, method, data")
        faults, spec = [], None
        try:
            spec = cls.model_validate(mapping)
        except ValidationError as error:
            faults = of_validation(error, cls)
        # Asked of the mapping, so that they are told together with what has no shape.
        faults += _of_the_method(mapping)
        if faults or spec is None:
            raise Faults(subject, [lines.named(fault) for fault in faults])
        return spec

    @classmethod
    def read(cls, path: Path) -> TuneSpec:
        """The specification in the file ``path``. Raises Faults; OSError where it cannot be read."""
        try:
            text = read_at_most(path, TUNE_YAML).decode("utf-8")
        except TooLarge as error:
            raise Faults(str(path), [Fault("", str(error))]) from None
        except UnicodeDecodeError as error:
            raise Faults(str(path), [Fault("", f"is not UTF-8 at byte {error.start}")]) from None
        return cls.parse(text, str(path))


def _of_the_method(mapping: Mapping[str, Any]) -> Iterator[Fault]:
    """What the method does not take, or cannot do without."""
    method = mapping.get("method", "supervised")
    if method not in tuple(TAKEN):  # It may be anything, a list too, which no mapping can be asked for.
        return
    for section in ("hyperparameters", "sweep"):
        named = mapping.get(section)
        for key in named if isinstance(named, dict) else ():
            others = takers(to_camel(str(key)))
            if others and method not in others:
                taken = f"it takes {', '.join(TAKEN[method])}"
                yield Fault(f"{section}.{key}", f"is for {' and '.join(others)}; the method is {method}: {taken}")
    if method != "reinforcement":
        for key in ("grader", "responseFormat", "response_format"):
            if mapping.get(key) is not None:
                yield Fault(key, f"is for reinforcement, the method is {method}")
        return
    if mapping.get("grader") is None:
        yield Fault("grader", "is missing: reinforcement learns from what it scores")
    data = mapping.get("data")
    if isinstance(data, dict) and data.get("validation") is None:
        yield Fault("data.validation", "is missing: the service takes reinforcement with a validation file only")
