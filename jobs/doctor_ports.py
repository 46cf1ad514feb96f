"""What ``jobs doctor`` and ``jobs plan`` need from outside, beyond ``jobs.ports``: who we are, ARM, and Pulumi's CLI.

Every method may raise a ``jobs.errors.JobsError``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

PrincipalType = Literal["User", "ServicePrincipal"]


@dataclass(frozen=True)
class Identity:
    """Who a token speaks for: what Entra ID wrote into it. The token itself goes nowhere."""

    kind: str
    """``user``, ``service principal`` or ``managed identity``."""
    principal_type: PrincipalType
    name: str
    """A user's sign-in name, an application's client ID."""
    object_id: str
    tenant_id: str


class SignIn(Protocol):
    """The credential that ``jobs`` would use."""

    def identity(self, scope: str) -> Identity:
        """Whom a token for ``scope`` speaks for."""
        ...


@dataclass(frozen=True)
class Greeting:
    """What ARM tells somebody without a token."""

    answered_at: datetime | None
    """The service's clock."""
    tenant_id: str | None
    """The tenant that the subscription trusts."""


@dataclass(frozen=True)
class Permission:
    """What one role lets the caller do. An action may hold ``*`` for any characters."""

    actions: Sequence[str] = ()
    not_actions: Sequence[str] = ()
    data_actions: Sequence[str] = ()
    not_data_actions: Sequence[str] = ()

    def allows_data(self, action: str) -> bool:
        return _matches(self.data_actions, action) and not _matches(self.not_data_actions, action)


@dataclass(frozen=True)
class Usage:
    """How much of a quota is taken."""

    name: str
    used: float
    limit: float


@dataclass(frozen=True)
class OfferedSku:
    """A SKU on which a model can be deployed. ``usage_name``: of its quota; ``ends``: the day it goes."""

    name: str
    usage_name: str | None = None
    ends: date | None = None


@dataclass(frozen=True)
class OfferedModel:
    """A model that the subscription has in a region. What ARM doesn't tell is None."""

    kind: str
    """Of the accounts that serve it."""
    name: str
    version: str
    lifecycle: str | None = None
    """``Deprecating`` is what the pages call deprecated, ``Deprecated`` what they call retired."""
    fine_tune: bool | None = None
    training_ends: date | None = None
    inference_ends: date | None = None
    skus: tuple[OfferedSku, ...] = ()


@dataclass(frozen=True)
class StandingDeployment:
    """A deployment of an account, as ARM lists it. ``state``: its provisioningState."""

    name: str
    model: str
    sku: str
    capacity: int
    state: str | None = None
    made_at: datetime | None = None

    @property
    def tuned(self) -> bool:
        return ".ft-" in self.model


class ControlPlane(Protocol):
    """ARM, for one subscription."""

    def greeting(self) -> Greeting: ...

    def account_state(self, resource_id: str) -> str:
        """The account's provisioning state."""
        ...

    def permissions(self, resource_id: str) -> list[Permission]:
        """What the caller may do with the resource, by roles given there or above, to it or to its groups."""
        ...

    def usages(self, location: str) -> list[Usage]:
        """The region's quotas of Cognitive Services."""
        ...

    def models(self, location: str) -> list[OfferedModel]:
        """The region's models, one per kind of account."""
        ...

    def deployments(self, resource_id: str) -> list[StandingDeployment]:
        """The account's."""
        ...


class PulumiCli(Protocol):
    """The Pulumi CLI, where there is one."""

    def version(self) -> str | None:
        """None where there is no ``pulumi`` on PATH."""
        ...

    def login(self) -> str:
        """Who is logged in, and to which backend."""
        ...

    def has_plugin(self, name: str, version: str) -> bool: ...


def _matches(patterns: Sequence[str], action: str) -> bool:
    return any(
        re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), action, re.IGNORECASE) for pattern in patterns
    )
