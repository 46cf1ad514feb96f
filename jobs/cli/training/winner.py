"""The best run of a sweep, or the one that was picked: measured, ranked, and recorded as candidate."""

from __future__ import annotations

from dataclasses import replace

from contract.release import ReleaseRecord
from jobs.cli.training import spending
from jobs.cli.training.candidate import record_candidate, record_of
from jobs.cli.training.course import Course
from jobs.cli.training.grid import Grid, count
from jobs.cli.training.journalling import estimate_of, intended, see
from jobs.cli.training.sweep_display import ranking_lines
from jobs.errors import Refused, RunFailed, RunPaused
from jobs.ports import JobState
from jobs.tuning import submission
from jobs.tuning.polling import sweeping
from jobs.tuning.polling.sweeping import Standing
from jobs.tuning.recording import timestamp
from jobs.tuning.sweep import Ranked, Trained, ranked, swept


def record_winner(course: Course, grid: Grid, standings: tuple[Standing, ...]) -> ReleaseRecord:
    """The winner, or the run that was picked, as candidate."""
    for each in standings:
        if each.job is not None:
            see(course, each.point.run.key, each.job)
    _say_ended_badly(course, standings)
    ranking = _ranked(course, standings)
    for line in ranking_lines(ranking, grid.points):
        course.say(line)
    if len(ranking.order) > 1:
        done = [_compared(course, each) for each in ranking.order]
        if (together := spending.together(done)) is not None:
            course.say(together)
    chosen = _chosen(course, grid, ranking, standings)
    before = submission.recorded(chosen.point.run, course.releases())
    if before is not None and before[0] == "previous" and not grid.is_wanted_back(before[1]):
        raise grid.put_aside(before[1])
    of_point = replace(course, run=chosen.point.run)
    said = swept(chosen, ranking, grid.points, picked=grid.picked is not None, at=timestamp(course.around.clock.now()))
    record = record_of(of_point, chosen.job).model_copy(update={"sweep": said})
    then = ("--pick", chosen.point.run.suffix) if grid.picked is not None else ()
    again = course.asked.command("sweep", course.model, *then)
    record_candidate(of_point, record, again, picked=grid.picked is not None)
    return record


def _compared(course: Course, trained: Trained) -> spending.Comparison:
    run, job = trained.point.run, trained.job
    intent = intended(course, run, estimated=estimate_of(course, run.key, job)).intent
    return spending.compared(run.key, intent, job, course.outputs, blobs=course.runs, patience=course.patience)


def _ranked(course: Course, standings: tuple[Standing, ...]) -> Ranked:
    trained = [
        sweeping.measured(each.point, each.job, course.service, course.patience)
        for each in standings
        if each.job is not None and each.job.status.state is JobState.SUCCEEDED
    ]
    return ranked(trained, course.run.spec.method)


def _say_ended_badly(course: Course, standings: tuple[Standing, ...]) -> None:
    for each in standings:
        if each.job is not None and each.over and each.job.status.state is not JobState.SUCCEEDED:
            why = f": {each.job.error.message}" if each.job.error is not None else ""
            course.say(f"point {each.point.number} ({each.point.words}) is {each.job.status}{why} · {each.job.id}")


def _chosen(course: Course, grid: Grid, ranking: Ranked, standings: tuple[Standing, ...]) -> Trained:
    """Raises RunFailed, RunPaused, or Refused where nothing tells which is best."""
    command = course.asked.command("sweep", course.model)
    if grid.picked is not None:
        found = next((each for each in ranking.order if each.point == grid.picked), None)
        if found is not None:
            return found
    paused = [each.job.id for each in standings if each.job and each.job.status.state is JobState.PAUSED]
    if paused:
        raise RunPaused(
            f"{count(len(paused), 'is paused and waits', 'are paused and wait')}: {', '.join(paused)}",
            details=["Resume or cancel them; or take another run with --pick."],
            next_command=course.asked.command("resume", paused[0]),
        )
    if grid.picked is not None:
        raise RunFailed(f"point {grid.picked.number} has made no model", next_command=command)
    if not ranking.order:
        raise RunFailed("none of the sweep's runs has made a model", next_command=command)
    if ranking.measure is None:
        raise Refused(
            "the service tells no validation loss of any run: nothing says which is best",
            next_command=course.asked.command("sweep", course.model, "--pick", ranking.order[0].point.run.suffix),
        )
    return ranking.order[0]
