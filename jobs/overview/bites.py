"""What will bite in one stack.

A tuned model's deployment is deleted once it was not called for more than 15 days; the model stays, and can be deployed
again (MicrosoftDocs azure-ai-docs, fine-tune.md). One on DeveloperTier goes 24 hours after it was made, whatever its
use (concepts-deployment-types-content.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from contract.evaluation import lack
from contract.outputs import StackOutputs
from jobs.overview.bite import Bite, Kind, Urgency
from jobs.overview.ending import endings
from jobs.overview.places import Place
from jobs.overview.room import rooms
from jobs.overview.seen import Seen, Unseen
from jobs.releases.status import Standing

IDLE = timedelta(days=15)
DEVELOPER = timedelta(hours=24)
_IDLE_SOON = timedelta(days=5)
"""Before it happens: a working week."""
_IDLE_NOW = timedelta(days=1)
_READY = "Succeeded"
_ON_THE_WAY = ("Accepted", "Creating", "Moving")


def bites_of_unseen(unseen: Unseen) -> list[Bite]:
    """A stack that was never brought up needs nobody."""
    urgency: Urgency = "later" if unseen.never_up else "now"
    words, person = f"not looked at: {unseen.why}", not unseen.never_up
    return [Bite(urgency, "unread", unseen.stack, words, person, command=unseen.error.next_command)]


def bites(seen: Seen, found: Sequence[Place], elsewhere: Collection[tuple[str, str]] = ()) -> list[Bite]:
    """Of all kinds, in no order. ``elsewhere``: what other environments have deployed, as ``deployed`` gives it."""
    return [
        *(bite for place in found for bite in _of_place(seen, place)),
        *_untrained(seen, found),
        *_ups(seen, found),
        *_evaluations(seen, found),
        *_strays(seen, elsewhere),
        *endings(seen, found),
        *rooms(seen),
        *_unpriced(seen, found),
        *_blind(seen),
        *_unknown(seen),
    ]


def _of_place(seen: Seen, place: Place) -> Iterator[Bite]:
    if place.deployment is None or place.account is None:
        return
    say = partial(Bite, stack=seen.stack, model=place.model)
    # What serves callers, or is to be tried next: that a previous one is gone, an up mends unasked.
    person = place.role in ("live", "spillover", "candidate")
    what = f"{place.model}: {place.role} {place.deployment} in {place.account}"
    up, verify = f"pulumi up -s {seen.stack}", f"jobs verify -s {seen.stack}"
    developer = place.sku is not None and place.sku.name == "DeveloperTier"
    if place.there is False and place.standing is not Standing.TO_REMOVE:
        # That a candidate on DeveloperTier goes after a day is what it was chosen for.
        person = person and not (developer and place.role == "candidate")
        urgency: Urgency = "now" if place.role in ("live", "spillover") else "soon" if person else "later"
        words = f"{what} is gone; {_by_whom(seen, place)}; an up makes it again"
        yield say(urgency, "gone", words=words, person=person, command=up)
        return
    if place.readiness is not None and place.readiness != _READY:
        on_its_way = place.readiness in _ON_THE_WAY
        words = f"{what} is {place.readiness}{', not yet ready' if on_its_way else ': nobody is answered there'}"
        urgency = "later" if on_its_way else "now" if person else "soon"
        yield say(
            urgency, "notReady", words=words, person=person and not on_its_way, command=verify if on_its_way else up
        )
    if developer:
        yield _developer(seen, place, what, person=place.role == "live", up=up)
    elif (since := _idle_since(seen, place)) is not None and since + IDLE - seen.at <= _IDLE_SOON:
        due = since + IDLE
        urgency = "now" if person and due - seen.at <= _IDLE_NOW else "soon" if person else "later"
        when = "any time now" if due <= seen.at else f"by {due:%Y-%m-%d %H:%M} UTC"
        words = f"{what} was not called for {(seen.at - since).days} days: Azure deletes it {when}, after 15"
        yield say(urgency, "idle", words=words, person=person, due=due, command=verify if person else None)


def _developer(seen: Seen, place: Place, what: str, *, person: bool, up: str) -> Bite:
    due = place.made_at + DEVELOPER if place.made_at is not None else None
    when = "24 hours after it was made" if due is None else f"by {due:%Y-%m-%d %H:%M} UTC"
    urgency: Urgency = (
        "now" if person else "soon" if due is not None and due - seen.at < timedelta(hours=6) else "later"
    )
    words = f"{what} is on DeveloperTier: Azure deletes it {when}, whatever its use; an up makes it again"
    return Bite(urgency, "developer", seen.stack, words, person, place.model, due, up if person else None)


def _idle_since(seen: Seen, place: Place) -> datetime | None:
    """Since when nobody called it; None where that isn't known."""
    if not place.called or place.there is not True:
        return None
    # A call before it was made was one of a deployment that had its name.
    known = [moment for moment in (place.last_call or seen.calls_since, place.made_at) if moment is not None]
    return max(known, default=None)


def _by_whom(seen: Seen, place: Place) -> str:
    """Who deleted it, as far as the activity log says. How Azure logs what it deletes by itself, no page says: a caller
    who is neither a person nor an application, or no event at all (memory)."""
    told = seen.deletions_of(place.account or "", place.deployment or "")
    if told.found:
        newest = told.found[0]
        at = f"{newest.at:%Y-%m-%d %H:%M} UTC"
        if is_platform(newest.caller):
            why = "24 hours" if place.sku is not None and place.sku.name == "DeveloperTier" else "15 idle days"
            return f"Azure deleted it by itself {at}, as it does after {why}"
        return f"{newest.caller} deleted it {at}"
    if told.found is None:
        return f"who deleted it is not known: {told.why_not}"
    return "the activity log of 90 days names nobody, as where Azure deletes by itself"


def is_platform(caller: str) -> bool:
    """Neither a person's sign-in name nor an application's ID: a service by its name, or nobody."""
    return "@" not in caller and caller.count("-") != 4


def _untrained(seen: Seen, found: Sequence[Place]) -> Iterator[Bite]:
    for place in found:
        if place.standing is Standing.NOTHING:
            words = f"{place.model} is declared, and nothing of it is recorded"
            yield Bite("later", "untrained", seen.stack, words, person=False, model=place.model, command=place.command)


def _ups(seen: Seen, found: Sequence[Place]) -> Iterator[Bite]:
    """One for each model and direction."""
    kinds: dict[Standing, str] = {
        Standing.TO_DEPLOY: "is in the stack file, and not up yet",
        Standing.TO_MOVE: "is served in another role than the stack file says",
        Standing.TO_REMOVE: "is still deployed, though the stack file asks for it no more",
    }
    said: set[tuple[str, str]] = set()
    for place in found:
        words = kinds.get(place.standing)
        if words is None or place.role == "spillover":
            continue
        who = f"{place.model}: {place.role} {place.model_id} {words}"
        if (place.model, who) not in said:
            said.add((place.model, who))
            kind: Kind = "stray" if place.standing is Standing.TO_REMOVE else "up"
            yield Bite("soon", kind, seen.stack, who, person=True, model=place.model, command=place.command)


def _evaluations(seen: Seen, found: Sequence[Place]) -> Iterator[Bite]:
    for place in {place.model: place for place in found if place.role == "live"}.values():
        record = place.record
        why = lack(record) if record is not None else None
        if record is not None and record.override is not None:
            by = f"{record.override.by}, {record.override.at}: {record.override.reason}"
            # What has passed, but not against what was live, is overridden too.
            words = f"{place.model}: live by an override ({by}){f', for {why}' if why is not None else ''}"
            yield Bite("later", "overridden", seen.stack, words, person=False, model=place.model)
        elif why is not None:
            # What is live is not evaluated where it stands.
            command = f'jobs release {place.model} -s {seen.stack} --override "why"'
            words = f"{place.model}: no up serves the live model as it is recorded: {why}"
            yield Bite("soon", "notEvaluated", seen.stack, words, person=True, model=place.model, command=command)


def deployed(seen: Seen) -> set[tuple[str, str]]:
    """What the stack has deployed, as its outputs say: the account's ID and the name, both in lower case."""
    return {
        (account.id.lower(), name)
        for key, account in seen.outputs.accounts.items()
        for name in _known_names(seen.outputs, key)
    }


def _strays(seen: Seen, elsewhere: Collection[tuple[str, str]]) -> Iterator[Bite]:
    """Tuned deployments of the stack's accounts that neither the outputs nor the file know: they cost money.

    In an account that is not of the stack's resource group they may be its owner's.
    """
    ours, group = {*deployed(seen), *elsewhere}, seen.outputs.resource_group_name
    for key, account in sorted(seen.outputs.accounts.items()):
        theirs = f"/resourcegroups/{group}/".lower() not in account.id.lower()
        for name, standing in sorted((seen.deployments_of(key).found or {}).items()):
            if not standing.tuned or (account.id.lower(), name) in ours:
                continue
            words = (
                f"{standing.name} in {key} serves {standing.model} on {standing.sku}, and not by this stack's config"
            )
            if theirs:
                words = f"{words}: the account is not of its resource group, and its owner may need it"
                yield Bite("later", "stray", seen.stack, words, person=False)
                continue
            command = (
                f"az cognitiveservices account deployment delete --name {account.name} "
                f"--resource-group {group} --deployment-name {standing.name}"
            )
            words = f"{words}: made by hand, left over, or of an environment that was not looked at"
            yield Bite("soon", "stray", seen.stack, words, person=True, command=command)


def _known_names(outputs: StackOutputs, key: str) -> set[str]:
    named = set(outputs.accounts[key].deployments)
    for output in outputs.models.values():
        for served in (output.live, output.candidate, *output.previous):
            if served is not None:
                named |= {
                    name for each in (served.deployments, served.spillover) for at, name in each.items() if at == key
                }
    return {name.lower() for name in named}


def _unpriced(seen: Seen, found: Sequence[Place]) -> Iterator[Bite]:
    unknown = {each.hosting.price.key for each in found if each.hosting is not None and each.hosting.per_hour is None}
    for key in sorted(unknown):
        words = f"what hosting costs is not known whole: set tuned-models:prices.{key} in the stack file"
        yield Bite("later", "price", seen.stack, words, person=False)


def _blind(seen: Seen) -> Iterator[Bite]:
    """Accounts of which nobody could have told what stands: as bad as an environment that could not be looked at."""
    for key, told in seen.deployments.items():
        if told.blind:
            words = f"account {key} not looked at: {told.why_not}"
            yield Bite("now", "unread", seen.stack, words, person=True, command=f"jobs doctor -s {seen.stack}")


def _unknown(seen: Seen) -> Iterator[Bite]:
    """What nobody could tell: once for each way to mend it, and not what is said as ``_blind``."""
    said = {told.why_not for told in seen.deployments.values() if told.blind}
    whys: dict[str, list[str]] = {}
    for told in (told for part in (seen.deployments, seen.calls, seen.usages) for told in part.values()):
        if told.found is None and told.why_not not in said:
            whys.setdefault(told.mend or "", []).append(told.why_not)
    for mend, why in whys.items():
        words = f"not known: {'; '.join(dict.fromkeys(why))}{f'. {mend}' if mend else ''}"
        yield Bite("later", "notKnown", seen.stack, words, person=False)
