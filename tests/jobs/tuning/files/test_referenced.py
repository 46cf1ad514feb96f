"""Data by reference: read where it lies, in the content that was looked at, and by nobody who may not."""

from __future__ import annotations

import hashlib
import io
import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.data_reference import DataReference
from contract.outputs import StackOutputs
from jobs.errors import CloudFailed, NetworkRefused, Refused, ServiceRefused, Unavailable
from jobs.ports import BlobVersion, RemoteBlob
from jobs.tuning.files.referenced import Storage, digest_faults
from tests.jobs.doubles import HandClock
from tests.jobs.specimens import outputs_mapping
from tests.jobs.tuning.references import ADDRESS, KeptBlob, patience, referenced

MIB = 1024 * 1024
DIGEST = "a" * 64


@given(
    content=st.binary(max_size=200),
    steps=st.lists(st.tuples(st.sampled_from(["read", "line", "seek", "end"]), st.integers(0, 250)), max_size=12),
)
def test_it_reads_like_the_same_bytes_in_memory(content: bytes, steps: list[tuple[str, int]]) -> None:
    expected = io.BytesIO(content)
    with referenced(content).open() as stream:
        for step, number in steps:
            for each in (stream, expected):
                if step == "seek":
                    each.seek(number)
                elif step == "end":
                    each.seek(0, os.SEEK_END)
            if step == "read":
                assert stream.read(number) == expected.read(number)
            elif step == "line":
                assert stream.readline() == expected.readline()
            assert stream.tell() == expected.tell()


def test_a_large_blob_is_held_in_pieces_of_4_mib() -> None:
    class Zeros(KeptBlob):
        def version(self) -> BlobVersion:
            return BlobVersion(self.etag, 64 * MIB)

        def read(self, offset: int, length: int, etag: str) -> bytes:
            super().read(offset, length, etag)
            return bytes(length)

    blob = Zeros(b"")
    source = referenced(blob)
    tracemalloc.start()
    try:
        with source.open() as stream:
            found = hashlib.sha256()
            while piece := stream.read(MIB):
                found.update(piece)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert found.hexdigest() == hashlib.sha256(bytes(64 * MIB)).hexdigest()
    assert max(length for _, length in blob.asked) == 4 * MIB
    assert peak < 12 * MIB


def test_a_blob_that_was_replaced_meanwhile_is_refused_with_its_key() -> None:
    blob = KeptBlob(b"{}\n")
    source = referenced(blob)
    blob.content, blob.etag = b"[]\n", "0x2"

    with source.open() as stream, pytest.raises(Refused, match=r"data\.train: .* was changed or deleted"):
        stream.read()


def test_a_piece_that_was_lost_is_asked_for_again_and_nothing_before_it() -> None:
    clock = HandClock()
    blob = KeptBlob(bytes(9 * MIB))
    source = referenced(blob, clock=clock)
    with source.open() as stream:
        stream.read(5 * MIB)
        blob.errors.append(Unavailable("the connection broke"))
        rest = stream.read()

    assert len(rest) == 4 * MIB
    assert blob.asked[-2] == blob.asked[-1]
    assert clock.slept == [2.0]


def storage(blob: RemoteBlob, **environment: object) -> tuple[Storage, list[str]]:
    """And the addresses that were looked at, each with a token."""
    mapping = outputs_mapping()
    mapping["environment"] |= environment
    seen: list[str] = []

    def looked(address: str) -> RemoteBlob:
        seen.append(address)
        return blob

    return Storage("dev", StackOutputs.parse(mapping), looked, patience()), seen


def reference(uri: str) -> DataReference:
    return DataReference(uri=uri, sha256=DIGEST)


def test_the_stack_s_own_containers_are_approved() -> None:
    where, seen = storage(KeptBlob(b"{}"))
    own = "https://contosodev.blob.core.windows.net/datasets/raw/t.jsonl"
    found = where.referenced({"train": reference(own)})

    assert (found["train"].address, found["train"].size, found["train"].name) == (own, 2, "t.jsonl")
    assert seen == [own]


def test_other_storage_is_approved_by_the_environment() -> None:
    where, seen = storage(KeptBlob(b"{}"), dataSources=["https://contosodata.blob.core.windows.net/approved"])
    where.referenced({"train": reference(ADDRESS)})

    assert seen == [ADDRESS]


def test_all_that_is_not_approved_is_named_before_anybody_is_shown_a_token() -> None:
    where, seen = storage(KeptBlob(b"{}"), dataSources=["https://evil.example/c"])
    with pytest.raises(Refused) as caught:
        where.referenced(
            {
                "train": reference("https://contosodev.blob.core.windows.net/datasets/t.jsonl"),
                "validation": reference(ADDRESS),
                "holdout": reference("https://evil.example/c/h.jsonl"),
            }
        )

    words = str(caught.value)
    assert f"data.validation: {ADDRESS} is in no approved storage" in words
    assert "data.holdout: https://evil.example/c/h.jsonl is approved, but its host is not Azure's storage" in words
    assert "data.train" not in words
    assert "environment.dataSources" in words
    assert seen == []


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (ServiceRefused("no", status=404), Refused, f"data.train: there is no blob at {ADDRESS}"),
        (ServiceRefused("no", details=["x"], status=403), ServiceRefused, "Storage Blob Data Reader"),
        (NetworkRefused("no", details=["not from here"], status=403), NetworkRefused, "not from here"),
    ],
)
def test_what_storage_refuses_is_told_with_the_key_and_what_helps(
    error: CloudFailed, kind: type[Exception], words: str
) -> None:
    where, _ = storage(
        KeptBlob(b"{}", errors=[error]), dataSources=["https://contosodata.blob.core.windows.net/approved/"]
    )
    with pytest.raises(kind) as caught:
        where.referenced({"train": reference(ADDRESS)})
    assert str(caught.value).startswith(("data.train: ", "stack dev: data.train: "))
    assert words in str(caught.value)


def test_another_digest_than_tune_yaml_s_is_told_with_both() -> None:
    source = referenced(b"{}\n")

    assert digest_faults([(source, source.sha256), (Path("t.jsonl"), DIGEST)]) == []
    [(key, fault)] = digest_faults([(source, DIGEST)])
    assert key == "data.train.sha256"
    assert all(words in fault for words in ("data.train", ADDRESS, DIGEST, source.sha256))
