"""Azure's regions, by the names that its API takes, and slips of the finger in them.

Microsoft Learn, "Azure regions list" (read 2026-11), those of the sovereign clouds by memory.
"""

from __future__ import annotations

import difflib
import re

PUBLIC = frozenset(
    """
    australiacentral australiacentral2 australiaeast australiasoutheast austriaeast belgiumcentral brazilsouth
    brazilsoutheast canadacentral canadaeast centralindia centralus chilecentral denmarkeast eastasia eastus eastus2
    francecentral francesouth germanynorth germanywestcentral indonesiacentral israelcentral italynorth japaneast
    japanwest jioindiacentral jioindiawest koreacentral koreasouth malaysiawest mexicocentral newzealandnorth
    northcentralus northeurope norwayeast norwaywest polandcentral qatarcentral southafricanorth southafricawest
    southcentralus southeastasia southindia spaincentral swedencentral swedensouth switzerlandnorth switzerlandwest
    taiwannorth taiwannorthwest uaecentral uaenorth uksouth ukwest westcentralus westeurope westindia westus westus2
    westus3
    """.split()  # noqa: SIM905 - a list is read in lines, not one name a line.
)
SOVEREIGN = frozenset(
    """
    chinaeast chinaeast2 chinaeast3 chinanorth chinanorth2 chinanorth3 usdodcentral usdodeast usgovarizona usgovtexas
    usgovvirginia
    """.split()  # noqa: SIM905 - as above.
)
REGIONS = PUBLIC | SOVEREIGN


def meant(region: str) -> str | None:
    """The region that was meant, where this name is none but nearly one.

    None of a name that is like no other: it may be a region that is newer than this list.
    """
    if region in REGIONS:
        return None
    close = difflib.get_close_matches(region, sorted(REGIONS), n=1, cutoff=0.85)
    # Another number is another region, and may well exist.
    return next((each for each in close if re.findall(r"\d", each) == re.findall(r"\d", region)), None)
