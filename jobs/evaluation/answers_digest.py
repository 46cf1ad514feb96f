"""The digest of all answers of an evaluation: what was asked of whom, and what came back. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from jobs.evaluation.answer import Answer
from jobs.evaluation.question import Contender


def answers_digest(found: Mapping[str, tuple[Contender, Mapping[int, Answer]]]) -> str:
    """SHA-256, hex; ``found`` is by the contender's name, its answers by the question's index.

    In which order they came, when, how long each took and what was billed is no part of it: the same answers have the
    same digest.
    """
    digest = hashlib.sha256()
    for name, (contender, answers) in sorted(found.items()):
        for index, answer in sorted(answers.items()):
            calls = [[call.name, call.arguments] for call in answer.tool_calls]
            said = [answer.text, calls, answer.finish, answer.failed]
            line = json.dumps([name, contender.model_id, index, answer.question, *said], separators=(",", ":"))
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()
