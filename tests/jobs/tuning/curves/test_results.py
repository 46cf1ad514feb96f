"""results.csv as the service writes it, and as it might."""

from __future__ import annotations

import base64
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.tuning.curves import results
from jobs.tuning.curves.results import read_results, read_rows

# Headings: azure-ai-docs, fine-tuning.md.
SUPERVISED = b"""\
step,train_loss,train_mean_token_accuracy,valid_loss,validation_mean_token_accuracy,full_valid_loss
1,2.1,0.5,2.0,0.5,
2,1.4,0.6,1.8,0.6,1.7
3,1.1,0.7,1.9,0.6,
"""


def test_the_last_value_of_each_measure_counts() -> None:
    assert read_results(SUPERVISED).last == {"full_valid_loss": 1.7, "valid_loss": 1.9}


@pytest.mark.parametrize("heading", ["valid_reward_mean", "valid_mean_reward"])
def test_rewards_have_two_names(heading: str) -> None:
    """Microsoft's page has one, its skill the other."""
    assert read_results(f"step,{heading}\n1,0.2\n2,0.4\n".encode()).last == {"valid_reward": 0.4}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"step,train_loss\n1,2.1\n",
        b"step,valid_loss\n1,NaN\n2,inf\n3,\n4,n/a\n",
        b"<html>, no such file</html>",
        b"\xff\xfe,\x00",
    ],
)
def test_what_measures_nothing_measures_nothing(content: bytes) -> None:
    assert read_results(content).last == {}


def test_order_case_marks_line_ends_and_base64_do_not_matter() -> None:
    plain = b"\xef\xbb\xbfValid_Loss,Step\r\n1.5,1\r\n"

    assert read_results(plain).last == {"valid_loss": 1.5}
    assert read_results(base64.b64encode(plain)).last == {"valid_loss": 1.5}


@given(st.binary(max_size=300))
def test_nothing_that_a_service_answers_is_a_fault_of_ours(content: bytes) -> None:
    assert all(isinstance(value, float) for value in read_results(content).last.values())
    read_results(b"step,valid_loss\n" + content)


def test_of_a_file_without_end_the_last_rows_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "MOST_ROWS", 3)
    rows = read_rows(b"step,valid_loss\n" + b"".join(b"%d,%d.5\n" % (step, step) for step in range(1, 11)))

    assert [row["step"] for row in rows] == [8, 9, 10]


def test_millions_of_empty_lines_are_no_rows() -> None:
    """They are read one by one, and not as a list of lines, which takes many times the file."""
    tracemalloc.start()
    try:
        assert read_rows(b"step,valid_loss\n" + b"\n" * 500_000) == []
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 8_000_000


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_lines_end_as_any_system_ends_them(end: bytes) -> None:
    assert read_rows(SUPERVISED.replace(b"\n", end)) == read_rows(SUPERVISED)
