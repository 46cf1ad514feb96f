"""Regions, by their ARM names (lower case, no blanks), and what they offer.

Source, where none is named: MicrosoftDocs azure-ai-docs, foundry/openai/includes/
fine-tune-global-training-regions.md and fine-tune-models.md, 2026-10.
"""

from __future__ import annotations

GLOBAL_TRAINING = frozenset(
    {
        "australiaeast",
        "brazilsouth",
        "canadacentral",
        "canadaeast",
        "eastus",
        "eastus2",
        "francecentral",
        "germanywestcentral",
        "italynorth",
        "japaneast",
        "koreacentral",
        "northcentralus",
        "norwayeast",
        "polandcentral",
        "southafricanorth",
        "southcentralus",
        "southindia",
        "southeastasia",
        "spaincentral",
        "swedencentral",
        "switzerlandnorth",
        "switzerlandwest",
        "uaenorth",
        "uksouth",
        "westeurope",
        "westus",
        "westus3",
    }
)
OPENAI_GLOBAL_TRAINING = GLOBAL_TRAINING - {"uaenorth"}
"""uaenorth trains newer open-weight models only."""
US = frozenset({"centralus", "eastus", "eastus2", "northcentralus", "southcentralus", "westus", "westus3"})
"""Regions of the US data zone. Source: memory."""
BASE_DEPLOYMENT = GLOBAL_TRAINING | US
"""Where base models are deployed: every one everywhere, which is kinder than Azure is. Source: memory."""


def normalised(location: str) -> str:
    """`Sweden Central` → `swedencentral`."""
    return location.replace(" ", "").lower()
