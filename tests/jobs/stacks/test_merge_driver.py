"""git's merge of a stack file: records by their meaning, all else as text."""

from __future__ import annotations

import pytest

from contract.release import Releases
from jobs.stacks.merge_driver import merge
from jobs.stacks.release_edit import edited
from jobs.stacks.release_lines import KEY
from jobs.stacks.yaml_span import Document
from tests.jobs.stacks.branches import STATES, made, read, records, releases_it, text_of

LIVE = STATES["live"]


def _with(content: bytes, releases: dict[str, Releases]) -> bytes:
    return edited(Document.parse(content, KEY), releases)


def test_models_that_two_branches_record_first_are_both_there() -> None:
    """Side by side, where git alone finds a conflict."""
    base = b"config:\n  a:b: 1\n"
    alpha, beta = ({name: Releases(candidate=made(name, name))} for name in ("alpha", "beta"))
    merged = merge(base, _with(base, alpha), _with(base, beta))

    assert merged.clean
    assert merged.words == ()
    assert merged.content == _with(base, alpha | beta)


def test_what_people_wrote_on_each_side_is_there_too() -> None:
    """Other keys, comments among the records, and the records of both."""
    base = text_of(LIVE)
    ours = text_of(records("X")(LIVE)).replace(b"storage: {name: x}", b"storage: {name: y}")
    theirs = base.replace(b"    clippy:\n", b"    clippy:   # ask Ada\n").replace(b"config:\n", b"# dev\nconfig:\n")
    merged = merge(base, ours, theirs)

    assert merged.clean
    assert b"# dev\nconfig:\n  tuned-models:storage: {name: y}\n" in merged.content
    assert b"    clippy:  # ask Ada\n      candidate:\n" in merged.content
    assert read(merged.content) == read(ours)


def test_a_conflict_in_what_people_wrote_is_gits_own() -> None:
    base = text_of(LIVE)
    ours = text_of(records("X")(LIVE)).replace(b"{name: x}", b"{name: y}")
    merged = merge(base, ours, base.replace(b"{name: x}", b"{name: z}"))

    assert not merged.clean
    assert merged.words == ()
    assert merged.content.count(b"<<<<<<<") == 1
    assert made("X").model_id.encode() in merged.content.partition(b">>>>>>> theirs\n")[2]


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize("size", [7, 12])
def test_what_a_person_decides_stands_between_markers_whole(newline: bytes, size: int) -> None:
    """Each side's entry of the model, and nothing of another model's."""
    versions = (text_of(each) for each in (LIVE, records("X")(LIVE), records("Y")(LIVE)))
    base, ours, theirs = (each.replace(b"\n", newline) for each in versions)
    merged = merge(base, ours, theirs, size)

    assert not merged.clean
    assert len(merged.words) == 1
    assert merged.words[0].startswith("clippy: both have put another model in the role candidate: ours ")
    begin, middle, end = (mark * size for mark in (b"<", b"=", b">"))
    before, _, rest = merged.content.partition(begin + b" ours" + newline)
    one, _, rest = rest.partition(middle + newline)
    other, _, after = rest.partition(end + b" theirs" + newline)
    assert before + one + after == ours
    assert before + other + after == theirs
    assert one.lstrip().startswith(b"clippy:")


def test_a_release_and_another_candidate_are_no_release_of_that_candidate() -> None:
    """The one who has released meant another model."""
    state = STATES["a candidate"]
    merged = merge(text_of(state), text_of(releases_it(state)), text_of(records("X")(state)))

    assert not merged.clean
    assert "is live by ours and superseded" in merged.words[0]


def test_what_one_side_removed_whole_and_the_other_changed_is_a_conflict() -> None:
    merged = merge(text_of(LIVE), text_of(Releases()), text_of(records("X")(LIVE)))

    assert not merged.clean
    assert b"<<<<<<< ours\n" in merged.content
    assert merged.words == (
        "clippy: all its records were removed by ours, and changed by theirs: keep them, or take them out",
    )


def test_a_side_that_cannot_be_read_is_merged_as_text_and_said() -> None:
    base = text_of(LIVE)
    merged = merge(base, base.replace(b"seed: 42", b"seed: many", 1), base.replace(b"{name: x}", b"{name: z}"))

    assert merged.clean
    assert b"{name: z}" in merged.content
    assert b"seed: many" in merged.content
    assert merged.words[0].startswith("merged as text, since its records can't be read: ours, line ")


def test_text_that_merges_to_a_broken_file_is_a_conflict_of_the_whole() -> None:
    """Each side adds the same key, in another place."""
    base = text_of(LIVE).replace(b"config:\n", b"config:\n  a:b: 1\n  c:d: 1\n")
    ours = base.replace(b"  a:b: 1\n", b"  e:f: 1\n  a:b: 1\n")
    theirs = base.replace(b"  c:d: 1\n", b"  c:d: 1\n  e:f: 2\n")
    merged = merge(base, ours, theirs)

    assert not merged.clean
    assert merged.content == b"<<<<<<< ours\n%s=======\n%s>>>>>>> theirs\n" % (ours, theirs)
    assert "take one side" in merged.words[0]


def test_a_file_that_both_have_added() -> None:
    """git hands over nothing for what both began with."""
    merged = merge(b"", text_of(LIVE), text_of(LIVE))

    assert (merged.clean, merged.content) == (True, text_of(LIVE))
