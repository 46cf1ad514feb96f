"""Stack outputs, from a file, a folder, or Pulumi; and what is said where there are none."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path
from typing import Any

import pulumi.automation.errors
import pytest

from contract.outputs import StackOutputs
from jobs.errors import CloudFailed, JobsError, Unreadable, UpNeeded
from jobs.stacks.outputs import read_outputs, translate
from tests.jobs.specimens import outputs, outputs_mapping


def read(source: Path, stack: str = "dev") -> StackOutputs:
    return read_outputs(stack, Path(), source)


def written(path: Path, value: Any) -> Path:
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


class TestFiles:
    """--outputs FILE or FOLDER."""

    def test_a_file(self, tmp_path: Path) -> None:
        assert read(written(tmp_path / "any.json", outputs_mapping())) == outputs()

    def test_a_folder_has_a_file_for_each_stack(self, tmp_path: Path) -> None:
        written(tmp_path / "dev.json", outputs_mapping())

        assert read(tmp_path) == outputs()
        assert read(tmp_path, "contoso/tuned-models/dev") == outputs()

    @pytest.mark.parametrize("exists", [True, False])
    def test_a_stack_without_outputs_needs_an_up(
        self, tmp_path: Path, exists: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        if exists:
            written(tmp_path / "dev.json", {})
        with pytest.raises(UpNeeded) as caught:
            read(tmp_path)
        assert caught.value.next_command == "pulumi up -s dev"

    def test_outputs_of_another_program_need_an_up(self, tmp_path: Path) -> None:
        with pytest.raises(UpNeeded) as caught:
            read(written(tmp_path / "o.json", {"url": "x"}))
        assert "schemaVersion" in str(caught.value)

    def test_a_newer_schema_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(UpNeeded, match="not what this version") as caught:
            read(written(tmp_path / "o.json", outputs_mapping() | {"schemaVersion": 99}))
        assert "99" in str(caught.value)

    def test_masked_secrets_are_named_with_the_command_that_shows_them(self, tmp_path: Path) -> None:
        with pytest.raises(Unreadable) as caught:
            read(written(tmp_path / "o.json", outputs_mapping() | {"models": "[secret]"}))
        assert "models" in str(caught.value)
        assert caught.value.next_command == "pulumi stack output --json --show-secrets -s dev"

    @pytest.mark.parametrize("text", ["", "{", "[]", "7", "\x00"])
    def test_what_is_no_json_object_is_refused(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(Unreadable):
            read(written(tmp_path / "o.json", text))


STAND_IN = """#!{python}
import json, sys
arguments = [word for word in sys.argv[1:] if word != "--non-interactive"]
with open({log!r}, "a") as log:
    log.write(json.dumps(arguments) + "\\n")
if arguments[0] == "version":
    print("v3.272.0")
elif arguments[:2] == ["stack", "output"]:
    print({secret!r} if "--show-secrets" in arguments else {masked!r})
    sys.stderr.write({error!r})
    sys.exit({code})
"""


class TestPulumi:
    """The Automation API with a stand-in for the CLI."""

    @pytest.fixture(autouse=True)
    def path(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))

    def stand_in(self, tmp_path: Path, value: Any, *, masked: Any = None, error: str = "", code: int = 0) -> Path:
        log = tmp_path / "log"
        command = tmp_path / "pulumi"
        command.write_text(
            STAND_IN.format(
                python=sys.executable,
                log=str(log),
                secret=json.dumps(value),
                masked=json.dumps(value if masked is None else masked),
                error=error,
                code=code,
            )
        )
        command.chmod(command.stat().st_mode | stat.S_IXUSR)
        return log

    def test_a_folder_that_has_not_its_file_leaves_the_question_to_pulumi(self, tmp_path: Path) -> None:
        """Who ran the CLI by hand has the outputs in its state alone."""
        self.stand_in(tmp_path, outputs_mapping())
        (tmp_path / "saved").mkdir()

        assert read_outputs("dev", tmp_path, tmp_path / "saved") == outputs()

    def test_outputs_are_asked_for_by_the_whole_name_and_nothing_is_selected(self, tmp_path: Path) -> None:
        log = self.stand_in(tmp_path, outputs_mapping())

        assert read_outputs("contoso/tuned-models/dev", tmp_path, None) == outputs()
        asked = [json.loads(line) for line in log.read_text().splitlines()]
        assert ["stack", "output", "--json", "--stack", "contoso/tuned-models/dev"] in asked
        assert not any("select" in words for words in asked)

    def test_a_secret_output_is_read(self, tmp_path: Path) -> None:
        self.stand_in(tmp_path, outputs_mapping(), masked=outputs_mapping() | {"models": "[secret]"})

        assert read_outputs("dev", tmp_path, None) == outputs()

    def test_a_stack_without_outputs_needs_an_up(self, tmp_path: Path) -> None:
        self.stand_in(tmp_path, {})
        with pytest.raises(UpNeeded) as caught:
            read_outputs("dev", tmp_path, None)
        assert caught.value.next_command == "pulumi up -s dev"

    def test_an_unknown_stack_is_said_with_how_to_make_it(self, tmp_path: Path) -> None:
        self.stand_in(tmp_path, {}, error="error: no stack named 'dev' found", code=255)
        with pytest.raises(UpNeeded) as caught:
            read_outputs("dev", tmp_path, None)
        assert caught.value.next_command == "pulumi stack init dev && pulumi up -s dev"

    def test_any_other_failure_is_the_clouds_with_pulumis_words_but_not_its_result(self, tmp_path: Path) -> None:
        self.stand_in(tmp_path, {"key": "hush"}, error="error: could not reach the backend", code=255)
        with pytest.raises(CloudFailed) as caught:
            read_outputs("dev", tmp_path, None)
        assert "could not reach the backend" in str(caught.value)
        assert "hush" not in str(caught.value)

    def test_no_cli_is_said_with_the_way_around_it(self, tmp_path: Path) -> None:
        with pytest.raises(Unreadable) as caught:
            read_outputs("dev", tmp_path, None)
        assert "--outputs" in str(caught.value)


def test_every_exception_of_the_automation_api_is_translated() -> None:
    """A version with an exception outside these bases fails here."""
    from pulumi.automation import CommandError, CommandResult, InvalidVersionError

    errors = pulumi.automation.errors
    kinds: list[Any] = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)
    ]
    failed = CommandResult(stdout="", stderr="words", code=255)

    assert len(kinds) > 5
    for kind in kinds:
        assert issubclass(kind, CommandError | InvalidVersionError)
        assert isinstance(translate("dev", kind(failed)), JobsError)
