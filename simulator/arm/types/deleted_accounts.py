"""Microsoft.CognitiveServices/deletedAccounts: what is kept of a deleted account, until it is purged."""

from __future__ import annotations

from simulator.arm import cognitive_errors as refuse
from simulator.arm import versions
from simulator.arm.descriptors import Answer, Body, Call, Special
from simulator.arm.models import DeletedAccount
from simulator.arm.regions import normalised
from simulator.arm.store import stamp
from simulator.arm.types.cognitive_accounts import account_view
from simulator.cloud import Cloud


def _deleted_shown(cloud: Cloud, deleted: DeletedAccount, *, alone: bool) -> Body:
    """A list names the type otherwise than the schema of a single one does; the recording has the former."""
    account = deleted.account
    location, subscription = normalised(account.location), account.id.split("/")[2]
    where = f"/subscriptions/{subscription}/providers/Microsoft.CognitiveServices/locations/{location}"
    shown = account_view(cloud, account)
    shown["properties"] |= {
        "provisioningState": "Succeeded",
        "deletionDate": stamp(deleted.deleted_at),
        "scheduledPurgeDate": stamp(deleted.purge_at),
    }
    type_ = "locations/resourceGroups/deletedAccounts" if alone else "deletedAccounts"
    return {
        "id": f"{where}/resourceGroups/{deleted.group}/deletedAccounts/{account.name}",
        "type": f"Microsoft.CognitiveServices/{type_}",
        "name": account.name,
    } | shown


def _list_deleted(call: Call, _: Body) -> Answer:
    kept, below = call.cloud.state.arm.deleted_accounts, f"/subscriptions/{call.subscription}/".lower()
    found = sorted((each for each in kept if each.account.key.startswith(below)), key=lambda d: d.account.key)
    return Answer(body=[_deleted_shown(call.cloud, deleted, alone=False) for deleted in found])


def _named_deleted(call: Call) -> DeletedAccount | None:
    location, group, name = (each.lower() for each in call.id.names)
    for deleted in call.cloud.state.arm.deleted_accounts:
        if not deleted.account.key.startswith(f"/subscriptions/{call.subscription}/".lower()):
            continue
        known = (normalised(deleted.account.location), deleted.group.lower(), deleted.account.name.lower())
        if known == (normalised(location), group, name):
            return deleted
    return None


def _get_deleted(call: Call, _: Body) -> Answer:
    found = _named_deleted(call)
    if found is None:
        raise refuse.deleted_account_not_found(call.id.name)
    return Answer(body=_deleted_shown(call.cloud, found, alone=True))


def _purge(call: Call, _: Body) -> Answer:
    """Purging answers 200 at once, or 204 where there is nothing: memory."""
    found = _named_deleted(call)
    if found is None:
        return Answer(204)
    call.cloud.state.arm.deleted_accounts.remove(found)
    principal = (found.account.body.get("identity") or {}).get("principalId")
    if principal:
        call.cloud.state.entra.remove(principal)
    call.cloud.changed()
    return Answer(200)


_DELETED = "Microsoft.CognitiveServices/locations/resourceGroups/deletedAccounts"
_ONE = "microsoft.cognitiveservices/locations/*/resourcegroups/*/deletedaccounts/*"
_LIST = "microsoft.cognitiveservices/deletedaccounts"
_V = versions.COGNITIVE_SERVICES

SPECIALS = (
    Special("GET", _LIST, _V, _list_deleted, "Microsoft.CognitiveServices/deletedAccounts/read"),
    Special("GET", _ONE, _V, _get_deleted, f"{_DELETED}/read"),
    Special("DELETE", _ONE, _V, _purge, f"{_DELETED}/delete"),
)
