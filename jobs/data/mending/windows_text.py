"""Bytes that are no UTF-8, read as Windows-1252 where nothing else can be meant.

Old encodings cannot be told apart by their bytes alone, so only what several of them would agree on counts as certain:

- punctuation that Windows' code pages for Europe share (curly quotes, dashes, the bullet), not inside a word, where DOS
  would have a letter in the same byte; the apostrophe may stand there;
- letters that the code pages for western, central and northern Europe and for Turkish share (é, ö, ß …), next to an
  ASCII letter and to no other such byte: a word in Cyrillic or Greek is made of nothing else.
"""

from __future__ import annotations

_PAGES = ("cp1250", "cp1252", "cp1254", "cp1257")
_OTHER_PAGES = ("cp1251", "cp1253")


def _shared(byte: int, pages: tuple[str, ...]) -> str | None:
    read = {bytes([byte]).decode(page, "replace") for page in pages}
    character = read.pop()
    return character if not read and character != "\ufffd" else None


_LETTERS = {byte for byte in range(0x80, 0x100) if (shared := _shared(byte, _PAGES)) and shared.isalpha()}
_PUNCTUATION = {
    byte
    for byte in range(0x80, 0x100)
    if (shared := _shared(byte, _PAGES + _OTHER_PAGES)) and not (shared.isalnum() or shared.isspace())
}
_APOSTROPHE = 0x92


def certain_text(content: bytes) -> str | None:
    """The text; None where a byte in it may mean something else."""
    for place, byte in enumerate(content):
        if byte < 0x80:
            continue
        around = content[max(place - 1, 0) : place] + content[place + 1 : place + 2]
        letters = sum(chr(neighbour).isalpha() and neighbour < 0x80 for neighbour in around)
        if byte in _PUNCTUATION:
            if letters == 2 and byte != _APOSTROPHE:
                return None
        elif byte not in _LETTERS or not letters or any(neighbour in _LETTERS for neighbour in around):
            return None
    return content.decode("cp1252")
