"""The other verbs, as a person types them: exit code, words, and what becomes of the stack file."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from jobs.cli import outcomes
from jobs.cli.app import app
from jobs.cli.releases import status
from tests.jobs.cli.conftest import STACK_FILE, TUNE_YAML, Project
from tests.jobs.specimens import MEASURED, USE_CASE

RUN = ("run", "clippy", "-s", "dev", "--yes")
RELEASE = ("release", "clippy", "-s", "dev")
WITHDRAW = ("withdraw", "clippy", "-s", "dev")
STATUS = ("status", "-s", "dev")


class TestCheck:
    def test_good_data(self, project: Project) -> None:
        project.tune_yaml(TUNE_YAML.replace(USE_CASE, MEASURED))
        done = project.jobs("check", "clippy")

        assert done.code == 0
        assert done.out.splitlines()[-1] == "clippy: 60 training, 20 validation examples; no errors, no warnings"

    def test_bad_data_are_listed_with_file_and_line(self, project: Project) -> None:
        path = project.folder / "models/clippy/t.jsonl"
        path.write_text(path.read_text() + '{"messages": 7}\n' * 15)
        done = project.jobs("check", "clippy")

        assert done.code == 1
        assert "models/clippy/t.jsonl:61: error:" in done.out
        assert "… and 5 more" in done.out
        assert "15 errors" in done.err

    def test_a_model_that_is_not_there(self, project: Project) -> None:
        done = project.jobs("check", "clipy")

        assert done.code == 2
        assert "did you mean 'clippy'?" in done.err

    def test_other_folders_of_models(self, project: Project) -> None:
        (project.folder / "models").rename(project.folder / "others")

        assert project.jobs("check", "clippy").code == 2
        assert project.jobs("check", "clippy", "--models", "others").code == 0

    def test_a_base_without_its_version_is_found_before_any_run(self, project: Project) -> None:
        project.tune_yaml("base: gpt-4.1-mini\ndata: {train: t.jsonl}\n")
        done = project.jobs("check", "clippy")

        assert done.code == 1
        assert "models/clippy/tune.yaml: error: gpt-4.1-mini lacks its version" in done.out


class TestWhere:
    def test_a_stacks_name_that_is_none_is_usage(self, project: Project) -> None:
        done = project.jobs("status", "-s", "a b")

        assert done.code == 2
        assert "no name of a stack" in done.err

    def test_a_folder_without_a_project_is_said_before_outputs_are_looked_for(self, project: Project) -> None:
        done = project.jobs(*STATUS, "--project", str(project.folder / "models"))

        assert done.code == 1
        assert "--project DIR" in done.err

    def test_next_commands_keep_the_options(self, project: Project) -> None:
        """A decision that is made without knowing where the command was typed."""
        done = project.jobs(*RELEASE, "--project", str(project.folder))

        assert done.err.splitlines()[-1] == f"Next: jobs run clippy -s dev --project {project.folder}"

    @pytest.mark.parametrize(("verb", "code"), [("release", 2), ("withdraw", 1)])
    def test_a_model_that_is_nowhere(self, project: Project, verb: str, code: int) -> None:
        project.jobs(*RUN)
        done = project.jobs(verb, "clipy", "-s", "dev")

        assert done.code == code
        assert "did you mean 'clippy'?" in done.err


class TestRelease:
    def test_needs_the_up_that_deploys_the_candidate(self, project: Project) -> None:
        project.jobs(*RUN)
        before = project.stack_file.read_bytes()
        done = project.jobs(*RELEASE)

        assert done.code == 1
        assert "Next: pulumi up -s dev" in done.err
        assert project.stack_file.read_bytes() == before

    def test_moves_the_candidate_to_live_and_says_which_up_follows(self, project: Project) -> None:
        project.jobs(*RUN)
        project.up()
        project.evaluated()
        candidate = project.releases().candidate
        done = project.jobs(*RELEASE)

        assert done.code == 0
        assert done.out.splitlines()[-1] == "Next: pulumi up -s dev"
        assert (project.releases().live, project.releases().candidate) == (candidate, None)

    def test_twice_is_as_once(self, project: Project) -> None:
        project.jobs(*RUN)
        project.up()
        project.evaluated()
        project.jobs(*RELEASE)
        before = project.stack_file.read_bytes()
        done = project.jobs(*RELEASE)

        assert done.code == 0
        assert done.out.splitlines()[-1] == "Next: pulumi up -s dev"
        assert project.stack_file.read_bytes() == before

    def test_after_the_up_nothing_is_left_to_do(self, project: Project) -> None:
        project.jobs(*RUN)
        project.up()
        project.evaluated()
        project.jobs(*RELEASE)
        project.up()

        assert "Next" not in project.jobs(*RELEASE).out

    def test_without_a_candidate_a_run_is_needed(self, project: Project) -> None:
        done = project.jobs(*RELEASE)

        assert done.code == 1
        assert "Next: jobs run clippy -s dev" in done.err


class TestWithdraw:
    def test_puts_the_candidate_aside_with_who_and_why(self, project: Project) -> None:
        project.jobs(*RUN)
        done = project.jobs(*WITHDRAW, "--reason", "too rude")

        assert done.code == 0
        assert done.out.splitlines()[-1] == "Next: pulumi up -s dev"
        (record,) = project.releases().previous
        assert record.withdrawal is not None
        assert (record.withdrawal.kind, record.withdrawal.by, record.withdrawal.reason) == (
            "withdrawn",
            "Ada",
            "too rude",
        )

    def test_twice_is_as_once(self, project: Project) -> None:
        project.jobs(*RUN)
        project.jobs(*WITHDRAW, "--reason", "too rude")
        before = project.stack_file.read_bytes()
        done = project.jobs(*WITHDRAW, "--reason", "too slow")

        assert done.code == 0
        assert project.stack_file.read_bytes() == before

    def test_without_a_candidate_is_refused(self, project: Project) -> None:
        assert project.jobs(*WITHDRAW).code == 1
        assert project.stack_file.read_text() == STACK_FILE

    def test_the_same_run_is_then_refused_unless_new(self, project: Project) -> None:
        project.jobs(*RUN)
        project.jobs(*WITHDRAW, "--reason", "too rude")
        done = project.jobs(*RUN)

        assert done.code == 1
        assert "too rude" in done.err
        assert project.jobs(*RUN, "--new").code == 0


def test_a_fault_of_its_own_is_one_line_without_a_traceback(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "places", lambda _: 1 / 0)
    done = project.jobs(*STATUS)

    assert done.code == 70
    assert (
        done.err == "jobs: this is a fault of jobs itself: ZeroDivisionError: division by zero; --debug shows where\n"
    )
    assert "Traceback" in project.jobs(*STATUS, "--debug").err


def test_every_documented_exit_code_is_in_the_help() -> None:
    codes = {outcomes.DONE: "0 done", outcomes.REFUSED: "1 refused", outcomes.USAGE: "2 usage"}
    codes |= {outcomes.CLOUD_FAILED: "3 the cloud failed", outcomes.INTERRUPTED: "130 interrupted"}
    codes |= {outcomes.FAULT: "70 a fault"}

    assert all(words in str(app.info.epilog) for words in codes.values())


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"]])
def test_help_loads_no_heavy_library(words: list[str]) -> None:
    """It is asked for by hand, and in completion: pydantic, openai, azure and pulumi take seconds together."""
    program = (
        "import sys; from jobs.__main__ import main\n"
        f"sys.argv = ['jobs', *{words!r}]\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    code = end.code\n"
        "heavy = {'openai', 'azure', 'pulumi', 'ruamel', 'tenacity'} & set(sys.modules)\n"
        "sys.exit(f'{heavy}' if heavy else code)"
    )
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert time.monotonic() - began < 5


def test_the_entry_point_is_installed() -> None:
    installed = Path(sys.executable).with_name("jobs")
    done = subprocess.run([str(installed), "--help"], capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0
    assert "withdraw" in done.stdout


class TestNewEnvironment:
    def test_another_file_is_written_and_the_next_step_said(self, project: Project) -> None:
        whole = (
            "config:\n  tuned-models:accounts: {main: {name: contoso-dev, location: swedencentral}}\n"
            "  tuned-models:storage: {name: contosodev}\n"
        )
        project.stack_file.write_text(whole)
        done = project.jobs("new-environment", "qa", "--like", "dev")

        assert done.code == 0
        assert "accounts.main.name: contoso-dev -> contoso-qa" in done.out
        assert done.out.endswith("Next: pulumi stack init qa\n")
        assert (project.stack_file.parent / "Pulumi.qa.yaml").read_text() == whole.replace("dev", "qa")

    def test_an_environment_that_is_not_there_is_refused_with_the_one_that_was_meant(self, project: Project) -> None:
        done = project.jobs("new-environment", "qa", "--like", "dve")

        assert done.code == 1
        assert "did you mean the stack 'dev'?" in done.err

    def test_an_environment_like_none_that_is_there_is_not_said_to_need_a_stack(self, project: Project) -> None:
        """What is missing is a file to copy from: making a stack of that name would not help."""
        done = project.jobs("new-environment", "qa", "--like", "nowhere")

        assert done.code == 1
        assert "there are dev" in done.err
        assert "Next:" not in done.out + done.err
