"""All checks, in the order in which people mend. Each runs even where another failed, unless it needs what that has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from urllib.parse import urlsplit

from contract.outputs import AccountOutput, StackOutputs
from jobs.doctor import quota, reach, sign_in
from jobs.doctor.finding import Finding, of_error, ok, unchecked, warn
from jobs.doctor.reach import Answer
from jobs.doctor.roles import STORES, TRAINS, Place, Whose, roles
from jobs.doctor_ports import ControlPlane, Greeting, Identity, Permission, SignIn
from jobs.errors import JobsError, ServiceRefused
from jobs.ports import Blobs, Clock, FineTuning, Stack

T = TypeVar("T")
_SIGNED_IN = ("subscription", "network", "token scope", "roles", "limits", "quota")
"""What is asked for with a token."""


class Around(Protocol):
    """What the checks look at."""

    @property
    def stack(self) -> Stack: ...

    @property
    def clock(self) -> Clock: ...

    def sign_in(self, authority: str | None) -> SignIn: ...

    def control_plane(self, outputs: StackOutputs) -> ControlPlane: ...

    def fine_tuning(self, outputs: StackOutputs, account: AccountOutput) -> FineTuning: ...

    def blobs(self, outputs: StackOutputs, use: str) -> Blobs: ...


@dataclass(frozen=True)
class Examination:
    """One stack, looked at.

    up      the command that brings it up
    bases   by model, the base that its tune.yaml names; None where that can't be read
    """

    around: Around
    up: str
    bases: Callable[[StackOutputs], Mapping[str, str | None]]

    def findings(self) -> Iterator[Finding]:
        """As they are found."""
        read = _tried("outputs", self.around.stack.outputs, _readable)
        yield read.finding
        outputs = read.found
        authority = outputs.environment.authority if outputs else None
        scope = outputs.environment.token_scope if outputs else reach.SCOPES[0]
        signed_in = _tried("credential", lambda: self.around.sign_in(authority).identity(scope), sign_in.credential)
        yield signed_in.finding
        if outputs is None:
            for what in ("clock", *_SIGNED_IN):
                yield unchecked(what, "the stack's outputs say where")
            return
        plane = self.around.control_plane(outputs)
        greeted = _tried("clock", plane.greeting, lambda found: sign_in.clock(found, self.around.clock.now()))
        yield greeted.finding
        if signed_in.found is None:
            for what in _SIGNED_IN:
                yield unchecked(what, "nobody is signed in")
            return
        yield _subscription(outputs, plane, greeted.found, signed_in.found)
        yield from self._of_data_planes(outputs, plane, signed_in.found)
        yield from self._quota(outputs, plane)

    def _of_data_planes(self, outputs: StackOutputs, plane: ControlPlane, identity: Identity) -> Iterator[Finding]:
        answers = {key: self._answer(outputs, key, account) for key, account in outputs.accounts.items()}
        stored = self._storage(outputs)
        for answer in (*answers.values(), stored):
            yield reach.network(answer)
        yield reach.token_scope(outputs.environment.token_scope, list(answers.values()))
        whose = Whose(identity, self.around.stack.name, self.up)
        for place, answer in _places(outputs, answers, stored):
            yield roles(place, _permissions(plane, place), answer, whose)
        for key in sorted({model.train_in for model in outputs.models.values()} & set(answers)):
            yield self._room(outputs, key, answers[key])

    def _answer(self, outputs: StackOutputs, key: str, account: AccountOutput) -> Answer:
        def look() -> None:
            next(self.around.fine_tuning(outputs, account).jobs(), None)

        return Answer(f"account {key}", _error(look))

    def _storage(self, outputs: StackOutputs) -> Answer:
        return Answer("storage", _error(lambda: self.around.blobs(outputs, "datasets").look()))

    def _quota(self, outputs: StackOutputs, plane: ControlPlane) -> Iterator[Finding]:
        bases = self.bases(outputs)
        for location in sorted({account.location for account in outputs.accounts.values()} if bases else ()):
            try:
                usages = plane.usages(location)
            except JobsError as error:
                code = f" ({error.code})" if error.code else ""
                yield unchecked(
                    "quota",
                    f"{error.what}{code}",
                    "Who has Cognitive Services Usages Reader on the subscription can look: "
                    f"az cognitiveservices usage list --location {location}",
                )
            else:
                yield from quota.capacity(location, usages, outputs, bases)

    def _room(self, outputs: StackOutputs, key: str, answer: Answer) -> Finding:
        if answer.error is not None:
            return unchecked("limits", f"account {key} let nobody in")
        service = self.around.fine_tuning(outputs, outputs.accounts[key])
        try:
            return quota.room(key, service.files(), service.jobs())
        except JobsError as error:
            return of_error("limits", error)


def _subscription(outputs: StackOutputs, plane: ControlPlane, greeting: Greeting | None, identity: Identity) -> Finding:
    """Whether ARM shows this identity the stack's accounts."""
    if greeting is not None and (wrong := sign_in.tenant(outputs.subscription_id, greeting, identity)) is not None:
        return wrong
    for key, account in outputs.accounts.items():
        try:
            state = plane.account_state(account.id)
        except ServiceRefused as error:
            if error.status == 403:
                return warn("subscription", f"{outputs.subscription_id} answers, and does not show account {key}")
            return of_error("subscription", error)
        except JobsError as error:
            return of_error("subscription", error)
        if state != "Succeeded":
            return warn("subscription", f"account {key} is {state}", "Wait until it is done, and look again.")
    return ok("subscription", f"{outputs.subscription_id}, its accounts are there")


def _places(outputs: StackOutputs, answers: Mapping[str, Answer], stored: Answer) -> Iterator[tuple[Place, Answer]]:
    group = f"/subscriptions/{outputs.subscription_id}/resourceGroups/{outputs.resource_group_name}"
    for key, account in outputs.accounts.items():
        own = account.id.lower().startswith(f"{group.lower()}/")
        yield Place(f"account {key}", account.id, TRAINS, own), answers[key]
    storage = f"{group}/providers/Microsoft.Storage/storageAccounts/{_storage_name(outputs.storage.blob_endpoint)}"
    yield Place("storage", storage, STORES), stored


def _storage_name(blob_endpoint: str) -> str:
    """``contosodev`` of ``https://contosodev.blob.core.windows.net/``; of an address with a path, its first part."""
    parts = urlsplit(blob_endpoint)
    return parts.path.strip("/").partition("/")[0] or (parts.hostname or "").partition(".")[0]


def _permissions(plane: ControlPlane, place: Place) -> list[Permission] | None:
    try:
        return plane.permissions(place.resource_id)
    except JobsError:
        # Whatever it was, the data plane's answer says more.
        return None


def _readable(outputs: StackOutputs) -> Finding:
    return ok("outputs", f"readable, of schema {outputs.schema_version}")


@dataclass(frozen=True)
class _Looked(Generic[T]):
    """What was found, if anything was, and what there is to tell of it."""

    found: T | None
    finding: Finding


def _tried(what: str, look: Callable[[], T], tell: Callable[[T], Finding]) -> _Looked[T]:
    """An error is told as what is in the way."""
    try:
        found = look()
    except JobsError as error:
        return _Looked(None, of_error(what, error))
    return _Looked(found, tell(found))


def _error(look: Callable[[], None]) -> JobsError | None:
    try:
        look()
    except JobsError as error:
        return error
    return None
