"""Where a verb's records go: into the stack file, into it and a commit, or out of here as a patch.

With a patch, standard output is the patch alone, so that it can be piped; all words go to standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TextIO

import typer

from jobs.errors import Usage

if TYPE_CHECKING:
    from contract.release import Releases
    from jobs.stacks.folder_lock import Waiting
    from jobs.stacks.patch import Patch

Output = Literal["file", "patch"]
VERBS = frozenset(
    {"run", "watch", "sweep", "record", "evaluate", "review", "release", "withdraw", "rollback", "promote"}
)
"""Those that write records, and so take these options."""


@dataclass
class Writing(AbstractContextManager["Writing"]):
    """As the command line says. As a context, around a verb's body: at its end the patch is written."""

    output: Output = "file"
    commit: bool = False
    _patch: Patch | None = field(default=None, init=False, repr=False)
    _stdout: TextIO | None = field(default=None, init=False, repr=False)
    _redirected: redirect_stdout[TextIO] | None = field(default=None, init=False, repr=False)

    @property
    def flags(self) -> tuple[str, ...]:
        """As they are typed."""
        return (*(("--output", self.output) if self.output != "file" else ()), *(("--commit",) if self.commit else ()))

    def obstacle(self, path: Path) -> str | None:
        """Why nothing could be written so as things stand, in words. Raises Refused where a commit couldn't be made."""
        from jobs.stacks.committed import refuse_unready
        from jobs.stacks.stack_file import unwritable

        if self.output == "patch":
            return None
        if self.commit:
            refuse_unready(path)
        return unwritable(path)

    def write(self, path: Path, stack: str, model: str, change: Callable[[Releases], Releases]) -> bool:
        """Whether the file changed, which it doesn't for a patch."""
        from contract.release import Releases

        seen: list[tuple[Releases, Releases]] = []

        def changed(found: Mapping[str, Releases]) -> dict[str, Releases]:
            before = found.get(model, Releases())
            seen[:] = [(before, change(before))]
            return {**found, model: seen[0][1]}

        if self.output == "patch":
            self._gathered(path).add(changed)
            return False
        if self.commit:
            from jobs.releases.lineage import message
            from jobs.stacks.committed import commit

            made = commit(path, changed, lambda: message(stack, model, *seen[0]), self._waiting())
            if made is not None:
                typer.echo(f"{model}: committed as {made}")
            return made is not None
        from jobs.stacks.stack_file import update_releases

        return update_releases(path, changed, self._waiting())

    def __enter__(self) -> Writing:
        if self.output == "patch":
            if self.commit:
                raise Usage("--commit commits what is written, and --output patch writes nothing: give one of them")
            self._stdout = sys.stdout
            self._redirected = redirect_stdout(sys.stderr)
            self._redirected.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        if self._redirected is None or self._stdout is None:
            return
        self._redirected.__exit__(None, None, None)
        if self._patch is not None and (content := self._patch.content()):
            self._stdout.flush()
            self._stdout.buffer.write(content)
            self._stdout.flush()
            first = "git apply takes it, at the top of the repository, before anything that comes next"
            typer.echo(
                f"jobs: {self._patch.path} is as it was; the patch has what is to be recorded: {first}", err=True
            )

    def _gathered(self, path: Path) -> Patch:
        if self._patch is None:
            from jobs.stacks.patch import Patch

            self._patch = Patch(path)
        return self._patch

    @staticmethod
    def _waiting() -> Waiting:
        from jobs.stacks.folder_lock import Waiting

        return Waiting(say=lambda words: typer.echo(f"jobs: {words}", err=True))
