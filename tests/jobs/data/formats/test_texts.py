"""Characters that nobody meant are found, and those that a script or an emoji needs are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.data.formats.texts import is_fine, text_faults
from tests.jobs.data.formats.broken import rules, words
from tests.jobs.data.specimens import ASK


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("a\x00b", "U+0000"),
        ("two\x0cpages", "U+000C"),
        ("\x1b[1mbold", "U+001B"),
        ("a\x7f", "U+007F"),
        # An em dash in UTF-8 that was read as Latin-1.
        ("alien\u00e2\u0080\u0094it", "U+0080"),
        ("\ufeffBecause.", "U+FEFF"),
        ("caf\ufffd", "U+FFFD"),
        ("be\u200bcause", "U+200B"),
        ("user\u202etxt.exe", "U+202E"),
        ("be\U000e0063ause", "U+E0063"),
    ],
)
def test_a_character_that_nobody_meant_is_named_with_its_place(text: str, sign: str) -> None:
    """It counts from 1."""
    example = {"messages": [ASK, {"role": "assistant", "content": text}]}

    assert rules(example) == ["content-invisible"]
    said = words(example)
    assert f"has {sign} (" in said
    place = int(said.rpartition(" ")[2])
    assert f"U+{ord(text[place - 1]):04X}" == sign


@pytest.mark.parametrize(
    "text",
    [
        "A table:\n\ta\tb\r\n",
        "“Curly quotes” are typography – so are dashes…",
        "no\u00a0break",
        "soft\u00adhyphen",
        "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, with a joiner between stem and ending.
        "\u05e9\u05dc\u05d5\u05dd \u202aabc\u202c",  # Hebrew around Latin letters.
        "\u0e2a\u0e27\u0e31\u0e2a\u200b\u0e14\u0e35",  # Thai, which marks ends of words so.
        "\U0001f469\u200d\U0001f680",  # An astronaut: a woman and a rocket, joined.
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # The flag of England.
        "日本語\u3000の文",
    ],
)
def test_what_a_script_needs_is_no_fault(text: str) -> None:
    assert rules({"messages": [ASK, {"role": "assistant", "content": text}]}) == []


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("\t\n \u200b\ufffd\x00é"), max_size=8))
def test_the_quick_look_agrees_with_the_long_one(text: str) -> None:
    assert is_fine(text) == (list(text_faults("message 1 (user)", text)) == [])
