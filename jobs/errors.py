"""The error tree.

    JobsError
    ├── Refused                what is asked cannot be done as things stand; nothing was spent
    │   ├── Unreadable         a file, or stack outputs, that are missing or not what they should be
    │   ├── Unsupported        asked for something this version does not do
    │   ├── UpNeeded           the stack has not yet what the verb works on: `pulumi up` comes first
    │   │   └── NeverUp        it has no outputs at all
    │   ├── NoRun              there is no run to go on with
    │   ├── NotAgain           the run exists, and its model was put aside on purpose
    │   └── RunPaused          the run waits for a person
    ├── Usage                  the command line says something that cannot be meant
    └── CloudFailed            Azure, or the way to it
        ├── SignInFailed       no credential, or Entra ID refuses the one there is
        ├── ServiceRefused     the service answered with a refusal: asking again changes nothing
        │   └── NetworkRefused     the stack's network lets nobody in from here
        ├── Unavailable        throttled, overloaded, unreachable: asking again may help
        ├── Unsettled          whether the service did what it was asked to do is not known
        ├── RunFailed          the run ended without a model
        └── DeadlinePassed     it took longer than it was allowed to

An error says what failed, on which stack, run or line, the service's code and request ID where there is one, and the
next command to type. Adapters translate foreign errors into these (``from exc``); whoever knows more on the way out
adds it with ``located``. Only ``jobs.cli`` turns them into words on a terminal and exit codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from jobs.plain import one_line, plain


class JobsError(Exception):
    """Base of everything that ``jobs`` raises on purpose. What it says may be shown: it is made ``plain``.

    what          one sentence: what failed
    details       more lines, such as one per fault
    stack, run, line   where
    status, code, request_id   of the service's answer
    next_command  what to type next, complete
    """

    def __init__(
        self,
        what: str,
        *,
        details: Sequence[str] = (),
        stack: str | None = None,
        run: str | None = None,
        line: int | None = None,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        next_command: str | None = None,
    ) -> None:
        what = plain(what)
        super().__init__(what)
        self.what = what
        self.details = tuple(plain(detail) for detail in details)
        self.stack = stack
        self.run = run
        self.line = line
        self.status = status
        self.code = code and one_line(code)
        self.request_id = request_id and one_line(request_id)
        self.next_command = next_command

    def located(self, *, stack: str | None = None, run: str | None = None, next_command: str | None = None) -> Self:
        """The same error, with what was not known where it was raised. What it says already stays."""
        self.stack = self.stack or stack
        self.run = self.run or run
        self.next_command = self.next_command or next_command
        return self

    @property
    def in_a_line(self) -> str:
        """What failed, and the first that is known of why."""
        return f"{self.what}: {self.details[0]}" if self.details else self.what

    def __str__(self) -> str:
        """Everything but the next command, in lines."""
        where = [
            *(f"{word} {value}" for word, value in (("stack", self.stack), ("run", self.run)) if value),
            *([f"line {self.line}"] if self.line is not None else []),
        ]
        answer = [
            *([f"status {self.status}"] if self.status is not None else []),
            *([f"code {self.code}"] if self.code else []),
            *([f"request ID {self.request_id}"] if self.request_id else []),
        ]
        head = f"{', '.join(where)}: {self.what}" if where else self.what
        return "\n".join(
            [head, *(f"  {detail}" for detail in self.details), *([f"  ({', '.join(answer)})"] * bool(answer))]
        )


class Refused(JobsError):
    """What is asked cannot be done as things stand; nothing was spent."""


class Unreadable(Refused):
    """A file, or stack outputs, that are missing or not what they should be."""


class Unsupported(Refused):
    """Asked for something this version does not do."""


class UpNeeded(Refused):
    """The stack has not yet what the verb works on: ``pulumi up`` comes first."""


class NeverUp(UpNeeded):
    """There are no outputs of the stack: as far as can be seen, it was never brought up, or was destroyed."""


class NoRun(Refused):
    """There is no run to go on with."""


class NotAgain(Refused):
    """The run exists, and its model was put aside on purpose."""


class RunPaused(Refused):
    """The run waits for a person."""


class Usage(JobsError):
    """The command line says something that cannot be meant."""


class CloudFailed(JobsError):
    """Azure, or the way to it."""


class SignInFailed(CloudFailed):
    """No credential, or Entra ID refuses the one there is."""


class ServiceRefused(CloudFailed):
    """The service answered with a refusal: asking again changes nothing."""


class NetworkRefused(ServiceRefused):
    """The stack's network lets nobody in from here, whoever asks."""


class Unavailable(CloudFailed):
    """Throttled, overloaded or unreachable: asking again may help.

    ``retry_after`` is the service's wish, in seconds.
    """

    retry_after: float | None = None


class Unsettled(CloudFailed):
    """Whether the service did what it was asked to do is not known. ``retry_after`` as for ``Unavailable``."""

    retry_after: float | None = None


class RunFailed(CloudFailed):
    """The run ended without a model."""


class DeadlinePassed(CloudFailed):
    """It took longer than it was allowed to."""
