"""tiktoken, whose counts are the reference, with the vocabularies that bpe-openai ships: nothing is fetched."""

from __future__ import annotations

import base64
import gzip
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import patch

import tiktoken
from tiktoken_ext import openai_public  # type: ignore[import-untyped]  # It has no types.


@cache
def reference(encoding: str) -> tiktoken.Encoding:
    """tiktoken's own encoding of that name."""
    with patch.object(openai_public, "load_tiktoken_bpe", lambda url, **_: _ranks(url)):
        return tiktoken.Encoding(**getattr(openai_public, encoding)())


def _ranks(url: str) -> dict[bytes, int]:
    # Where it lies, without importing it, which warns of what it does.
    found = find_spec("bpe_openai")
    assert found is not None
    assert found.origin is not None
    packed = (Path(found.origin).parent / "data" / f"{url.rpartition('/')[2]}.gz").read_bytes()
    rows = (line.split() for line in gzip.decompress(packed).splitlines())
    return {base64.b64decode(token): int(rank) for token, rank in rows}
