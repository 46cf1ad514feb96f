"""Which run is meant by what stands on the command line. Pure.

A run is named by its model (the newest run of it), its run key or the first 8 hex or more of that, its job's ID or as
much of its hex, its suffix (``clippy-66dd61a1``), or the ID of the model that it has made.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Sequence

from jobs.errors import NoRun, Usage
from jobs.tuning.known.known_runs import KnownRun

_HEX = re.compile(r"[0-9a-f]{4,64}")
_SHORTEST = 8
_JOB = "ftjob-"
_CHECKPOINT = ":ckpt-step-"
_MOST = 12
"""So many candidates are named."""


def pointed_at(text: str, runs: Sequence[KnownRun], models: Collection[str], *, under_way: bool = False) -> KnownRun:
    """The run that ``text`` names. ``runs``: the one begun last first; ``models``: those that the stack declares.

    under_way    whether it is to be changed: of a model with several runs under way none is the one that is meant

    Raises Usage where it names none or several, NoRun where it names a model that was never trained.
    """
    name = text.strip()
    of_model = [run for run in runs if run.ours and run.model == name]
    if of_model:
        going = [run for run in of_model if run.under_way]
        if under_way and len(going) > 1:
            raise _several(name, going, "runs of it are under way: which one is meant?")
        return going[0] if under_way and going else of_model[0]
    if name in models:
        raise NoRun(f"there is no run of {name} yet")
    found = [run for run in runs if _is_named(run, name)]
    # Another stack's run of the same data has the same suffix.
    found = [run for run in found if run.ours] or found
    newest = [run for run in found if run.newest]
    if len(found) == 1:
        return found[0]
    if len({run.run_key for run in found}) == 1 and found[0].run_key is not None and newest:
        # Attempts of one run, by what they have in common.
        return newest[0]
    if found:
        raise _several(name, found, "several runs begin so:")
    raise _none(name, runs, models)


def _is_named(run: KnownRun, name: str) -> bool:
    if name in (run.job_id, run.suffix, run.run_key):
        return True
    if run.model_id is not None and name.partition(_CHECKPOINT)[0] == run.model_id:
        return True
    digits = name.removeprefix(_JOB).lower()
    if _HEX.fullmatch(digits) is None or (len(digits) < _SHORTEST):
        return False
    of_job = run.job_id is not None and run.job_id.lower().removeprefix(_JOB).startswith(digits)
    of_key = run.run_key is not None and not name.startswith(_JOB) and run.run_key.startswith(digits)
    return of_job or of_key


def short(run: KnownRun) -> str:
    """What the run is called in a line: 8 hex of its key, else its job."""
    if run.run_key is not None:
        return run.run_key[:8]
    return run.job_id or "-"


def handle(run: KnownRun) -> str:
    """What names this very training on a command line: its job, as long as there is one."""
    return run.job_id or run.run_key or run.model or "-"


def _several(name: str, runs: Sequence[KnownRun], what: str) -> Usage:
    lines = [f"{handle(run)}: {run.model or 'not of this stack'}, {run.words}" for run in runs[:_MOST]]
    more = [f"… and {len(runs) - _MOST} more"] if len(runs) > _MOST else []
    return Usage(f"{name!r}: {what}", details=[*lines, *more])


def _none(name: str, runs: Sequence[KnownRun], models: Collection[str]) -> Usage:
    if _HEX.fullmatch(name.removeprefix(_JOB).lower()) and len(name.removeprefix(_JOB)) < _SHORTEST:
        return Usage(f"{name!r} is too short: {_SHORTEST} hex digits or more name a run")
    names = {*models}
    for run in runs:
        names |= {each for each in (run.model, run.suffix, run.job_id, run.model_id, run.run_key) if each}
        if run.run_key is not None:
            names.add(run.run_key[:8])
    close = difflib.get_close_matches(name, sorted(names), n=1, cutoff=0.6)
    meant = f"; did you mean {close[0]!r}?" if close else ""
    return Usage(f"there is no run {name!r} in this stack's accounts and journals{meant}")
