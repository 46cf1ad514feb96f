"""Pairs in the terminal, one after the other, and the keys by which somebody says which answer is better."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import typer

from jobs.evaluation.review.pairs import Pair
from jobs.evaluation.review.preference import Choice
from jobs.plain import plain

_CHOICES: dict[str, Choice] = {
    **dict.fromkeys(("l", "1", "\x1b[D", "\x1bOD"), "left"),
    **dict.fromkeys(("r", "2", "\x1b[C", "\x1bOC"), "right"),
    **dict.fromkeys(("n", "0"), "neither"),
}
"""With the arrows as terminals send them (ECMA-48, and DEC's application mode)."""
_SKIP, _STOP = ("s", " "), ("q",)
_HELP = "l or ←: left    r or →: right    n: neither    s: skip    q: stop"


@dataclass(frozen=True)
class Session:
    """``pairs``: those that ``reviewer`` has not judged yet, of ``all_of_them``. ``key``: waits for the next one."""

    reviewer: str
    pairs: Sequence[Pair]
    all_of_them: int
    key: Callable[[], str] = typer.getchar

    def choices(self) -> Iterator[tuple[Pair, Choice]]:
        """Until somebody stops, or there is no pair left. What was skipped comes again the next time."""
        done = self.all_of_them - len(self.pairs)
        typer.echo(f"{self.reviewer}: {len(self.pairs)} of {self.all_of_them} pairs are open. Which answer is better?")
        for number, pair in enumerate(self.pairs, 1):
            self._show(f"{done + number} of {self.all_of_them}", pair)
            pressed = self._pressed()
            if pressed in _STOP:
                typer.echo("stopped; the same command goes on here")
                return
            if pressed in _CHOICES:
                choice = _CHOICES[pressed]
                yield pair, choice
                # Once it is kept.
                typer.echo(f"  {choice}")

    def _pressed(self) -> str:
        while True:
            try:
                pressed = self.key()
            except EOFError:
                # Ctrl-D.
                return _STOP[0]
            pressed = pressed.lower() if len(pressed) == 1 else pressed
            if pressed in _CHOICES or pressed in _SKIP or pressed in _STOP:
                return pressed
            typer.echo(f"  {_HELP}")

    def _show(self, place: str, pair: Pair) -> None:
        from rich.box import SIMPLE_HEAD
        from rich.console import Console
        from rich.rule import Rule
        from rich.table import Table
        from rich.text import Text

        console = Console(file=sys.stdout)
        answers = Table(box=SIMPLE_HEAD, expand=True)
        for side in ("left", "right"):
            answers.add_column(side, ratio=1, overflow="fold")
        # Texts, not markup: a model may write what looks like some.
        answers.add_row(Text(plain(pair.left)), Text(plain(pair.right)))
        console.print(Rule(Text(place)))
        console.print(Text(plain(pair.question)))
        console.print(answers)
        console.print(Text(_HELP, style="dim"))
