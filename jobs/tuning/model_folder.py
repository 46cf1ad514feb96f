"""models/<name>/: a model's tune.yaml and its datasets, as they lie there, or where it refers to, now."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from contract import naming
from contract.data_reference import DataReference
from contract.faults import Faults
from contract.tune_spec import TuneSpec
from contract.yaml_lines import Lines, lines_of
from jobs.errors import Refused, Unreadable, Usage
from jobs.tuning.digests import sha256
from jobs.tuning.files.referenced import Referenced, Source

References = Mapping[str, DataReference]
"""By use: ``train``, ``validation``, ``holdout``."""

_USES = ("train", "validation", "holdout")


@dataclass(frozen=True)
class ModelFolder:
    """One model as people specified it. Paths are of files that exist, references of blobs that do."""

    name: str
    path: Path
    spec: TuneSpec
    train: Source
    validation: Source | None
    holdout: Source | None

    @property
    def tune_yaml(self) -> Path:
        return self.path / "tune.yaml"

    @property
    def sources(self) -> tuple[Source, ...]:
        """Those that there are: training, validation, holdout."""
        return tuple(each for each in (self.train, self.validation, self.holdout) if each is not None)

    @property
    def refers(self) -> bool:
        """Whether some of its data lies in storage."""
        return any(isinstance(each, Referenced) for each in self.sources)

    @cached_property
    def tune_yaml_digest(self) -> str:
        return sha256(self.tune_yaml)

    @cached_property
    def lines(self) -> Lines:
        """The line of each key of tune.yaml."""
        return lines_of(self.tune_yaml.read_text(encoding="utf-8"))


def open_model(
    models: Path, name: str, refer: Callable[[References], Mapping[str, Referenced]] | None = None
) -> ModelFolder:
    """The model ``name`` in the folder ``models``. Raises Usage or Unreadable (with all faults).

    refer    looks at what data.… refers to; asked only where there is a reference. Without it that is Refused.
    """
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
    data = {use: named for use in _USES if (named := getattr(spec.data, use)) is not None}
    paths = {use: named for use, named in data.items() if isinstance(named, str)}
    bad = [f"data.{use}: {why}" for use, named in paths.items() if (why := unusable(path, named))]
    if bad:
        raise Unreadable(f"{path / 'tune.yaml'} names files that cannot be used", details=bad)
    sources: dict[str, Source] = {use: path / named for use, named in paths.items()}
    references = {use: named for use, named in data.items() if isinstance(named, DataReference)}
    if references:
        if refer is None:
            raise _out_of_reach(path, name, references)
        sources |= refer(references)
    return ModelFolder(name, path, spec, sources["train"], sources.get("validation"), sources.get("holdout"))


def _out_of_reach(path: Path, name: str, references: References) -> Refused:
    keys = " and ".join(f"data.{use}" for use in references)
    return Refused(
        f"{path / 'tune.yaml'}: {keys} {'refers' if len(references) == 1 else 'refer'} to storage",
        details=["Which storage is approved, and who may read it, is known with a stack: -s STACK names one."],
        next_command=f"jobs check {name} -s STACK",
    )


def unusable(folder: Path, named: str) -> str | None:
    """Why the file cannot be used. What a specification names is sent: it lies in the model's own folder, or is a link
    to another model's."""
    path = folder / named
    inside = Path(os.path.normpath(named))
    if inside.is_absolute() or ".." in inside.parts:
        return f"{named} is outside {folder}"
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):  # Missing; or, before Python 3.13, a loop of links.
        return f"there is no {path}"
    if not any(target.is_relative_to(own.resolve()) for own in (folder, folder.parent)):
        return f"{path} is a link that leads to {target}, outside {folder.parent}"
    return None if target.is_file() else f"{path} is no file"


def _others(models: Path, name: str) -> str:
    if not models.is_dir():
        return ", which is no folder; name the folder of models with --models DIR"
    known = sorted(found.parent.name for found in models.glob("*/tune.yaml"))
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; models there: {', '.join(known)}" if known else "; name the folder of models with --models DIR"
