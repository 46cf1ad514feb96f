"""The Azure OpenAI account, where models are trained and served."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import cognitiveservices
from pulumi_azure_native.cognitiveservices import outputs as azure

OPENAI_ENDPOINT = "OpenAI Language Model Instance API"
"""How ARM names the OpenAI endpoint among an account's ``properties.endpoints``; as Azure's samples read it."""


@dataclass(frozen=True)
class AccountArgs:
    resource_group_name: pulumi.Input[str]
    account_name: str
    location: str
    kind: str
    """``OpenAI``, or ``AIServices`` (Foundry)."""
    subdomain: str
    """The custom subdomain: without one, Azure refuses Entra tokens. It can't be changed later."""


class Account(pulumi.ComponentResource):
    """One account with an identity of its own, reached by tokens only: its keys are turned off."""

    account_id: pulumi.Output[str]
    account_name: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    """Where its OpenAI data plane answers; ends with ``/``."""
    location: str
    kind: str

    def __init__(self, name: str, args: AccountArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tuned-models:index:Account", name, None, opts)
        account = cognitiveservices.Account(
            f"{name}-account",
            account_name=args.account_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            kind=args.kind,
            sku=cognitiveservices.SkuArgs(name="S0"),
            identity=cognitiveservices.IdentityArgs(type=cognitiveservices.ResourceIdentityType.SYSTEM_ASSIGNED),
            properties=cognitiveservices.AccountPropertiesArgs(
                custom_sub_domain_name=args.subdomain,
                disable_local_auth=True,
                public_network_access=cognitiveservices.PublicNetworkAccess.ENABLED,
                network_acls=cognitiveservices.NetworkRuleSetArgs(
                    default_action=cognitiveservices.NetworkRuleAction.ALLOW, ip_rules=[], virtual_network_rules=[]
                ),
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.account_id = account.id
        self.account_name = account.name
        self.endpoint = account.properties.apply(openai_endpoint)
        self.location = args.location
        self.kind = args.kind
        self.register_outputs(
            {"accountId": self.account_id, "accountName": self.account_name, "endpoint": self.endpoint}
        )


def openai_endpoint(properties: azure.AccountPropertiesResponse) -> str:
    """The endpoint that speaks OpenAI's protocol. A Foundry account's ``endpoint`` is another one."""
    named = (properties.endpoints or {}).get(OPENAI_ENDPOINT)
    return named or properties.endpoint
