"""A line that is no JSON: the character is named, and what it most likely is."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.data.reading.json_line import BadLine, parse_object
from jobs.data.rules import RULES


def _bad(line: bytes, *, last: bool = False) -> BadLine:
    with pytest.raises(BadLine) as caught:
        parse_object(line, last=last)
    return caught.value


@pytest.mark.parametrize(
    ("line", "character", "hint"),
    [
        ('{"a": 1,}', 9, "a comma before a closing bracket"),
        ('{"a": [1, ]}', 11, "a comma before a closing bracket"),
        ('{"a": 1} // why', 10, "a comment"),
        ("# examples", 1, "a comment"),
        ('{"a": /* why */ 1}', 7, "a comment"),
        ("{'a': 1}", 2, "single quotes"),
        ('{"a": True}', 7, "Python's True"),
        ('{"a": None}', 7, "Python's None"),
        ("{“a”: 1}", 2, "curly quotes"),
        ('{"a": “why”}', 7, "curly quotes"),
        ('{"a": "why”}', 7, "ends in a curly one (character 11)"),
        ('{"a": "why\twhy"}', 11, "a tab within a text"),
        ('{"a": "C:\\Users"}', 10, "a backslash"),
        ('{"a": "C:\\data"}', 10, "a backslash"),
        ('{"a": "why', 7, "a text that does not end on the line"),
        ('{"a":\u00a01}', 6, "an invisible character (U+00A0)"),
        ('{"a":\u200b1}', 6, "an invisible character (U+200B)"),
        ('{"a": "he said "no""}', 17, "a quote within a text"),
        ('{"a": 1} {"b": 2}', 10, "a second value"),
        ("{a: 1}", 2, "a key without quotes"),
        ('\ufeff{"a": 1}', 1, "a byte order mark within the file"),
        ("\0", 1, "a NUL byte"),
    ],
)
def test_a_slip_is_named_with_its_place(line: str, character: int, hint: str) -> None:
    """The character counts from 1."""
    bad = _bad(line.encode())

    assert bad.rule == "syntax-json"
    assert f"at character {character} " in bad.message
    assert hint in bad.message


@pytest.mark.parametrize("indent", [None, 2])
def test_each_line_of_a_json_array_or_of_an_indented_value_is_named_as_a_piece(indent: int | None) -> None:
    """One rule for them all, so that they stand together."""
    examples = [{"messages": [{"role": "user", "content": "Why?"}]}, {"messages": []}]
    rows = [json.dumps(example, indent=indent) for example in examples]
    text = "[\n" + ",\n".join(rows) + "\n]"

    rules = set()
    for line in text.splitlines():
        try:
            parse_object(line.encode())
        except BadLine as bad:
            rules.add(bad.rule)
    assert rules == {"syntax-spread"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_utf_16_and_32_is_named_with_and_without_its_mark(encoding: str) -> None:
    """Its bytes are no fault of JSON's."""
    bad = _bad('{"messages": [{"role": "user", "content": "Why?"}]}'.encode(encoding))

    assert (bad.rule, encoding[:6].upper() in bad.message) == ("syntax-encoding", True)


def test_a_byte_of_windows_1252_is_read_as_what_it_would_be() -> None:
    """0x92 is the curly apostrophe there (Unicode's mapping table CP1252.TXT), and no UTF-8."""
    assert "0x92, which is ’ in Windows-1252" in _bad(b'{"a": "it\x92s"}').message


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (gzip.compress(b"{}", mtime=0), "a gzip archive"),
        (bz2.compress(b"{}"), "a bzip2 archive"),
        (lzma.compress(b"{}"), "an xz archive"),
        (b"PK\x03\x04\x14\0", "Excel workbook"),
        (b"PAR1\x15", "a Parquet file"),
    ],
)
def test_what_is_no_text_is_named_as_what_it_is(data: bytes, name: str) -> None:
    bad = _bad(data)

    assert (bad.rule, name in bad.message) == ("syntax-encoding", True)


@pytest.mark.parametrize("row", ["question,answer", '"What, then?","It is"', "1;2", "a\tb"])
def test_a_row_of_a_table_is_told_the_command_that_converts_it(row: str) -> None:
    assert "if this is a table (CSV), `jobs convert" in _bad(row.encode()).message


def test_a_number_of_too_many_digits_is_told_in_plain_words() -> None:
    """Python's own message speaks of a function of its own."""
    assert _bad(b'{"a": ' + b"1" * 5000 + b"}").message == "has a number of more than 4,300 digits"


def test_curly_quotes_within_a_text_are_no_fault() -> None:
    """They are typography."""
    assert parse_object('{"a": "“why”, it’s"}'.encode()) == {"a": "“why”, it’s"}


@given(st.text(st.sampled_from("{}[]\",:'“” \t\\/#abTrue1-.\ufeff\0"), max_size=12), st.booleans())
def test_any_text_is_an_object_or_a_finding(text: str, last: bool) -> None:
    """Of a known rule, and nothing else is raised."""
    try:
        found = parse_object(text.encode(), last=last)
    except BadLine as error:
        bad: BadLine | None = error
    else:
        bad = None
    assert bad is None or (RULES[bad.rule].severity == "error" and bad.message)
    assert bad is not None or found == json.loads(text)
