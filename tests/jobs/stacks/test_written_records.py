"""Records read quickly are those that the library reads; what is written otherwise is left to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.release import Releases
from jobs.stacks.release_edit import edited, recorded
from jobs.stacks.release_lines import KEY, lines
from jobs.stacks.written_records import WrittenRecords
from jobs.stacks.yaml_span import Document
from tests.contract.specimens import record
from tests.evaluations import passed_mapping

SKU = {"name": "GlobalStandard", "capacity": 50}
ASIDE = {"kind": "superseded", "by": 'Ada "the first"', "at": "2026-11-20T09:00:00Z", "reason": "a: b # c\\d — ü"}
HEAD = "# dev\nconfig:\n  other:key: value\n  tuned-models:models:\n    clippy: {skus: {}}\n"


def _releases() -> Releases:
    numbered = [
        record(f"{number:032x}", modelId=f"gpt-4.1-mini-2025-04-14.ft-{number:032x}", runKey=f"{number:064x}")
        for number in range(4)
    ]
    return Releases.model_validate(
        {
            "candidate": numbered[0],
            "live": passed_mapping(numbered[1] | {"systemMessage": "Two\nlines,\tand a tab"}),
            "previous": [numbered[2] | {"servedWith": SKU}, numbered[3] | {"withdrawal": ASIDE}],
        }
    )


def _written(head: str = HEAD) -> bytes:
    """As jobs writes them, beside another model's."""
    document = Document.parse(head.encode(), KEY)
    return edited(document, {"aaa": _releases(), "clippy": _releases(), "zzz": Releases(live=_releases().live)})


def test_all_that_jobs_writes_is_read() -> None:
    assert WrittenRecords("clippy").of(_written()) == _releases()


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1))
def test_a_text_of_any_letters_is_read_as_it_is_or_left_to_the_library(text: str) -> None:
    live = _releases().live
    assert live is not None
    releases = Releases(live=live.model_copy(update={"system_message": text}))
    written = "\n".join(each for line in lines({"clippy": releases}, 2, 2) for each in line.written())

    assert WrittenRecords("clippy").of(f"config:\n{written}\n".encode()) in (None, releases)


def test_with_any_indentation_and_end_of_line() -> None:
    content = _written("config:\n    tuned-models:models:\n        clippy: {}\n").replace(b"\n", b"\r\n")

    assert recorded(Document.parse(content, KEY))["clippy"] == _releases()
    assert WrittenRecords("clippy").of(content) == _releases()


def test_comments_say_nothing() -> None:
    content = _written().replace(b"      live:\n", b"      # the good one\n      live:\n")

    assert WrittenRecords("clippy").of(content) == _releases()


def test_a_model_or_a_file_without_records_has_none() -> None:
    assert WrittenRecords("other").of(_written()) == Releases()
    assert WrittenRecords("clippy").of(HEAD.encode()) == Releases()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"    clippy:\n      candidate", b"    clippy: &it\n      candidate"),
        (b"seed: 42\n", b"seed: 42  # why\n"),
        (b'method: "supervised"', b"method: supervised"),
        (b"seed: 42\n", b"<<<<<<< ours\n        seed: 42\n"),
        (b"  tuned-models:releases:\n", b"  tuned-models:releases: {}\n"),
        (b"# dev", b"# dev has tuned-models:releases"),
        (b"      candidate:\n", b"      candidates:\n"),
        (b"\xff", b""),
    ],
)
def test_what_is_written_otherwise_is_left_to_the_library(old: bytes, new: bytes) -> None:
    content = _written()

    assert WrittenRecords("clippy").of(content.replace(old, new) if old in content else content + old) is None


def test_what_was_read_once_is_the_same_value_again() -> None:
    quick = WrittenRecords("clippy")
    one, other = quick.of(_written()), quick.of(_written().replace(b"# dev", b"# qa "))

    assert one is not None
    assert one is other
