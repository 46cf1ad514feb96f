"""The stack file: one key is edited, and every other byte stays."""

from __future__ import annotations

import importlib
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from contract.release import Releases
from jobs.errors import Usage
from jobs.stacks.stack_file import StackFileRefused, read_releases, stack_file, update_releases, write_releases
from tests.contract.specimens import record

WITHDRAWN = {"kind": "withdrawn", "by": "Ada", "at": "2026-11-21T08:00:00Z", "reason": "worse than its base"}
CLIPPY = {"clippy": Releases.model_validate({"candidate": record("1" * 32, evaluation=None)})}
BOTH = {
    "writer": Releases.model_validate({"live": record("2" * 32, systemMessage=None)}),
    "clippy": Releases.model_validate(
        {
            "candidate": record("1" * 32),
            "live": record("3" * 32, servedWith={"name": "Standard", "capacity": 5}),
            "previous": [record("4" * 32), record("5" * 32, withdrawal=WITHDRAWN)],
        }
    ),
}

DEV = """\
# yaml-language-server: $schema=stack.schema.json
# The development environment.
config:
    azure-native:location: swedencentral   # aligned by hand
    tuned-models:accounts: {main: {name: "aoai-dev", location: swedencentral}}

    # What people wrote.
    tuned-models:storage:
        name: 'tunedmodelsdev'
        softDeleteDays:   7
    tuned-models:access: null

# Pulumi's own.
encryptionsalt: v1:abc=
"""

GOLDEN = """\
config:
  tuned-models:storage: {name: tunedmodelsdev}
  tuned-models:releases:
    clippy:
      candidate:
        modelId: "gpt-4.1-mini-2025-04-14.ft-11111111111111111111111111111111-clippy-0123abcd"
        override: null
        jobId: "ftjob-11111111111111111111111111111111"
        evaluation: null
        runKey: "0123abcd00000000000000000000000000000000000000000000000000000000"
        servedWith: null
        trainedAt: "2026-11-20T10:02:03Z"
        withdrawal: null
        schemaVersion: 1
        parentModelId: "gpt-4.1-mini-2025-04-14"
        checkpoint: null
        method: "supervised"
        trainingType: "GlobalStandard"
        seed: 42
        hyperparameters:
          epochs: 3
          batchSize: 1
          learningRateMultiplier: 1.0
        digests:
          train: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
          validation: "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
          holdout: "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
          tuneYaml: "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
        systemMessage: "Clippy is a factual chatbot that is also sarcastic."
        trainedTokens: 7223000
        cost:
          estimated: null
          actual: null
        trainedIn: "main"
        source: null
encryptionsalt: v1:abc=
"""


def _file(folder: Path, content: str | bytes) -> Path:
    path = folder / "Pulumi.dev.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def _by_another_parser(path: Path) -> Any:
    """What PyYAML, a reader of YAML 1.1 where ours is one of 1.2, takes the file for."""
    return importlib.import_module("yaml").safe_load(path.read_bytes())


def _refusal(path: Path, content: str | bytes) -> StackFileRefused:
    """The refusal to record into ``content``, which stays as it was."""
    raw = content if isinstance(content, bytes) else content.encode()
    path.write_bytes(raw)
    with pytest.raises(StackFileRefused) as caught:
        write_releases(path, CLIPPY)
    assert path.read_bytes() == raw
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    return caught.value


class TestWriting:
    """The records go in, and nothing else moves."""

    def test_the_file_is_as_documented(self, tmp_path: Path) -> None:
        """One fact a line, in the record's order, every text in double quotes."""
        path = _file(tmp_path, "config:\n  tuned-models:storage: {name: tunedmodelsdev}\nencryptionsalt: v1:abc=\n")

        assert write_releases(path, CLIPPY)
        assert path.read_text() == GOLDEN

    def test_what_was_written_reads_back(self, tmp_path: Path) -> None:
        """By this reader, and by another parser, the same."""
        path = _file(tmp_path, DEV)
        write_releases(path, BOTH)

        assert read_releases(path) == BOTH
        held = _by_another_parser(path)["config"]["tuned-models:releases"]
        assert held["clippy"]["candidate"] == record("1" * 32)
        assert list(held) == ["clippy", "writer"]

    def test_every_other_byte_stays(self, tmp_path: Path) -> None:
        """Comments, quotes, alignment and order of a hand-written file survive the first record, and its removal."""
        path = _file(tmp_path, DEV)
        write_releases(path, BOTH)
        before, after = DEV.split("\n\n# Pulumi's own.")

        assert path.read_text().startswith(before + "\n    tuned-models:releases:\n        clippy:\n")
        assert path.read_text().endswith("\n\n# Pulumi's own." + after)
        assert write_releases(path, {})
        assert path.read_text() == DEV

    @pytest.mark.parametrize(
        "content",
        [
            "",
            "# nothing yet\n",
            "---\n",
            "config:\n",
            "config: # nothing yet\n",
            "config:",
            "encryptionsalt: x",
            "encryptionsalt: x\n",
            "config:\n  a:b: 1",
            "config:\n  a:b: |\n    text\n\n\nz: 1\n",
            "config:\n  a:b: |+\n    text\n\n\nz: 1\n",
            "config:\n  a:b: >-\n    text\n    # no comment\n",
            "config:\n  a:b:\n    - 1\n    - {c: 2}\n  # last\nz: 1\n",
            "config:\n a:b:\n",
            "  config:\n      a:b: 1\n  z: 2\n",
            '"config":\n  "tuned-models:releases":\n    old-one:\n  a:b: 1\n',
            "config:\n  tuned-models:releases:\n  a:b: 1\n",
            "config:\n  tuned-models:releases: {}\n  a:b: 1",
            "config:\n  a:b: &x 1\n  c:d: *x\n",
            "config:\n  a:b: 1\n  tuned-models:releases: {}",
            "\ufeffconfig:\n  a:b: ü😀\n",
            "config:\r\n  a:b: 1\r\n\r\n# end\r\n",
            "%YAML 1.2\n---\nconfig:\n  a:b: 1\n...\n",
        ],
    )
    def test_any_layout_takes_the_records(self, tmp_path: Path, content: str) -> None:
        """An empty file, an empty block, no last line break, CRLF, a BOM, any indent: all are as people have them."""
        path = _file(tmp_path, content.replace("    old-one:\n", ""))
        raw = path.read_bytes()

        assert write_releases(path, BOTH)
        assert read_releases(path) == BOTH
        assert not write_releases(path, BOTH)
        written = path.read_bytes()
        assert written.endswith(b"\n") == (raw.endswith(b"\n") or not raw)
        assert (b"\r\n" in written) == (b"\r\n" in raw)
        assert b"\n" not in written.replace(b"\r\n", b"") or b"\r\n" not in raw
        write_releases(path, {})
        assert read_releases(path) == {}

    def test_equal_content_writes_nothing(self, tmp_path: Path) -> None:
        """Not even where people laid out the records differently."""
        written = str(record("1" * 32, evaluation=None)).replace("None", "null")
        path = _file(tmp_path, f"config:\n  tuned-models:releases: {{clippy: {{candidate: {written}}}}}\n")
        raw, before = path.read_bytes(), path.stat()

        assert not write_releases(path, CLIPPY)
        assert path.read_bytes() == raw
        assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)

    def test_comments_between_the_records_stay_with_them(self, tmp_path: Path) -> None:
        """A remark on a record goes where the record goes; a remark on what is gone moves up, and is not lost."""
        path = _file(tmp_path, "config:\n  a:b: 1\n")
        first, second = (record(digit * 32) for digit in "12")
        write_releases(path, {"clippy": Releases.model_validate({"candidate": first})})
        text = path.read_text().replace("      candidate:\n", "      # asked for by support\n      candidate:\n")
        text = text.replace("seed: 42\n", "seed: 42   # the usual\n").replace("    clippy:\n", "    clippy: # ours\n")
        path.write_text(text)

        write_releases(path, {"clippy": Releases.model_validate({"candidate": second, "live": first})})
        live = path.read_text().partition("      # asked for by support\n      live:\n")[2]
        assert "seed: 42  # the usual\n" in live
        assert "    clippy:  # ours\n" in path.read_text()
        write_releases(path, {})
        kept = "  # ours\n  # asked for by support\n  # the usual\n"
        assert path.read_text() == "config:\n  a:b: 1\n" + kept

    def test_a_comment_after_an_empty_key_is_none_of_ours(self, tmp_path: Path) -> None:
        """The parser marks an empty value behind the comments that follow it."""
        path = _file(tmp_path, "config:\n  tuned-models:releases:\n  # the next\n  a:b: 1\n")
        write_releases(path, CLIPPY)

        assert path.read_text().count("# the next") == 1
        write_releases(path, {})
        assert path.read_text() == "config:\n  # the next\n  a:b: 1\n"

    @pytest.mark.parametrize(
        "text", ['"\\', "é😀", "\x00\x07\x85\u2028\ufeff", "a: b # c", "line\r\nline\t", "0123456", "null", ""]
    )
    def test_every_text_survives(self, tmp_path: Path, text: str) -> None:
        """Quotes, line breaks, control characters, and texts that look like something else."""
        path = _file(tmp_path, "config:\n")
        releases = {"clippy": Releases.model_validate({"live": record(systemMessage=text)})}
        write_releases(path, releases)

        assert read_releases(path) == releases
        loaded = _by_another_parser(path)
        assert loaded["config"]["tuned-models:releases"]["clippy"]["live"]["systemMessage"] == text

    @pytest.mark.parametrize("number", [1e-05, 0.02, 1.0, 123456.789, 1e22])
    def test_a_small_rate_stays_a_number(self, tmp_path: Path, number: float) -> None:
        """YAML 1.1 takes 1e-05 for a text: it is written 1.0e-05."""
        path = _file(tmp_path, "config:\n")
        rates: dict[str, Any] = {"epochs": 1, "batchSize": 1, "learningRateMultiplier": number}
        write_releases(path, {"clippy": Releases.model_validate({"live": record(hyperparameters=rates)})})

        held = _by_another_parser(path)["config"]["tuned-models:releases"]["clippy"]["live"]
        assert held["hyperparameters"] == rates

    def test_a_models_name_that_looks_like_a_truth_is_quoted(self, tmp_path: Path) -> None:
        """``null`` and ``yes`` are names a model may have."""
        path = _file(tmp_path, "config:\n")
        releases = {"null": CLIPPY["clippy"], "yes": BOTH["writer"]}
        write_releases(path, releases)

        assert read_releases(path) == releases
        assert set(_by_another_parser(path)["config"]["tuned-models:releases"]) == {"null", "yes"}

    def test_mode_and_link_are_kept(self, tmp_path: Path) -> None:
        """The file that a link leads to is edited; the link stays a link."""
        (tmp_path / "real").mkdir()
        target = _file(tmp_path / "real", "config:\n")
        target.chmod(0o640)
        link = tmp_path / "Pulumi.dev.yaml"
        link.symlink_to(target)

        assert write_releases(link, CLIPPY)
        assert link.is_symlink()
        assert stat.S_IMODE(target.stat().st_mode) == 0o640
        assert read_releases(target) == CLIPPY

    def test_a_change_is_made_to_what_the_file_has_by_then(self, tmp_path: Path) -> None:
        """An editor that saves in between loses nothing, and neither do we."""
        path = _file(tmp_path, "config:\n  a:b: 1\n")
        asked: list[dict[str, Releases]] = []

        def change(found: dict[str, Releases]) -> dict[str, Releases]:
            asked.append(found)
            if len(asked) == 1:
                path.write_text("config:\n  a:b: 2\n")
            return found | CLIPPY

        assert update_releases(path, change)
        assert len(asked) == 2
        assert path.read_text().startswith("config:\n  a:b: 2\n  tuned-models:releases:\n")


class TestRefusals:
    """What cannot be edited alone is refused, with its line, and left as it is."""

    @pytest.mark.parametrize(
        ("content", "words", "line"),
        [
            ("config: {a: 1}\n", "flow style", 1),
            ("{config: {a: 1}}\n", "flow style", 1),
            ("config:\n  a: 1\nconfig:\n  b: 1\n", "'config' stands here a second time", 3),
            ("config:\n  tuned-models:releases:\n  tuned-models:releases:\n", "a second time", 3),
            ("config:\n  a: {b: 1, b: 2}\n", "'b' stands here a second time", 2),
            ("x: &x {}\nconfig:\n  tuned-models:releases: *x\n", "alias", 1),
            ("config:\n  tuned-models:releases: &x\n    clippy: {}\n  b: *x\n", "anchor", 2),
            ("config:\n  tuned-models:releases:\n    clippy: &x {}\n    other: *x\n", "anchor", 3),
            ("x: &x\n  a: 1\nconfig: *x\n", "alias", 3),
            ("config: &x\n  a: 1\ny: *x\n", "anchor", 1),
            ("x: &x\n  a: 1\nconfig:\n  <<: *x\n", "merge key", 4),
            ("config:\n\ta: 1\n", "no valid YAML", 2),
            ("config:\n  a: [1\n", "no valid YAML", None),
            ("config:\n<<<<<<< HEAD\n  a: 1\n=======\n  a: 2\n>>>>>>> b\n", "has a merge conflict, lines 2-6", 2),
            ("a: 1\r\n<<<<<<< HEAD\r\n=======\r\nb: 1\r\n>>>>>>> b\r\n", "has a merge conflict, lines 2-5", 2),
            ("<<<<<<< a\nb: 1\n||||||| c\n=======\nb: 2\n>>>>>>> d\nz: 1\n", "has a merge conflict, lines 1-6", 1),
            ("a: 1\n=======\nb: 2\n>>>>>>> b\n", "has 2 merge conflicts, lines 2 and 4", 2),
            ("<<<<<<< a\n" * 2 + "=======\n>>>>>>> b\n", "has 2 merge conflicts, lines 1 and 2-4", 1),
            ("a: 1\n|||||||\n", "has a merge conflict, line 2", 2),
            ("<<<<<<<<< a\n=========\n>>>>>>>>> b\n", "has a merge conflict, lines 1-3", 1),
            ("config:\n  a: 1\n---\nconfig:\n  b: 1\n", "another document", 3),
            ("config:\n  a: \xff\n".encode("latin-1"), "not UTF-8", 2),
            ("- config\n", "no mapping", 1),
            ("config: text\n", "no mapping", 1),
            ("config:\n  ? tuned-models:releases\n  : {}\n", "beginning of its line", 2),
            ("[\n" * 20_000, "gave up", None),
            ("config:\n  tuned-models:releases: 5\n", "1 fault", None),
            ("config:\n  tuned-models:releases: {clippy: {live: {seed: 42}}}\n", "faults", None),
        ],
    )
    def test_is_refused(self, tmp_path: Path, content: str | bytes, words: str, line: int | None) -> None:
        """With words that say why, and the line."""
        refusal = _refusal(tmp_path / "Pulumi.dev.yaml", content)

        assert words in str(refusal)
        if line is not None:
            assert refusal.line == line

    def test_a_merge_conflict_is_refused_with_what_to_do(self, tmp_path: Path) -> None:
        """By hand, or by git once more with the driver; the file is named as it was given."""
        refusal = _refusal(tmp_path / "Pulumi.dev.yaml", "a: 1\n<<<<<<< x\n=======\n>>>>>>> y\n")

        assert "remove the lines of the markers, then `git add` the file" in refusal.details[0]
        assert f"git checkout -m -- {tmp_path / 'Pulumi.dev.yaml'}" in refusal.details[1]

    def test_what_only_looks_like_a_marker_is_no_conflict(self, tmp_path: Path) -> None:
        """Within a block of text the lines are indented; a rule under a title may be long."""
        path = _file(tmp_path, "config:\n  a:b: |\n    Title\n    =======\n    <<<<<<< x\n# ==========\n")

        assert write_releases(path, CLIPPY)

    def test_faults_of_records_name_key_and_line(self, tmp_path: Path) -> None:
        """An unquoted day, as a hand edit leaves it, is pointed at."""
        path = _file(tmp_path, GOLDEN.replace('"2026-11-20T10:02:03Z"', "2026-11-20"))
        with pytest.raises(StackFileRefused) as caught:
            read_releases(path)

        (detail,) = caught.value.details
        assert detail.startswith("line 12: tuned-models:releases.clippy.candidate.trainedAt: ")

    def test_a_missing_file_names_the_command_and_the_others(self, tmp_path: Path) -> None:
        """``pulumi stack init`` begins a stack; a mistyped name shows which there are."""
        _file(tmp_path, "config:\n")
        with pytest.raises(StackFileRefused, match=r"is missing; there are dev") as caught:
            read_releases(tmp_path / "Pulumi.quality.yaml")

        assert caught.value.next_command == "pulumi stack init quality"

    def test_a_readonly_file_stays(self, tmp_path: Path) -> None:
        """Whoever made it read-only meant it, though a superuser could write."""
        path = _file(tmp_path, "config:\n")
        path.chmod(0o444)
        with pytest.raises(StackFileRefused, match="read-only"):
            write_releases(path, CLIPPY)

        assert path.read_text() == "config:\n"

    @pytest.mark.parametrize("kind", ["folder", "fifo", "circle", "dangling"])
    def test_what_is_no_file_is_refused(self, tmp_path: Path, kind: str) -> None:
        """Without waiting on a pipe that nobody writes to."""
        path = tmp_path / "Pulumi.dev.yaml"
        if kind == "folder":
            path.mkdir()
        elif kind == "fifo":
            os.mkfifo(path)
        else:
            path.symlink_to(path if kind == "circle" else tmp_path / "nowhere")
        with pytest.raises(StackFileRefused):
            write_releases(path, CLIPPY)

    def test_numbers_that_pulumi_would_bend_are_refused(self, tmp_path: Path) -> None:
        """Go's JSON numbers keep 53 bits. They know no infinity either: no record has one."""
        path = _file(tmp_path, "config:\n")
        with pytest.raises(StackFileRefused):
            write_releases(path, {"clippy": Releases.model_validate({"live": record(trainedTokens=2**53 + 1)})})
        with pytest.raises(ValidationError, match="finite"):
            Releases.model_validate({"live": record(cost={"actual": float("inf")})})

        assert path.read_text() == "config:\n"


class TestPaths:
    """Which file is a stack's."""

    def test_it_stands_where_pulumi_looks(self, tmp_path: Path) -> None:
        """In stackConfigDir, else beside Pulumi.yaml; a qualified name counts by its last part."""
        (tmp_path / "Pulumi.yaml").write_text("name: x\nruntime: python\n")
        assert stack_file(tmp_path, "dev") == tmp_path / "Pulumi.dev.yaml"

        (tmp_path / "Pulumi.yaml").write_text("name: x\nstackConfigDir: environments\n")
        assert stack_file(tmp_path, "dev") == tmp_path / "environments" / "Pulumi.dev.yaml"
        assert stack_file(tmp_path, "acme/x/prod") == tmp_path / "environments" / "Pulumi.prod.yaml"

    @pytest.mark.parametrize(
        "name", ["", "..", "../dev", "a/b/c/d", "/etc/passwd", "dev/", "a b", "dev\n", "a\\b", "x" * 101]
    )
    def test_a_name_leads_nowhere_else(self, tmp_path: Path, name: str) -> None:
        """Pulumi's own rule for names leaves no way out of the folder."""
        (tmp_path / "Pulumi.yaml").write_text("name: x\n")
        with pytest.raises(Usage, match="no name of a stack"):
            stack_file(tmp_path, name)

    @pytest.mark.parametrize(
        "content", ["stackConfigDir: ../elsewhere\n", "stackConfigDir: /etc\n", "stackConfigDir: [a]\n", "a: [\n"]
    )
    def test_the_folder_is_within_the_project(self, tmp_path: Path, content: str) -> None:
        """Nor does Pulumi.yaml lead out of it."""
        (tmp_path / "Pulumi.yaml").write_text(content)
        with pytest.raises(StackFileRefused):
            stack_file(tmp_path, "dev")

    def test_a_slip_of_the_finger_is_met_with_the_stack_that_was_meant(self, tmp_path: Path) -> None:
        """Nobody is told to make a stack `stagin`."""
        (tmp_path / "Pulumi.staging.yaml").write_text("config: {}\n")
        with pytest.raises(StackFileRefused, match="did you mean the stack 'staging'") as caught:
            read_releases(tmp_path / "Pulumi.stagin.yaml")
        assert caught.value.next_command is None

    def test_without_pulumi_yaml_it_is_no_project(self, tmp_path: Path) -> None:
        """The refusal names the file that was looked for."""
        with pytest.raises(StackFileRefused, match=r"Pulumi\.yaml: is missing"):
            stack_file(tmp_path, "dev")
