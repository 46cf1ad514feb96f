"""What no single value of a stack config shows: a module per subject, each a function from the config to its faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.faults import Fault
from contract.rules.access import access_faults
from contract.rules.accounts import account_faults
from contract.rules.content_filters import content_filter_faults
from contract.rules.deployments import deployment_faults
from contract.rules.encryption import encryption_faults
from contract.rules.monitoring import monitoring_faults
from contract.rules.network import network_faults
from contract.rules.pointers import pointer_faults
from contract.rules.prices import price_faults
from contract.rules.references import reference_faults
from contract.rules.regions import region_faults
from contract.rules.releases import release_faults
from contract.rules.tags import tag_faults

if TYPE_CHECKING:
    # Each knows the other: a config is parsed by these rules.
    from contract.stack_config import StackConfig

RULES = (
    access_faults,
    account_faults,
    content_filter_faults,
    deployment_faults,
    encryption_faults,
    monitoring_faults,
    network_faults,
    pointer_faults,
    price_faults,
    reference_faults,
    region_faults,
    release_faults,
    tag_faults,
)


def rule_faults(config: StackConfig) -> list[Fault]:
    """All of them, keys without namespace."""
    return [fault for rule in RULES for fault in rule(config)]
