"""What is referred to: read from texts as they are, so that no version of a file, and no broken one, is read past.

What looks like a digest, or like the ID of a job or of a model, in a stack file, a tune.yaml or a journal is taken for
one: run keys, digests of data and of answers, jobs, models. That may keep more than is needed, and never less.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

_DIGEST = re.compile(rb"(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])")
_JOB = re.compile(rb"(?:ftjob|\.ft)-([0-9a-fA-F]{32})")
_WORD = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._:-]{2,199}")


@dataclass(frozen=True)
class References:
    """``digests``: 64 hex; ``jobs``: the 32 hex in the IDs of jobs and of their models; ``folders``: of answers, by the
    16 hex that stand for a model's ID there. All in lower case."""

    digests: frozenset[str] = frozenset()
    jobs: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()

    def __or__(self, other: References) -> References:
        return References(self.digests | other.digests, self.jobs | other.jobs, self.folders | other.folders)

    def has_job(self, job_or_model_id: str) -> bool:
        """Whether that job, or a model or a checkpoint that it made, is referred to."""
        found = _JOB.search(job_or_model_id.encode())
        # What is no ID as Azure writes them can't be looked for.
        return found is None or found[1].decode().lower() in self.jobs


def references(texts: Iterable[bytes]) -> References:
    digests: set[str] = set()
    jobs: set[str] = set()
    folders: set[str] = set()
    for text in texts:
        digests |= {each.decode().lower() for each in _DIGEST.findall(text)}
        jobs |= {each.decode().lower() for each in _JOB.findall(text)}
        folders |= {folder(each.rstrip(b".:").decode()) for each in set(_WORD.findall(text))}
    return References(frozenset(digests), frozenset(jobs), frozenset(folders))


def folder(model_id: str) -> str:
    """Of a model's answers in the storage: 16 hex (jobs.evaluation.kept_answers)."""
    return hashlib.sha256(model_id.encode()).hexdigest()[:16]
