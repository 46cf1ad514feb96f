"""Who may do what: principals that stand twice, and pipelines whose identity Azure would refuse or mix up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from contract.config.access import Access
from contract.faults import Fault

if TYPE_CHECKING:
    # Each knows the other: a config is parsed by these rules.
    from contract.stack_config import StackConfig

GROUPS = ("trainers", "callers", "operators", "deployers")


def access_faults(config: StackConfig) -> list[Fault]:
    """All of them, keys without namespace."""
    access = config.access
    return [*_principal_faults(access), *_pipeline_faults(access), *_subject_faults(access), *_name_faults(access)]


def _principal_faults(access: Access) -> Iterator[Fault]:
    """A principal has a role once: Azure refuses the second assignment as existing already. And it is of one type."""
    types: dict[str, tuple[str, str]] = {}
    for group in GROUPS:
        seen: dict[str, int] = {}
        for index, principal in enumerate(getattr(access, group)):
            key, principal_id = f"access.{group}[{index}]", principal.principal_id.lower()
            first = seen.setdefault(principal_id, index)
            if first != index:
                yield Fault(f"{key}.principalId", f"stands in access.{group}[{first}] already")
            elsewhere, known = types.setdefault(principal_id, (key, principal.principal_type))
            if known != principal.principal_type:
                yield Fault(f"{key}.principalType", f"is {principal.principal_type}, in {elsewhere} it is {known}")


def _pipeline_faults(access: Access) -> Iterator[Fault]:
    for name, pipeline in access.pipelines.items():
        key = f"access.pipelines.{name}"
        if (pipeline.github is None) is (pipeline.azure_dev_ops is None):
            yield Fault(key, "needs either github or azureDevOps: whose tokens are exchanged for Azure's")
        if not pipeline.roles:
            yield Fault(f"{key}.roles", "is empty: leave it out for trainer, or say what the pipeline may do")
        for role in sorted({role for role in pipeline.roles if pipeline.roles.count(role) > 1}):
            yield Fault(f"{key}.roles", f"names {role} twice")
        github = pipeline.github
        if github is not None and (github.owner_id is None) is not (github.repository_id is None):
            yield Fault(
                f"{key}.github", "needs both ownerId and repositoryId, or neither: immutable subjects hold both"
            )


def _subject_faults(access: Access) -> Iterator[Fault]:
    """One workflow gets one identity: which of two it means nobody could tell from its configuration."""
    seen: dict[tuple[str, str], str] = {}
    for name, pipeline in access.pipelines.items():
        trusted = pipeline.trusted
        if trusted is None:
            continue
        first = seen.setdefault(trusted, name)
        if first != name:
            message = f"trusts the same tokens as access.pipelines.{first} ({trusted[1]}): give one of them both roles"
            yield Fault(f"access.pipelines.{name}", message)


def _name_faults(access: Access) -> Iterator[Fault]:
    """Azure's names of identities don't differ by case alone."""
    seen: dict[str, str] = {}
    for name in access.pipelines:
        first = seen.setdefault(name.lower(), name)
        if first != name:
            yield Fault(f"access.pipelines.{name}", f"differs from access.pipelines.{first} by case alone")
