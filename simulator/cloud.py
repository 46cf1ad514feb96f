"""Everything this local Azure knows; handlers get it as `request.app.state.cloud`.

The rooms' `models.py` import `Cloud` for their signatures only (under TYPE_CHECKING): here their state is composed.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from simulator.arm.models import ROLE_ASSIGNMENTS, ArmState, Resource
from simulator.clock import Clock
from simulator.entra.models import (
    DEPLOYER,
    OTHER_SUBSCRIPTION_ID,
    SUBSCRIPTION_ID,
    TENANT_ID,
    EntraState,
    ServicePrincipal,
)
from simulator.entra.signing import SigningKey, process_key
from simulator.faults.installed import Faults
from simulator.limits import TUNED_DEPLOYMENTS
from simulator.openai.models import OpenAiState
from simulator.roles import OWNER

_SEED = uuid.UUID("7e57ab1e-0000-5000-8000-000000000000")


@dataclass
class Endpoints:
    """Where the listeners answer, `https://127.0.0.1:port` without a slash; set once they are bound."""

    main: str = "https://127.0.0.1:0"
    blob: str = "https://127.0.0.1:0"

    @property
    def host(self) -> str:
        """Host and port of the main listener."""
        return urlsplit(self.main).netloc


class State(BaseModel):
    """What would be lost with the process, and is kept where a state folder is given."""

    entra: EntraState = Field(default_factory=EntraState)
    arm: ArmState = Field(default_factory=ArmState)
    openai: OpenAiState = Field(default_factory=OpenAiState)


class Cloud:
    """One tenant with two subscriptions, its clock and its state. Whoever names no subscription means the first.

    `new_subscription` refuses base deployments of models in deprecation, as Azure does to subscriptions that never
    deployed them. `tuned_deployments` is how many tuned models an account may deploy: Azure's support raises it.
    `setbacks` counts how often changes were undone because they could not be saved.
    Handlers mutate the state on the server's event loop only; other threads read, or move the clock.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        state: State | None = None,
        endpoints: Endpoints | None = None,
        signing_key: SigningKey | None = None,
        new_subscription: bool = False,
        tuned_deployments: int = TUNED_DEPLOYMENTS,
        tenant_id: str = TENANT_ID,
        subscription_id: str = SUBSCRIPTION_ID,
    ) -> None:
        self.clock = clock or Clock()
        self.endpoints = endpoints or Endpoints()
        self.signing_key = signing_key or process_key()
        self.new_subscription = new_subscription
        self.tuned_deployments = tuned_deployments
        self.tenant_id = tenant_id
        self.subscription_id = subscription_id
        self.subscriptions = (subscription_id, OTHER_SUBSCRIPTION_ID)
        self.faults = Faults(self.clock)
        self.unsaved = state is None
        self.altered = False
        self.setbacks = 0
        owners = [seeded_assignment(self, DEPLOYER, OWNER, each) for each in self.subscriptions]
        if state is None:
            state = State()
        else:
            # One that was kept before there was a second subscription lacks that one's only.
            owners = owners[1:]
        for owner in owners:
            state.arm.resources.setdefault(owner.key, owner)
        self.state = state

    def changed(self) -> None:
        """A handler mutated the state: it is saved before the answer leaves, where it is kept at all."""
        self.unsaved = self.altered = True

    def moved_on(self) -> None:
        """Time did, and would do it again: it is saved if it can be."""
        self.unsaved = True


def seeded_assignment(
    cloud: Cloud, principal: ServicePrincipal, role: str, subscription: str | None = None
) -> Resource:
    """A role assignment on a subscription (the first unless given) that was there before anybody came, as ARM stores
    them."""
    scope = f"/subscriptions/{subscription or cloud.subscription_id}"
    name = str(uuid.uuid5(_SEED, f"{scope}|{principal.object_id}|{role}"))
    now = cloud.clock.now()
    stamp = now.strftime("%Y-%m-%dT%H:%M:%S.0000000Z")
    return Resource(
        id=f"{scope}/providers/{ROLE_ASSIGNMENTS}/{name}",
        type=ROLE_ASSIGNMENTS,
        name=name,
        body={
            "properties": {
                "roleDefinitionId": f"{scope}/providers/Microsoft.Authorization/roleDefinitions/{role}",
                "principalId": principal.object_id,
                "principalType": "ServicePrincipal",
                "scope": scope,
                "condition": None,
                "conditionVersion": None,
                "createdOn": stamp,
                "updatedOn": stamp,
                "createdBy": principal.object_id,
                "updatedBy": principal.object_id,
                "delegatedManagedIdentityResourceId": None,
                "description": None,
            }
        },
        etag=str(uuid.uuid5(_SEED, name)),
        created_at=now,
        changed_at=now,
        created_by=principal.client_id,
        changed_by=principal.client_id,
    )
