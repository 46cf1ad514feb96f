"""What stands on the command line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from jobs.cli.asked import Asked, duration
from jobs.errors import Usage


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", timedelta(seconds=90)),
        ("30m", timedelta(minutes=30)),
        ("24h", timedelta(hours=24)),
        ("1.5h", timedelta(minutes=90)),
        ("2D", timedelta(days=2)),
    ],
)
def test_durations(text: str, expected: timedelta) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize("text", ["", "24", "h", "0h", "-1h", "1w", "24 h later", "1e3s", "nan"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(Usage):
        duration(text)


def test_models_are_the_projects_unless_named() -> None:
    assert Asked("dev").models_folder == Path("models")
    assert Asked("dev", project=Path("p")).models_folder == Path("p/models")
    assert Asked("dev", project=Path("p"), models=Path("m")).models_folder == Path("m")


def test_the_up_is_made_in_the_project() -> None:
    assert Asked("dev").up == "pulumi up -s dev"
    assert Asked("o/p/dev", project=Path("the project")).up == "pulumi up -s o/p/dev -C 'the project'"
