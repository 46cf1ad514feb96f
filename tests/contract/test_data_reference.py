"""Data by reference: which addresses may stand in git, which are approved, and who may be shown a token."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contract.config.environment import Environment
from contract.data_reference import DataReference, is_approved, is_within, may_see_token
from contract.faults import Faults, of_validation
from contract.tune_spec import TuneSpec

DIGEST = "0123456789abcdef" * 4
BLOB = "https://contosodata.blob.core.windows.net/approved/support/t.jsonl"
OWN = "https://contosodev.blob.core.windows.net/"


def faults(train: str) -> list[str]:
    with pytest.raises(Faults) as refused:
        TuneSpec.parse(f"base: b\ndata:\n  train: {train}\n", "tune.yaml")
    return [str(fault) for fault in refused.value.faults]


def referring(uri: str) -> str:
    return f"{{uri: '{uri}', sha256: {DIGEST}}}"


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        (f"{BLOB}?sv=2024&sig=S3cret", "a query, such as a SAS"),
        (f"{BLOB}?", "a query"),
        ("https://ada:S3cret@contosodata.blob.core.windows.net/approved/t.jsonl", "credentials"),
        (f"{BLOB}#S3cret", "a fragment"),
        (BLOB.replace("https", "http"), "no https address"),
        ("approved/t.jsonl", "no https address"),
        ("https:///approved/t.jsonl", "no https address"),
        ("https://contosodata.blob.core.windows.net:x/approved/t.jsonl", "is no address"),
        ("https://contosodata.blob.core.windows.net/approved", "names no blob"),
        ("https://contosodata.blob.core.windows.net/approved/", "names no blob"),
        ("https://contosodata.blob.core.windows.net/approved/../secret/t.jsonl", "'..'"),
        ("https://contosodata.blob.core.windows.net/approved/%2e%2e/secret/t.jsonl", "'..'"),
        ("https://contosodata.blob.core.windows.net/approved//t.jsonl", "nothing between two"),
        ("https://contosodata.blob.core.windows.net/approved\\t.jsonl", "backslashes"),
        ("https://contosodata.blob.core.windows.net/approved/t 1.jsonl", "blanks"),
    ],
)
def test_what_may_not_stand_in_git_or_means_two_places_is_refused_at_its_key(uri: str, words: str) -> None:
    [fault] = faults(referring(uri))

    assert fault.startswith("line 3: data.train.uri: ")
    assert words in fault
    assert "S3cret" not in fault


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("https://contosodata.blob.core.windows.net/approved?sig=S3cret", "a query, such as a SAS"),
        ("https://ada:S3cret@contosodata.blob.core.windows.net/approved", "credentials"),
        ("https://[::1/approved", "is no address"),
        ("https://contosodata.blob.core.windows.net", "a container, and a prefix in it"),
    ],
)
def test_an_environment_approves_plain_prefixes_and_no_secret_is_shown(prefix: str, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Environment.model_validate({"dataSources": [prefix]})
    [fault] = of_validation(refused.value, Environment)

    assert fault.key == "dataSources[0]"
    assert words in fault.message
    assert "S3cret" not in fault.message


@given(st.one_of(st.text(), st.text().map("https://h/c/".__add__), st.text().map("https://".__add__)))
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    try:
        found = DataReference(uri=text, sha256=DIGEST).uri
    except ValidationError:
        return
    assert found.startswith("https://")
    assert not may_see_token(found, OWN) or is_within(found, found.rpartition("/")[0])


def test_an_address_in_the_place_of_a_path_is_refused_without_showing_it() -> None:
    [fault] = faults(f"'{BLOB}?sig=S3cret'")

    assert "write {uri: …, sha256: …}" in fault
    assert "S3cret" not in fault


@pytest.mark.parametrize(
    "written",
    [
        f"['{BLOB}?sv=1&sig=S3cret']",
        f"{{uri: ['{BLOB}?sig=S3cret'], sha256: '{BLOB}?sig=S3cret'}}",
        f"{{'{BLOB}?sig=S3cret': 1}}",
        "['https://ada:S3cret@contosodata.blob.core.windows.net/c/b']",
        "{uri: x, sha256: 'sv=1&sig=S3cret'}",
    ],
)
def test_a_signature_or_password_is_shown_nowhere_that_it_may_have_been_written(written: str) -> None:
    told = "\n".join(faults(written))

    assert "…" in told
    assert "S3cret" not in told


def test_each_fault_of_a_reference_is_told_once() -> None:
    """And not as well that a reference is no path."""
    assert faults(f"{{uri: '{BLOB}', sha: {DIGEST}}}") == [
        "line 3: data.train.sha256: is missing",
        "line 3: data.train.sha: unknown key; did you mean 'sha256'?",
    ]


@pytest.mark.parametrize(
    ("prefix", "within"),
    [
        ("https://contosodata.blob.core.windows.net/approved", True),
        ("https://contosodata.blob.core.windows.net/approved/", True),
        ("https://CONTOSODATA.blob.core.windows.net:443/approved/support", True),
        ("https://contosodata.blob.core.windows.net/approv", False),
        ("https://contosodata.blob.core.windows.net/approved/sup", False),
        ("https://contosodata.blob.core.windows.net/Approved", False),
        ("https://contosodata.blob.core.windows.net:444/approved", False),
        ("https://contosodata.blob.core.windows.net.example.com/approved", False),
        (BLOB, False),
    ],
)
def test_a_prefix_ends_between_two_parts_of_the_path(prefix: str, within: bool) -> None:
    assert is_within(BLOB, prefix) is within
    assert is_approved(BLOB, ["https://other.blob.core.windows.net/c", prefix]) is within


def test_a_part_that_is_written_in_percent_is_the_same_part() -> None:
    assert is_within(BLOB.replace("/approved/", "/%61pproved/"), "https://contosodata.blob.core.windows.net/approved")
    assert not is_within(
        "https://contosodata.blob.core.windows.net/approved%2Fsupport/t.jsonl",
        "https://contosodata.blob.core.windows.net/approved/support",
    )


@pytest.mark.parametrize(
    ("address", "trusted"),
    [
        (BLOB, True),
        ("https://contosodata.blob.core.usgovcloudapi.net/c/b", True),
        ("https://contosodata.blob.core.chinacloudapi.cn/c/b", True),
        ("https://contosodata.z12.blob.storage.azure.net/c/b", True),
        ("https://contosodata.blob.core.windows.net.example.com/c/b", False),
        ("https://example.com/contosodata.blob.core.windows.net/b", False),
        ("https://contosodata.blob.core.windows.net:8443/c/b", False),
        ("https://contosodata.table.core.windows.net/c/b", False),
        ("https://evil-blob.core.windows.net/c/b", False),
    ],
)
def test_a_token_goes_to_azure_s_storage_only(address: str, trusted: bool) -> None:
    """Even where somebody approved another host."""
    assert may_see_token(address, OWN) is trusted


def test_a_token_goes_to_where_the_stack_s_own_storage_stands() -> None:
    """A private cloud's, say, or the local Azure's: the token for the datasets goes there as well."""
    own = "https://127.0.0.1:7443/contosodev/"

    assert may_see_token("https://127.0.0.1:7443/contosodata/c/b", own)
    assert not may_see_token("https://127.0.0.1:7444/contosodata/c/b", own)
