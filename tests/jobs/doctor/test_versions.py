"""What is installed, against what is asked for; and the Pulumi CLI, against a double."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from jobs.doctor.finding import State
from jobs.doctor.versions import installed, toolchain
from jobs.errors import JobsError, Unreadable

REQUIRED = ["openai>=3.52", "pyjwt[crypto]>=2.15", "pulumi>=3.272,<4", 'pulumi-policy>=1.21; extra == "policy"']
HERE = {"openai": "3.52.0", "pyjwt": "2.15.1", "pulumi": "3.272.0"}


def test_what_the_project_asks_for_is_here_and_extras_are_nobody_s_need() -> None:
    finding = installed("3.11.7", REQUIRED, HERE.get)

    assert (finding.state, finding.mend) == (State.OK, ())
    assert finding.words.startswith("Python 3.11.7, openai 3.52.0")


@pytest.mark.parametrize(
    ("here", "words"),
    [
        ({"openai": "3.51.9"}, "openai 3.51.9, 3.52 is the least"),
        ({"openai": "2.60.0"}, "openai 2.60.0, 3.52 is the least"),
        ({"pyjwt": None}, "pyjwt is missing, 2.15 is the least"),
    ],
)
def test_what_is_older_or_missing_is_named_with_the_least(here: dict[str, str | None], words: str) -> None:
    finding = installed("3.11.7", REQUIRED, (HERE | here).get)

    assert (finding.state, finding.words, finding.mend) == (State.BLOCKER, words, ("make setup",))


def test_a_newer_one_with_more_digits_is_newer() -> None:
    assert installed("3.11.7", REQUIRED, (HERE | {"openai": "3.100.0"}).get).state is State.OK


def test_a_python_without_the_project_is_the_wrong_one() -> None:
    assert installed("3.11.7", None, HERE.get).state is State.BLOCKER


@dataclass
class Cli:
    """A Pulumi CLI that says what it is told to. A PulumiCli."""

    number: str | None = "3.280.0"
    who: str | JobsError = "ada at https://api.pulumi.com"
    plugins: set[str] = field(default_factory=lambda: {"azure-native 3.29.0"})

    def version(self) -> str | None:
        return self.number

    def login(self) -> str:
        if isinstance(self.who, JobsError):
            raise self.who
        return self.who

    def has_plugin(self, name: str, version: str) -> bool:
        return f"{name} {version}" in self.plugins


def _states(cli: Cli, up: str | None = None) -> dict[str, State]:
    return {each.what: each.state for each in toolchain(cli, up=up, sdk="3.272.0", provider="3.29.0")}


def test_a_cli_that_is_logged_in_and_has_the_plugin_is_well() -> None:
    assert _states(Cli()) == {"pulumi": State.OK, "login": State.OK, "provider": State.OK}


def test_a_somewhat_older_cli_is_no_fault_and_a_missing_plugin_is_downloaded() -> None:
    """CLI 3.260 runs the SDK 3.272: so it was tried."""
    assert _states(Cli(number="3.260.0", plugins=set())) == {
        "pulumi": State.OK,
        "login": State.OK,
        "provider": State.WARN,
    }


def test_a_cli_of_the_time_before_is_in_the_way() -> None:
    assert _states(Cli(number="2.25.2"))["pulumi"] is State.BLOCKER


def test_no_cli_is_in_the_way_unless_another_command_brings_stacks_up() -> None:
    assert _states(Cli(number=None)) == {"pulumi": State.BLOCKER}
    assert _states(Cli(number=None), up="make up") == {"pulumi": State.OK}


def test_what_the_cli_says_of_nobody_logged_in_is_passed_on_after_what_was_found() -> None:
    found = toolchain(Cli(who=Unreadable("`pulumi whoami` failed")), up=None, sdk="3.272.0", provider="3.29.0")

    assert next(found).what == "pulumi"
    with pytest.raises(Unreadable):
        next(found)
