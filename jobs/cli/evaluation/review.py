"""`jobs review`: people see two answers and say which they prefer, in the terminal or in a sheet that comes back."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from contract.evaluation import scorecard_name
from contract.shape import has_orders
from jobs.cli.asked import Asked
from jobs.cli.consent import interactive
from jobs.cli.data.check_result import counted
from jobs.cli.evaluation.review_session import Session
from jobs.cli.evaluation.trial import stack_model
from jobs.cli.program import typed
from jobs.cli.stacks.settling import settle
from jobs.cli.surroundings import surroundings
from jobs.cli.training.stack_model import StackModel
from jobs.errors import Refused, Unreadable, Usage
from jobs.evaluation import kept_scorecards
from jobs.evaluation.review.kept_reviews import KeptReviews
from jobs.evaluation.review.pairs import Pair, pairs_of
from jobs.evaluation.review.preference import Choice, Preference, preference, tally, words
from jobs.evaluation.review.sheet import read_sheet, sheet
from jobs.evaluation.scorecard import OF_OTHERS, Scorecard
from jobs.releases.preferred import record_preferences
from jobs.tuning.recording import timestamp

_DEADLINE = timedelta(hours=24)
"""A person may sit before the pairs for as long."""


@dataclass(frozen=True)
class Reviewed:
    """What is judged. ``against``: the name of what the candidate was compared with, which decides."""

    of: StackModel
    card: Scorecard
    against: str
    kept: KeptReviews

    def open_pairs(self, reviewer: str, count: int | None) -> tuple[tuple[Pair, ...], int]:
        """Those that ``reviewer`` has not judged yet, at most ``count``; and how many there are in all. Raises Refused
        where there are none."""
        given = self.kept.of(reviewer)
        pairs = pairs_of(self.card, self.against, reviewer)
        if not pairs:
            raise Refused(f"candidate and {self.against} answer everything the same: there is nothing to prefer")
        return tuple(pair for pair in pairs if pair.index not in given)[:count], len(pairs)

    def preference(self, pair: Pair, choice: Choice, by: str) -> Preference:
        at = timestamp(self.of.around.clock.now())
        return preference(pair, choice, against=self.against, by=by, at=at)


def review_pairs(model: str, asked: Asked, reviewer: str | None, count: int | None) -> None:
    """In the terminal. Each preference is kept as it is given: whoever stops goes on there."""
    if not interactive():
        raise Refused(
            "pairs are shown in a terminal, and this is none",
            details=["A sheet of them can be filled in anywhere, and comes back with --import."],
            next_command=asked.command("review", model, "--export", f"{model}-pairs.csv"),
        )
    with _reviewed(model, asked) as about:
        by = _name(reviewer, about.of)
        pairs, all_of_them = about.open_pairs(by, count)
        if pairs:
            _ask(about, Session(by, pairs, all_of_them))
        else:
            about.of.say(f"{by} has judged all {all_of_them} pairs")
        _conclude(about)


def _ask(about: Reviewed, session: Session) -> None:
    by = session.reviewer
    try:
        for pair, choice in session.choices():
            about.kept.add(by, [about.preference(pair, choice, by)])
    except KeyboardInterrupt:
        about.of.say("what was preferred until now is kept; it is not in the evaluation yet")
        raise


def export_pairs(model: str, asked: Asked, path: Path, reviewer: str | None, count: int | None) -> None:
    """What is not judged yet. Nobody's file is written over."""
    with _reviewed(model, asked) as about:
        by = _name(reviewer, about.of)
        pairs, all_of_them = about.open_pairs(by, count)
        if not pairs:
            about.of.say(f"{by} has judged all {all_of_them} pairs: there is nothing to write")
            return
        try:
            with path.open("xb") as file:
                file.write(sheet(pairs, by))
        except FileExistsError:
            raise Refused(f"{path} is there already: name another file with --export") from None
        about.of.say(
            f"{path}: {len(pairs)} of {all_of_them} pairs for {by}; left, right or neither goes into preference"
        )
        about.of.say(f"once it has come back: {typed(asked.command('review', model, '--import', str(path)))}")


def import_preferences(model: str, asked: Asked, path: Path) -> None:
    """Nothing is taken of a sheet with faults. Taken twice it counts once."""
    with _reviewed(model, asked) as about:
        with path.open("rb") as file:
            given, faults = read_sheet(file, lambda by: pairs_of(about.card, about.against, by))
        if faults:
            raise Unreadable(f"{path} is not taken: {len(faults)} of its lines are faulty", details=faults)
        if not given:
            raise Refused(f"{path} has no preferences: left, right or neither goes into the column preference")
        new = 0
        for by in sorted({each.reviewer for each in given}):
            said = [about.preference(each.pair, each.choice, by) for each in given if each.reviewer == by]
            new += about.kept.add(by, said)
        about.of.say(f"{path}: {counted(len(given), 'preference')}, {new} of them new or changed")
        _conclude(about)


@contextmanager
def _reviewed(model: str, asked: Asked) -> Iterator[Reviewed]:
    with surroundings(asked) as around:
        of = stack_model(model, around, asked, _DEADLINE)
        card = _scorecard(of)
        if not card.comparisons:
            raise Refused(f"{card.model_id} was compared with nothing: there are no pairs to show", stack=asked.stack)
        kept = KeptReviews(of.runs, model, card.answers, of.patience)
        yield Reviewed(of, card, card.comparisons[0].against, kept)


def _scorecard(of: StackModel) -> Scorecard:
    """Of the candidate; where there is none, of what is live: a sheet may come back after the release."""
    releases, evaluate = of.releases(), of.asked.command("evaluate", of.model)
    record = releases.candidate or releases.live
    if record is None:
        raise Refused(
            f"{of.model} has neither a candidate nor a live model", next_command=of.asked.command("run", of.model)
        )
    if record.evaluation is None:
        raise Refused(f"{record.model_id} has not been evaluated: there are no answers to show", next_command=evaluate)
    card = kept_scorecards.read(of.runs, of.model, record.evaluation.answers, of.patience)
    if card is None:
        name, at = scorecard_name(of.model, record.evaluation.answers), record.evaluation.stack
        elsewhere = at != of.asked.stack
        raise Refused(
            f"the storage of this stack has no {name}" + (f": it was evaluated in {at}" if elsewhere else ""),
            next_command=shlex.join(["jobs", "review", of.model, "-s", at]) if elsewhere else evaluate,
        )
    if not card.is_of(record.evaluation):
        of.say(f"{OF_OTHERS}; the answers are the same")
    return card


def _name(reviewer: str | None, of: StackModel) -> str:
    name = (of.person if reviewer is None else reviewer).strip()
    if not name or has_orders(name):
        raise Usage("--reviewer: a name is needed, without control characters")
    return name


def _conclude(about: Reviewed) -> None:
    """Adds what all have preferred to the scorecard and to the record."""
    of, given = about.of, about.kept.all()
    found = tally(about.against, given)
    if found is None:
        of.say("nothing was preferred yet; the evaluation stays as it is")
        return
    kept_scorecards.keep(about.card.model_copy(update={"preferences": found}), of.runs, of.patience)
    settled = settle(
        of.around.stack, of.model, lambda releases: record_preferences(releases, about.card.answers, found)
    )
    of.say(words(found, given))
    of.say_settled(settled)
