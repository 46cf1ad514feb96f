"""How a verb ends: its exit code, and what is said about an error.

0    done; also where everything had been done before
1    refused: as things stand it cannot be done, and the message says what would help
2    usage: the command line cannot be meant so
3    the cloud failed: Azure, the way to it, a run that ended without a model, or a deadline
70   a fault of this program (EX_SOFTWARE of sysexits.h); --debug shows where
130  interrupted by Ctrl-C; runs in Azure go on
141  who read the output has gone away (`jobs … | head`): as a shell counts a program that SIGPIPE ends
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from jobs.cli.asked import Asked
from jobs.cli.program import say_next
from jobs.errors import CloudFailed, JobsError, Refused, Usage
from jobs.plain import plain

DONE = 0
REFUSED = 1
USAGE = 2
CLOUD_FAILED = 3
FAULT = 70
INTERRUPTED = 130
READER_GONE = 141


def exit_code(error: JobsError) -> int:
    match error:
        case Refused():
            return REFUSED
        case Usage():
            return USAGE
        case CloudFailed():
            return CLOUD_FAILED
        case _:
            return FAULT


@contextmanager
def outcome(
    *, debug: bool, asked: Asked | None = None, again: str | None = None, trains: bool = False
) -> Iterator[None]:
    """Around a verb's body: errors are said on stderr and become exit codes.

    asked    where the verb works, so that the next command says so too
    again    the command to type when the cloud failed or the verb was interrupted
    trains   whether a run may be under way meanwhile, which nobody has stopped by interrupting the verb
    """
    try:
        yield
        sys.stdout.flush()
    except JobsError as error:
        _trace(debug)
        error.located(
            stack=asked.stack if asked is not None else None,
            next_command=again if isinstance(error, CloudFailed) else None,
        )
        following = error.next_command
        complain(f"jobs: {error}", asked.complete(following) if asked is not None and following else following)
        raise typer.Exit(exit_code(error)) from None
    except KeyboardInterrupt:
        complain(f"\njobs: interrupted{'; what runs in Azure goes on' if trains else ''}", again)
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        # Nobody is left to be told. SIGPIPE itself stays ignored: it would also end a run whose connection breaks.
        raise typer.Exit(READER_GONE) from None
    except OSError as error:
        _trace(debug)
        what = f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error)
        complain(f"jobs: {what}")
        raise typer.Exit(REFUSED) from None
    except typer.Exit:
        raise
    except Exception as error:  # noqa: BLE001 - nobody is shown a traceback who didn't ask for one
        _trace(debug)
        advice = "" if debug else "; --debug shows where"
        complain(f"jobs: this is a fault of jobs itself: {type(error).__name__}: {error}{advice}")
        raise typer.Exit(FAULT) from None


def complain(text: str, next_command: str | None = None) -> None:
    """On stderr, with the next command on a line of its own."""
    typer.echo(plain(text), err=True)
    if next_command:
        say_next(next_command, err=True)


def _trace(debug: bool) -> None:
    if debug:
        # Of errors of the libraries, too, whose words may repeat what was sent.
        typer.echo(plain(traceback.format_exc()), nl=False, err=True)
