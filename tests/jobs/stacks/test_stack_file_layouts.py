"""Stack files of all layouts, made up: whatever stands around the records stays byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.release import Releases
from jobs.stacks.stack_file import StackFileRefused, read_releases, write_releases
from tests.contract.specimens import record

_BUDGET = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=40
)

_VALUES = st.sampled_from(
    [
        " 1",
        " plain text",
        ' "quoted # no comment"',
        " 'single ''quotes'''",
        "   aligned   # with a comment",
        " {a: 1, b: [x, 'y']}",
        " [1, 2,\n{pad}    3]",
        "",
        " null",
        " ~ # nothing",
        " 2026-01-02",
        " 0123456",
        "\n{pad}  nested: 1\n{pad}  # within\n{pad}  deeper:\n{pad}      - a\n{pad}      - b: c",
        "\n{pad}  - item\n{pad}  - item",
        " |\n{pad}  a block\n{pad}    # of text\n{pad}  ends",
        " >-\n{pad}    folded\n\n{pad}    text",
        " text over\n{pad}    two lines",
        "\n{pad}  secure: v1:abc=",
        " ü😀",
    ]
)
_BETWEEN = st.sampled_from(
    ["", "", "", "\n", "{pad}# a comment\n", "\n{pad}# after a blank\n\n", "# at the margin\n", "   \n"]
)
_OUTER = st.sampled_from(
    ["encryptionsalt: v1:abc=\n", "environment:\n  - shared\n", "secretsprovider: 'x' # which\n", "\n", "# end\n"]
)


@st.composite
def _entries(draw: st.DrawFn, pad: str, first: int, least: int) -> str:
    """Some entries of the config block, and what stands between them."""
    text = ""
    for number in range(first, first + draw(st.integers(least, 3))):
        text += draw(_BETWEEN).replace("{pad}", pad)
        text += (
            f"{pad}{draw(st.sampled_from(['', 'azure-native:']))}key{number}:"
            + draw(_VALUES).replace("{pad}", pad)
            + "\n"
        )
    return text


@dataclass(frozen=True)
class _Layout:
    """What stands before the key, the key's own lines (none where it is missing), and what stands after."""

    before: bytes
    own: bytes
    after: bytes

    @property
    def content(self) -> bytes:
        return self.before + self.own + self.after


@st.composite
def _layouts(draw: st.DrawFn) -> _Layout:
    pad = " " * draw(st.integers(1, 6))
    head = "".join(draw(st.lists(st.sampled_from(["# head\n", "\n", "name: x\n"]), max_size=2, unique=True)))
    before = head + draw(st.sampled_from(["config:\n", "config: # ours\n", '"config":\n'])) + draw(_entries(pad, 0, 1))
    own = draw(_OWN).replace("{pad}", pad)
    after = draw(_BETWEEN).replace("{pad}", pad) + draw(_entries(pad, 5, 0)) if own else ""
    after += "".join(draw(st.lists(_OUTER, max_size=3, unique=True)))
    parts = [draw(st.sampled_from(["", "\ufeff"])) + before, own, after]
    if draw(st.booleans()):
        last = max(number for number, part in enumerate(parts) if part.strip("\n"))
        parts = [*parts[:last], parts[last].rstrip("\n"), *[""] * (2 - last)]
    line_break = draw(st.sampled_from(["\n", "\r\n"]))
    return _Layout(*(part.replace("\n", line_break).encode() for part in parts))


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    return "null" if value is None else f'"{value}"' if isinstance(value, str) else str(value)


_BRIEF = {"evaluation": None, "override": {"by": "Ada", "at": "2026-11-20T11:00:00Z", "reason": "a specimen"}}
"""In place of an evaluation: what is read again and again had better be short."""
_OLD = _flow(record("9" * 32, **_BRIEF))
_OWN = st.sampled_from(
    [
        "",
        "{pad}tuned-models:releases:\n",
        "{pad}'tuned-models:releases': {}\n",
        f'{{pad}}"tuned-models:releases":\n{{pad}}  clippy: {{live: {_OLD}}}\n',
        f"{{pad}}tuned-models:releases:\n{{pad}}    clippy:\n{{pad}}     previous:\n{{pad}}     - {_OLD}\n",
    ]
)
_DIGITS = st.sampled_from("12345")


@st.composite
def _releases(draw: st.DrawFn) -> dict[str, Releases]:
    """Of up to two models, with texts of any kind."""
    found: dict[str, Releases] = {}
    for model in draw(st.lists(st.sampled_from(["clippy", "a1", "yes"]), max_size=2, unique=True)):
        digits = draw(st.lists(_DIGITS, min_size=1, max_size=3, unique=True))
        text = draw(st.text(max_size=20) | st.none())
        made = [record(digit * 32, systemMessage=text, **_BRIEF) for digit in digits]
        found[model] = Releases.model_validate({"live": made[0], "previous": made[1:]})
    return found


@_BUDGET
@given(layout=_layouts(), releases=_releases())
def test_every_other_byte_stays(tmp_path: Path, layout: _Layout, releases: dict[str, Releases]) -> None:
    """The key's own lines are replaced, or lines are put in; nothing else is different, and it reads back."""
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_bytes(layout.content)
    if not _written(path, releases):
        return
    content = path.read_bytes()
    assert read_releases(path) == releases
    if layout.own:
        assert content.startswith(layout.before)
        assert content.endswith(layout.after)
    else:
        assert _is_within(layout.content, content)
    assert not write_releases(path, releases)
    if content != layout.content:
        write_releases(path, {})
        rest = layout.before + layout.after
        # At the end of a file without a last line break, the line before the key keeps the one that parted them.
        assert path.read_bytes() in ({rest} if layout.content.endswith(b"\n") else {rest, rest + b"\n", rest + b"\r\n"})


def _written(path: Path, releases: dict[str, Releases]) -> bool:
    """Whether the file took the releases. One kind may refuse: with a block of text at its very end and no line break
    after it, where any further line would change what the text says."""
    content = path.read_bytes()
    try:
        changed = write_releases(path, releases)
    except StackFileRefused as refusal:
        is_excused = not content.endswith(b"\n") and "end the file with a line break" in str(refusal)
        if not is_excused or path.read_bytes() != content:
            raise
        return False
    assert changed == (path.read_bytes() != content)
    return True


def _is_within(original: bytes, written: bytes) -> bool:
    """Whether ``written`` is ``original`` with one stretch put in."""
    common = 0
    while common < len(original) and original[common] == written[common]:
        common += 1
    rest = original[common:]
    return not rest or written.endswith(rest)


@_BUDGET
@given(
    content=st.binary(max_size=200)
    | st.text(alphabet="config: \n-#{}[]&*?|>'\"\tab%!@`,<", max_size=80).map(str.encode)
)
def test_any_bytes_are_edited_or_refused(tmp_path: Path, content: bytes) -> None:
    """Never a traceback, and never a byte lost."""
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_bytes(content)
    releases = {"clippy": Releases.model_validate({"live": record()})}
    try:
        write_releases(path, releases)
    except StackFileRefused:
        assert path.read_bytes() == content
    else:
        assert _is_within(content, path.read_bytes())
        assert read_releases(path) == releases
