"""What people preferred, in the record of the model whose answers they saw. Pure."""

from __future__ import annotations

from contract.evaluation import Preferences
from contract.release import ReleaseRecord, Releases
from jobs.releases.pointers import Decided


def record_preferences(releases: Releases, answers: str, preferences: Preferences) -> Decided:
    """In every record that was evaluated by ``answers``, a digest. Where the same stands there nothing changes."""

    def told(record: ReleaseRecord) -> ReleaseRecord:
        if record.evaluation is None or record.evaluation.answers != answers:
            return record
        return record.model_copy(
            update={"evaluation": record.evaluation.model_copy(update={"preferences": preferences})}
        )

    changed = Releases(
        candidate=told(releases.candidate) if releases.candidate is not None else None,
        live=told(releases.live) if releases.live is not None else None,
        previous=tuple(told(record) for record in releases.previous),
    )
    if changed == releases:
        return Decided(releases, False, "the preferences are recorded already")
    return Decided(changed, True, "the evaluation has these preferences now")
