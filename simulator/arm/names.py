"""Names that are the whole world's: who else has them.

Subdomains, storage accounts and vaults are unique across all of Azure. There is nobody else here, so a rule stands for
everybody else: whatever begins with `taken` belongs to another customer.
"""

from __future__ import annotations

_FOREIGN = "taken"


def is_foreign(name: str) -> bool:
    """Whether a name that must be unique in all of Azure is another customer's."""
    return name.lower().startswith(_FOREIGN)
