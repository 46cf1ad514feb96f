"""`jobs report`: the page of what is recorded, with what the stack's storage and account have of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from contract.evaluation import scorecard_name
from contract.release import Releases
from jobs.evaluation.reporting.page import SIGN
from jobs.ports import Checkpoint
from jobs.stacks.stack_file import update_releases
from tests.evaluations import passed
from tests.jobs.cli.conftest import Project
from tests.jobs.cli.runs.test_list_runs import SUFFIX, keep
from tests.jobs.evaluation.reporting.pages import RESULTS, Seen
from tests.jobs.evaluation.scorecards import scorecard
from tests.jobs.journals import attempt, job, journal, record

REPORT = ("report", "clippy", "-s", "dev", "--out", "report.html")


@pytest.fixture
def evaluated(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A candidate that has been trained and evaluated, and is deployed."""
    made = passed(record(1))
    assert made.evaluation is not None
    update_releases(project.stack_file, lambda found: found | {"clippy": Releases(candidate=made)})
    card = scorecard(model_id=made.model_id, answers=made.evaluation.answers)
    project.kept_runs.put(scorecard_name("clippy", made.evaluation.answers), card.model_dump_json().encode())
    keep(project, journal(attempt(1, "succeeded", made=made.model_id)))
    project.service.all_jobs = [replace(job(1, "succeeded", SUFFIX), result_files=("file-9",))]
    project.service.script = ["succeeded"]
    monkeypatch.setattr(project.service, "checkpoints", lambda _: [Checkpoint("ftchkpt-2", 2, "m:ckpt-step-2", {})])
    monkeypatch.setattr(project.service, "content", lambda _: RESULTS)
    project.up()
    return project


def told(project: Project) -> Seen:
    return Seen((project.folder / "report.html").read_text(encoding="utf-8"))


def test_the_page_has_scores_curve_lineage_and_cost(evaluated: Project) -> None:
    done = evaluated.jobs(*REPORT)

    assert (done.code, done.err) == (0, "")
    assert f"{record(1).model_id}, candidate: written to report.html" in done.out
    assert set(told(evaluated).values) == {"header", "scores", "regressions", "curve", "lineage", "cost"}


def test_a_later_report_replaces_it_and_leaves_nothing_beside(evaluated: Project) -> None:
    before = set(evaluated.folder.iterdir())
    evaluated.jobs(*REPORT)

    assert evaluated.jobs(*REPORT).code == 0
    assert {path.name for path in set(evaluated.folder.iterdir()) - before} == {"report.html"}


def test_a_file_that_is_no_report_is_never_written_over(evaluated: Project) -> None:
    file = evaluated.folder / "report.html"
    file.write_text("my notes")
    done = evaluated.jobs(*REPORT)

    assert done.code == 1
    assert "is there already, and is no report" in done.err
    assert file.read_text() == "my notes"


@pytest.mark.parametrize(
    ("out", "words"), [("nowhere/r.html", "there is no folder nowhere"), ("models", "is a folder")]
)
def test_a_place_where_no_page_can_be(evaluated: Project, out: str, words: str) -> None:
    done = evaluated.jobs(*REPORT[:-1], out)

    assert done.code == 2
    assert words in done.err


def test_what_is_not_there_is_told_on_the_page_and_beside_it(evaluated: Project) -> None:
    evaluated.kept_runs.blobs.clear()
    evaluated.service.all_jobs = []
    done = evaluated.jobs(*REPORT)

    assert done.code == 0
    assert "without: the scorecard: this stack's storage has none of its answers" in done.out
    assert "without: the learning curve: " in done.out
    assert "is not to be seen from this stack" in told(evaluated).text


def test_a_scorecard_that_is_none_is_told(evaluated: Project) -> None:
    [name] = [name for name in evaluated.kept_runs.blobs if name.startswith("evaluations/")]
    evaluated.kept_runs.blobs[name] = b"{"
    done = evaluated.jobs(*REPORT)

    assert done.code == 0
    assert f"without: the scorecard: {name} in the stack's storage is no scorecard" in done.out


def test_a_scorecard_by_other_graders_than_the_record_s_is_not_shown_as_its_own(evaluated: Project) -> None:
    """The same answers measured anew, with what came of it never recorded."""
    [name] = [name for name in evaluated.kept_runs.blobs if name.startswith("evaluations/")]
    evaluated.kept_runs.blobs[name] = evaluated.kept_runs.blobs[name].replace(b'"in style"', b'"exact"')
    done = evaluated.jobs(*REPORT)

    assert done.code == 0
    assert "without: the scorecard in the storage is by other graders than the record's evaluation" in done.out
    assert "regressions" not in told(evaluated).values


def test_another_record_is_named_by_its_place_or_its_model(evaluated: Project) -> None:
    live = record(2)
    update_releases(
        evaluated.stack_file,
        lambda found: found | {"clippy": found["clippy"].model_copy(update={"live": live})},
    )

    for name in ("live", live.model_id):
        done = evaluated.jobs(*REPORT, "--of", name)
        assert f"{live.model_id}, live" in done.out
        assert "this model has not been evaluated" in done.out


def test_a_name_of_nothing_says_what_there_is(evaluated: Project) -> None:
    wrong = evaluated.jobs(*REPORT, "--of", "lve")
    nobody = evaluated.jobs("report", "clipy", *REPORT[2:])

    assert (wrong.code, nobody.code) == (2, 2)
    assert f"(there are: candidate {record(1).model_id})" in wrong.err
    assert "clippy" in nobody.err


def test_before_anything_was_trained(project: Project) -> None:
    done = project.jobs(*REPORT)

    assert done.code == 1
    assert "Next: jobs run clippy -s dev" in done.err


def test_every_page_says_whose_it_is(evaluated: Project) -> None:
    evaluated.jobs(*REPORT)

    head = Path(evaluated.folder / "report.html").read_bytes()[:2000]
    assert SIGN.encode() in head
