"""Microsoft.CognitiveServices/accounts/raiBlocklists and their items: terms that content filters block."""

from __future__ import annotations

import re

from simulator.arm import rai_errors as refuse
from simulator.arm import versions
from simulator.arm.descriptors import Body, Call, Descriptor, Write
from simulator.arm.models import RAI_BLOCKLIST_ITEMS, RAI_BLOCKLISTS, Resource
from simulator.arm.types.rai_policies import deleted_in_time, note_location, policies_with


def _complete(write: Write) -> Body:
    return write.body | {"properties": write.properties}


def _deletes(call: Call, blocklist: Resource) -> None:
    if policies := policies_with(call.cloud, blocklist):
        raise refuse.blocklist_in_use(blocklist.name, policies)


def _check_item(write: Write) -> None:
    pattern = write.properties.get("pattern")
    if not isinstance(pattern, str) or not pattern:
        raise refuse.pattern_invalid("it is empty")
    if write.properties.get("isRegex"):
        try:
            re.compile(pattern)
        except re.error as problem:
            raise refuse.pattern_invalid(str(problem)) from problem


BLOCKLISTS = Descriptor(
    type=RAI_BLOCKLISTS,
    api_versions=versions.COGNITIVE_SERVICES,
    members=frozenset({"properties", "tags"}),
    complete=_complete,
    stored=note_location,
    deletes=_deletes,
    moves=deleted_in_time,
    shows=frozenset({"systemData", "etag"}),
)
BLOCKLIST_ITEMS = Descriptor(
    type=RAI_BLOCKLIST_ITEMS,
    api_versions=versions.COGNITIVE_SERVICES,
    members=frozenset({"properties", "tags"}),
    check=_check_item,
    complete=_complete,
    stored=note_location,
    moves=deleted_in_time,
    shows=frozenset({"systemData", "etag"}),
)
