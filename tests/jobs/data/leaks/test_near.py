"""Prompts that are nearly the same: what counts as such, and that the way the file is cut makes no difference."""

from __future__ import annotations

import json
import os
import pickle
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.data.check import check_datasets, check_file
from jobs.data.expected import Expected
from jobs.data.formats import Parts, parts_of
from jobs.data.leaks import near
from jobs.data.leaks.near import Index, NearPrompts, PromptSets, sequences

BAKER = (
    "A baker makes {} rolls in the morning and sells three quarters of them before noon. How many rolls are left now?"
)
WORDS = [f"w{number}" for number in range(2000)]


def asked(text: str, system: str | None = None) -> list[dict[str, str]]:
    user = {"role": "user", "content": text}
    return [user] if system is None else [{"role": "system", "content": system}, user]


def index(*texts: str) -> Index:
    sets = PromptSets()
    for line, text in enumerate(texts, start=1):
        sets.add(line, sequences(asked(text)))
    return Index(sets)


def nearest(text: str, *texts: str) -> tuple[float, int] | None:
    return nearest_in(index(*texts), asked(text))


def nearest_in(built: Index, prompt: list[dict[str, str]]) -> tuple[float, int] | None:
    return max(built.like(sequences(prompt)), default=None)


def some_text(seed: int, words: int = 30) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))  # noqa: S311  # No secret is made of it.


def test_how_alike_two_prompts_are_is_the_share_of_their_three_word_sequences_that_are_in_both() -> None:
    # One of ten words is another: of 8 sequences each 3 differ, so 5 are shared of 11 — and with 20 words 15 of 21.
    words = WORDS[:20]
    other = [*words[:10], "other", *words[11:]]

    assert nearest(" ".join(other), " ".join(words)) == (15 / 21, 1)
    assert nearest(" ".join(other[5:15]), " ".join(words[5:15])) is None


def test_other_numbers_make_no_other_prompt() -> None:
    found = nearest(BAKER.format(240), some_text(1), BAKER.format(320))

    assert found is not None
    assert found[1] == 2


def test_letter_case_punctuation_and_the_system_message_make_no_difference() -> None:
    prompt = asked(BAKER.format(240).upper().replace(".", " !"), system=some_text(3))

    assert nearest_in(index(BAKER.format(240)), prompt) == (1.0, 1)


def test_what_all_prompts_share_carries_no_weight() -> None:
    instruction = some_text(0, 150)
    others = [f"{instruction} {some_text(seed, 9)}" for seed in range(1, 41)]

    assert nearest(f"{instruction} {some_text(99, 9)}", *others) is None
    assert nearest(others[6], *others) == (1.0, 7)


def test_a_short_prompt_is_not_judged() -> None:
    assert nearest("What is the capital of Peru?", "What is the capital of Peru?") is None


def test_a_text_without_blanks_is_compared_by_characters() -> None:
    text = "注文した商品がまだ届いていないので状況を教えてください"

    found = nearest(text + "。", text.replace("商品", "品物"))
    assert found is not None
    assert found[0] > 0.6


def test_the_lines_before_are_looked_through_for_repeats_and_the_nearest_is_named(tmp_path: Path) -> None:
    lines = [some_text(1), BAKER.format(240), some_text(2), BAKER.format(320), BAKER.format(240), some_text(3)]
    report = check_file(file_of(tmp_path / "x.jsonl", lines))

    near_ones = [(finding.line, finding.message) for finding in report.findings if finding.rule == "repeat-near"]
    # Line 5 is line 2 again, which its own rule says.
    assert [line for line, _ in near_ones] == [4]
    assert near_ones[0][1].startswith("is nearly the prompt of line 2: ")


def test_near_leaks_stand_on_the_lines_of_the_other_files(tmp_path: Path) -> None:
    train = file_of(tmp_path / "t.jsonl", [some_text(1), BAKER.format(240), some_text(2)])
    validation = file_of(tmp_path / "v.jsonl", [some_text(3), BAKER.format(320)])
    holdout = file_of(tmp_path / "h.jsonl", [BAKER.format(240), BAKER.format(260), some_text(4), some_text(5)])

    found = check_datasets(train, validation, holdout).findings
    leaks = [(Path(f.file).name, f.rule, f.line) for f in found if f.rule.startswith("leak")]
    assert leaks == [
        ("v.jsonl", "leak-near-validation", 2),
        ("h.jsonl", "leak-holdout", 1),
        ("h.jsonl", "leak-near-holdout", 2),
    ]


def file_of(path: Path, prompts: list[str]) -> Path:
    examples = (
        {"messages": [{"role": "user", "content": text}, {"role": "assistant", "content": f"Answer {number}"}]}
        for number, text in enumerate(prompts)
    )
    path.write_text("".join(json.dumps(example) + "\n" for example in examples), encoding="utf-8")
    return path


@given(st.lists(st.integers(0, 12), min_size=1, max_size=12), st.integers(0, 12))
def test_it_makes_no_difference_where_a_file_is_cut(seeds: list[int], cut: int) -> None:
    """Each piece is seen by an observer of its own, which is pickled, and merged."""
    others = {"holdout": index(*(some_text(seed) for seed in range(6)))}
    whole, first, second = (NearPrompts("training", others) for _ in range(3))  # type: ignore[arg-type]  # "holdout" is a Use.
    for line, seed in enumerate(seeds, start=1):
        parts = Parts("chat", asked(some_text(seed)), [], None)
        for observer in (whole, first if line <= cut else second):
            observer.add(parts, {}, line)
    first.merge(pickle.loads(pickle.dumps(second)))  # noqa: S301  # What was just pickled here.

    assert list(first.findings(None)) == list(whole.findings(None))
    held_out = NearPrompts("holdout", {})
    assert list(held_out.findings(first)) == list(held_out.findings(whole))


def test_hashes_are_the_same_in_every_process() -> None:
    """The index is made in one process and asked in others, where Python's own hashes of texts differ."""
    code = f"from jobs.data.leaks.near import sequences; print(sorted(sequences({asked(BAKER)!r})))"
    printed = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONHASHSEED": "7"},
        check=True,
        capture_output=True,
        text=True,
    )

    assert printed.stdout.strip() == str(sorted(sequences(asked(BAKER))))


def test_of_more_sequences_than_fit_a_sample_is_kept_that_still_finds_what_is_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(near, "MOST_SEQUENCES", 2000)
    sets, part = PromptSets(), PromptSets()
    for line in range(1, 41):
        (sets if line <= 25 else part).add(line, sequences(asked(some_text(line, 200))))
    sets.merge(part)

    assert sets.mask
    assert sum(len(sets.of(number)) for number in range(40)) <= 2000
    found = nearest_in(Index(sets), asked(f"{some_text(33, 200)} and one more"))
    assert found is not None
    assert found[1] == 33


def test_of_prompts_at_the_threshold_hardly_any_is_missed() -> None:
    """Candidates are found by five sequences of some fifty, chosen by their hashes."""
    texts = [some_text(seed, 48) for seed in range(300)]
    built = index(*texts)
    missed = 0
    for text in texts:
        words = text.split()
        missed += nearest_in(built, asked(" ".join([*words[:24], "x", *words[30:]]))) is None
    assert missed <= 3


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["role", "content", "text"]), inner),
    max_leaves=8,
)


@given(st.lists(JSON, max_size=3))
def test_any_prompt_can_be_asked_about(prompt: list[Any]) -> None:
    observer = NearPrompts("training", {})
    observer.add(Parts("chat", prompt, [], None), {}, 1)

    assert list(observer.findings(None)) == []


def test_real_problems_that_only_share_a_subject_are_not_alike(real_datasets: Path) -> None:
    for name, method in (
        ("gsm8k_chat_train", "supervised"),
        ("orca_dpo_validation", "dpo"),
        ("countdown_train_100", "reinforcement"),
    ):
        report = check_file(real_datasets / f"{name}.jsonl", Expected(method=method))  # type: ignore[arg-type]  # A Method, each.
        assert not [finding for finding in report.findings if finding.rule == "repeat-near"]


def test_real_problems_with_other_numbers_are_alike_as_a_rule(real_datasets: Path) -> None:
    lines = (real_datasets / "gsm8k_chat_train.jsonl").read_bytes().splitlines()
    texts = [parts_of(json.loads(line)).prompt[-1]["content"] for line in lines]
    built = index(*texts)
    changed = [re.sub(r"\d+", lambda found: str(int(found[0]) + 3), text) for text in texts]
    found = [nearest_in(built, asked(text)) for text in changed]

    assert sum(alike is not None for alike in found) / len(found) > 0.75
    assert all(alike is None or alike[1] == line for line, alike in enumerate(found, start=1))
