"""What is stored is not for everybody, and travels encrypted."""

from __future__ import annotations

from collections.abc import Iterator

from policy.demands import Demands
from policy.kinds import CONTAINER, STORAGE
from policy.resources import Resource
from policy.rule import Rule


def _open_storage(resource: Resource, _: Demands) -> Iterator[str]:
    if resource.type == STORAGE:
        # Absent, it is on (Azure's default since 2019).
        if resource.is_other("enableHttpsTrafficOnly", True, None):
            yield "it answers over plain HTTP: enableHttpsTrafficOnly is false"
        if resource.is_other("minimumTlsVersion", "TLS1_2", "TLS1_3"):
            yield "it takes TLS older than 1.2: minimumTlsVersion is not TLS1_2"
        if resource.is_other("allowBlobPublicAccess", False):
            yield "its blobs can be made public: allowBlobPublicAccess is not false"
    if resource.type == CONTAINER and resource.is_other("publicAccess", "None", None):
        yield f"anybody can read it: publicAccess is {resource.at('publicAccess')}"


STORAGE_CLOSED = Rule(
    "storage-closed",
    "Datasets are people's data: they are read with a token, over TLS 1.2, or not at all.",
    "Leave HTTPS only on, minimumTlsVersion at TLS1_2, and public access to blobs and containers off.",
    _open_storage,
)
