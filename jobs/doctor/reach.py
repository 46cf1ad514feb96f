"""Whether the data planes let this machine, this token and this identity in, by one cheap question each."""

from __future__ import annotations

from dataclasses import dataclass

from jobs.doctor.finding import Finding, blocker, of_error, ok, unchecked
from jobs.errors import CloudFailed, JobsError, NetworkRefused, SignInFailed, Unavailable

SCOPES = ("https://cognitiveservices.azure.com/.default", "https://ai.azure.com/.default")
"""Microsoft's v1 specification names the first, its pages of October 2026 the second."""


@dataclass(frozen=True)
class Answer:
    """What a data plane said to one question: None where it answered it."""

    place: str
    """``account main``, or ``storage``."""
    error: JobsError | None

    @property
    def reached(self) -> bool:
        """Whether the service itself answered, be it with a refusal."""
        return not isinstance(self.error, NetworkRefused | Unavailable | SignInFailed)

    @property
    def token_refused(self) -> bool:
        """401 without the code of a missing role: the token itself is not what the service takes."""
        error = self.error
        return isinstance(error, CloudFailed) and error.status == 401 and error.code != "PermissionDenied"

    @property
    def role_missing(self) -> bool:
        error = self.error
        return isinstance(error, CloudFailed) and error.code in ("PermissionDenied", "AuthorizationPermissionMismatch")


def network(answer: Answer) -> Finding:
    if isinstance(answer.error, SignInFailed):
        return unchecked("network", f"no token for {answer.place}")
    error = answer.error
    if isinstance(error, NetworkRefused):
        return blocker("network", f"{answer.place} lets nobody in from here", *error.details)
    if error is None or answer.token_refused or answer.role_missing:
        return ok("network", f"{answer.place} answers")
    found = of_error("network", error)
    return blocker("network", f"{answer.place}: {found.words}", *found.mend)


def token_scope(scope: str, answers: list[Answer]) -> Finding:
    """Of the accounts; storage has a scope of its own that nobody configures."""
    refused = [answer.place for answer in answers if answer.token_refused]
    if refused:
        other = next(known for known in SCOPES if known != scope)
        return blocker(
            "token scope",
            f"{', '.join(refused)} {'takes' if len(refused) == 1 else 'take'} no token for {scope}",
            "In the stack file, under config, then an up:",
            "  tuned-models:environment:",
            f"    tokenScope: {other}",
        )
    if not any(answer.reached for answer in answers):
        return unchecked("token scope", "no account was reached")
    return ok("token scope", scope)
