"""Asking a person before something is done that costs, or cannot be taken back."""

from __future__ import annotations

import sys

import typer

from jobs.cli.outcomes import INTERRUPTED, complain
from jobs.errors import Refused


def consent(question: str, *, unasked: str, otherwise: str, command: str) -> None:
    """Raises Refused where the answer is no, or nobody is there to be asked.

    unasked     what is to be done, for whoever can't be asked: ``this spends $3``
    otherwise   how things stand then: ``nothing was spent``
    command     what does it without asking
    """
    if not interactive():
        raise Refused(f"{unasked}, and there is no terminal to ask on; {otherwise}", next_command=command)
    try:
        agreed = typer.confirm(question, default=False)
    except (typer.Abort, KeyboardInterrupt):
        complain(f"\njobs: interrupted; {otherwise}")
        raise typer.Exit(INTERRUPTED) from None
    if not agreed:
        raise Refused(f"not agreed to; {otherwise}")


def interactive() -> bool:
    """Whether somebody can be asked, and see what."""
    return sys.stdin.isatty() and sys.stdout.isatty()
