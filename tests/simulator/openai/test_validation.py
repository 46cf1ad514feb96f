"""Limits of whole files and jobs (quotas-limits and fine-tuning-vision.md of Microsoft's documents)."""

from __future__ import annotations

from dataclasses import replace

from simulator.openai import validation
from simulator.openai.learning.examples import Examples

WHOLE = Examples(count=1_000, tokens=40_000_000)


def test_a_job_trains_two_billion_tokens_at_most() -> None:
    """Tokens times epochs: 40 million are allowed fifty times, and not one more."""
    assert validation.fault(WHOLE, None, 50) == (None, False)
    fault, late = validation.fault(replace(WHOLE, tokens=40_000_001), None, 50)

    assert fault is not None
    assert (fault.code, fault.param, late) == ("invalidPayload", "training_file", False)
    assert "2000000050 tokens" in fault.message


def test_a_file_has_fifty_thousand_examples_with_pictures_at_most() -> None:
    assert validation.fault(replace(WHOLE, pictured=50_000), None, 1) == (None, False)
    fault, _ = validation.fault(WHOLE, replace(WHOLE, pictured=50_001), 1)

    assert fault is not None
    assert (fault.code, fault.param) == ("jsonlValidationFailed", "validation_file")
