"""Files that hold data in another way than as text, by their first bytes, and what makes text of them.

The bytes are those of the formats' own documents: RFC 1952 (gzip), RFC 8878 (Zstandard), PKWARE's APPNOTE (zip),
Apache Parquet, Apache Arrow, SQLite, ISO 32000 (PDF), and [MS-CFB] (Excel until 2003).
"""

from __future__ import annotations

_AS_LINES = "write it as JSONL first (pandas: to_json with orient='records', lines=True)"
_UNPACKED = "unpack it first"
_KINDS = (
    (b"\x1f\x8b", "a gzip archive", _UNPACKED),
    (b"BZh", "a bzip2 archive", _UNPACKED),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", _UNPACKED),
    (b"\xfd7zXZ\0", "an xz archive", _UNPACKED),
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook", "save the sheet as CSV"),
    (b"PAR1", "a Parquet file", _AS_LINES),
    (b"ARROW1", "an Arrow file", _AS_LINES),
    (b"SQLite format 3\0", "an SQLite database", "export it as CSV"),
    (b"%PDF-", "a PDF", "a dataset has to be written anew"),
)
_STARTS = tuple(start for start, _, _ in _KINDS)


def container_words(data: bytes) -> str | None:
    """What the bytes begin, and what to do; None where they begin none of these."""
    if not data.startswith(_STARTS):
        return None
    return next(f"is {name}, no text: {advice}" for start, name, advice in _KINDS if data.startswith(start))
