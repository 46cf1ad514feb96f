"""The rules, a module per subject."""

from __future__ import annotations

from policy.rule import Rule, StackRule
from policy.rules.access import NARROW_ROLES
from policy.rules.authentication import NO_LOCAL_AUTH
from policy.rules.encryption import OWN_KEYS, VAULTS_PURGE_PROTECTED
from policy.rules.models import LIVE_EVALUATED, PINNED_VERSIONS, WEIGHTS_PROTECTED
from policy.rules.network import NO_PUBLIC_NETWORK
from policy.rules.operations import ALERTS_PRESENT, TAGS_PRESENT
from policy.rules.residency import DATA_STAYS, TRAINING_STAYS
from policy.rules.storage import STORAGE_CLOSED

RULES: tuple[Rule | StackRule, ...] = (
    NO_LOCAL_AUTH,
    NO_PUBLIC_NETWORK,
    STORAGE_CLOSED,
    OWN_KEYS,
    VAULTS_PURGE_PROTECTED,
    PINNED_VERSIONS,
    DATA_STAYS,
    TRAINING_STAYS,
    WEIGHTS_PROTECTED,
    NARROW_ROLES,
    ALERTS_PRESENT,
    TAGS_PRESENT,
    LIVE_EVALUATED,
)
