"""Locks on what must not be deleted by hand.

A lock holds for all that is below its scope: containers, diagnostic settings and role assignments too (Microsoft
Learn, "Lock your resources to protect your infrastructure"). So accounts are not locked, since the program deletes
deployments in them; they are protected in Pulumi instead. And to take a role on a locked resource from somebody, the
lock goes first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import authorization

LOCK = "tuned-models"
NOTES = "Made by the stack's program: environment.locks in its stack file says whether it stands."


@dataclass(frozen=True)
class LocksArgs:
    scopes: Mapping[str, pulumi.Input[str]]
    """By name in this stack: the resource's ID."""
    inside: Sequence[pulumi.Resource]
    """What is declared on or in these scopes: made before the locks, and deleted after them."""


class Locks(pulumi.ComponentResource):
    """A lock against deletion per scope."""

    def __init__(self, name: str, args: LocksArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tuned-models:index:Locks", name, None, opts)
        for key, scope in args.scopes.items():
            authorization.ManagementLockByScope(
                f"{name}/{key}",
                lock_name=LOCK,
                scope=scope,
                level=authorization.LockLevel.CAN_NOT_DELETE,
                notes=NOTES,
                opts=pulumi.ResourceOptions(parent=self, depends_on=list(args.inside)),
            )
        self.register_outputs({})
