"""The demo: the product's main job, from nothing to a released model, and again."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import copy_to, typed, without_ambient_azure
from tests.readme import commands


def _entries(record: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in record.read_text().splitlines()]


def _submissions(entries: list[dict[str, Any]]) -> int:
    return sum(e["method"] == "POST" and e["path"].endswith("/fine_tuning/jobs") for e in entries)


@pytest.fixture(scope="module")
def demos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Two demos in one checkout, the second as README.md begins: what they said, asked of Azure, and left in the stack
    file. Then the other commands of README.md, as a newcomer types the page from top to bottom.
    """
    folder = tmp_path_factory.mktemp("demo")
    project = copy_to(folder / "project")
    stack = project / "environments" / "Pulumi.local.yaml"
    page = commands()
    said, entries, files = [], [], []
    for number, command in enumerate((f"{sys.executable} -m simulator demo", page[0])):
        record = folder / f"record-{number}.jsonl"
        environment = without_ambient_azure() | {"SIMULATOR_RECORD": str(record)}
        said.append(typed(project, "bash", "-c", command, environment=environment).stdout)
        entries.append(_entries(record))
        files.append(stack.read_bytes())
    for command in page[1:]:
        # The tests can't run themselves: that `make test` is a target is all that is checked of it here.
        shown = "make --dry-run test" if command == "make test" else command
        typed(project, "bash", "-c", shown)
    return {"folder": folder, "project": project, "said": said, "entries": entries, "files": files}


@pytest.mark.slow
class TestDemo:
    """What a newcomer sees, and what is left when it ends."""

    def test_it_is_what_the_first_page_begins_with(self) -> None:
        assert commands()[0] == "make demo"

    def test_it_goes_the_whole_way_on_the_clippy_dataset(self, demos: dict[str, Any]) -> None:
        """Provisioned, checked, measured, trained, recorded, deployed, asked, evaluated, released: each step leaves its
        trace."""
        said, entries = demos["said"][0], demos["entries"][0]

        assert _submissions(entries) == 1
        assert said.count("created") >= 2
        assert "tuned model" in said
        assert "tune.yaml names this scorecard as its baseline" in said
        assert "Verdict: passed" in said
        assert "+  tuned-models:releases:" in said
        assert '+          verdict: "passed"' in said
        answered = [e for e in entries if e["path"].endswith("/chat/completions")]
        assert len({e["request"]["model"] for e in answered}) == 2
        assert {e["status"] for e in answered} == {200}

    def test_again_it_adopts_the_run_and_changes_nothing(self, demos: dict[str, Any]) -> None:
        """The second demo submits no job, uploads no file, writes no resource or blob, asks the holdout of nobody, and
        leaves the stack file as it was."""
        first, second = demos["files"]
        writes = [
            (e["method"], e["path"])
            for e in demos["entries"][1]
            if e["method"] in ("PUT", "PATCH", "DELETE", "POST")
            and not e["path"].endswith(("/chat/completions", "/oauth2/v2.0/token"))
        ]

        assert second == first
        assert writes == []
        asked = [len([e for e in entries if e["path"].endswith("/chat/completions")]) for entries in demos["entries"]]
        # 24 questions of the holdout, put to the base and to the candidate.
        assert asked[0] - asked[1] == 48

    def test_no_secret_is_in_what_it_says_writes_or_records(self, demos: dict[str, Any]) -> None:
        """Neither a token nor a local password stands in the output, the record or the stack file."""
        texts = [*demos["said"], *(json.dumps(e) for e in demos["entries"]), *(f.decode() for f in demos["files"])]

        for text in texts:
            assert "eyJ" not in text, "a token"
            assert "local-secret-of" not in text

    def test_it_leaves_no_process(self, demos: dict[str, Any]) -> None:
        """Nothing that was started in the checkout still runs (seen where the system has /proc)."""
        project = str(demos["project"])
        left = [entry.name for entry in Path("/proc").glob("[0-9]*") if _belongs(entry, project)]

        assert left == []


def _belongs(process: Path, project: str) -> bool:
    try:
        return project in (process / "cmdline").read_bytes().decode(errors="replace") or project in str(
            (process / "cwd").readlink()
        )
    except OSError:
        return False
