"""Asking again: when the service says, as long as there is time, and said; and never where it changes nothing."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.faults import table
from tests.faults.sampled import parts, some
from tests.faults.scene import RUN, Scene
from tests.faults.table import Request

FEW = 2
DEADLINE = timedelta(minutes=30)
ALWAYS = {
    "503": {"kind": "answer", "status": 503},
    "429": {"kind": "answer", "status": 429, "retryAfter": 40},
    "reset": {"kind": "reset"},
}


def distinct(scene: Scene) -> list[Request]:
    """Each method and path that a run asks for, once."""
    return [request for request in table.requests_of(scene.undisturbed) if request.skip == 0]


@pytest.mark.parametrize("path", ["*/fine_tuning/jobs", "*/runs/*.json"])
def test_retry_after_is_followed_and_told(scene: Scene, path: str) -> None:
    throttled = {"match": {"path": path}, "times": 3, "does": {"kind": "answer", "status": 429, "retryAfter": 37}}
    scene.operators.time.slept.clear()
    with scene.running.cloud.faults.planned({"faults": [throttled]}):
        done = scene.jobs(*RUN)

    assert scene.unlike_undisturbed(done) is None
    assert done.err.count("asking again in 37 s") == 3
    # Who holds a run sleeps in pieces, and says in between that he does.
    slept = [seconds for _, seconds in scene.operators.time.slept]
    assert slept.count(37.0) + sum(pair == (30.0, 7.0) for pair in pairwise(slept)) == 3


@pytest.mark.parametrize("status", [400, 403])
def test_a_job_that_is_refused_is_asked_for_once(scene: Scene, status: int) -> None:
    refused = {
        "match": {"method": "POST", "path": "*/fine_tuning/jobs"},
        "times": None,
        "does": {"kind": "answer", "status": status},
    }
    with scene.running.cloud.faults.planned({"faults": [refused]}) as faults:
        done = scene.jobs(*RUN)
        fired = faults.fired

    assert (done.code, fired) == (3, 1), str(done)
    assert done.next_command is not None
    assert scene.all_jobs == []


@pytest.mark.slow
@parts
def test_what_never_comes_back_is_not_waited_for_beyond_the_deadline(scene: Scene, part: int) -> None:
    """A request that always fails: the command ends by the deadline it was given, with 3 and what to type;
    or as if nothing were wrong, where what is asked for can be done without. Typed later, that ends it."""
    every = [(request, name) for request in distinct(scene) for name in ALWAYS]
    chosen = some(every, FEW, part)
    wrong = []
    for request, name in chosen:
        scene.begin()
        began = scene.running.clock.now()
        with scene.running.cloud.faults.planned(
            {"faults": [{"match": request.match, "times": None, "does": ALWAYS[name]}]}
        ):
            first = scene.jobs(*RUN, "--deadline", "30m")
        took = scene.running.clock.now() - began
        ends = scene.finish(first)
        told = table.unclear(first) or scene.unlike_undisturbed(ends[-1])
        if first.code not in (0, 3):
            told = told or "the cloud has failed, and it says something else"
        if took > DEADLINE:
            told = told or f"it waited for {took}"
        if told:
            wrong.append(f"{name} always at {request}: {told}\n" + "\n".join(map(str, ends)))
    assert not wrong, f"{len(wrong)} of {len(chosen)}:\n" + "\n".join(wrong)
