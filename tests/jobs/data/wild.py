"""Lines as wild as can be: good ones, nearly good ones, and bytes."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

_TEXTS = st.sampled_from(
    [
        *("", " ", "Why?", "why?  ", "Because.", '{"a": 1}', 'a "quoted": word', "ends in \\", "a\u0001b", "\u0000"),
        *("naïve", "\ufeff", "🙂", "e\u0301", "ada@example.org", "x" * 300, "role", "tab\tand\nline", "\u2028", "\x7f"),
        *("AKIAIOSFODNN7EXAMPLE", "+49 30 901820", "a : b", "؟لماذا", "\u200b", "sure: call 0170-1234567 now"),
    ]
) | st.text(max_size=12)
_ROLES = st.sampled_from(["system", "user", "assistant", "assistant", "user", "tool", "developer", "human"])
_MESSAGES = st.lists(st.fixed_dictionaries({"role": _ROLES, "content": _TEXTS}), max_size=5)
_ODD: st.SearchStrategy[Any] = st.sampled_from([None, True, 0, 1, 1.5, -0.0, 2**53, 2**70, "", "a", [], {}, [{}]])
_MORE = st.dictionaries(
    st.sampled_from(["name", "weight", "refusal", "tools", "x\\", "slices", "messages", 'a"b']),
    _ODD | _TEXTS,
    max_size=1,
)
_GOOD = st.tuples(_TEXTS, _TEXTS, _TEXTS).map(
    lambda texts: [
        {"role": role, "content": text} for role, text in zip(("system", "user", "assistant"), texts, strict=True)
    ]
)
_EXAMPLES = st.builds(lambda messages, more: {"messages": messages} | more, _GOOD | _MESSAGES, _MORE)


@st.composite
def _written(draw: st.DrawFn) -> str:
    """JSON as other writers write it, duplicates and blanks before colons included."""
    example = draw(_EXAMPLES)
    separators = draw(st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : "), ("\t,", "\t:"), (",", ":\r")]))
    text = json.dumps(example, ensure_ascii=draw(st.booleans()), separators=separators)
    for _ in range(draw(st.integers(0, 2))):
        old, new = draw(
            st.sampled_from(
                [
                    ('"role":', '"role":"user","role":'),
                    ('"role":', '"role" :"user","role":'),
                    ('"content":', '"content":"a","cont\\u0065nt":'),
                    ('"messages"', '"messages" '),
                    ('"content": ', '"content": "\\":", "content": '),
                    ("{", '{"a\\\\":1,'),
                    ("user", "us\\u0065r"),
                    ("Why", "\\ud83d"),
                    ("Why", "\\ud83d\\ude00"),
                    ("}", ', "n": 1e400}'),
                    ("}", ', "n": NaN}'),
                    ("]", "," + "[" * 101 + "]" * 101 + "]"),
                    ("", ""),
                ]
            )
        )
        text = text.replace(old, new, 1)
    return text


LINES = (
    _written().map(lambda text: text.encode("utf-8", "surrogatepass"))
    | _EXAMPLES.map(lambda example: json.dumps(example, ensure_ascii=False).encode())
    | st.binary(max_size=30)
    | st.sampled_from([b"", b" ", b"{}", b"[]", b"null", b"\xef\xbb\xbf{}", b'{"messages": []}', b"\r", b"{'a': 1}"])
)
FILES = st.tuples(st.lists(LINES, max_size=8), st.sampled_from([b"\n", b"\n", b"\n", b"\r\n"]), st.booleans()).map(
    lambda parts: parts[1].join(parts[0]) + (parts[1] if parts[2] else b"")
)
"""Up to eight lines, with or without a last line break."""
