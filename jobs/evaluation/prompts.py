"""How baselines are asked: their system message, few-shot examples and context, from files beside tune.yaml."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from contract.bounded import TooLarge, read_at_most
from contract.evaluation_spec import EvaluationBaseline
from contract.yaml_lines import Lines
from jobs.errors import Unreadable
from jobs.evaluation.prompt_files import contexts, few_shot
from jobs.evaluation.question import Prompt
from jobs.tuning.model_folder import unusable

T = TypeVar("T")
_SYSTEM = 1024 * 1024
"""Bytes of a system message: more than any model takes."""


def prompts_of(
    baselines: Sequence[EvaluationBaseline],
    folder: Path,
    lines: Lines,
    *,
    questions: int | None = None,
) -> dict[str, Prompt]:
    """By the baseline's name.

    questions   lines of the holdout, where a context of each is to be compared with them

    Raises Unreadable with everything that is wrong with the files, each with the line of tune.yaml that names it.
    """
    found: dict[str, Prompt] = {}
    faults: list[str] = []
    for number, baseline in enumerate(baselines):
        reading = _Reading(folder, f"evaluation.baselines[{number}]", lines)
        found[baseline.name] = Prompt(
            reading.system(baseline),
            reading.read("examples", baseline.examples, few_shot) or (),
            reading.contexts(baseline.context, questions),
        )
        faults += reading.faults
    if faults:
        raise Unreadable(f"{folder / 'tune.yaml'} names files of baselines that cannot be used", details=faults)
    return found


class _Reading:
    """The files of one baseline; what is wrong with them is gathered."""

    def __init__(self, folder: Path, key: str, lines: Lines) -> None:
        self._folder = folder
        self._key = key
        self._lines = lines
        self.faults: list[str] = []

    def system(self, baseline: EvaluationBaseline) -> str | None:
        return baseline.system or self.read("systemFile", baseline.system_file, _text)

    def contexts(self, named: str | None, questions: int | None) -> tuple[str, ...]:
        found = self.read("context", named, contexts) or ()
        if questions is not None and len(found) not in (0, 1, questions):
            words = f"{named} has {len(found)} texts, and the holdout {questions} lines: one for all, or one each"
            self._fault("context", words)
        return found

    def read(self, key: str, named: str | None, how: Callable[[Path], T]) -> T | None:
        if named is None:
            return None
        if (why := unusable(self._folder, named)) is not None:
            self._fault(key, why)
            return None
        try:
            return how(self._folder / named)
        except Unreadable as error:
            self._fault(key, str(error))
            return None

    def _fault(self, key: str, words: str) -> None:
        line = self._lines.of(f"{self._key}.{key}")
        self.faults.append(f"line {line}: {self._key}.{key}: {words}")


def _text(path: Path) -> str:
    try:
        text = read_at_most(path, _SYSTEM).decode("utf-8-sig").strip()
    except TooLarge as error:
        raise Unreadable(f"{path} {error}") from None
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path} is not UTF-8 at byte {error.start}") from None
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}") from None
    if not text:
        raise Unreadable(f"{path} is empty")
    return text
