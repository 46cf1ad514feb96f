"""What a stack's config asks of its resources: whether people depend on it, where data stays, which keys encrypt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from contract.faults import Faults
from contract.release import ReleaseRecord
from contract.stack_config import StackConfig


@dataclass(frozen=True)
class Demands:
    """By what the rules judge.

    production    application teams depend on the environment
    residency     where data has to stay; None where the environment doesn't say
    own_keys      regions whose accounts and storage are encrypted with customer-managed keys
    weights       names in Azure of the accounts that hold tuned models and have to be protected
    live          by model, the record of what is live
    deployers     who brings the stack up, and so may manage its resource group: object IDs, and names of pipelines
    """

    production: bool
    residency: Literal["region", "dataZone"] | None = None
    own_keys: frozenset[str] = frozenset()
    weights: frozenset[str] = frozenset()
    live: Mapping[str, ReleaseRecord] = field(default_factory=dict)
    deployers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, config: StackConfig) -> Demands:
        protected = config.trains_in() if config.environment.protection == "on" else ()
        return cls(
            production=config.environment.production,
            residency=config.environment.residency,
            own_keys=frozenset(config.encryption),
            weights=frozenset(config.accounts[key].account_name for key in protected),
            live={model: found.live for model, found in sorted(config.releases.items()) if found.live is not None},
            deployers=_deployers(config),
        )

    @classmethod
    def of_pulumi(cls, raw: Mapping[str, str]) -> Demands:
        """Of the config as Pulumi's runtime holds it. A config with faults is judged as production's: the program
        itself reports them and declares nothing, and another program's config says nothing to the contrary."""
        try:
            return cls.of(StackConfig.parse_pulumi(raw))
        except Faults:
            return cls(production=True)


def _deployers(config: StackConfig) -> frozenset[str]:
    people = {each.principal_id.lower() for each in config.access.deployers}
    return frozenset(people | {name for name, each in config.access.pipelines.items() if "deployer" in each.roles})
