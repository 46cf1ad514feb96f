"""Values that a stack file holds encrypted (`secure:`, or a secret of an imported environment)."""

from __future__ import annotations

from collections.abc import Iterable

from contract.faults import Fault
from contract.stack_config import NAMESPACE

REFUSED = (
    "is a secret (`secure:`), and no key here holds one: names, sizes and IDs come out as plain text in outputs, in "
    "state and in Azure. Write it as it is"
)


def faults(secret_keys: Iterable[str]) -> list[Fault]:
    """One for each of this project's keys, by full key. Their values are looked at by nobody, so that none is shown."""
    return [Fault(key, REFUSED) for key in sorted(secret_keys) if key.startswith(f"{NAMESPACE}:")]
