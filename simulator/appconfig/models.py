"""Key-values of a store. They are ARM's resources too, so that either side sees what the other wrote."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from simulator.arm.key_names import encode
from simulator.arm.models import KEY_VALUES, Resource, find, fresh_etag, resources_of
from simulator.cloud import Cloud
from simulator.errors import NotSimulated

Named = tuple[str, str | None]
"""Key and label; None where it has none."""


def find_key_value(cloud: Cloud, store: Resource, named: Named) -> Resource | None:
    """By key and label, which unlike IDs tell lower case from upper."""
    key, label = named
    found = (kv for kv in resources_of(cloud, KEY_VALUES, store.id) if kv.properties["key"] == key)
    return next((kv for kv in found if kv.properties["label"] == label), None)


def filtered(cloud: Cloud, store: Resource, key: str, label: str, tags: list[str]) -> Iterator[Resource]:
    """Those that match each filter, by key and label."""
    found = resources_of(cloud, KEY_VALUES, store.id)
    for each in sorted(found, key=lambda kv: (kv.properties["key"], kv.properties["label"] or "")):
        known = each.properties
        wanted = dict(tag.partition("=")[::2] for tag in tags)
        tagged = all(known["tags"].get(name) == value for name, value in wanted.items())
        if tagged and _matches(known["key"], key) and _matches(known["label"] or "\0", label):
            yield each


def put(cloud: Cloud, store: Resource, named: Named, sent: dict[str, Any], by: str) -> Resource:
    """Writes one, whole."""
    key, label = named
    now = cloud.clock.now()
    found = find_key_value(cloud, store, named)
    if found is None:
        found = Resource(
            id=f"{store.id}/keyValues/{encode(key, label)}",
            type=KEY_VALUES,
            name=encode(key, label),
            body={},
            etag="",
            created_at=now,
            changed_at=now,
            created_by=by,
            changed_by=by,
            succeeded_at=now,
        )
        if find(cloud, found.id) is not None:
            raise NotSimulated("PUT", f"/kv/{key}, beside a key that differs from it in case only")
        cloud.state.arm.resources[found.key] = found
    found.body["properties"] = {
        "key": key,
        "label": label,
        "value": sent.get("value"),
        "contentType": sent.get("content_type"),
        "tags": dict(sent.get("tags") or {}),
        "locked": False,
    }
    _changed(cloud, found, by)
    return found


def lock(cloud: Cloud, found: Resource, by: str, *, locked: bool) -> None:
    """Makes a key-value read-only, or writable again."""
    found.properties["locked"] = locked
    _changed(cloud, found, by)


def delete(cloud: Cloud, found: Resource) -> None:
    del cloud.state.arm.resources[found.key]
    cloud.changed()


def _changed(cloud: Cloud, found: Resource, by: str) -> None:
    found.changed_at, found.changed_by = cloud.clock.now(), by
    found.etag = fresh_etag(found.key, found.changed_at, uuid.uuid4().hex)
    cloud.changed()


def _matches(text: str, wanted: str) -> bool:
    """A filter is up to five alternatives, each with `*` at its end for any ending; a backslash escapes."""
    return any(_one(text, each) for each in _alternatives(wanted))


def _one(text: str, wanted: str) -> bool:
    if wanted.endswith("*") and not wanted.endswith("\\*"):
        return text.startswith(_unescaped(wanted[:-1]))
    return text == _unescaped(wanted)


def _alternatives(wanted: str) -> list[str]:
    return wanted.replace("\\,", "\1").split(",") if "," in wanted else [wanted]


def _unescaped(text: str) -> str:
    return text.replace("\1", ",").replace("\\*", "*").replace("\\,", ",").replace("\\\\", "\\")
