"""The directory: one tenant and the service principals in it.

The identifiers and secrets below are fixed and open: they are good for the simulator on this machine only.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from types import MappingProxyType

from pydantic import BaseModel, Field

TENANT_ID = "7e57ab1e-0000-4000-8000-000000000001"
SUBSCRIPTION_ID = "7e57ab1e-0000-4000-8000-00000000005b"
OTHER_SUBSCRIPTION_ID = "7e57ab1e-0000-4000-8000-00000000005c"
"""A second one of the same tenant: an environment is brought up in it by ``azure-native:subscriptionId``."""


class ServicePrincipal(BaseModel):
    """An application's identity in the tenant; one without a secret (a managed identity) gets no token here."""

    name: str
    object_id: str
    client_id: str
    secret: str | None = Field(default=None, repr=False)
    resource: str | None = None
    """What it goes with, by its ID in lower case: a user-assigned identity, or a resource that has its own."""


@dataclass(frozen=True)
class Principal:
    """Who a verified token speaks for."""

    object_id: str
    client_id: str
    name: str


def _seeded(name: str, number: int) -> ServicePrincipal:
    return ServicePrincipal(
        name=name,
        object_id=f"7e57ab1e-0000-4000-8000-0000000001{number:02x}",
        client_id=f"7e57ab1e-0000-4000-8000-0000000002{number:02x}",
        secret=f"local-secret-of-the-{name}",
    )


DEPLOYER = _seeded("deployer", 1)
"""Owner on the subscription; what Pulumi runs as."""
TRAINER = _seeded("trainer", 2)
"""No role until one is assigned; what the jobs run as."""
CALLER = _seeded("caller", 3)
"""No role until one is assigned; the application that asks the models."""
STRANGER = _seeded("stranger", 4)
"""Never any role."""

SEEDED = MappingProxyType({each.name: each for each in (DEPLOYER, TRAINER, CALLER, STRANGER)})


class EntraState(BaseModel):
    """The directory's content: principals by object ID."""

    principals: dict[str, ServicePrincipal] = Field(
        default_factory=lambda: {each.object_id: each.model_copy() for each in SEEDED.values()}
    )

    def by_client_id(self, client_id: str) -> ServicePrincipal | None:
        """The principal of an application; None if the tenant doesn't know it."""
        wanted = client_id.lower()
        return next((each for each in self.principals.values() if each.client_id.lower() == wanted), None)

    def by_object_id(self, object_id: str) -> ServicePrincipal | None:
        """The principal with this object ID, in any case; None if there is none."""
        return self.principals.get(object_id.lower())

    def add_managed_identity(
        self, *, object_id: str, client_id: str, name: str, resource: str | None = None
    ) -> ServicePrincipal:
        """The identity Azure makes for a resource, or as one: it can be given roles, and has no secret."""
        made = ServicePrincipal(name=name, object_id=object_id.lower(), client_id=client_id, resource=resource)
        self.principals[made.object_id] = made
        return made

    def keep_identities_of(self, resources: Collection[str]) -> None:
        """Those whose resource is among `resources` no more go with it."""
        gone = [p.object_id for p in self.principals.values() if p.resource is not None and p.resource not in resources]
        for object_id in gone:
            self.remove(object_id)

    def remove(self, object_id: str) -> None:
        """The principal goes, as a resource's identity does with the resource; unknown ones are gone already."""
        self.principals.pop(object_id.lower(), None)
