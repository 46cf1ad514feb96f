"""Which runs are the stack's own, and how each stands; whatever else is in the account is somebody else's."""

from __future__ import annotations

from datetime import timedelta

from contract.release import Releases
from jobs.tuning.known.known_runs import KnownRun, known_runs
from tests.jobs.doubles import START
from tests.jobs.journals import KEY, OTHER_KEY, attempt, job, job_id, journal, lease, model_id, record
from tests.jobs.specimens import BASE

SUFFIX = "clippy-66dd61a1"
SENT = ("2026-11-20T09:01:00Z",)


def only(runs: tuple[KnownRun, ...]) -> KnownRun:
    (run,) = runs
    return run


def test_a_job_that_a_journal_has_is_the_stack_s_own() -> None:
    run = only(known_runs([journal(attempt(1, "pending"))], {"main": [job(1, "running", SUFFIX)]}, {}))

    assert (run.ours, run.model, run.account, run.words, run.under_way) == (True, "clippy", "main", "running", True)


def test_a_job_of_the_same_suffix_without_a_journal_is_somebody_else_s() -> None:
    """Another stack trains a model of that name in the same account."""
    runs = known_runs([journal(attempt(1))], {"main": [job(1, "running", SUFFIX), job(2, "running", SUFFIX)]}, {})

    assert {run.job_id: run.ours for run in runs} == {job_id(1): True, job_id(2): False}


def test_a_first_day_without_journals() -> None:
    run = only(known_runs([], {"main": [job(1, "running", "parrot-01234567")]}, {}))

    assert (run.ours, run.model, run.words) == (False, None, "running")


def test_what_the_stack_file_records_is_the_stack_s_own_without_a_journal() -> None:
    runs = known_runs([], {"main": [job(1, "succeeded", SUFFIX)]}, {"clippy": Releases(live=record(1))})
    run = only(runs)

    assert (run.ours, run.model, run.place) == (True, "clippy", "live")


def test_a_record_whose_job_is_gone_is_still_a_run() -> None:
    run = only(known_runs([], {"main": []}, {"clippy": Releases(previous=(record(1),))}))

    assert (run.place, run.words, run.gone) == ("previous[0]", "succeeded", True)


def test_a_model_that_nobody_recorded() -> None:
    made = model_id(1, SUFFIX)
    listed = {"main": [job(1, "succeeded", SUFFIX, fine_tuned_model=made)]}
    run = only(known_runs([journal(attempt(1, "running"))], listed, {}))

    assert (run.place, run.model_id) == (None, made)
    recorded = only(known_runs([journal(attempt(1))], listed, {"clippy": Releases(candidate=record(1))}))
    assert recorded.place == "candidate"


def test_points_of_a_sweep_are_known() -> None:
    swept = {"point": 1, "points": 2, "tried": {"epochs": 2}}
    run = only(known_runs([journal(attempt(1, "succeeded", made="m", sweep=swept))], {"main": []}, {}))

    assert run.swept


class TestWithoutAJob:
    def test_begun_and_held(self) -> None:
        run = only(known_runs([journal(lease=lease(START + timedelta(minutes=2)))], {"main": []}, {}))

        assert (run.words, run.waits_for_a_job) == ("begun, nothing sent yet", True)
        assert run.held(START) is not None
        assert run.held(START + timedelta(minutes=3)) is None

    def test_a_job_whose_answer_was_lost_is_its_own(self) -> None:
        """The newest of that suffix that was not there before and that no other run has, by whatever clock."""
        lost = journal(attempt(submitting=SENT, before=(job_id(3),)))
        run = known_runs([lost], {"main": [job(3, "failed", SUFFIX), job(4, "running", SUFFIX)]}, {})

        assert {each.job_id: each.ours for each in run} == {job_id(4): True, job_id(3): False}

    def test_nor_are_there_two_runs_where_it_is_recorded_meanwhile(self) -> None:
        """Whoever found the job in the account could not note it: the dead one still held the journal."""
        listed = {"main": [job(1, "succeeded", SUFFIX)]}
        run = only(known_runs([journal(attempt(submitting=SENT))], listed, {"clippy": Releases(candidate=record(1))}))

        assert (run.job_id, run.place, run.waits_for_a_job) == (job_id(1), "candidate", False)

    def test_a_job_of_before_it_was_asked_for_is_not(self) -> None:
        lost = journal(attempt(submitting=("2026-11-20T12:00:00Z",), before=(job_id(1),)))

        assert {run.job_id: run.ours for run in known_runs([lost], {"main": [job(1, "running", SUFFIX)]}, {})} == {
            None: True,
            job_id(1): False,
        }

    def test_a_job_of_another_account_is_not(self) -> None:
        lost = journal(attempt(submitting=SENT))

        assert [run.ours for run in known_runs([lost], {"west": [job(4, "running", SUFFIX)]}, {})] == [False, True]


class TestAJobThatIsNotListed:
    def test_the_account_has_it_no_more(self) -> None:
        run = only(known_runs([journal(attempt(1, "running"))], {"main": []}, {}))

        assert (run.gone, run.words, run.job_id) == (True, "no longer in the account, was running", job_id(1))

    def test_the_account_could_not_be_asked(self) -> None:
        run = only(known_runs([journal(attempt(1, "running"))], {}, {}))

        assert (run.gone, run.words) == (False, "running when it was seen last")

    def test_an_end_that_was_seen_is_the_end(self) -> None:
        run = only(known_runs([journal(attempt(1, "failed"))], {"main": []}, {}))

        assert run.words == "failed"


def test_attempts_of_one_run_and_runs_of_several_accounts() -> None:
    first, again = attempt(1, "failed"), attempt(2, "running", at=START + timedelta(hours=1))
    other = attempt(3, "running", account="west", key=OTHER_KEY, model="parrot", at=START + timedelta(hours=2))
    runs = known_runs(
        [journal(first, again), journal(other, key=OTHER_KEY, model="parrot")],
        {"main": [job(2, suffix=SUFFIX), job(1, "failed", SUFFIX)], "west": [job(3, suffix="parrot-66ee0000")]},
        {},
    )

    assert [(run.model, run.account, run.number, run.of, run.newest) for run in runs] == [
        ("parrot", "west", 1, 1, True),
        ("clippy", "main", 2, 2, True),
        ("clippy", "main", 1, 2, False),
    ]
    assert [run.run_key for run in runs] == [OTHER_KEY, KEY, KEY]
    assert all(run.job is not None and run.job.model == BASE for run in runs)
