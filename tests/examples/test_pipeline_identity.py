"""What a pipeline's identity may do: it signs in with its forge's token, brings the stack up, and stays what it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientAssertionCredential

from simulator.clock import Clock
from simulator.cloud import Cloud
from simulator.entra.models import CALLER, STRANGER, TRAINER
from simulator.entra.outside import GITHUB, mint
from simulator.pulumi.summary import Failed, Summary, UpResult
from simulator.pulumi.up import Verb
from simulator.server import Simulator
from tests.examples.standing import brought_up, outputs_file, stack_file
from tests.standing import Standing

AZURE_DEVOPS = "https://vstoken.dev.azure.com/8d5f2a4e-0000-4000-8000-000000000001"
STACK = f"""\
config:
  tuned-models:environment: {{asOf: "2026-11-20", protection: "off"}}
  tuned-models:accounts:
    main: {{name: example-openai, location: swedencentral}}
  tuned-models:storage: {{name: examplepipelines}}
  tuned-models:pointers: {{appConfiguration: example-pipelines}}
  tuned-models:monitoring: {{workspace: {{name: example}}, alerts: {{emails: [oncall@contoso.com]}}}}
  tuned-models:budget: {{amount: 100, since: "2026-11", emails: [oncall@contoso.com]}}
  tuned-models:access:
    trainers: [{{principalId: {TRAINER.object_id}, principalType: ServicePrincipal}}]
    pipelines:
      release:
        github: {{repository: contoso/models, environment: prod}}
        roles: [trainer, deployer]
      look:
        github: {{repository: contoso/models, environment: prod-preview}}
        roles: [operator, caller]
      training:
        azureDevOps: {{issuer: "{AZURE_DEVOPS}", subject: "sc://contoso/models/training"}}
"""
SUBJECT = "repo:contoso/models:environment:prod"
PREVIEW = "repo:contoso/models:environment:prod-preview"


@dataclass
class Team:
    """A stack that a person brought up for the first time, and its pipelines."""

    simulator: Simulator
    project: Path
    clients: dict[str, str]
    """Client ID by pipeline."""

    def up(self, text: str, *, subject: str | None = None, pipeline: str = "release", verb: Verb = "up") -> UpResult:
        """By the pipeline in a job of GitHub's with this subject; by a person where there is none."""
        stack_file(self.project).write_text(text)
        if subject is None:
            return brought_up(self.simulator, self.project)
        # As in examples/pipelines/github/up.yml, and what GitHub gives every job that may have a token.
        asking = urlencode({"subject": subject, "issuer": GITHUB})
        return brought_up(
            self.simulator,
            self.project,
            verb,
            ARM_CLIENT_SECRET="",
            ARM_USE_OIDC="true",
            ARM_CLIENT_ID=self.clients[pipeline],
            ACTIONS_ID_TOKEN_REQUEST_URL=f"{self.simulator.url}/_simulator/oidc/token?{asking}",
            ACTIONS_ID_TOKEN_REQUEST_TOKEN="of this job",
        )


@pytest.fixture(scope="module")
def standing(running_simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Standing:
    running_simulator.replace_cloud(Cloud(Clock(step_on_poll=True)))
    project = tmp_path_factory.mktemp("team")
    stack_file(project).parent.mkdir()
    Team(running_simulator, project, {}).up(STACK)
    return Standing.of(running_simulator, project)


@pytest.fixture
def team(standing: Standing, running_simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Team:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(running_simulator.ca_file))
    standing.copy(running_simulator, tmp_path)
    return Team(running_simulator, tmp_path, json.loads(outputs_file(tmp_path).read_text())["pipelines"])


def _signs_in(team: Team, pipeline: str, issuer: str, subject: str) -> str:
    with ClientAssertionCredential(
        team.simulator.cloud.tenant_id,
        team.clients[pipeline],
        lambda: mint(team.simulator.cloud, subject, issuer=issuer),
        authority=team.simulator.url,
        disable_instance_discovery=True,
    ) as credential:
        return credential.get_token("https://management.azure.com/.default").token


def test_each_pipeline_signs_in_by_its_own_forge_and_by_no_other(team: Team) -> None:
    assert _signs_in(team, "release", GITHUB, SUBJECT)
    assert _signs_in(team, "training", AZURE_DEVOPS, "sc://contoso/models/training")
    for pipeline, issuer, subject in (
        ("release", GITHUB, "repo:contoso/models:environment:dev"),
        ("release", GITHUB, "repo:contoso/models:ref:refs/heads/main"),
        ("release", GITHUB, "repo:fork/models:environment:prod"),
        ("release", AZURE_DEVOPS, "sc://contoso/models/training"),
        ("training", GITHUB, SUBJECT),
        ("training", AZURE_DEVOPS, "sc://contoso/models/other"),
    ):
        with pytest.raises(ClientAuthenticationError, match="AADSTS7002"):
            _signs_in(team, pipeline, issuer, subject)


def test_a_deployers_pipeline_brings_the_stack_up(team: Team) -> None:
    """A second time nothing changes; then a base model, callers and a trainer less."""
    first = team.up(STACK, subject=SUBJECT).summary
    more = STACK.replace(
        f"    trainers: [{{principalId: {TRAINER.object_id}, principalType: ServicePrincipal}}]\n",
        f"    callers: [{{principalId: {CALLER.object_id}, principalType: ServicePrincipal}}]\n",
    )
    base = "{model: gpt-4.1-mini, version: '2025-04-14', sku: {name: GlobalStandard, capacity: 1}}"

    changed = team.up(f"{more}  tuned-models:baseDeployments: {{mini: {base}}}\n", subject=SUBJECT).summary

    assert first.changed == 0
    # The deployment with its alert on tokens, and a caller's two roles; a trainer's two.
    assert changed == Summary(created=4, deleted=2, unchanged=first.unchanged - 2)


@pytest.mark.parametrize(
    "added",
    [
        f"deployers: [{{principalId: {STRANGER.object_id}, principalType: ServicePrincipal}}]\n    pipelines:",
        "pipelines:\n      other: {github: {repository: contoso/other, environment: prod}, roles: [deployer]}",
    ],
    ids=["a principal", "a pipeline"],
)
def test_a_deployers_pipeline_makes_no_other_deployer(team: Team, added: str) -> None:
    with pytest.raises(Failed, match=r"403 AuthorizationFailed: .* ABAC condition that is not fulfilled"):
        team.up(STACK.replace("pipelines:", added), subject=SUBJECT)


def test_a_deployers_pipeline_neither_sets_nor_takes_locks(team: Team) -> None:
    locked = STACK.replace('protection: "off"', "locks: true")
    with pytest.raises(Failed, match=r"403 AuthorizationFailed: .*Microsoft\.Authorization/locks/write"):
        team.up(locked, subject=SUBJECT)


def test_a_pull_requests_pipeline_previews_and_changes_nothing(team: Team) -> None:
    """It reads resources and pointers: whoever opens a pull request chooses the code that runs as this identity."""
    base = "{model: gpt-4.1-mini, version: '2025-04-14', sku: {name: GlobalStandard, capacity: 1}}"
    more = f"{STACK}  tuned-models:baseDeployments: {{mini: {base}}}\n"

    seen = team.up(more, subject=PREVIEW, pipeline="look", verb="preview").summary

    assert (seen.created, seen.changed) == (2, 2)
    with pytest.raises(Failed, match="403 AuthorizationFailed"):
        team.up(more, subject=PREVIEW, pipeline="look")


def test_a_job_of_another_environment_is_nobody(team: Team) -> None:
    with pytest.raises(Failed, match="AADSTS700213"):
        team.up(STACK, subject="repo:contoso/models:environment:dev")
