"""Files that lie beside tune.yaml."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated

from pydantic import AfterValidator

from contract.shape import Text


def _inside(path: str) -> str:
    named = PurePosixPath(path)
    if named.is_absolute() or ".." in named.parts or "\\" in path:
        raise ValueError("is no path below the model's folder, such as answer.schema.json")
    return path


Beside = Annotated[Text, AfterValidator(_inside)]
"""A path below the model's folder."""
