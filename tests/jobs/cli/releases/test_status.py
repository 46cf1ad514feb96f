"""`jobs status`: what it tells, and how it ends."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest

from jobs.doctor_ports import StandingDeployment
from jobs.errors import ServiceRefused
from jobs.monitor_ports import Deletion
from tests.contract.specimens import record
from tests.jobs.cli.conftest import STACK_FILE, Project
from tests.jobs.specimens import BASE, outputs_mapping

STATUS = ("status", "-s", "dev")
NAME = "clippy-0123abcd"
TRAINING_ENDS = f"later  dev: clippy: {BASE} can be tuned no more from 2027-04-14"
"""The retirement schedule of 2026-10-05."""


def stands(project: Project, state: str = "Succeeded", **ago: float) -> None:
    """The candidate is deployed, and Azure has it, since so long ago (an hour, unless said)."""
    project.up()
    candidate = project.releases().candidate
    assert candidate is not None
    made = project.clock.now() - timedelta(**(ago or {"hours": 1}))
    project.plane.standing = [StandingDeployment(NAME, candidate.model_id, "GlobalStandard", 50, state, made)]


@pytest.fixture
def trained(project: Project) -> Project:
    """Its candidate has passed, and no up has deployed it."""
    recorded = json.dumps({"clippy": {"candidate": record()}})
    project.stack_file.write_text(f"{STACK_FILE}  tuned-models:releases:\n    {recorded}\n")
    return project


class TestTable:
    def test_nothing_recorded(self, project: Project) -> None:
        done = project.jobs(*STATUS)

        assert done.code == 0
        assert "Next: jobs run clippy -s dev" in done.out

    def test_what_is_in_the_file_but_not_deployed(self, trained: Project) -> None:
        done = trained.jobs(*STATUS)
        candidate = trained.releases().candidate
        assert candidate is not None

        assert candidate.model_id in done.out
        assert "not yet deployed" in done.out
        assert "and not up yet\nNext: pulumi up -s dev\n" in done.out

    def test_what_is_deployed_within_a_hundred_columns(self, trained: Project) -> None:
        stands(trained)
        trained.monitor.calls = {NAME: trained.clock.now() - timedelta(hours=3)}
        done = trained.jobs(*STATUS)
        head, names, row, model, *rest = done.out.splitlines()

        assert head == "dev: 1 tuned deployment, $1,224 of hosting per 30 days"
        assert names.split()[:6] == ["MODEL", "ROLE", "DEPLOYMENT", "ACCOUNT", "READINESS", "AGE"]
        assert row.split() == f"clippy candidate {NAME} main Succeeded 0 min passed 3 h ago 1,224.00".split()
        assert model.strip() == trained.releases().candidate.model_id  # type: ignore[union-attr] # It was recorded.
        assert rest == ["", "To know:", TRAINING_ENDS]
        assert max(map(len, done.out.splitlines())) <= 100

    def test_a_narrow_terminal_gets_a_paragraph_for_each_row(
        self, trained: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "40")
        monkeypatch.setattr("jobs.cli.columns.sys", SimpleNamespace(stdout=SimpleNamespace(isatty=lambda: True)))
        done = trained.jobs(*STATUS)

        assert done.out.splitlines()[1:3] == ["  clippy candidate", "    readiness: not up yet"]

    def test_what_azure_did_not_tell_is_not_known_and_says_why(self, trained: Project) -> None:
        stands(trained)
        trained.monitor.silent = ServiceRefused("when its deployments were called last cannot be read", code="Denied")
        done = trained.jobs(*STATUS, "--check")

        assert done.code == 0
        assert "not known  " in done.out
        assert "not known: when its deployments were called last cannot be read (Denied). Who has Reader" in done.out

    def test_an_account_that_is_gone_is_said_to_be(self, trained: Project) -> None:
        trained.plane.silent = ServiceRefused("deployments: HTTP 404", code="ParentResourceNotFound", status=404)
        done = trained.jobs(*STATUS, "--check")

        assert done.code == 1
        assert "account main not looked at: the account is gone (ParentResourceNotFound)" in done.out

    def test_offline_nobody_is_asked(self, trained: Project) -> None:
        stands(trained)
        trained.plane.silent = trained.monitor.silent = ServiceRefused("somebody asked")
        done = trained.jobs(*STATUS, "--offline")

        assert done.code == 0
        assert "not known  " in done.out
        assert "somebody asked" not in done.out

    def test_changes_nothing(self, trained: Project) -> None:
        before = trained.stack_file.read_bytes()
        trained.jobs(*STATUS)

        assert trained.stack_file.read_bytes() == before


class TestSeveral:
    def test_a_stack_that_cannot_be_read_is_a_row_with_why_and_not_the_end(self, trained: Project) -> None:
        for stack in ("prod", "staging"):
            (trained.folder / "environments" / f"Pulumi.{stack}.yaml").write_text(STACK_FILE)
        (trained.folder / "outputs" / "prod.json").write_text("{")
        done = trained.jobs("status")

        assert done.code == 0
        assert done.out.startswith("dev: 0 tuned deployments")
        assert "prod: not looked at: " in done.out
        assert "staging: not up: there are no outputs of it" in done.out
        assert trained.jobs("status", "-s", "prod", "-s", "staging").code == 0

    def test_of_a_single_stack_that_is_named_the_error_is_the_end(self, trained: Project) -> None:
        trained.stack_file.write_text("config:\n  a: [\n")
        done = trained.jobs(*STATUS)

        assert done.code == 1
        assert "line" in done.err

    def test_no_stack_at_all_is_refused(self, project: Project) -> None:
        project.stack_file.unlink()

        assert project.jobs("status").code == 1


class TestCheck:
    def test_it_ends_well_where_nobody_is_needed(self, trained: Project) -> None:
        stands(trained)
        trained.monitor.calls = {NAME: trained.clock.now()}

        assert trained.jobs(*STATUS, "--check").code == 0

    def test_it_ends_with_1_where_somebody_is(self, trained: Project) -> None:
        stands(trained)
        trained.plane.standing = []
        trained.monitor.deleted = {NAME: [Deletion(trained.clock.now(), "ada@contoso.example")]}
        done = trained.jobs(*STATUS, "--check")

        assert done.code == 1
        assert done.err == "jobs: stack dev: 1 thing above needs a person\n"
        assert "\nNeeds a person:\nsoon   dev: clippy: candidate clippy-0123abcd in main is gone; ada" in done.out
        assert "is gone; ada@contoso.example deleted it 2026-11-20" in done.out
        assert trained.jobs(*STATUS).code == 0

    def test_a_day_to_come_can_be_asked_for(self, trained: Project) -> None:
        stands(trained)

        done = trained.jobs(*STATUS, "--check", "--as-of", "2026-12-03")
        assert done.code == 1
        assert "was not called for 12 days: Azure deletes it by 2026-12-05" in done.out
        assert "Next: jobs verify -s dev" in done.out

    def test_a_day_that_is_none_is_refused(self, project: Project) -> None:
        assert project.jobs(*STATUS, "--as-of", "tomorrow").code == 2


class TestJson:
    def test_a_document_says_the_same(self, trained: Project) -> None:
        stands(trained)
        trained.monitor.calls = {NAME: trained.clock.now() - timedelta(hours=3)}
        done = trained.jobs(*STATUS, "--format", "json")
        candidate = trained.releases().candidate
        assert candidate is not None

        assert json.loads(done.out) == {
            "schemaVersion": 1,
            "needsPerson": False,
            "environments": [
                {
                    "stack": "dev",
                    "why": None,
                    "neverUp": False,
                    "hosting": {"known": 1224.0, "missing": []},
                    "models": [
                        {
                            "model": "clippy",
                            "role": "candidate",
                            "modelId": candidate.model_id,
                            "standing": "deployed",
                            "account": "main",
                            "deployment": NAME,
                            "sku": "GlobalStandard",
                            "capacity": 50,
                            "there": True,
                            "readiness": "Succeeded",
                            "deployedAt": f"{trained.clock.now() - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
                            "trainedAt": candidate.trained_at,
                            "verdict": "passed",
                            "overridden": False,
                            "lastCallKnown": True,
                            "lastCall": f"{trained.clock.now() - timedelta(hours=3):%Y-%m-%dT%H:%M:%SZ}",
                            "hostingPer30Days": 1224.0,
                        }
                    ],
                }
            ],
            "bites": [
                {
                    "urgency": "later",
                    "kind": "retirement",
                    "stack": "dev",
                    "model": "clippy",
                    "needsPerson": False,
                    "due": "2027-04-14T00:00:00Z",
                    "words": f"clippy: {BASE} can be tuned no more from 2027-04-14",
                    "command": None,
                }
            ],
        }

    def test_what_bites_is_told_with_what_helps_and_the_exit_code_says_the_same(self, project: Project) -> None:
        project.has_outputs(**outputs_mapping()["models"])
        (project.folder / "outputs" / "dev.json").write_text("{")
        (project.folder / "environments" / "Pulumi.prod.yaml").write_text(STACK_FILE)
        done = project.jobs("status", "--format", "json", "--check")
        told = json.loads(done.out)

        assert (done.code, told["needsPerson"]) == (1, True)
        assert [(bite["stack"], bite["kind"], bite["urgency"]) for bite in told["bites"]] == [
            ("dev", "unread", "now"),
            ("prod", "unread", "later"),
        ]
        assert [each["neverUp"] for each in told["environments"]] == [False, True]

    def test_what_records_models_and_has_no_outputs_needs_a_person(self, project: Project) -> None:
        """A nightly look that was not given prod's outputs is not to say that all is well."""
        recorded = json.dumps({"clippy": {"live": record()}})
        prod = project.folder / "environments" / "Pulumi.prod.yaml"
        prod.write_text(f"{STACK_FILE}  tuned-models:releases:\n    {recorded}\n")
        done = project.jobs("status", "--check")

        assert done.code == 1
        assert "now    prod: not looked at: there are no outputs of it" in done.out

    def test_a_named_day_counts_though_the_environment_counts_from_one_of_its_own(self, trained: Project) -> None:
        trained.has_outputs(**outputs_mapping()["models"])
        path = trained.folder / "outputs" / "dev.json"
        mapping = json.loads(path.read_text())
        mapping["environment"]["asOf"] = "2026-11-20"
        path.write_text(json.dumps(mapping))

        assert "soon   dev: clippy: " in trained.jobs(*STATUS, "--as-of", "2027-04-01").out
        assert TRAINING_ENDS in trained.jobs(*STATUS).out

    def test_outputs_of_another_version_are_no_stack_that_was_never_up(self, project: Project) -> None:
        (project.folder / "environments" / "Pulumi.prod.yaml").write_text(STACK_FILE)
        (project.folder / "outputs" / "prod.json").write_text('{"schemaVersion": 99}')
        done = project.jobs("status", "--check")

        assert done.code == 1
        assert "prod: not looked at: the stack outputs are not what this version" in done.out
