"""Deleted keys: kept in their vault until its retention ends, with their names; recovered, purged."""

from __future__ import annotations

from pydantic import BaseModel

from simulator.arm.models import Resource, find_vault
from simulator.cloud import Cloud

_FACT = "deleted_keys"
DAY = 86400


class DeletedKey(BaseModel):
    """A key as it was; times in seconds since 1970."""

    key: Resource
    deleted: int
    purged: int


def deleted_keys(cloud: Cloud, vault: Resource) -> list[DeletedKey]:
    """Those that are kept by now, by name."""
    known = [DeletedKey.model_validate(each) for each in vault.facts.get(_FACT, [])]
    now = cloud.clock.timestamp()
    return sorted((each for each in known if each.purged > now), key=lambda each: each.key.name)


def find_deleted(cloud: Cloud, vault: Resource, name: str) -> DeletedKey | None:
    return next((each for each in deleted_keys(cloud, vault) if each.key.name.lower() == name.lower()), None)


def delete(cloud: Cloud, vault: Resource, key: Resource) -> DeletedKey:
    now, days = cloud.clock.timestamp(), int(vault.properties["softDeleteRetentionInDays"])
    gone = DeletedKey(key=cloud.state.arm.resources.pop(key.key), deleted=now, purged=now + days * DAY)
    _keep(cloud, vault, [*deleted_keys(cloud, vault), gone])
    return gone


def recover(cloud: Cloud, vault: Resource, gone: DeletedKey) -> Resource:
    cloud.state.arm.resources[gone.key.key] = gone.key
    purge(cloud, vault, gone)
    return gone.key


def purge(cloud: Cloud, vault: Resource, gone: DeletedKey) -> None:
    _keep(cloud, vault, [each for each in deleted_keys(cloud, vault) if each.key.key != gone.key.key])


def name_is_kept(cloud: Cloud, vault_name: str, name: str) -> bool:
    """Whether a deleted key of that vault still has the name."""
    vault = find_vault(cloud, vault_name)
    return vault is not None and find_deleted(cloud, vault, name) is not None


def _keep(cloud: Cloud, vault: Resource, kept: list[DeletedKey]) -> None:
    vault.facts[_FACT] = [each.model_dump(mode="json") for each in kept]
    cloud.changed()
