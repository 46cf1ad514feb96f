"""From where data planes answer: what accounts, storage and vaults have in common."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_azure_native import cognitiveservices

from contract.config.network import Network


@dataclass(frozen=True)
class NetworkRules:
    """Whom a data plane answers, before any token is looked at."""

    public_access: bool = True
    """Whether it answers from outside of private endpoints at all."""
    everybody: bool = True
    """Whether it answers callers that no rule names."""
    ip_rules: tuple[str, ...] = ()
    subnets: tuple[str, ...] = ()
    trusted_services: bool = True
    """Whether Azure's trusted services pass, whatever the rules say."""

    @property
    def public_network_access(self) -> str:
        return "Enabled" if self.public_access else "Disabled"

    @property
    def default_action(self) -> str:
        return "Allow" if self.everybody else "Deny"

    @property
    def bypass(self) -> str:
        return "AzureServices" if self.trusted_services else "None"


def network_rules(network: Network) -> NetworkRules:
    """What the section ``network`` says of every data plane."""
    return NetworkRules(
        public_access=network.mode != "private",
        everybody=network.mode == "public",
        ip_rules=network.ip_rules,
        subnets=network.subnets,
        trusted_services=network.trusted_services,
    )


def account_acls(rules: NetworkRules) -> cognitiveservices.NetworkRuleSetArgs:
    """An account's part of them."""
    return cognitiveservices.NetworkRuleSetArgs(
        default_action=cognitiveservices.NetworkRuleAction(rules.default_action),
        # Trusted services have nothing to pass where everybody is let in.
        bypass=None if rules.everybody else rules.bypass,
        ip_rules=[cognitiveservices.IpRuleArgs(value=rule) for rule in rules.ip_rules],
        virtual_network_rules=[cognitiveservices.VirtualNetworkRuleArgs(id=subnet) for subnet in rules.subnets],
    )
