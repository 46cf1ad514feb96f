"""Regions this Azure has, by their ARM names and the names people read."""

from __future__ import annotations

from simulator.openai.regions import BASE_DEPLOYMENT, normalised

NAMES = tuple(sorted(BASE_DEPLOYMENT))

_DISPLAYED = {
    "australiaeast": "Australia East",
    "brazilsouth": "Brazil South",
    "canadacentral": "Canada Central",
    "canadaeast": "Canada East",
    "centralus": "Central US",
    "eastus": "East US",
    "eastus2": "East US 2",
    "francecentral": "France Central",
    "germanywestcentral": "Germany West Central",
    "italynorth": "Italy North",
    "japaneast": "Japan East",
    "koreacentral": "Korea Central",
    "northcentralus": "North Central US",
    "norwayeast": "Norway East",
    "polandcentral": "Poland Central",
    "southafricanorth": "South Africa North",
    "southcentralus": "South Central US",
    "southindia": "South India",
    "southeastasia": "Southeast Asia",
    "spaincentral": "Spain Central",
    "swedencentral": "Sweden Central",
    "switzerlandnorth": "Switzerland North",
    "switzerlandwest": "Switzerland West",
    "uaenorth": "UAE North",
    "uksouth": "UK South",
    "westeurope": "West Europe",
    "westus": "West US",
    "westus3": "West US 3",
}

__all__ = ["NAMES", "display_name", "normalised"]


def display_name(location: str) -> str:
    """`swedencentral` → `Sweden Central`; a region that isn't known keeps its name."""
    return _DISPLAYED.get(normalised(location), location)
