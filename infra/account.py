"""The Azure OpenAI account, where models are trained and served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_azure_native import cognitiveservices, managedidentity
from pulumi_azure_native.cognitiveservices import outputs as azure

from contract.resource_id import ResourceId
from infra.customer_key import CustomerKey, account_encryption
from infra.network_rules import NetworkRules, account_acls

OPENAI_ENDPOINT = "OpenAI Language Model Instance API"
"""How ARM names the OpenAI endpoint among an account's ``properties.endpoints``; as Azure's samples read it."""


@dataclass(frozen=True)
class Project:
    """A Foundry project."""

    display_name: str | None = None
    description: str | None = None


@dataclass(frozen=True)
class AccountArgs:
    resource_group_name: pulumi.Input[str]
    account_name: str
    location: str
    kind: str
    """``OpenAI``, or ``AIServices`` (Foundry)."""
    subdomain: str
    """The custom subdomain: without one, Azure refuses Entra tokens. It can't be changed later."""
    network: NetworkRules
    encryption: CustomerKey | None = None
    """The key it is encrypted with; Microsoft's where there is none."""
    own_identity: bool = True
    """Whether its identity is system-assigned; user-assigned otherwise."""
    identity_id: str | None = None
    """The user-assigned identity to take; one is made where there is none."""
    restore: bool = False
    """Whether the soft-deleted account of this name is brought back in its place."""
    projects: Mapping[str, Project] = field(default_factory=dict)
    protected: bool = False
    """Whether Pulumi refuses to delete it, and leaves it in Azure even where it is told to forget it."""


class Account(pulumi.ComponentResource):
    """One account with an identity, reached by tokens only: its keys are turned off."""

    account_id: pulumi.Output[str]
    account_name: pulumi.Output[str]
    resource_group_name: pulumi.Output[str]
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
            identity=self._identity(name, args),
            properties=cognitiveservices.AccountPropertiesArgs(
                custom_sub_domain_name=args.subdomain,
                disable_local_auth=True,
                # What makes it one of Foundry: on an account of kind OpenAI the change of both is the upgrade
                # (MicrosoftDocs azure-ai-docs, foundry/how-to/upgrade-azure-openai.md).
                allow_project_management=True if args.kind == "AIServices" else None,
                # Stands in what is sent only where it is asked for: Azure refuses to restore what is there.
                restore=True if args.restore else None,
                public_network_access=args.network.public_network_access,
                network_acls=account_acls(args.network),
                encryption=account_encryption(args.encryption),
            ),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.protected,
                retain_on_delete=args.protected,
                depends_on=[args.encryption.granted] if args.encryption else None,
            ),
        )
        self.account_id = account.id
        self.account_name = account.name
        self.resource_group_name = pulumi.Output.from_input(args.resource_group_name)
        self.endpoint = account.properties.apply(openai_endpoint)
        self.location = args.location
        self.kind = args.kind
        self._projects(name, args, account)
        self.register_outputs(
            {"accountId": self.account_id, "accountName": self.account_name, "endpoint": self.endpoint}
        )

    def _identity(self, name: str, args: AccountArgs) -> cognitiveservices.IdentityArgs:
        # The one that may use the key is the account's as well.
        for_key = [args.encryption.identity_id] if args.encryption else []
        kinds = cognitiveservices.ResourceIdentityType
        if args.own_identity:
            return cognitiveservices.IdentityArgs(
                type=kinds.SYSTEM_ASSIGNED_USER_ASSIGNED if for_key else kinds.SYSTEM_ASSIGNED,
                user_assigned_identities=for_key or None,
            )
        taken: pulumi.Input[str] | None = args.identity_id
        if taken is None:
            taken = managedidentity.UserAssignedIdentity(
                f"{name}-identity",
                resource_name_=f"{args.account_name}-identity",
                resource_group_name=args.resource_group_name,
                location=args.location,
                opts=pulumi.ResourceOptions(parent=self),
            ).id
        return cognitiveservices.IdentityArgs(type=kinds.USER_ASSIGNED, user_assigned_identities=[taken, *for_key])

    def _projects(self, name: str, args: AccountArgs, account: cognitiveservices.Account) -> None:
        """Each depends on all earlier ones: an account's children change one at a time, as its deployments do."""
        earlier: list[pulumi.Resource] = []
        for key, project in sorted(args.projects.items()):
            earlier.append(
                cognitiveservices.Project(
                    f"{name}/{key}",
                    project_name=key,
                    account_name=account.name,
                    resource_group_name=args.resource_group_name,
                    location=args.location,
                    identity=cognitiveservices.IdentityArgs(
                        type=cognitiveservices.ResourceIdentityType.SYSTEM_ASSIGNED
                    ),
                    properties=cognitiveservices.ProjectPropertiesArgs(
                        display_name=project.display_name, description=project.description
                    ),
                    opts=pulumi.ResourceOptions(parent=self, depends_on=list(earlier)),
                )
            )


@dataclass(frozen=True)
class ExistingAccountArgs:
    resource_id: str
    location: str
    kind: str
    subscription_id: pulumi.Input[str]
    """Where this stack's resources are made: the account's deployments too."""


class ExistingAccount(pulumi.ComponentResource):
    """An account that another team owns: read, and never changed. Its deployments are managed here."""

    account_id: pulumi.Output[str]
    account_name: pulumi.Output[str]
    resource_group_name: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    location: str
    kind: str

    def __init__(self, name: str, args: ExistingAccountArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tuned-models:index:ExistingAccount", name, None, opts)
        account = cognitiveservices.Account.get(
            f"{name}-account", args.resource_id, opts=pulumi.ResourceOptions(parent=self)
        )
        self.account_id = account.id
        self.account_name = account.name
        self.resource_group_name = pulumi.Output.from_input(args.subscription_id).apply(
            lambda subscription_id: group_of(args.resource_id, subscription_id)
        )
        self.endpoint = account.properties.apply(openai_endpoint)
        self.location = args.location
        self.kind = args.kind
        self.register_outputs({"accountId": self.account_id, "endpoint": self.endpoint})


def group_of(resource_id: str, subscription_id: str) -> str:
    """The resource group of an account in this subscription. Raises pulumi.RunError for one in another.

    Deployments are made by group and name in the stack's own subscription: there it would be another account.
    """
    found = ResourceId.parse(resource_id)
    if found.subscription.lower() != subscription_id.lower():
        raise pulumi.RunError(
            f"{resource_id} is in another subscription than this stack ({subscription_id}): its deployments can't be "
            "managed from here; bring up a stack of its own in that subscription"
        )
    return found.group


def openai_endpoint(properties: azure.AccountPropertiesResponse) -> str:
    """The endpoint that speaks OpenAI's protocol. A Foundry account's ``endpoint`` is another one."""
    named = (properties.endpoints or {}).get(OPENAI_ENDPOINT)
    return named or properties.endpoint
