"""What is said while a service is asked again."""

from __future__ import annotations

import typer

from jobs.errors import Unavailable


def say_trouble(error: Unavailable, wait: float) -> None:
    typer.echo(f"no answer ({error.what}), asking again in {wait:.0f} s", err=True)
