"""What a dataset has too much or too little of: each remark with its figures, and that pieces make no difference."""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.data.balance.figures import Balance
from jobs.data.balance.tool_definitions import ToolDefinitions
from jobs.data.check import check_datasets, check_file
from jobs.data.expected import Expected, Use
from jobs.data.formats import Parts
from jobs.data.rules import RULES
from jobs.data.scanning.observers import Observer
from jobs.data.slices import Slices

QUESTIONS = (
    "What happened on day {} in the harbour?",
    "Tell me about day {}.",
    "Day {}: how was it at sea, please?",
    "And {}?",
)


def chat(
    answers: Sequence[str], questions: Sequence[str] = QUESTIONS, **more: Any
) -> list[tuple[Parts, dict[str, Any]]]:
    """Examples with these answers; their questions differ, and so do their beginnings."""
    found = []
    for number, answer in enumerate(answers):
        prompt = [{"role": "user", "content": questions[number % len(questions)].format(number), **more}]
        found.append((Parts("chat", prompt, [[{"role": "assistant", "content": answer}]], None), dict[str, Any]()))
    return found


def seen(examples: list[tuple[Parts, dict[str, Any]]], use: Use = "training") -> Balance:
    balance = Balance(use)
    for line, (parts, example) in enumerate(examples, start=1):
        balance.add(parts, example, line)
    return balance


def remarks(balance: Balance, training: Balance | None = None) -> list[tuple[str, str]]:
    return [(rule, message) for rule, _, message in balance.findings(training)]


def sentence(number: int) -> str:
    return (
        f"On day {number} there was wind of {number * 7 % 13} knots, and {'the ships stayed' * (number % 5)} at home."
    )


def test_answers_that_are_sentences_are_no_labels_and_raise_no_remark() -> None:
    balance = seen(chat([sentence(number) for number in range(60)]))

    assert balance.summary().labels is None
    assert remarks(balance) == []


def test_labels_are_counted_and_even_shares_raise_no_remark() -> None:
    balance = seen(chat(["refund", "delivery", "other"] * 20))

    assert balance.summary().labels == (("delivery", 20), ("other", 20), ("refund", 20))
    assert remarks(balance) == []


def test_numbers_that_differ_are_no_labels() -> None:
    assert seen(chat([str(number) for number in range(60)])).summary().labels is None


def test_fewer_than_twenty_answers_are_no_labels() -> None:
    assert seen(chat(["yes"] * 19)).summary().labels is None


def test_one_label_that_dominates_is_named_with_its_share() -> None:
    assert remarks(seen(chat(["yes"] * 85 + ["no"] * 15))) == [
        ("balance-label-dominates", "answers 'yes' in 85 of 100 examples (85%), and 'no' in 15")
    ]
    assert remarks(seen(chat(["yes"] * 80 + ["no"] * 20))) == []
    assert remarks(seen(chat(["a"] * 70 + ["b", "c"] * 15))) == [
        ("balance-label-dominates", "answers 'a' in 70 of 100 examples (70%), and one of 2 other labels in 30")
    ]


def test_a_single_label_is_named() -> None:
    assert remarks(seen(chat(["yes"] * 30))) == [("balance-label-dominates", "answers 'yes' in all of 30 examples")]


def test_rare_labels_are_named() -> None:
    answers = ["a"] * 40 + ["b"] * 40 + ["c"] * 9 + ["d"]

    assert remarks(seen(chat(answers))) == [
        ("balance-label-rare", "has 2 of 4 labels in fewer than 10 examples each: 'c' 9 ×, 'd' 1 ×")
    ]


def test_one_label_in_two_spellings_is_named() -> None:
    found = remarks(seen(chat(["Refund"] * 20 + ["refund."] * 20 + ["other"] * 20)))

    assert found == [("balance-label-spelling", "spells one label in 2 ways: 'Refund' 20 ×, 'refund.' 20 ×")]


def test_labels_that_training_lacks_are_named_in_the_other_file() -> None:
    training = seen(chat(["a", "b"] * 30))

    assert remarks(seen(chat(["a", "c", "c"]), "holdout"), training) == [
        ("balance-label-unknown", "answers what no training example does: 'c' 2 ×")
    ]
    assert remarks(seen(chat(["a", "b"]), "validation"), training) == []


def test_a_label_that_is_somebodys_address_is_masked() -> None:
    balance = seen(chat(["anna.meier@gmail.com"] * 90 + ["bert@firma.de"] * 10))

    [(_, message)] = remarks(balance)
    assert "anna" not in message + str(balance.summary())


def test_calls_of_tools_count_by_the_tools_name() -> None:
    call = {"role": "assistant", "tool_calls": [{"function": {"name": "find", "arguments": "{}"}}]}
    prompts = chat([""] * 30)
    balance = seen([(Parts("chat", parts.prompt, [[call]], None), {}) for parts, _ in prompts])

    assert balance.summary().labels == (("calls find", 30),)
    assert remarks(balance) == []


def test_a_label_within_json_counts_whatever_stands_beside_it() -> None:
    answers = [json.dumps({"label": "spam" if n % 20 == 0 else "ham", "confidence": n / 200}) for n in range(200)]
    answers[7] = '{"label": 1}'
    balance = seen(chat(answers))

    assert balance.summary().labels == (("ham", 189), ("spam", 10), ('{"label": 1}', 1))
    words = "answers 'ham' in 189 of 200 examples (94%), and one of 2 other labels in 11"
    assert ("balance-label-dominates", words) in remarks(balance)


def test_the_same_answer_to_many_prompts_is_named() -> None:
    answers = ["I am sorry, this is not what I may help you with today."] * 15 + [sentence(n) for n in range(45)]

    assert remarks(seen(chat(answers))) == [
        (
            "balance-same-answer",
            "answers 15 of 60 examples (25%) with 'I am sorry, this is not what I may help you with today.'",
        )
    ]


def test_lengths_are_figures_of_characters() -> None:
    spread = seen(chat(["x" * length for length in range(101)])).summary().lengths

    assert spread is not None
    assert (spread.shortest, spread.longest, spread.longest_line) == (0, 100, 101)
    assert 47 <= spread.median <= 53
    assert 89 <= spread.p95 <= 100


def test_an_answer_that_is_far_longer_than_the_others_is_named_on_its_line() -> None:
    balance = seen(chat([*map(sentence, range(50)), "word " * 4000]))

    assert [(rule, line) for rule, line, _ in balance.findings(None)] == [("balance-length-far", 51)]


def test_many_answers_of_the_same_greatest_length_look_cut_off() -> None:
    answers = [(f"{number} " + sentence(number) * 9)[:255] for number in range(20)] + [sentence(n) for n in range(40)]

    broken_off = sum(len(answer) == 255 and not answer.endswith(".") for answer in answers)
    assert broken_off > 10
    given = f"has {broken_off} of 60 answers that end within a word or a sentence after exactly 255 characters"
    assert remarks(seen(chat(answers))) == [("balance-length-cut", f"{given}, and none longer: were they cut off?")]


@pytest.mark.parametrize("form", ['{{"id": "{:0100}"}}', "See https://example.com/{:0100}/", "It is {:0100}."])
def test_answers_of_one_form_are_as_long_as_each_other_and_were_not_cut_off(form: str) -> None:
    assert remarks(seen(chat([form.format(number) for number in range(60)]))) == []


def test_pairs_that_nearly_always_prefer_the_longer_output_are_named() -> None:
    pairs = []
    for number, (parts, _) in enumerate(chat([sentence(number) for number in range(60)])):
        other = [{"role": "assistant", "content": "No." if number < 57 else "No. " * 90}]
        pairs.append((Parts("preference", parts.prompt, [*parts.answers, other], None), dict[str, Any]()))
    balance = seen(pairs)

    assert balance.summary().longer == 57
    assert remarks(balance) == [
        ("balance-preferred-length", "prefers the output that is longer than the other in 57 of 60 pairs (95%)")
    ]


def test_a_template_that_most_prompts_but_not_all_have_is_named() -> None:
    template = ["Please classify the following text now: {}"]
    mixed = chat([sentence(n) for n in range(40)], template) + chat([sentence(n) for n in range(40, 60)])

    assert remarks(seen(mixed)) == [
        (
            "balance-template",
            "begins 40 of 60 prompts (67%) with 'please classify the following text now:', the others in another way",
        )
    ]
    assert remarks(seen(chat([sentence(n) for n in range(60)], template))) == []


@pytest.mark.parametrize("key", ["user", "name", "metadata"])
def test_one_user_who_dominates_is_named(key: str) -> None:
    examples = []
    for number, (parts, _) in enumerate(chat([sentence(number) for number in range(40)])):
        user = "u1" if number < 30 else f"u{number}"
        if key == "name":
            parts.prompt[0]["name"] = user
        examples.append(
            (parts, {"user": user} if key == "user" else {"metadata": {"user": user}} if key == "metadata" else {})
        )

    assert remarks(seen(examples)) == [("balance-user", "has 30 of 40 examples (75%) that name a user from 'u1'")]


def test_languages_are_counted_and_those_that_training_lacks_are_named() -> None:
    english = ["What did the people of day {} do with all the time that they had?"]
    german = ["Was haben die Leute am Tag {} mit der Zeit gemacht, die sie noch hatten?"]
    training = seen(chat([sentence(n) for n in range(40)], english))
    other = seen(chat([sentence(n) for n in range(10)], [*english, *german]), "holdout")

    assert training.summary().languages == (("English", 40),)
    assert remarks(other, training) == [
        ("balance-language", "asks in languages that training hardly has: German 50%; training: English 100%")
    ]


def test_the_report_has_the_figures_and_files_beside_each_other_are_compared(tmp_path: Path) -> None:
    def written(name: str, answers: Sequence[str], **more: Any) -> Path:
        lines = (
            json.dumps({"messages": [*parts.prompt, *parts.answers[0]], **more}) + "\n" for parts, _ in chat(answers)
        )
        (tmp_path / name).write_text("".join(lines), encoding="utf-8")
        return tmp_path / name

    holdout = written("h.jsonl", ["yes", "perhaps"], slices={"language": "en"})
    report = check_datasets(written("t.jsonl", ["yes", "no"] * 30), None, holdout)

    assert report.training.balance is not None
    assert report.training.balance.labels == (("no", 30), ("yes", 30))
    assert report.holdout is not None
    assert report.holdout.slices == (("language", (("en", 2),)),)
    assert {"balance-label-unknown", "slices-small"} <= {finding.rule for finding in report.findings}


def lines_with(*slices: object) -> Slices:
    found = Slices()
    for line, given_slices in enumerate(slices, start=1):
        found.add(Parts("chat", [], [], None), {} if given_slices is None else {"slices": given_slices}, line)
    return found


def test_slices_are_counted_and_small_ones_and_missing_ones_named() -> None:
    slices = lines_with(*[{"language": "en"}] * 10, *[{"language": "de", "group": "x"}] * 2, None)

    assert slices.summary() == (("group", (("x", 2),)), ("language", (("en", 10), ("de", 2))))
    assert [(rule, message) for rule, _, message in slices.findings(None)] == [
        ("slices-missing", "has 11 of 13 lines without the slice 'group'"),
        ("slices-small", "has slices of fewer than 10 lines under 'group': 'x' 2"),
        ("slices-missing", "has 1 of 13 lines without the slice 'language'"),
        ("slices-small", "has slices of fewer than 10 lines under 'language': 'de' 2"),
    ]


def declaring(*descriptions: str) -> ToolDefinitions:
    found = ToolDefinitions()
    for line, description in enumerate(descriptions, start=1):
        tool = {"type": "function", "function": {"name": "find", "description": description}}
        found.add(Parts("chat", [], [], [tool]), {}, line)
    return found


def test_tools_that_are_declared_in_two_ways_are_named_with_a_line_of_each() -> None:
    assert list(declaring("a", "a", "b").findings(None)) == [
        ("tools-differ", None, "declares the tool 'find' in 2 ways: 2 × as on line 1, 1 × as on line 3")
    ]
    assert list(declaring("a", "a").findings(None)) == []
    assert list(declaring("a", "b", "b").findings(declaring("b"))) == [
        ("tools-differ", None, "declares the tool 'find' in 2 ways: 2 × as on line 2, 1 × as on line 1"),
        ("tools-differ", 1, "declares the tool 'find' otherwise than any training example does"),
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["role", "content", "tool_calls", "function", "name", "user"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
PARTS = st.builds(
    Parts,
    st.sampled_from(["chat", "preference", "reinforcement"]),
    st.lists(JSON, max_size=2),
    st.lists(st.lists(JSON, max_size=2), max_size=2),
    st.none() | st.lists(JSON, max_size=2),
)
EXAMPLES = st.dictionaries(st.sampled_from(["user", "metadata", "slices"]), JSON, max_size=3)


@given(st.lists(st.tuples(PARTS, EXAMPLES), max_size=8), st.integers(0, 8))
def test_any_example_can_be_observed_and_it_makes_no_difference_where_a_file_is_cut(
    examples: list[tuple[Parts, dict[str, Any]]], cut: int
) -> None:
    for kind in (lambda: Balance("training"), ToolDefinitions, Slices):
        whole, first, second = (cast("Observer", kind()) for _ in range(3))
        for line, (parts, example) in enumerate(examples, start=1):
            whole.add(parts, example, line)
            (first if line <= cut else second).add(parts, example, line)
        first.merge(pickle.loads(pickle.dumps(second)))  # noqa: S301  # What was just pickled here.

        assert list(first.findings(None)) == list(whole.findings(None))
        assert list(first.findings(whole)) == list(whole.findings(whole))
        assert all(rule in RULES for rule, _, _ in whole.findings(None))
        if isinstance(first, Balance | Slices) and isinstance(whole, Balance | Slices):
            assert first.summary() == whole.summary()


def test_real_datasets_raise_no_remark_on_their_balance(real_datasets: Path) -> None:
    """Looked at by hand: answers differ, in English, and no template begins most of the prompts."""
    for name in ("gsm8k_chat_train", "stock_toolcall_training"):
        found = check_file(real_datasets / f"{name}.jsonl", Expected()).findings
        assert not [finding for finding in found if finding.rule.startswith(("balance-", "tools-"))]
