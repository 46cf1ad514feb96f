"""How baselines are asked: their system message, few-shot examples and context, from files beside tune.yaml."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from contract.bounded import TooLarge, read_at_most
from contract.evaluation_spec import EvaluationBaseline
from contract.yaml_lines import Lines
from jobs.errors import Unreadable
from jobs.evaluation.question import Prompt
from jobs.tuning.model_folder import unusable

_LARGEST = 16 * 1024 * 1024
"""Bytes of a file that is sent with questions."""
_INSTRUCTING = ("system", "developer")


def prompts_of(
    baselines: Sequence[EvaluationBaseline], folder: Path, lines: Lines, questions: int | None = None
) -> dict[str, Prompt]:
    """By the baseline's name. ``questions``: lines of the holdout, where a context of each is to be compared with them.

    Raises Unreadable with everything that is wrong with the files, each with the line of tune.yaml that names it.
    """
    found: dict[str, Prompt] = {}
    faults: list[str] = []
    for number, baseline in enumerate(baselines):
        reading = _Reading(folder, f"evaluation.baselines[{number}]", lines)
        found[baseline.name] = reading.prompt(baseline, questions)
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

    def prompt(self, baseline: EvaluationBaseline, questions: int | None) -> Prompt:
        system = baseline.system
        if baseline.system_file is not None:
            system = (self._text("systemFile", baseline.system_file) or "").strip()
        examples: tuple[Mapping[str, Any], ...] = ()
        if baseline.examples is not None:
            examples = tuple(self._messages(baseline.examples))
        return Prompt(system, examples, self._contexts(baseline.context, questions))

    def _messages(self, named: str) -> Sequence[Mapping[str, Any]]:
        """Of all examples, one after the other; their own system messages are left out."""
        found: list[Mapping[str, Any]] = []
        for line, value in self._json_lines("examples", named):
            messages = value.get("messages") if isinstance(value, dict) else None
            if not isinstance(messages, list) or not messages or not all(_is_message(each) for each in messages):
                self._fault("examples", f'{named}:{line}: no example: {{"messages": […]}} is expected')
                continue
            found += [each for each in messages if each["role"] not in _INSTRUCTING]
        return found

    def _contexts(self, named: str | None, questions: int | None) -> tuple[str, ...]:
        if named is None:
            return ()
        if not named.endswith(".jsonl"):
            text = self._text("context", named)
            return (text.strip(),) if text and text.strip() else ()
        found: list[str] = []
        for line, value in self._json_lines("context", named):
            if not isinstance(value, str):
                self._fault("context", f'{named}:{line}: no text: a line of it is one text in quotes ("…")')
            else:
                found.append(value)
        if questions is not None and not self.faults and len(found) != questions:
            self._fault("context", f"{named} has {len(found)} texts, and the holdout {questions} lines: one each")
        return tuple(found)

    def _json_lines(self, key: str, named: str) -> Sequence[tuple[int, Any]]:
        found: list[tuple[int, Any]] = []
        for line, text in enumerate((self._text(key, named) or "").splitlines(), 1):
            if not text.strip():
                continue
            try:
                found.append((line, json.loads(text)))
            except (ValueError, RecursionError):
                self._fault(key, f"{named}:{line}: no JSON")
        return found

    def _text(self, key: str, named: str) -> str | None:
        if (why := unusable(self._folder, named)) is not None:
            self._fault(key, why)
            return None
        try:
            text = read_at_most(self._folder / named, _LARGEST).decode("utf-8-sig")
        except TooLarge as error:
            self._fault(key, f"{named} {error}")
        except UnicodeDecodeError as error:
            self._fault(key, f"{named} is not UTF-8 at byte {error.start}")
        except OSError as error:
            self._fault(key, f"{named} cannot be read: {error.strerror}")
        else:
            if not text.strip():
                self._fault(key, f"{named} is empty")
            return text
        return None

    def _fault(self, key: str, words: str) -> None:
        line = self._lines.of(f"{self._key}.{key}")
        self.faults.append(f"line {line}: {self._key}.{key}: {words}")


def _is_message(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("role"), str)
