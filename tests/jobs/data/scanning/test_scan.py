"""Scanning: what is seen at a glance is what a long look sees, and however a file is cut, its report is the same."""

from __future__ import annotations

import hashlib
import io
import pickle
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings

from jobs.data import check
from jobs.data.check import check_file
from jobs.data.expected import Expected
from jobs.data.reading.json_line import parse_object
from jobs.data.reading.lines import PieceReader, Stream
from jobs.data.reading.quick_json import accepted
from jobs.data.scanning import scan
from tests.jobs.data.specimens import jsonl, many
from tests.jobs.data.wild import FILES, LINES

EXPECTED = Expected(encoding="o200k_base", tokens_per_example=150, base="gpt-4.1-2025-04-14")
_QUICK = settings(deadline=None, max_examples=150)


@dataclass(frozen=True)
class Given:
    """A dataset that is given as bytes."""

    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)

    def __str__(self) -> str:
        return "given"

    def open(self) -> Stream:
        return io.BytesIO(self.content)


@_QUICK
@given(line=LINES)
def test_what_is_accepted_quickly_the_strict_reader_reads_alike(line: bytes) -> None:
    """It is the same object, and nothing is wrong with it."""
    value = accepted(line)

    if value is not None:
        assert repr(parse_object(line)) == repr(value)


@pytest.mark.parametrize(
    "line",
    [
        b'{"a":1,"a":1}',
        b'{"a" :1,"a" :1,"b":"\\":"}',
        b'{"a":1,"\\u0061":1}',
        b'{"b\\\\":1,"b\\\\":1}',
        b'{"a":{"b":1,"b":"x"},"c":"\\":"}',
        b'{"a":18446744073709551616}',
        b'{"a":1e400}',
        b'{"a":NaN}',
        b'{"a":"\\ud800"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\xff"}',
        b'{"a":1}x',
        b"[1]",
        b'"a"',
        b'{"a":' + b"[" * 101 + b"]" * 101 + b"}",
        b'{"a":' + b"[" * 100_000,
    ],
)
def test_what_is_odd_is_left_to_the_strict_reader(line: bytes) -> None:
    """Whatever the strict reader says about it."""
    assert accepted(line) is None


@pytest.mark.parametrize(
    "line", [b'{"messages": [{"role": "user", "content": "say \\"a\\": b"}]}', b'{"a": [{"b": 5}]}']
)
def test_what_is_good_is_accepted_quickly(line: bytes) -> None:
    """Else it would not be quick."""
    assert accepted(line) == parse_object(line)


@_QUICK
@given(content=FILES)
def test_a_glance_sees_what_a_long_look_sees(content: bytes) -> None:
    """In any file: the same findings, figures and counts of tokens."""
    glance = check_file(Given(content), EXPECTED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "clean_lines", lambda _: None)
        patch.setattr(scan, "accepted", lambda _: None)

        assert check_file(Given(content), EXPECTED) == glance


_GOOD = b'{"messages":[{"role":"user","content":"Why?"},{"role":"assistant","content":"So."}]}'


@pytest.mark.parametrize(
    "lines",
    [
        (_GOOD[:-2], _GOOD[-2:]),
        (_GOOD[:-3], b"}]}"),
        (_GOOD + b"],[" + _GOOD, b"[[", b"]]"),
        (b'{"messages":[{"role":"user","content":"Why?"}]', b'[{"role":"assistant","content":"So."}]}'),
        (b"[" + _GOOD, _GOOD + b"]", _GOOD + b"],[" + _GOOD),
        (_GOOD + b"]", b"[" + _GOOD),
        (_GOOD + b"," + _GOOD, b""),
        (_GOOD[:40], _GOOD[40:]),
    ],
)
def test_what_is_whole_only_with_another_line_is_no_example(lines: tuple[bytes, ...]) -> None:
    """Lines are read together: two broken ones may look like a good one then."""
    content = b"\n".join((_GOOD, *lines, _GOOD.replace(b"Why", b"How")))
    glance = check_file(Given(content), EXPECTED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "clean_lines", lambda _: None)
        patch.setattr(scan, "accepted", lambda _: None)

        assert check_file(Given(content), EXPECTED) == glance
    assert glance.errors
    assert glance.summary.examples == 2


@_QUICK
@given(content=FILES)
def test_however_a_file_is_cut_its_report_is_the_same(content: bytes) -> None:
    """In pieces of a few bytes, as in one; with repeats on both sides of a cut."""
    content = content + b"\n" + content
    whole = check_file(Given(content), EXPECTED)

    assert whole.sha256 == hashlib.sha256(content).hexdigest()
    for block in (1, 7, 100):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(check, "PieceReader", lambda source, block=block: PieceReader(source, block))

            assert check_file(Given(content), EXPECTED) == whole


@_QUICK
@given(content=FILES)
def test_what_was_scanned_can_be_sent(content: bytes) -> None:
    """To another process and back, nothing is lost."""
    whole = check_file(Given(content), EXPECTED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check, "scanning", _Pickling)

        assert check_file(Given(content), EXPECTED) == whole


class _Pickling:
    """Scans here, as if elsewhere."""

    def __init__(self, *_: Any) -> None: ...

    def __enter__(self) -> Any:
        def scans(pieces: Any, *briefing: Any) -> Any:
            scanner = scan.Scanner(*pickle.loads(pickle.dumps(briefing)))  # noqa: S301  # Our own.
            for piece in pieces:
                yield pickle.loads(pickle.dumps(scanner.scan(pickle.loads(pickle.dumps(piece)))))  # noqa: S301  # Our own.

        return scans

    def __exit__(self, *_: object) -> None: ...


class TestTokens:
    """Limits of the model."""

    def test_an_example_beyond_the_limit_is_named_with_its_figures(self) -> None:
        """Exactly at the limit it is fine; where no limit is known nothing is said."""
        content = jsonl(many(60))
        longest = check_file(Given(content), replace(EXPECTED, tokens_per_example=None)).tokens
        assert longest is not None
        at_limit = replace(EXPECTED, tokens_per_example=longest.longest)
        below = replace(EXPECTED, tokens_per_example=longest.longest - 1)

        assert check_file(Given(content), at_limit).findings == ()
        found = check_file(Given(content), below).findings
        assert {finding.rule for finding in found} == {"size-tokens-example"}
        assert found[0].line == longest.longest_line
        assert f"has {longest.longest} tokens, and gpt-4.1-2025-04-14 takes {longest.longest - 1}" in found[0].message

    def test_a_job_takes_two_billion_tokens_in_all_its_epochs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Of the training file alone."""
        tokens = check_file(Given(jsonl(many(60))), EXPECTED).tokens
        assert tokens is not None
        monkeypatch.setattr("jobs.data.scanning.whole_file.MAX_JOB_TOKENS", 3 * tokens.total)

        assert check_file(Given(jsonl(many(60))), EXPECTED, epochs=3).findings == ()
        assert [f.rule for f in check_file(Given(jsonl(many(60))), EXPECTED, epochs=4).findings] == ["size-tokens-job"]
        assert check_file(Given(jsonl(many(60))), replace(EXPECTED, use="validation"), epochs=4).findings == ()
