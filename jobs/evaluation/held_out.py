"""Few-shot examples of baselines that stand in the holdout: who is asked that way is told the answer beforehand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from contract.evaluation_spec import EvaluationBaseline
from contract.yaml_lines import Lines
from jobs.data.examples import read_examples
from jobs.data.reading.lines import Source
from jobs.errors import Refused
from jobs.evaluation.question import Question


def refuse_held_out(
    baselines: Sequence[EvaluationBaseline],
    folder: Path,
    lines: Lines,
    holdout: Path | Source,
    questions: Iterable[Question],
) -> None:
    """Raises Refused with every such example, by its line and that of the holdout, where both have the same user
    messages. ``questions``: the holdout's; ``folder`` has the files, ``lines`` are those of its tune.yaml."""
    asked = {_said_by_user(each.messages): each.line for each in reversed(tuple(questions))}
    faults = [
        f"line {lines.of(f'evaluation.baselines[{number}].examples')}: evaluation.baselines[{number}].examples: {found}"
        for number, baseline in enumerate(baselines)
        if baseline.examples is not None
        for found in _found(folder / baseline.examples, holdout, asked)
    ]
    if faults:
        raise Refused(
            f"{folder / 'tune.yaml'} shows baselines examples of the holdout: what they get right of it is no measure",
            details=[*faults, "Take them out of one of the two files."],
        )


def _found(path: Path, holdout: Path | Source, asked: Mapping[str, int]) -> Iterator[str]:
    for example in read_examples(path):
        line = asked.get(_said_by_user(example.messages))
        if line is not None:
            yield f"line {example.line} of {path} asks what line {line} of {holdout} asks"


def _said_by_user(messages: Iterable[Mapping[str, Any]]) -> str:
    return json.dumps([each.get("content") for each in messages if each.get("role") == "user"], sort_keys=True)
