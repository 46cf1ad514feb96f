"""docs/datasets.md: what it shows is what the check takes, and what it counts is what the check counts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from contract.release import Method
from jobs.data.formats import example_faults, images, tools
from jobs.tuning.expectations import expected_of

PAGE = (Path(__file__).parents[4] / "docs" / "datasets.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```jsonl (\w+)(?: (\S+))?\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("method", "base", "line"), BLOCKS)
def test_an_example_on_the_page_has_no_faults(method: str, base: str, line: str) -> None:
    expected = expected_of(base or None, TypeAdapter(Method).validate_python(method))

    assert list(example_faults(json.loads(line), expected)) == []


def test_each_method_is_shown() -> None:
    assert {method for method, _, _ in BLOCKS} == {"supervised", "dpo", "reinforcement"}


def test_limits_on_the_page_are_those_of_the_check() -> None:
    assert (
        f"At most {images.MAX_IMAGES} in an example, {images.MAX_EXAMPLES_WITH_IMAGES:,} examples with images" in PAGE
    )
    assert f"{images.MAX_IMAGE_BYTES // 2**20} MB each; JPEG, PNG or WEBP, in RGB or RGBA" in PAGE
    assert f"descriptions up to {tools.MAX_DESCRIPTION:,} characters" in PAGE
