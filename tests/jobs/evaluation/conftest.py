"""Fixtures that others have."""

from tests.jobs.data.conftest import real_datasets

__all__ = ["real_datasets"]
