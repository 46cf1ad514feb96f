"""models/<name>/: a model's tune.yaml and its datasets, as they lie there now."""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from contract import naming
from contract.data_reference import DataReference
from contract.faults import Faults
from contract.tune_spec import TuneSpec
from jobs.errors import Unreadable, Unsupported, Usage
from jobs.tuning.digests import sha256


@dataclass(frozen=True)
class ModelFolder:
    """One model as people specified it. Paths are of files that exist."""

    name: str
    path: Path
    spec: TuneSpec
    train: Path
    validation: Path | None
    holdout: Path | None

    @property
    def tune_yaml(self) -> Path:
        return self.path / "tune.yaml"

    @cached_property
    def tune_yaml_digest(self) -> str:
        return sha256(self.tune_yaml)


def open_model(models: Path, name: str) -> ModelFolder:
    """The model ``name`` in the folder ``models``. Raises Usage, Unreadable (with all faults) or Unsupported."""
    pattern = next(pattern for pattern, words in naming.RULES.items() if words.startswith("2-30"))
    if not re.fullmatch(pattern, name):
        raise Usage(f"{name!r} is no model's name: {naming.RULES[pattern]}")
    path = models / name
    if not path.is_dir():
        raise Usage(f"there is no model {name} in {models}{_others(models, name)}")
    if not (path / "tune.yaml").is_file():
        raise Unreadable(f"{path} has no file tune.yaml, which says what {name} is trained from")
    try:
        spec = TuneSpec.read(path / "tune.yaml")
    except Faults as faults:
        raise Unreadable(
            f"{path / 'tune.yaml'} cannot be used", details=[str(fault) for fault in faults.faults]
        ) from faults
    except OSError as error:
        raise Unreadable(f"{path / 'tune.yaml'} cannot be read: {error}") from error
    _refuse_unsupported(path, spec)
    unusable = [f"data.{use}: {why}" for use, named in _named(spec).items() if (why := _unusable(path, named))]
    if unusable:
        raise Unreadable(f"{path / 'tune.yaml'} names files that cannot be used", details=unusable)
    files = {use: path / named for use, named in _named(spec).items()}
    return ModelFolder(name, path, spec, files["train"], files.get("validation"), files.get("holdout"))


def _named(spec: TuneSpec) -> dict[str, str]:
    named = {"train": spec.data.train, "validation": spec.data.validation, "holdout": spec.data.holdout}
    return {use: value for use, value in named.items() if isinstance(value, str)}


def _unusable(folder: Path, named: str) -> str | None:
    """Why the dataset cannot be used. What a specification names is uploaded: it lies in the model's own folder."""
    path = folder / named
    inside = Path(os.path.normpath(named))
    if inside.is_absolute() or ".." in inside.parts:
        return f"{named} is outside {folder}"
    if not path.exists():
        return f"there is no {path}"
    return None if path.is_file() else f"{path} is no file"


def _refuse_unsupported(path: Path, spec: TuneSpec) -> None:
    details = [
        f"data.{use}: this version reads files beside tune.yaml only, no uri"
        for use in ("train", "validation", "holdout")
        if isinstance(getattr(spec.data, use), DataReference)
    ]
    if details:
        raise Unsupported(f"{path / 'tune.yaml'} asks for what this version does not do", details=details)


def _others(models: Path, name: str) -> str:
    if not models.is_dir():
        return ", which is no folder; name the folder of models with --models DIR"
    known = sorted(found.parent.name for found in models.glob("*/tune.yaml"))
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; models there: {', '.join(known)}" if known else "; name the folder of models with --models DIR"
