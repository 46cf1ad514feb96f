"""The check: what stands in a file is found, with its line, and nothing else is."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import re
import tracemalloc
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs.data import check, rules
from jobs.data.check import check_datasets, check_file
from jobs.data.expected import Expected
from jobs.data.findings import KEPT_PER_RULE
from jobs.data.kinds import Kind, kind_of
from jobs.data.reading import lines
from jobs.data.reading.lines import PieceReader, digest
from jobs.data.rules import RULES
from jobs.data.scanning import whole_file
from jobs.errors import Unreadable
from tests.jobs.data.specimens import (
    ANSWER,
    ASK,
    CALLS,
    SYSTEM,
    TOLD,
    WEATHER,
    broken,
    call,
    chat,
    found,
    jsonl,
    many,
    written,
)

CLIPPY = Path(__file__).parents[3] / "models" / "clippy"


def test_a_good_file_has_no_findings(tmp_path: Path) -> None:
    """And the report says what it is."""
    path = written(tmp_path / "set.jsonl", many(60))
    report = check_file(path)

    assert report.findings == ()
    assert (report.errors, report.warnings) == (0, 0)
    assert report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest() == digest(path)
    assert report.size == path.stat().st_size
    assert report.kinds == {"chat": 60}
    assert report.system_message == "You are terse."
    assert report.summary.examples == 60
    assert report.summary.turns == 180
    assert dict(report.summary.roles) == {"system": 60, "user": 60, "assistant": 60}
    # "You are terse." 14; "Question 0?" 11 and "Answer 0." 9, ten times; one more each, fifty times.
    assert report.summary.characters == 60 * 14 + 10 * 20 + 50 * 22


def test_the_datasets_of_clippy_are_clean() -> None:
    """The project's own example is one."""
    training, validation, holdout = (CLIPPY / f"{use}_set.jsonl" for use in ("training", "validation", "holdout"))
    report = check_datasets(training, validation, holdout)

    assert report.findings == ()
    assert report.system_message == "Clippy is a factual chatbot that is also sarcastic."


class TestSyntax:
    """Broken lines are named; the others are still read."""

    @pytest.mark.parametrize(
        ("line", "rule"),
        [
            (b"{", "syntax-spread"),
            (b'[{"messages": []}]', "syntax-spread"),
            (b"{'messages': []}", "syntax-json"),
            ("{“messages”: []}".encode(), "syntax-json"),
            (b'{"messages": []} {}', "syntax-json"),
            (b'{"messages": "a\x01b"}', "syntax-json"),
            (b"\x00", "syntax-json"),
            (b'{"a": "\xff"}', "syntax-encoding"),
            (b'{"a": "\xed\xa0\x80"}', "syntax-encoding"),
            (b'{"a": "\\ud800"}', "syntax-surrogate"),
            (b"[]", "syntax-object"),
            (b"null", "syntax-object"),
            (b'"messages"', "syntax-object"),
            (b'{"a": NaN}', "syntax-number"),
            (b'{"a": -Infinity}', "syntax-number"),
            (b'{"a": 1e999}', "syntax-number"),
            (b'{"a": ' + b"9" * 5000 + b"}", "syntax-number"),
            (b'{"a": {"b": 1, "b": 2}}', "syntax-duplicate-key"),
            (b'{"a":' * 101 + b"1" + b"}" * 101, "syntax-nesting"),
            (b'{"a":' + b"[" * 100_000, "syntax-nesting"),
            (b"", "syntax-blank-line"),
            (b" \t", "syntax-blank-line"),
        ],
    )
    def test_a_broken_line_breaks_one_rule(self, tmp_path: Path, line: bytes, rule: str) -> None:
        """In the middle of a file that is good otherwise."""
        good = jsonl(many(60)).splitlines(keepends=True)

        assert broken(tmp_path, b"".join([*good[:30], line + b"\n", *good[30:]])) == [(rule, 31)]

    @pytest.mark.parametrize("end", [b'{"messages": [{"role": "us', b'{"messages": [', b"{", b'{"messages": "\xc3'])
    def test_a_last_line_that_breaks_off_is_told_apart(self, tmp_path: Path, end: bytes) -> None:
        """It is a sign of a copy that was not finished."""
        assert broken(tmp_path, jsonl(many(60)) + end) == [("syntax-truncated", 61)]

    def test_no_last_line_break_is_no_fault(self, tmp_path: Path) -> None:
        """Many tools write none."""
        assert broken(tmp_path, jsonl(many(60)).removesuffix(b"\n")) == []

    def test_a_byte_order_mark_is_read_over(self, tmp_path: Path) -> None:
        """With a warning, and once."""
        assert broken(tmp_path, b"\xef\xbb\xbf" + jsonl(many(60))) == [("syntax-bom", 1)]

    def test_crlf_is_told_once(self, tmp_path: Path) -> None:
        """With the number of lines."""
        report = check_file(written(tmp_path / "set.jsonl", jsonl(many(60)).replace(b"\n", b"\r\n")))

        assert found(report) == [("syntax-crlf", 1)]
        assert "60 lines" in report.findings[0].message

    def test_utf_16_is_named_once(self, tmp_path: Path) -> None:
        """Windows tools write it."""
        report = check_file(written(tmp_path / "set.jsonl", jsonl(many(60)).decode().encode("utf-16")))

        assert found(report) == [("size-empty", None), ("syntax-encoding", 1)]
        assert "UTF-16" in report.findings[1].message

    def test_a_json_array_is_named_once(self, tmp_path: Path) -> None:
        """Each of its lines is none by itself."""
        content = json.dumps([*many(60), {"tags": ["a", "b"]}], indent=2).encode()
        report = check_file(written(tmp_path / "set.jsonl", content))

        assert found(report) == [("size-empty", None), ("syntax-spread", 1)]
        # The last of the tags is JSON by itself.
        assert f"({len(content.splitlines()) - 1} lines of the file" in report.findings[1].message

    def test_curly_quotes_are_named(self, tmp_path: Path) -> None:
        """They come with text copied from a web page."""
        report = check_file(written(tmp_path / "set.jsonl", "{“messages”: []}\n".encode()))

        assert "curly quotes" in next(f.message for f in report.findings if f.rule == "syntax-json")

    def test_a_line_beyond_reason_is_not_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nor kept in memory; the lines after it are, and the digest is of all bytes."""
        monkeypatch.setattr(lines, "MAX_LINE_BYTES", 1000)
        content = jsonl(many(30)) + b'{"a": "' + b"x" * 3_000_000 + b'"}\n' + jsonl(many(60)[30:])
        report = check_file(written(tmp_path / "set.jsonl", content))

        assert found(report) == [("syntax-line-size", 31)]
        assert report.sha256 == hashlib.sha256(content).hexdigest()
        assert report.size == len(content)

    def test_a_file_that_grows_meanwhile_is_found_out(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """What was checked would not be what is sent."""
        path = written(tmp_path / "set.jsonl", many(60))

        def appending(example: dict[str, Any], method: str) -> Kind:
            with path.open("ab") as stream:
                stream.write(b" ")
            return kind_of(example, method)

        monkeypatch.setattr("jobs.data.formats.kind_of", appending)

        assert ("file-changed", None) in found(check_file(path))


class TestFiles:
    """What is no file is refused, with its path, and at once."""

    @pytest.mark.parametrize("kind", ["folder", "pipe", "nothing", "device"])
    def test_is_refused(self, tmp_path: Path, kind: str) -> None:
        """Without waiting for a pipe's writer, and without reading a device for ever."""
        path = tmp_path / "set.jsonl"
        if kind == "folder":
            path.mkdir()
        elif kind == "pipe":
            os.mkfifo(path)
        elif kind == "device":
            path = Path("/dev/zero")
        for read in (check_file, digest):
            with pytest.raises(Unreadable, match=str(path)):
                read(path)

    @pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf", b" "])
    def test_an_empty_file_is_an_error(self, tmp_path: Path, content: bytes) -> None:
        """There is nothing to learn from."""
        assert "size-empty" in [rule for rule, _ in broken(tmp_path, content)]


class TestSize:
    """How many examples are enough."""

    @pytest.mark.parametrize(
        ("number", "rules"), [(9, ["size-too-few"]), (10, ["size-few"]), (49, ["size-few"]), (50, [])]
    )
    def test_for_training(self, tmp_path: Path, number: int, rules: list[str]) -> None:
        """Ten are documented as needed, fifty as a good beginning."""
        assert broken(tmp_path, many(number)) == [(rule, None) for rule in rules]

    def test_a_validation_file_may_be_smaller(self, tmp_path: Path) -> None:
        """Nothing is learned from it."""
        path = written(tmp_path / "set.jsonl", many(9))

        assert found(check_file(path, Expected("validation"))) == [("size-few", None)]
        assert found(check_file(written(path, many(10)), Expected("holdout"))) == []

    def test_a_file_over_1_gb_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """More than an account holds (Microsoft, "Quotas and limits"), made small here."""
        assert rules.MAX_FILE_BYTES == 2**30
        monkeypatch.setattr(whole_file, "MAX_FILE_BYTES", 1024)

        assert broken(tmp_path, many(60)) == [("size-file", None)]


class TestConsistency:
    """One system message throughout."""

    def test_differing_system_messages_come_with_figures(self, tmp_path: Path) -> None:
        """And there is none to be sent."""
        other = [{"messages": [{"role": "system", "content": "Be kind."}, ASK, ANSWER]}]
        report = check_file(written(tmp_path / "set.jsonl", many(60) + other))

        assert found(report) == [("system-differs", None)]
        assert "60 × 'You are terse.', 1 × 'Be kind.'" in report.findings[0].message
        assert report.system_message is None

    def test_a_missing_system_message_is_counted(self, tmp_path: Path) -> None:
        """Where others have one."""
        report = check_file(written(tmp_path / "set.jsonl", [*many(60), {"messages": [ASK, ANSWER]}]))

        assert found(report) == [("system-missing", None)]
        assert "1 of 61" in report.findings[0].message
        assert report.system_message is None

    def test_no_system_message_at_all_is_fine(self, tmp_path: Path) -> None:
        """Many models are used without."""
        bare = [{"messages": example["messages"][1:]} for example in many(60)]

        assert broken(tmp_path, bare) == []


class TestRepeats:
    """What stands twice, and where."""

    def test_the_same_example_twice(self, tmp_path: Path) -> None:
        """Blanks, letter case and a mark at its end don't make it another one."""
        again = chat(" question  5?\n", "ANSWER 5.")
        report = check_file(written(tmp_path / "set.jsonl", [*many(60), again, many(6)[5]]))

        assert found(report) == [("repeat-example", 61), ("repeat-example", 62)]
        assert "line 6 " in report.findings[0].message

    def test_another_answer_to_the_same_prompt(self, tmp_path: Path) -> None:
        """Is a contradiction, as another call of a tool is."""
        said = [SYSTEM, ASK]
        calls = [CALLS | {"tool_calls": [call(arguments=a)]} for a in ('{"city": "Bonn"}', '{"city": "Rome"}')]
        examples = [{"messages": [*said, call], "tools": [WEATHER]} for call in calls]

        assert broken(tmp_path, [*many(60), chat("Question 5?", "No.")]) == [("repeat-contradiction", 61)]
        assert broken(tmp_path, [*many(60), *examples]) == [("repeat-contradiction", 62)]

    def test_a_prompt_that_leaks(self, tmp_path: Path) -> None:
        """Into validation is a warning, into the holdout an error: the one steers, the other judges."""
        train = written(tmp_path / "train.jsonl", many(60))
        leaking = [chat(f"Other {n}?") for n in range(10)] + [chat("QUESTION 7?", "Something else.")]
        validation = written(tmp_path / "validation.jsonl", leaking)
        holdout = written(tmp_path / "holdout.jsonl", [*leaking, chat("New?")])
        report = check_datasets(train, validation, holdout)

        assert [(f.rule, f.severity, Path(f.file).name, f.line) for f in report.findings] == [
            ("leak-validation", "warning", "validation.jsonl", 11),
            ("leak-holdout", "error", "holdout.jsonl", 11),
        ]
        assert "line 8 " in report.findings[0].message
        assert (report.errors, report.warnings) == (1, 1)

    @pytest.mark.parametrize(
        ("taught", "asked"),
        [
            ("What is the capital of Peru?", "what is the  capital of peru"),
            ("Name the capital of Peru", " Name the capital of Peru!"),
            ("¿Cuál es la capital de Perú?", "¿cuál es la capital de perú"),
            ("秘鲁的首都是哪里？", "秘鲁的首都是哪里"),
        ],
    )
    def test_the_mark_that_a_prompt_ends_in_makes_it_no_other(self, taught: str, asked: str, tmp_path: Path) -> None:
        """However short it is; and an answer with or without a full stop is no contradiction."""
        train = written(tmp_path / "train.jsonl", [*many(60), chat(taught, "Lima."), chat(taught, "Lima")])
        report = check_datasets(train, None, written(tmp_path / "holdout.jsonl", [chat(asked)]))

        assert ("leak-holdout", 1) in [(f.rule, f.line) for f in report.findings]
        assert [f.rule for f in report.training.findings] == ["repeat-example"]

    def test_the_same_file_twice_is_an_error(self, tmp_path: Path) -> None:
        """Under whatever name."""
        train = written(tmp_path / "train.jsonl", many(60))
        copy = written(tmp_path / "copy.jsonl", many(60))

        assert check_datasets(train, copy, None).counts == {"leak-validation": 60, "leak-same-file": 1}

    def test_another_system_message_in_validation(self, tmp_path: Path) -> None:
        """Measures another use than was trained."""
        train = written(tmp_path / "train.jsonl", many(60))
        bare = [{"messages": example["messages"][1:]} for example in many(60)]
        report = check_datasets(train, written(tmp_path / "validation.jsonl", bare), None)

        assert [finding.rule for finding in report.findings] == ["system-differs-between-files"]


class TestBounds:
    """What does not grow with the file."""

    def test_findings_are_kept_up_to_a_number_and_all_counted(self, tmp_path: Path) -> None:
        """A file of nothing but faults is no reason to run out of memory."""
        report = check_file(written(tmp_path / "set.jsonl", [{"messages": []}] * 2500))

        assert len([f for f in report.findings if f.rule == "schema-messages"]) == KEPT_PER_RULE
        assert report.counts["schema-messages"] == 2500
        assert report.errors == 2500

    def test_memory_does_not_grow_with_the_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
    ) -> None:
        """Four times as much, 1.2 MB more, takes about as much, where pieces are small beside both."""
        monkeypatch.setattr(check, "PieceReader", lambda source: PieceReader(source, 50_000))
        # The suite looks for garbage seldom, beside all that it has imported hardly ever; here what is let go is gone.
        request.addfinalizer(partial(gc.set_threshold, *gc.get_threshold()))
        request.addfinalizer(gc.unfreeze)
        gc.freeze()
        gc.set_threshold(200, 2, 2)
        peaks = []
        for number in (1, 100, 400):
            path = written(tmp_path / "set.jsonl", [chat(f"{n} " + "why " * 1000) for n in range(number)])
            tracemalloc.start()
            check_file(path)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()

        assert peaks[2] - peaks[1] < 300_000

    def test_each_finding_is_of_a_known_rule(self) -> None:
        """IDs are words, areas first, and each rule says why."""
        for rule in RULES.values():
            assert re.fullmatch("[a-z]+(-[a-z]+)+", rule.id)
            assert rule.why


_KEYS = st.sampled_from(
    [
        *("messages", "role", "content", "weight", "tools", "tool_calls", "tool_call_id", "function", "name"),
        *("arguments", "type", "text", "image_url", "url", "id", "prompt", "completion", "input", "preferred_output"),
    ]
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS | st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
_ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, 1, 1.5, "", "user", "assistant", "tool", "a", [], {}, [None], [{}], {"a": 1}]
)
_MESSAGE = st.dictionaries(
    st.sampled_from(["role", "content", "weight", "tool_calls", "tool_call_id", "name", "refusal", "function_call"]),
    _ODD | _JSON,
) | st.sampled_from([SYSTEM, ASK, ANSWER, CALLS, TOLD])
_EXAMPLE = st.fixed_dictionaries(
    {"messages": st.lists(_MESSAGE | _ODD, max_size=5) | _ODD},
    optional={"tools": st.lists(_ODD | st.just(WEATHER)) | _ODD},
)
_QUICK = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)


@_QUICK
@given(content=st.binary(max_size=300) | st.lists(st.binary(max_size=40) | st.just(b"{}"), max_size=6).map(b"\n".join))
def test_any_bytes_get_a_report_and_never_a_clean_one(tmp_path: Path, content: bytes) -> None:
    """So few bytes cannot hold ten examples: whatever they are, there is an error, and no traceback."""
    report = check_file(written(tmp_path / "set.jsonl", content))

    assert report.errors > 0
    assert report.sha256 == hashlib.sha256(content).hexdigest()


@_QUICK
@given(example=_EXAMPLE | _JSON)
def test_any_value_gets_a_report(tmp_path: Path, example: Any) -> None:
    """Of whatever types; and what the report calls free of errors is an example by the plainest reading."""
    line = json.dumps(example).encode() + b"\n"
    report = check_file(written(tmp_path / "set.jsonl", jsonl(many(60)) + line))

    if report.errors == 0:
        roles = [message["role"] for message in example["messages"]]
        assert set(roles) <= {"system", "user", "assistant", "tool", "developer", "function"}
        assert roles[-1] == "assistant"
        assert any(m.get("weight", 1) == 1 for m in example["messages"] if m["role"] == "assistant")
    assert all(finding.line in (None, 61) for finding in report.findings)


@_QUICK
@given(at=st.integers(min_value=0, max_value=2000), junk=st.binary(min_size=1, max_size=3), cut=st.booleans())
def test_damage_to_a_good_file_is_found_or_harmless(tmp_path: Path, at: int, junk: bytes, cut: bool) -> None:
    """Bytes put in, or an end cut off: where nothing is found, every line still is a whole example."""
    good = jsonl(many(60))
    content = good[: at + 1] if cut else good[:at] + junk + good[at:]
    report = check_file(written(tmp_path / "set.jsonl", content))

    if report.errors == 0:
        read = [json.loads(line) for line in content.decode("utf-8-sig").split("\n") if line.strip()]
        assert len(read) == report.summary.examples >= 10
        assert all(example["messages"][-1]["role"] == "assistant" for example in read)
