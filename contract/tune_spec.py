"""models/<name>/tune.yaml: which model is trained, on what, how."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from contract.data_reference import Dataset
from contract.faults import Fault, Faults, of_validation
from contract.release import Method, TrainingType
from contract.shape import Shape, Text
from contract.sweep import Sweep

Auto = Literal["auto"]


class Data(Shape):
    """Paths beside tune.yaml, or references. The holdout is never sent for training."""

    train: Dataset
    validation: Dataset | None = None
    holdout: Dataset | None = None


class HyperparameterSpec(Shape):
    """``auto`` lets the service choose. Ranges as the service's specification documents them."""

    epochs: Annotated[int, Field(ge=1, le=50)] | Auto = "auto"
    batch_size: Annotated[int, Field(ge=1, le=256)] | Auto = "auto"
    learning_rate_multiplier: Annotated[float, Field(gt=0, le=10, strict=False)] | Auto = "auto"


class TuneSpec(Shape):
    """One tuned model's specification, as people write it."""

    base: Text
    method: Method = "supervised"
    training_type: TrainingType = "GlobalStandard"
    seed: int = Field(default=42, ge=0, le=2**31 - 1)
    continue_from: Literal["base", "live"] = "base"
    data: Data
    hyperparameters: HyperparameterSpec = HyperparameterSpec()
    sweep: Sweep | None = None
    evaluation: dict[str, Any] | None = None
    use_case: dict[str, Any] | None = None

    @classmethod
    def parse(cls, text: str, subject: str) -> TuneSpec:
        """The specification in ``text``. Raises Faults naming ``subject`` and, per fault, the line."""
        mapping, lines = _loaded(text, subject)
        try:
            return cls.model_validate(mapping)
        except ValidationError as error:
            faults = of_validation(error, cls)
            raise Faults(subject, [Fault(_with_line(f.key, lines), f.message) for f in faults]) from None

    @classmethod
    def read(cls, path: Path) -> TuneSpec:
        """The specification in the file ``path``. Raises Faults; OSError where it cannot be read."""
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise Faults(str(path), [Fault("", f"is not UTF-8 at byte {error.start}")]) from None
        return cls.parse(text, str(path))


def _loaded(text: str, subject: str) -> tuple[dict[str, Any], dict[str, int]]:
    yaml = YAML(typ="safe", pure=True)
    try:
        loaded = yaml.load(text)
        lines = _lines(YAML(typ="safe", pure=True).compose(text))
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        where = f"line {mark.line + 1}" if mark is not None else ""
        raise Faults(subject, [Fault(where, f"is no YAML: {problem}")]) from None
    if not isinstance(loaded, dict):
        raise Faults(subject, [Fault("line 1", "a mapping of keys is expected: base, method, data, …")])
    return loaded, lines


def _lines(node: Node | None, prefix: str = "") -> dict[str, int]:
    """The line, from 1, of each key."""
    found: dict[str, int] = {}
    if isinstance(node, MappingNode):
        for key_node, value in node.value:
            key = f"{prefix}.{key_node.value}" if prefix else str(key_node.value)
            found[key] = key_node.start_mark.line + 1
            found |= _lines(value, key)
    elif isinstance(node, SequenceNode):
        for index, value in enumerate(node.value):
            key = f"{prefix}[{index}]"
            found[key] = value.start_mark.line + 1
            found |= _lines(value, key)
    return found


def _with_line(key: str, lines: dict[str, int]) -> str:
    """``line 4: data.train``, with the line of the nearest key above where the key itself is missing."""
    at = key
    while at and at not in lines:
        at = at.rpartition(".")[0]
    return f"line {lines.get(at, 1)}: {key}"
