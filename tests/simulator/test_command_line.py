"""`python -m simulator serve` and `exec`: as processes where signals, output or imports of one are the subject."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simulator.__main__ import main

ROOT = Path(__file__).parents[2]
SIMULATOR = [sys.executable, "-m", "simulator"]


Done = subprocess.CompletedProcess[str]


def exec_(*arguments: str) -> Done:
    return subprocess.run([*SIMULATOR, "exec", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Done]]:
    """The same in this process, for what needs none of its own."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}

    def run(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["simulator", "exec", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        said, complained = capfd.readouterr()
        return subprocess.CompletedProcess(arguments, int(left.value.code or 0), said, complained)

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*SIMULATOR, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.shows_secrets("of the local Azure, to whoever asks for them")
def test_exec_gives_its_command_what_reaches_azure_and_passes_on_its_exit_code() -> None:
    program = (
        "import os, sys; from azure.identity import DefaultAzureCredential as C\n"
        "C(disable_instance_discovery=True).get_token('https://ai.azure.com/.default')\n"
        "print(os.environ['AZURE_CLIENT_SECRET']); sys.exit(7)"
    )
    done = exec_("--as", "caller", "--", sys.executable, "-c", program)
    assert done.stderr == ""
    assert done.stdout == "local-secret-of-the-caller\n"
    assert done.returncode == 7


def test_exec_leaves_the_options_after_the_dashes_to_the_command(here: Callable[..., Done]) -> None:
    assert here("--", "echo", "--as", "--help").stdout == "--as --help\n"


def test_exec_tells_a_signal_as_a_shell_does(here: Callable[..., Done]) -> None:
    assert here("--", "sh", "-c", "kill -KILL $$").returncode == 128 + signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_exec_passes_signals_on(number: signal.Signals) -> None:
    program = (
        "import signal, sys, time\n"
        f"signal.signal({int(number)}, lambda *_: sys.exit(9))\n"
        "print('ready', flush=True); time.sleep(30)"
    )
    with started("exec", "--", sys.executable, "-c", program) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.wait(10) == 9


def test_exec_tells_jobs_status_what_time_it_is_there(here: Callable[..., Done]) -> None:
    done = here("--as-of", "2026-12-01T09:00:00Z", "--rate", "0", "--", "printenv", "JOBS_AS_OF")

    assert done.stdout == "2026-12-01T09:00:00+00:00\n"


def test_exec_of_what_is_not_there_is_refused_in_one_line(here: Callable[..., Done]) -> None:
    done = here("--", "no-such-command")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: can't start no-such-command: No such file or directory\n"


@pytest.mark.parametrize(
    "arguments",
    [[], ["--as", "admin", "--", "true"], ["--as-of", "soon", "--", "true"], ["--rate", "-1", "--", "true"]],
    ids=["no command", "no such principal", "no date", "no rate"],
)
def test_what_cannot_be_meant_is_a_matter_of_usage(arguments: list[str], here: Callable[..., Done]) -> None:
    done = here(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_broken_state_is_refused_in_one_line(tmp_path: Path, here: Callable[..., Done]) -> None:
    (tmp_path / "state.json").write_text("{")
    done = here("--state", str(tmp_path), "--", "true")
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {tmp_path / 'state.json'} can't be read")
    assert done.stderr.count("\n") == 1


def test_exec_starts_at_the_given_day(tmp_path: Path, here: Callable[..., Done]) -> None:
    done = here("--as-of", "2027-05-01", "--rate", "0", "--state", str(tmp_path), "--", "true")
    assert done.returncode == 0
    assert '"now":"2027-05-01T00:00:00Z"' in (tmp_path / "state.json").read_text()


@pytest.mark.shows_secrets("of the local Azure, to whoever asks for them")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_prints_what_to_export_and_runs_until_told(number: signal.Signals, tmp_path: Path) -> None:
    with started("serve", "--state", str(tmp_path)) as process:
        assert process.stdout is not None
        printed = []
        for line in process.stdout:
            printed.append(line)
            if line.startswith("#"):
                break
        assert any(line.startswith("export JOBS_UP=") for line in printed) == (shutil.which("pulumi") is None)
        # A shell that evaluates it reaches the running simulator, here with Python's own library.
        script = "".join(printed) + (
            f'{sys.executable} -c "import os, urllib.request as u; '
            "print(u.urlopen(os.environ['AZURE_AUTHORITY_HOST'] + '/_simulator').status)\"\n"
        )
        shell = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
        assert shell.stdout == "200\n", shell.stderr
        asked_at = time.monotonic()
        process.send_signal(number)
        assert process.wait(10) == 0
        assert time.monotonic() - asked_at < 2
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_help_lists_the_four_commands_without_their_libraries() -> None:
    program = (
        "import sys; sys.argv = ['simulator', '--help']\n"
        "import simulator.__main__ as m\n"
        "try: m.main()\n"
        "except SystemExit: print(sorted(set(sys.modules) & {'uvicorn', 'pulumi', 'openai', 'azure.identity'}))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")
    for command in ("serve", "exec", "up", "demo"):
        assert f" {command} " in done.stdout
