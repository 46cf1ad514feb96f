"""A file of another kind than the method takes is named as what it is, on its lines and once as a whole."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.release import Method
from jobs.data.check import check_file
from jobs.data.expected import Expected
from jobs.data.formats import example_faults, parts_of
from jobs.data.kinds import KIND_OF_METHOD, Kind, kind_of
from jobs.data.rules import RULES
from tests.jobs.data.specimens import ANSWER, ASK, chat, written

PAIR = {
    "input": {"messages": [ASK]},
    "preferred_output": [ANSWER],
    "non_preferred_output": [{**ANSWER, "content": "?"}],
}
QUESTION = {"messages": [ASK], "target": 5}
OLD = {"prompt": "Why?", "completion": "Because."}
METHODS: tuple[Method, ...] = ("supervised", "dpo", "reinforcement")


@pytest.mark.parametrize(
    ("method", "example", "kind"),
    [
        ("supervised", chat(), "chat"),
        ("supervised", {"messages": [ASK]}, "chat"),
        ("supervised", PAIR, "preference"),
        ("supervised", QUESTION, "reinforcement"),
        ("supervised", OLD, "completion"),
        ("supervised", {}, "chat"),
        ("dpo", chat(), "chat"),
        ("dpo", PAIR, "preference"),
        ("dpo", QUESTION, "reinforcement"),
        ("dpo", {"question": "Why?"}, "preference"),
        ("reinforcement", chat(), "chat"),
        ("reinforcement", {"messages": [ASK]}, "reinforcement"),
        ("reinforcement", QUESTION, "reinforcement"),
        ("reinforcement", chat(target=5), "reinforcement"),
        ("reinforcement", {}, "reinforcement"),
    ],
)
def test_an_example_is_of_the_kind_that_its_keys_tell(method: Method, example: dict[str, Any], kind: Kind) -> None:
    """Where they tell nothing it is of the kind that the method takes, and the schema says what is wrong."""
    assert kind_of(example, method) == kind
    if kind != KIND_OF_METHOD[method]:
        assert [rule for rule, _ in example_faults(example, Expected(method=method))] == [f"kind-{kind}"]


def test_a_file_of_one_other_kind_is_named_once_as_a_whole(tmp_path: Path) -> None:
    """With the method that it is for, and that of tune.yaml."""
    report = check_file(written(tmp_path / "set.jsonl", [PAIR | {"input": {"messages": [ASK]}}] * 12))

    assert report.kinds == {"preference": 12}
    assert [(finding.line, finding.message) for finding in report.findings if finding.rule == "kind-preference"] == [
        (None, "is a file of another kind: 12 preference pairs (for method dpo); the method is supervised")
    ]


def test_a_file_of_prompts_and_completions_is_told_the_command_that_converts_it(tmp_path: Path) -> None:
    report = check_file(written(tmp_path / "set.jsonl", [{"prompt": f"{n}", "completion": "x"} for n in range(12)]))

    (message,) = [finding.message for finding in report.findings if finding.rule == "kind-completion"]
    assert "for which no model is left" in message
    assert "`jobs convert FILE --output NEW.jsonl`" in message


def test_a_mixed_file_names_all_its_kinds(tmp_path: Path) -> None:
    """And each line of another kind than the method takes."""
    content = [chat("One?"), chat("Two?"), OLD, QUESTION]
    report = check_file(written(tmp_path / "set.jsonl", content))
    found = [(f.rule, f.line, f.message) for f in report.findings if f.rule.startswith("kind-")]

    assert found[0][:2] == ("kind-mixed", None)
    assert "2 chat examples (for method supervised)" in found[0][2]
    assert "1 prompt/completion pair (for which no model is left)" in found[0][2]
    assert "1 reinforcement example (for method reinforcement)" in found[0][2]
    assert [finding[:2] for finding in found[1:]] == [("kind-completion", 3), ("kind-reinforcement", 4)]


def test_prompt_and_completion_come_with_the_command_that_converts_them() -> None:
    """There is no model left that takes them."""
    ((_, words),) = example_faults(OLD, Expected())

    assert "no model" in words
    assert "jobs convert FILE --output NEW.jsonl" in words


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    re.findall(
        r"\S+",
        """messages tools functions input preferred_output non_preferred_output parallel_tool_calls slices role content
        name weight tool_calls tool_call_id function_call refusal type function id arguments parameters description
        text image_url url detail $schema $ref properties required enum multipleOf pattern items""",
    )
)
WORDS = ["user", "assistant", "system", "tool", "function", "developer", "a", "", "object", "string", "{}", '{"a": 1}']
LEAVES = st.sampled_from([*WORDS, "image_url", "text", "data:image/png;base64,iVBORw0K", "#", "(", None, 0, 1, 0.5])
NEARLY = st.recursive(
    LEAVES | JSON,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@given(st.dictionaries(KEYS, NEARLY, max_size=5), st.sampled_from(METHODS), st.sampled_from(["training", "holdout"]))
def test_any_object_gets_faults_and_never_an_exception(example: dict[str, Any], method: Method, use: Any) -> None:
    """Each a known rule with words, whatever JSON can hold."""
    for rule, words in example_faults(example, Expected(use, method, grader_references=("a", "messages[0].content"))):
        assert rule in RULES
        assert words
    assert parts_of(example, method).kind == kind_of(example, method)
