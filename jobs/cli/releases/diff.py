"""`jobs diff`: in what two tuned models differ, by their records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import typer

from contract.release import Releases
from jobs.cli.columns import NOTHING, say_table
from jobs.cli.others import others
from jobs.cli.outcomes import complain
from jobs.errors import Refused
from jobs.releases.difference import Direct, Examples, direct, facts, not_comparable
from jobs.releases.reference import Meant, meant
from jobs.stacks.outputs import short_name
from jobs.stacks.stack_file import read_releases, stack_file, stack_files, stack_of

_SCHEMA_VERSION = 1


def show_difference(
    model: str,
    texts: tuple[str, str],
    stacks: Sequence[str],
    project: Path | None,
    models: Path | None,
    *,
    as_json: bool,
) -> None:
    """Reads stack files, and counts the examples of datasets that lie in the model's folder; reaches no network."""
    folder = project or Path()
    by_stack, known = _recorded(model, folder, stacks)
    if not by_stack:
        raise Refused(f"no stack file records anything of a model {model}{others(model, known)}")
    one, other = (meant(text, by_stack) for text in texts)
    found = facts(one.record, other.record, _counting((models or folder / "models") / model))
    compared, remark = direct(one.record, other.record), not_comparable(one.record, other.record)
    if as_json:
        document = {
            "schemaVersion": _SCHEMA_VERSION,
            "model": model,
            "a": _side(one),
            "b": _side(other),
            "facts": [
                {"section": fact.section, "name": fact.name, "a": fact.one, "b": fact.other, "same": fact.same}
                for fact in found
            ],
            "compared": _told(compared) if compared is not None else None,
            "remark": remark,
        }
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    for name, each in (("A", one), ("B", other)):
        typer.echo(f"{name}: {each.record.model_id} ({each.stack}:{each.place})")
    if one.record.model_id == other.record.model_id:
        typer.echo("They are the same model.")
        return
    rows = [(fact.section, fact.name, fact.one or NOTHING, fact.other or NOTHING) for fact in found if not fact.same]
    say_table(("", "", "A", "B"), rows, title=2)
    same = [fact.name for fact in found if fact.same and fact.one is not None]
    if same:
        typer.echo(f"The same: {', '.join(same)}")
    if compared is not None:
        typer.echo(_words(compared))
    if remark is not None:
        complain(f"mind: {remark}")


def _recorded(model: str, project: Path, stacks: Sequence[str]) -> tuple[dict[str, Releases], set[str]]:
    """By stack, of those that record the model; and every model that any of them records."""
    files = (
        {short_name(stack): stack_file(project, stack) for stack in stacks}
        if stacks
        else {stack_of(path): path for path in stack_files(project)}
    )
    found: dict[str, Releases] = {}
    known: set[str] = set()
    for stack, path in files.items():
        try:
            recorded = read_releases(path)
        except Refused as refused:
            if stacks:
                raise
            complain(f"mind: {refused.what}: passed over")
            continue
        known |= set(recorded)
        if model in recorded:
            found[stack] = recorded[model]
    return found, known


def _counting(folder: Path) -> Examples:
    """By the files that lie in the model's folder today: of an older dataset nothing is known."""

    @cache
    def counts() -> dict[str, int]:
        return dict(_counted(path) for path in sorted(folder.glob("*.jsonl")) if path.is_file())

    return lambda digest: counts().get(digest)


def _counted(path: Path) -> tuple[str, int]:
    """Digest, and lines that say something."""
    digest, lines = hashlib.sha256(), 0
    with path.open("rb") as file:
        for line in file:
            digest.update(line)
            lines += bool(line.strip())
    return digest.hexdigest(), lines


def _words(found: Direct) -> str:
    return (
        f"Measured in {found.stack} over the same examples: {found.better} over {found.than}: {found.difference:+.3f} "
        f"({found.low:+.3f} to {found.high:+.3f})"
    )


def _told(compared: Direct) -> dict[str, object]:
    return {
        "better": compared.better,
        "than": compared.than,
        "difference": compared.difference,
        "low": compared.low,
        "high": compared.high,
        "stack": compared.stack,
    }


def _side(each: Meant) -> dict[str, object]:
    """The record as it stands, for programs that want figures."""
    record = each.record.model_dump(mode="json", by_alias=True)
    return {"stack": each.stack, "place": each.place, "modelId": each.record.model_id, "record": record}
