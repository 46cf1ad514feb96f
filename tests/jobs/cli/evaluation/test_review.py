"""`jobs review`: people see two answers and say which they prefer."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from contract.evaluation import Preferences, scorecard_name
from contract.release import Releases
from jobs.cli.evaluation import review
from jobs.cli.evaluation.review_session import Session
from jobs.evaluation.review.pairs import Pair
from jobs.evaluation.scorecard import Scorecard
from jobs.stacks.stack_file import update_releases
from tests.evaluations import against, passed
from tests.jobs.cli.conftest import Done, Project
from tests.jobs.cli.evaluation.conftest import Bench
from tests.jobs.cli.screen import window
from tests.jobs.evaluation.measured import answer, measured, performance
from tests.jobs.journals import record

REVIEW = ("review", "clippy", "-s", "dev")
ALL, OPEN = 40, 20
"""Examples, and those of them that the candidate and the base model answer otherwise."""

Press = Callable[[str], None]


@pytest.fixture
def evaluated(project: Project) -> Project:
    """A candidate that has been evaluated, and is deployed. It knows everything, the base model half of it."""
    known = {index: answer(index, f"Answer {index}.") for index in range(ALL)}
    unknown = {index: answer(index, "I don't know.") for index in range(OPEN)}
    card = measured(
        performance("candidate", [1.0] * ALL, "candidate", answers=known),
        performance("prompted", [0.0] * OPEN + [1.0] * (ALL - OPEN), answers=known | unknown),
    )
    scores = {name: score.mean for name, score in card.contenders[0].scores.items()}
    made = passed(record(1), answers=card.answers, against=[against()], scores=scores)
    update_releases(project.stack_file, lambda found: found | {"clippy": Releases(candidate=made)})
    project.kept_runs.put(scorecard_name("clippy", card.answers), card.model_dump_json().encode())
    project.up()
    return project


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Press:
    """The keys that somebody at a terminal will press."""

    def pressed(keys: str) -> None:
        typed = iter(keys)

        def key() -> str:
            found = next(typed)
            if found == "\x03":
                raise KeyboardInterrupt
            if found == "\x04":
                raise EOFError
            return found

        monkeypatch.setattr(review, "Session", partial(Session, key=key))
        monkeypatch.setattr(review, "interactive", lambda: True)

    return pressed


def preferences(project: Project) -> Preferences | None:
    candidate = project.releases().candidate
    assert candidate is not None
    assert candidate.evaluation is not None
    return candidate.evaluation.preferences


def scorecard(project: Project) -> Scorecard:
    candidate = project.releases().candidate
    assert candidate is not None
    assert candidate.evaluation is not None
    blobs = project.kept_runs.blobs
    return Scorecard.model_validate_json(blobs[scorecard_name("clippy", candidate.evaluation.answers)])


def better(out: str) -> str:
    """On which side the answer was that is none of "I don't know.", of the pair that was shown last."""
    row = next(line for line in reversed(out.splitlines()) if "I don't know." in line)
    return "r" if row.strip().startswith("I don't know.") else "l"


class TestInTheTerminal:
    def test_what_is_preferred_goes_into_scorecard_and_record(self, evaluated: Project, press: Press) -> None:
        press("lrnq")

        done = evaluated.jobs(*REVIEW)

        assert (done.code, done.err) == (0, "")
        found = preferences(evaluated)
        assert found is not None
        assert (found.against, found.neither, found.reviewers) == ("prompted", 1, ("Ada",))
        assert found.preferred + found.other == 2
        assert scorecard(evaluated).preferences == found
        assert f"Ada: {OPEN} of {OPEN} pairs are open" in done.out
        assert "stopped; the same command goes on here" in done.out
        assert "the evaluation has these preferences now\nclippy: recorded in " in done.out

    def test_a_side_that_is_preferred_is_that_models(self, evaluated: Project, press: Press) -> None:
        """One look at the pair, without an answer to it, says on which side the better one is."""
        press("q")
        key = better(evaluated.jobs(*REVIEW).out)
        press(f"{key}q")

        evaluated.jobs(*REVIEW)

        found = preferences(evaluated)
        assert found is not None
        assert (found.preferred, found.other) == (1, 0)

    def test_nothing_tells_whose_an_answer_is(self, evaluated: Project, press: Press) -> None:
        press("s" * OPEN)

        shown = evaluated.jobs(*REVIEW).out.partition("Which answer is better?")[2]

        assert shown.count("I don't know.") == OPEN
        for word in ("candidate", "prompted", "gpt-4.1", "ft-", "Expected", "clippy-"):
            assert word not in shown.partition("nothing was preferred")[0]

    def test_it_goes_on_where_it_was_left_and_what_was_skipped_comes_again(
        self, evaluated: Project, press: Press
    ) -> None:
        press("slq")
        first = evaluated.jobs(*REVIEW).out
        press("n" * (OPEN - 1))

        second = evaluated.jobs(*REVIEW).out

        assert f"1 of {OPEN}" in first
        assert f"Ada: {OPEN - 1} of {OPEN} pairs are open" in second
        found = preferences(evaluated)
        assert found is not None
        assert found.preferred + found.other + found.neither == OPEN
        assert "Ada has judged all 20 pairs" in evaluated.jobs(*REVIEW).out

    def test_interrupted_it_keeps_what_was_given_and_the_next_time_counts_it(
        self, evaluated: Project, press: Press
    ) -> None:
        press("ll\x03")

        done = evaluated.jobs(*REVIEW, "--count", "9")

        assert done.code == 130
        assert "what was preferred until now is kept" in done.out
        assert done.err.splitlines()[-1] == "Next: jobs review clippy -s dev --count 9"
        assert preferences(evaluated) is None
        press("\x04")
        assert evaluated.jobs(*REVIEW).code == 0
        found = preferences(evaluated)
        assert found is not None
        assert found.preferred + found.other == 2

    def test_each_persons_count(self, evaluated: Project, press: Press) -> None:
        press("nq")
        evaluated.jobs(*REVIEW)
        press("nnq")

        done = evaluated.jobs(*REVIEW, "--reviewer", "Bob")

        found = preferences(evaluated)
        assert found is not None
        assert (found.neither, found.reviewers) == (3, ("Ada", "Bob"))
        assert "preferred by Ada, Bob: candidate 0, prompted 0, neither 3" in done.out

    def test_so_many_as_are_wanted_are_shown(self, evaluated: Project, press: Press) -> None:
        press("nnn")

        assert evaluated.jobs(*REVIEW, "--count", "3").code == 0
        found = preferences(evaluated)
        assert found is not None
        assert found.neither == 3

    def test_another_key_says_which_there_are(self, evaluated: Project, press: Press) -> None:
        press("x?q")

        assert evaluated.jobs(*REVIEW).out.count("l or ←: left") == 3

    def test_with_a_patch_the_file_stays_as_it_is(self, evaluated: Project, press: Press) -> None:
        before = evaluated.stack_file.read_text()
        press("lq")

        done = evaluated.jobs(*REVIEW, "--output", "patch")

        assert done.code == 0
        assert evaluated.stack_file.read_text() == before
        assert "+" in done.out
        assert "preferred" in done.out
        assert "pairs are open" in done.err

    def test_nothing_that_a_model_says_is_obeyed_by_the_terminal(self) -> None:
        """The screen of the tests takes a cleared one for a fault."""
        pair = Pair("0123456789ab", 0, "\x1b[2JWhich?", "[red]boo[/red] \x1b]0;title\x07", "that", "left")

        with window(100) as seen:
            assert list(Session("Ada", [pair], 1, key=lambda: "l").choices()) == [(pair, "left")]

        shown = "\n".join(seen.shown.rows)
        assert "[red]boo[/red] \\x1b]0;title\\x07" in shown
        assert "\\x1b[2JWhich?" in shown


class TestWithoutATerminal:
    def test_who_has_none_is_told_of_the_sheet(self, evaluated: Project) -> None:
        done = evaluated.jobs(*REVIEW)

        assert done.code == 1
        assert "pairs are shown in a terminal, and this is none" in done.err
        assert done.err.splitlines()[-1] == "Next: jobs review clippy -s dev --export clippy-pairs.csv"

    def exported(self, project: Project, *words: str) -> tuple[Done, list[dict[str, str]]]:
        done = project.jobs(*REVIEW, "--export", "pairs.csv", *words)
        content = (project.folder / "pairs.csv").read_text(encoding="utf-8-sig")
        return done, list(csv.DictReader(io.StringIO(content)))

    def returned(self, rows: list[dict[str, str]], *said: str) -> None:
        with Path("back.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
            writer.writeheader()
            writer.writerows(
                row | {"preference": each} for row, each in zip(rows, [*said, *[""] * len(rows)], strict=False)
            )

    def test_a_sheet_goes_out_and_comes_back(self, evaluated: Project) -> None:
        done, rows = self.exported(evaluated, "--reviewer", "Eve")

        assert done.code == 0
        assert f"pairs.csv: {OPEN} of {OPEN} pairs for Eve" in done.out
        assert (
            done.out.splitlines()[-1] == "clippy: once it has come back: jobs review clippy -s dev --import pairs.csv"
        )
        assert len(rows) == OPEN
        sides = ["left" if row["right"] == "I don't know." else "right" for row in rows]
        self.returned(rows, *sides[:12])

        back = evaluated.jobs(*REVIEW, "--import", "back.csv")

        assert back.code == 0
        found = preferences(evaluated)
        assert found == Preferences(against="prompted", preferred=12, other=0, neither=0, reviewers=("Eve",))
        assert "by examples 12 to 0, as chance alone has it in under 0.1 % of all cases" in back.out
        assert scorecard(evaluated).preferences == found

    def test_taken_twice_it_counts_once_and_changes_nothing(self, evaluated: Project) -> None:
        _, rows = self.exported(evaluated)
        self.returned(rows, "left", "n")
        evaluated.jobs(*REVIEW, "--import", "back.csv")
        found, writes = preferences(evaluated), evaluated.kept_runs.writes
        text = evaluated.stack_file.read_bytes()

        again = evaluated.jobs(*REVIEW, "--import", "back.csv")

        assert again.code == 0
        assert "2 preferences, 0 of them new or changed" in again.out
        assert "the preferences are recorded already" in again.out
        assert (preferences(evaluated), evaluated.kept_runs.writes) == (found, writes)
        assert evaluated.stack_file.read_bytes() == text

    def test_of_a_sheet_with_faults_nothing_is_taken_and_all_are_told(self, evaluated: Project) -> None:
        _, rows = self.exported(evaluated)
        self.returned(rows, "left", "lef", "both")

        done = evaluated.jobs(*REVIEW, "--import", "back.csv")

        assert done.code == 1
        assert "line 3: the preference is" in done.err
        assert "line 4: the preference is" in done.err
        assert preferences(evaluated) is None

    def test_a_sheet_that_nobody_has_filled_in_says_so(self, evaluated: Project) -> None:
        self.exported(evaluated)

        done = evaluated.jobs(*REVIEW, "--import", "pairs.csv")

        assert done.code == 1
        assert "has no preferences: left, right or neither" in done.err

    def test_what_was_judged_in_the_terminal_is_not_in_the_sheet(self, evaluated: Project, press: Press) -> None:
        press("lq")
        evaluated.jobs(*REVIEW)

        _, rows = self.exported(evaluated)

        assert len(rows) == OPEN - 1

    def test_nobodys_file_is_written_over(self, evaluated: Project) -> None:
        Path("pairs.csv").write_text("mine")

        done = evaluated.jobs(*REVIEW, "--export", "pairs.csv")

        assert done.code == 1
        assert "is there already" in done.err
        assert Path("pairs.csv").read_text() == "mine"

    def test_import_goes_by_itself(self, evaluated: Project) -> None:
        assert evaluated.jobs(*REVIEW, "--import", "x.csv", "--reviewer", "Bob").code == 2

    def test_a_sheet_that_is_not_there_is_named(self, evaluated: Project) -> None:
        done = evaluated.jobs(*REVIEW, "--import", "none.csv")

        assert done.code == 1
        assert "none.csv" in done.err

    def test_a_name_is_needed(self, evaluated: Project) -> None:
        assert evaluated.jobs(*REVIEW, "--export", "pairs.csv", "--reviewer", " ").code == 2

    def test_after_the_release_a_sheet_may_still_come_back(self, evaluated: Project) -> None:
        _, rows = self.exported(evaluated)
        self.returned(rows, "left")
        assert evaluated.jobs("release", "clippy", "-s", "dev").code == 0

        assert evaluated.jobs(*REVIEW, "--import", "back.csv").code == 0
        live = evaluated.releases().live
        assert live is not None
        assert live.evaluation is not None
        assert live.evaluation.preferences is not None


class TestWithoutAnEvaluation:
    def test_what_was_not_evaluated_has_no_answers_to_show(self, evaluated: Project, press: Press) -> None:
        press("")
        update_releases(evaluated.stack_file, lambda found: found | {"clippy": Releases(candidate=record(1))})

        done = evaluated.jobs(*REVIEW)

        assert done.code == 1
        assert "has not been evaluated" in done.err
        assert done.err.splitlines()[-1] == "Next: jobs evaluate clippy -s dev"

    def test_where_nothing_was_trained_a_run_is_named(self, project: Project, press: Press) -> None:
        press("")

        done = project.jobs(*REVIEW)

        assert done.code == 1
        assert done.err.splitlines()[-1] == "Next: jobs run clippy -s dev"

    def test_where_the_storage_lacks_the_scorecard_it_is_named(self, evaluated: Project, press: Press) -> None:
        press("")
        evaluated.kept_runs.blobs.clear()

        done = evaluated.jobs(*REVIEW)

        assert done.code == 1
        assert "the storage of this stack has no evaluations/clippy/" in done.err
        assert done.err.splitlines()[-1] == "Next: jobs evaluate clippy -s dev"

    def test_a_scorecard_by_other_graders_than_the_record_s_is_told_and_its_pairs_are_shown(
        self, evaluated: Project, press: Press
    ) -> None:
        words = "the scorecard in the storage is by other graders than the record's evaluation"
        press("q")
        assert words not in evaluated.jobs(*REVIEW).out

        [name] = [name for name in evaluated.kept_runs.blobs if "/reviews/" not in name]
        evaluated.kept_runs.blobs[name] = evaluated.kept_runs.blobs[name].replace(b'"exact"', b'"near"')
        press("q")

        done = evaluated.jobs(*REVIEW)

        assert words in done.out
        assert "I don't know." in done.out

    def test_of_a_model_that_was_evaluated_elsewhere_the_other_stack_is_named(
        self, evaluated: Project, press: Press
    ) -> None:
        press("")
        made = passed(record(1), stack="staging")
        update_releases(evaluated.stack_file, lambda found: found | {"clippy": Releases(candidate=made)})

        done = evaluated.jobs(*REVIEW)

        assert done.code == 1
        assert "it was evaluated in staging" in done.err
        assert done.err.splitlines()[-1] == "Next: jobs review clippy -s staging"

    def test_where_both_answer_everything_the_same_there_is_nothing_to_prefer(
        self, evaluated: Project, press: Press
    ) -> None:
        press("")
        name, content = next(
            (name, blob) for name, blob in evaluated.kept_runs.blobs.items() if "/reviews/" not in name
        )
        evaluated.kept_runs.blobs[name] = content.replace(b"I don't know.", b"Yes.")
        for number in range(ALL):
            same = evaluated.kept_runs.blobs[name].replace(f'"Answer {number}."'.encode(), b'"Yes."')
            evaluated.kept_runs.blobs[name] = same

        done = evaluated.jobs(*REVIEW)

        assert done.code == 1
        assert "candidate and prompted answer everything the same" in done.err


def test_the_answers_of_an_evaluation_are_what_is_shown_and_it_keeps_what_was_preferred(
    bench: Bench, press: Press
) -> None:
    """Also where the evaluation is typed again, of the same answers."""
    bench.evaluate()
    press("nnq")

    assert "20 of 20 pairs are open" in bench.project.jobs(*REVIEW).out
    bench.evaluate()
    found = preferences(bench.project)
    assert found is not None
    assert found.neither == 2
    assert scorecard(bench.project).preferences == found
