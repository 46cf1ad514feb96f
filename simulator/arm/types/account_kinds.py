"""The kind of an account, and what stands in the way of another.

Azure turns an account of kind OpenAI into one of kind AIServices and back, in place; so does Microsoft by itself, to
accounts it has announced it to, which isn't simulated (MicrosoftDocs azure-ai-docs, foundry/how-to,
upgrade-azure-openai.md and upgrade-azure-openai-auto.md, 2026-08).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.arm import cognitive_errors as refuse
from simulator.arm.descriptors import Write
from simulator.arm.models import DEPLOYMENTS, PROJECTS, Resource, resources_of
from simulator.cloud import Cloud

OPENAI = "OpenAI"
FOUNDRY = "AIServices"
KINDS = (OPENAI, FOUNDRY)


def check(write: Write) -> None:
    kind = str(write.body.get("kind") or "")
    if kind not in KINDS:
        raise refuse.kind_invalid(kind)
    account = write.existing
    if account is None or account.body.get("kind") == kind:
        return
    reasons = _against_upgrade(write, account) if kind == FOUNDRY else _against_rollback(write.cloud, account)
    if reason := next(reasons, None):
        raise refuse.kind_change(kind, reason)


def _against_upgrade(write: Write, account: Resource) -> Iterator[str]:
    if not (write.body.get("identity") or account.body.get("identity")):
        yield "a managed identity has to be enabled first"
    if (account.properties.get("encryption") or {}).get("keySource") == "Microsoft.KeyVault":
        yield "accounts with customer-managed keys are upgraded by request only"


def _against_rollback(cloud: Cloud, account: Resource) -> Iterator[str]:
    if resources_of(cloud, PROJECTS, account.id):
        yield "delete its projects first"
    deployments = resources_of(cloud, DEPLOYMENTS, account.id)
    if any(each.properties["model"]["format"] != OPENAI for each in deployments):
        yield "delete its deployments of models that aren't Azure OpenAI's first"
