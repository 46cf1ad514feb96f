"""`--notify CMD`: a command of the user's own that is run once a run has come to an end.

What happened is in its environment, under names that begin with JOBS_, and not in its arguments, which every user of a
machine may read. No shell is asked to take the words apart. Whatever becomes of it, the exit code of `jobs` stays.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Literal

import typer

from jobs.cli.asked import Asked
from jobs.cli.outcomes import REFUSED, exit_code
from jobs.cli.program import typed
from jobs.errors import CloudFailed, DeadlinePassed, JobsError, Refused, RunFailed, RunPaused, Usage
from jobs.plain import plain

if TYPE_CHECKING:
    from contract.release import ReleaseRecord

PATIENCE = 30.0
"""Seconds that the command may take."""
Outcome = Literal["succeeded", "failed", "paused", "deadline", "refused", "error"]


@dataclass(frozen=True)
class Notice:
    """What has come of a model's run. Empty where it isn't known."""

    model: str
    stack: str
    outcome: Outcome
    exit_code: int = 0
    job: str = ""
    model_id: str = ""
    message: str = ""
    next_command: str = ""

    @classmethod
    def of_record(cls, model: str, stack: str, record: ReleaseRecord) -> Notice:
        return cls(model, stack, "succeeded", job=record.job_id, model_id=record.model_id)

    @classmethod
    def of_error(cls, model: str, stack: str, error: Exception, asked: Asked, again: str = "") -> Notice:
        """``again``: what is to be typed where the cloud failed and the error says nothing else."""
        if not isinstance(error, JobsError):
            return cls(model, stack, "error", 1, message=plain(str(error)))
        following = error.next_command or (again if isinstance(error, CloudFailed) else None)
        return cls(
            model,
            stack,
            _outcome(error),
            exit_code(error),
            job=error.run or "",
            message=plain("\n".join([error.what, *error.details])),
            next_command=typed(asked.complete(following)) if following else "",
        )

    def variables(self) -> dict[str, str]:
        return {
            "JOBS_MODEL": self.model,
            "JOBS_STACK": self.stack,
            "JOBS_OUTCOME": self.outcome,
            "JOBS_EXIT_CODE": str(self.exit_code),
            "JOBS_JOB": self.job,
            "JOBS_MODEL_ID": self.model_id,
            "JOBS_MESSAGE": self.message,
            "JOBS_NEXT": self.next_command,
        }


def _outcome(error: JobsError) -> Outcome:
    match error:
        case RunFailed():
            return "failed"
        case RunPaused():
            return "paused"
        case DeadlinePassed():
            return "deadline"
        case Refused() | Usage():
            return "refused"
        case _:
            # The run itself may well go on.
            return "error"


def command_of(text: str) -> tuple[str, ...]:
    """The words of CMD, by the quotes and backslashes of a shell, and nothing else of one. Raises Usage: better now
    than when the run has ended."""
    try:
        words = tuple(shlex.split(text))
    except ValueError as error:
        raise Usage(f"--notify: {text!r} can't be taken apart into words: {error}") from None
    if not words:
        raise Usage("--notify takes a command")
    if shutil.which(words[0]) is None:
        raise Usage(
            f"--notify: there is no program {words[0]!r}",
            details=["It is started as it is written, by no shell; with one: --notify \"sh -c '…'\""],
        )
    return words


def notify(command: tuple[str, ...], notice: Notice, patience: float = PATIENCE) -> None:
    """Runs the command, and says where it can't be, ends badly, or takes too long. What it prints goes to stderr."""
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=2, env=_surroundings(notice), start_new_session=True
        )
    except OSError as error:
        return _complain(command, f"could not be run: {error.strerror or error}")
    try:
        code = process.wait(patience)
    except subprocess.TimeoutExpired:
        _end(process)
        return _complain(command, f"took more than {patience:.0f} s, and was ended")
    except KeyboardInterrupt:
        _end(process)
        return _complain(command, "was interrupted")
    if code != 0:
        _complain(command, f"ended with {code}")
    return None


def _surroundings(notice: Notice) -> Mapping[str, str]:
    """The user's own, and what happened. Not what could be no value of a variable."""
    return {**os.environ, **{name: value.replace("\0", "") for name, value in notice.variables().items()}}


def _end(process: subprocess.Popen[bytes]) -> None:
    """With what it has started: it stands in a session of its own."""
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _complain(command: tuple[str, ...], what: str) -> None:
    typer.echo(f"jobs: the command of --notify, {command[0]}, {what}", err=True)


class Telling(AbstractContextManager["Telling"]):
    """Around a verb: what came of it is told once everything else is said. An interrupted one tells nobody."""

    def __init__(self, asked: Asked, model: str | None, again: str) -> None:
        self._asked = asked
        self._again = again
        self._model = model or ""
        self._command: tuple[str, ...] | None = None
        self._notice: Notice | None = None
        self._told = False

    def by(self, command: str | None) -> None:
        """Raises Usage."""
        self._command = None if command is None else command_of(command)

    def of(self, act: Callable[[], ReleaseRecord | None]) -> None:
        """``act`` returns the record that stands in the end; None where the run goes on."""
        try:
            record = act()
        except typer.Exit:
            raise
        except Exception as error:
            self._notice = Notice.of_error(self._model, self._asked.stack, error, self._asked, self._again)
            raise
        if record is not None:
            self._notice = Notice.of_record(self._model, self._asked.stack, record)

    def now(self, notice: Notice) -> None:
        """Of one of several runs, while the others go on; of them together nothing is told then."""
        self._told = True
        if self._command is not None:
            notify(self._command, notice)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._notice is None or self._told:
            return
        if isinstance(error, typer.Exit) and error.exit_code and not self._notice.exit_code:
            # The record was made, and then couldn't be committed.
            outcome: Outcome = "refused" if error.exit_code == REFUSED else "error"
            self._notice = replace(self._notice, outcome=outcome, exit_code=error.exit_code)
        self.now(self._notice)
