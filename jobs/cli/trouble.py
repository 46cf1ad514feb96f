"""What is said while a service is asked again."""

from __future__ import annotations

import typer

from jobs.errors import Unavailable


def say_trouble(error: Unavailable, wait: float) -> None:
    typer.echo(asking_again(error, wait), err=True)


def asking_again(error: Unavailable, wait: float) -> str:
    """In ``wait`` seconds. A wish of the service's that is not followed to its end is told."""
    wish = error.retry_after
    more = f" (it asks for {wish:.0f} s)" if wish is not None and wish > wait + 1 else ""
    return f"no answer ({error.what}), asking again in {wait:.0f} s{more}"
