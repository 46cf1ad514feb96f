"""What the tests of the check share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def real_datasets() -> Path:
    """A folder with real datasets, as TUNED_MODELS_DATASETS names it; they are not part of the project."""
    named = os.environ.get("TUNED_MODELS_DATASETS")
    if not named or not Path(named).is_dir():
        pytest.skip("TUNED_MODELS_DATASETS names no folder of real datasets")
    return Path(named)
