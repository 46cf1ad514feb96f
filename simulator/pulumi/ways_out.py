"""Which line of the stack file helps, where Azure's own words don't say it."""

from __future__ import annotations

import re
from collections.abc import Mapping

_WAYS_OUT: Mapping[str, str] = {
    r"DeploymentModelNotSupported: [^\n]*\.ft-": (
        "This local Azure has not trained that model. Take its record out of the stack file's tuned-models:releases, "
        "bring the stack up, and train it here (jobs run MODEL)."
    ),
    r"(?s)FlagMustBeSetForRestore: .*?/resourceGroups/(?P<group>[^/']+)/\S*?/accounts/(?P<name>[^/']+)'": (
        "A deleted account {name} is kept for 48 hours. Two ways out: `restore: true` at this account in the stack "
        "file brings it back, with the models trained in it; or give it up: "
        "`az cognitiveservices account purge --resource-group {group} --name {name} --location <its region>`."
    ),
    r"CanNotRestoreAnActiveResource: .*?/accounts/(?P<name>[^/']+)'": (
        "The account {name} stands. `restore: true` is for the one up that brings it back: take it out of the stack "
        "file, and the up goes on."
    ),
    r"CanNotRestoreANonExistingResource: .*?/accounts/(?P<name>[^/']+)'": (
        "There is no deleted account {name} in this resource group and region: take `restore: true` out of the stack "
        "file, and a new one is made."
    ),
    r"ConflictError: A vault with the same name .*?/vaults/(?P<name>[^/)]+)\)": (
        "A deleted vault {name} is kept for as many days as its softDeleteDays said, and can't be purged before. Two "
        "ways out: `restore: true` beside `vault` brings it back, with its key; or give `vault` another name."
    ),
    r"SoftDeletedVaultDoesNotExist: .*?/vaults/(?P<name>[^/)]+)\)": (
        "There is no deleted vault {name} in this resource group and region: take `restore: true` out of the stack "
        "file, and a new one is made."
    ),
    r"cannot create already existing resource '\S*?/vaults/(?P<name>[^/']+)/keys/": (
        "The key came back with its vault {name}: leave `restore: true` beside `vault` in the stack file."
    ),
    r"cannot create already existing resource '(?!\S*?/vaults/[^/']+/keys/)": (
        "It stands in Azure, and this stack doesn't know of it: docs/import.md brings it under the program."
    ),
    r"ScopeLocked: ": (
        "What is to go is held by a lock of this stack: set `environment.locks: false` with the change and bring the "
        "stack up (again, where it stops at the lock once more); then take that line out and bring it up."
    ),
    r"403 Forbidden: [^\n]*?/keyValues/": (
        "Pointers are written by whoever has App Configuration Data Owner: name who brings the stack up in "
        "`access.deployers`, or bring it up as the pipeline that has the role deployer."
    ),
    r"500 InternalServerError: .*?/deployments/": (
        "Azure answers so, too, where the `format` of an open-weight model isn't its maker's: docs/environments.md has "
        "them at baseDeployments."
    ),
}
"""What a failure says → what to do about it."""


def ways_out(failure: str) -> list[str]:
    """What to do about an up's failure; empty where nothing is known beyond its words."""
    found = ((re.search(pattern, failure), text) for pattern, text in _WAYS_OUT.items())
    return [text.format(**match.groupdict()) for match, text in found if match]
