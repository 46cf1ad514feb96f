"""Real datasets: what is found in them is really there.

Microsoft publishes them with its fine-tuning samples (microsoft-foundry/fine-tuning, MIT). Each finding was looked at.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.release import Method
from jobs.data.examples import read_examples
from tests.jobs.data.formats.broken import faults


@pytest.mark.parametrize(
    ("name", "method", "references", "found"),
    [
        ("gsm8k_chat_train", "supervised", (), []),
        ("gsm8k_chat_validation", "supervised", (), []),
        ("stock_toolcall_training", "supervised", (), []),
        ("stock_toolcall_validation", "supervised", (), []),
        ("countdown_train_100", "reinforcement", ("target", "nums"), []),
        ("countdown_valid_50", "reinforcement", ("target", "nums"), []),
        # Dashes whose UTF-8 was read as Latin-1: "an alienâ\\x80\\x94it", "gang members, but â\\x80\\x93 save for".
        ("orca_dpo_validation", "dpo", (), [(129, "content-invisible"), (172, "content-invisible")]),
    ],
)
def test_a_published_dataset_has_no_faults_but_those_that_are_in_it(
    real_datasets: Path, name: str, method: Method, references: tuple[str, ...], found: list[tuple[int, str]]
) -> None:
    """By its method, with what its grader asks for."""
    told = [
        (example.line, rule)
        for example in read_examples(real_datasets / f"{name}.jsonl")
        for rule, _ in faults(example.value, method, grader_references=references)
    ]

    assert told == found
