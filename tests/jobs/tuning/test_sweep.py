"""A grid becomes runs, each its own; the best of them by what the service measured."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contract.release import ReleaseRecord, Releases
from jobs.errors import NotAgain, Usage
from jobs.ports import EchoedHyperparameters, Job, JobStatus
from jobs.tuning.curves.results import Results
from jobs.tuning.recording import release_record
from jobs.tuning.run import FileIds, Run
from jobs.tuning.submission import Adopt, Recorded, Submit, decide
from jobs.tuning.sweep import Point, Ranked, Trained, pointed_at, points, ranked, recorded, swept
from tests.jobs.doubles import START
from tests.jobs.specimens import TUNE_YAML, intent, run

GRID = TUNE_YAML + "sweep: {epochs: [1, 2], learningRateMultiplier: [0.5, 1, 0.5]}\n"
AT = "2026-11-20T10:00:00Z"


def grid(text: str = GRID) -> tuple[Point, ...]:
    return points(run(text=text))


def succeeded(point: Point, **changes: Any) -> Job:
    job = Job(
        id=f"ftjob-{point.number}",
        status=JobStatus.parse("succeeded"),
        model=point.run.parent_model_id,
        created_at=START,
        suffix=point.run.suffix,
        seed=42,
        finished_at=START,
        fine_tuned_model=f"tuned-{point.number}",
    )
    return replace(job, **changes)


def trained(point: Point, **measured: float) -> Trained:
    return Trained(point, succeeded(point), Results(measured))


def numbers(ranking: Ranked) -> list[int]:
    return [each.point.number for each in ranking.order]


class TestGrid:
    def test_its_points_are_every_combination_in_the_order_of_the_file(self) -> None:
        assert [point.words for point in grid()] == [
            "epochs 1, learningRateMultiplier 0.5",
            "epochs 1, learningRateMultiplier 1",
            "epochs 2, learningRateMultiplier 0.5",
            "epochs 2, learningRateMultiplier 1",
        ]
        assert [point.number for point in grid()] == [1, 2, 3, 4]

    def test_each_point_is_a_run_of_its_own(self) -> None:
        assert len({point.run.suffix for point in grid()}) == 4

    def test_a_point_is_the_run_that_jobs_run_makes_of_the_same_values(self) -> None:
        """So neither trains what the other has trained, whether tune.yaml has the grid beside it or not."""
        plain = run(text=TUNE_YAML + "hyperparameters: {epochs: 2, learningRateMultiplier: 0.5}\n")

        assert grid()[2].run.key == plain.key

    def test_what_the_grid_does_not_name_stays(self) -> None:
        text = TUNE_YAML + "hyperparameters: {batchSize: 4}\nsweep: {epochs: [1]}\n"
        [point] = grid(text)

        assert point.run.request("file-1", None).hyperparameters.batch_size == 4

    def test_without_a_grid_there_are_no_points(self) -> None:
        assert grid(TUNE_YAML) == ()


class TestRanking:
    def test_the_lowest_loss_of_the_whole_file_is_best(self) -> None:
        a, b, c, _ = grid()
        ranking = ranked(
            [
                trained(a, full_valid_loss=1.3, valid_loss=0.1),
                trained(b, full_valid_loss=1.1, valid_loss=9.0),
                trained(c, full_valid_loss=1.2, valid_loss=0.2),
            ],
            "supervised",
        )

        assert (ranking.measure, numbers(ranking)) == ("full_valid_loss", [2, 3, 1])

    def test_a_loss_of_a_batch_is_not_held_against_one_of_the_whole_file(self) -> None:
        a, b, *_ = grid()
        ranking = ranked([trained(a, valid_loss=1.5), trained(b, full_valid_loss=1.0, valid_loss=1.6)], "dpo")

        assert (ranking.measure, numbers(ranking)) == ("valid_loss", [1, 2])

    def test_of_reinforcement_the_highest_reward_is_best(self) -> None:
        a, b, *_ = grid()
        ranking = ranked([trained(a, valid_reward=0.2), trained(b, valid_reward=0.7)], "reinforcement")

        assert (ranking.measure, numbers(ranking)) == ("valid_reward", [2, 1])

    def test_what_has_no_number_comes_last_whatever_the_others_have(self) -> None:
        a, b, c, _ = grid()
        ranking = ranked([trained(a), trained(b, valid_loss=9.0), trained(c, valid_loss=8.0)], "supervised")

        assert numbers(ranking) == [3, 2, 1]

    def test_ties_go_to_fewer_epochs_as_the_service_tells_them_then_to_the_grid(self) -> None:
        a, b, c, d = grid()
        told = Trained(b, succeeded(b, hyperparameters=EchoedHyperparameters(epochs=5)), Results({"valid_loss": 1.0}))
        ranking = ranked(
            [trained(d, valid_loss=1.0), told, trained(c, valid_loss=1.0), trained(a, valid_loss=1.0)], "supervised"
        )

        assert numbers(ranking) == [1, 3, 4, 2]

    def test_where_nothing_is_measured_nothing_is_ranked(self) -> None:
        a, b, *_ = grid()

        assert ranked([trained(b), trained(a)], "supervised").measure is None
        assert ranked([], "supervised").order == ()


class TestPick:
    def test_a_run_has_a_number_a_suffix_a_key_a_job_and_a_model(self) -> None:
        runs = grid()
        jobs = {2: succeeded(runs[1])}
        for name in ("2", runs[1].run.suffix, runs[1].run.key[:8], runs[1].run.key, "ftjob-2", "tuned-2"):
            assert pointed_at(name, runs, jobs).number == 2

    def test_another_is_refused_with_those_that_there_are(self) -> None:
        with pytest.raises(Usage, match=r"'5' is no run of this sweep; its points are 1 \(clippy-"):
            pointed_at("5", grid(), {})


def record_of(point: Point, *, picked: bool = False) -> ReleaseRecord:
    one = trained(point, valid_loss=1.0)
    made = release_record(point.run.key, intent(point.run), one.job, now=START)
    return made.model_copy(update={"sweep": swept(one, ranked([one], "supervised"), grid(), picked=picked, at=AT)})


class TestRecord:
    def test_it_says_which_point_it_was_and_why(self) -> None:
        written = record_of(grid()[2]).model_dump()["sweep"]

        assert written == {
            "point": 3,
            "points": 4,
            "tried": {"epochs": 2, "learningRateMultiplier": 0.5},
            "measure": "valid_loss",
            "value": 1.0,
            "rank": 1,
            "picked": False,
            "at": AT,
        }
        assert ReleaseRecord.model_validate(record_of(grid()[2]).model_dump()) == record_of(grid()[2])

    def test_a_record_of_no_sweep_is_written_as_before(self) -> None:
        plain = record_of(grid()[0]).model_copy(update={"sweep": None})

        assert "sweep" not in plain.model_dump()

    def test_no_point_is_another_though_tune_yaml_is_the_same(self) -> None:
        a, b, *_ = grid()

        assert a.run.made(record_of(a))
        assert not b.run.made(record_of(a))
        assert not b.run.made(record_of(a).model_copy(update={"sweep": None}))

    def test_it_is_found_again_by_the_sweep(self) -> None:
        a, _, c, _ = grid()
        releases = Releases(candidate=record_of(c), previous=(record_of(a),))

        assert recorded(grid(), releases) == ("candidate", record_of(c))
        assert recorded(grid(), Releases(previous=(record_of(a),))) == ("previous", record_of(a))
        assert recorded(grid(), Releases()) is None


class TestPlainRunAfterwards:
    """`jobs run` with the tune.yaml that was swept, whose own hyperparameters are no point of the grid."""

    plain: Run = run(text=GRID)

    def test_the_winner_stands_and_nothing_is_trained(self) -> None:
        winner = record_of(grid()[2])

        assert decide(self.plain, [], Releases(candidate=winner), "dev") == Recorded("candidate", winner)

    def test_a_losing_point_that_is_the_plain_run_does_not_displace_the_winner(self) -> None:
        """Its job may be younger than the winner's model, since runs begin as others end."""
        plain = run(text=GRID.replace("sweep:", "hyperparameters: {epochs: 1, learningRateMultiplier: 1}\nsweep:"))
        loser = replace(succeeded(grid()[1]), created_at=START.replace(minute=30))
        winner = record_of(grid()[2])

        assert plain.is_job(loser, FileIds())
        assert decide(plain, [loser], Releases(live=winner), "dev") == Recorded("live", winner)

    def test_a_run_that_was_submitted_after_the_sweep_is_taken_up(self) -> None:
        job = replace(succeeded(grid()[0]), created_at=START.replace(hour=11), suffix=self.plain.suffix)

        assert decide(self.plain, [job], Releases(candidate=record_of(grid()[2])), "dev") == Adopt(job)

    def test_a_winner_that_was_put_aside_does_not_keep_another_run_from_being_made(self) -> None:
        assert decide(self.plain, [], Releases(previous=(record_of(grid()[2]),)), "dev") == Submit()

    def test_but_the_same_run_again_takes_new(self) -> None:
        with pytest.raises(NotAgain):
            decide(grid()[2].run, [], Releases(previous=(record_of(grid()[2]),)), "dev")


def test_without_a_suffix_a_point_is_known_by_what_the_service_echoes() -> None:
    """Else a point would take its neighbour's job for its own; a run of no sweep is not so narrow."""
    a, _, c, _ = grid()
    ids = FileIds(frozenset({"file-1"}), frozenset({"file-2"}))
    job = replace(succeeded(a), suffix=None, fine_tuned_model=None, training_file="file-1", validation_file="file-2")
    echoed = replace(job, hyperparameters=EchoedHyperparameters(1, None, 0.5))

    assert a.run.is_job(echoed, ids)
    assert not c.run.is_job(echoed, ids)
    assert not a.run.is_job(job, ids)
    assert replace(a.run, swept=False).is_job(job, ids)
