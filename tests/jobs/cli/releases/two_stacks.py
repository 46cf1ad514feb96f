"""Two stacks of one project on disk, dev that trained a model and prod that is to serve it, and ARM as a test says."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from contract.outputs import StackOutputs
from contract.release import ReleaseRecord, Releases
from jobs.cli.app import app
from jobs.cli.asked import Asked
from jobs.cli.surroundings import FiledStack, Surroundings
from jobs.doctor_ports import ControlPlane, Greeting
from jobs.errors import JobsError
from jobs.stacks.stack_file import read_releases, write_releases
from tests.contract.specimens import record
from tests.evaluations import passed_mapping
from tests.jobs.doubles import HandClock, TellingPlane
from tests.jobs.specimens import model_mapping, outputs_mapping

DEV = "00000000-0000-0000-0000-000000000001"
PROD = "00000000-0000-0000-0000-000000000002"
ACCOUNT = (
    f"/subscriptions/{DEV}/resourceGroups/tuned-models-dev/providers/Microsoft.CognitiveServices/accounts/contoso-dev"
)
DEPLOYER = "aaaaaaaa-0000-0000-0000-00000000000c"
MODEL = record()["modelId"]
OTHER = "gpt-4.1-mini-2025-04-14.ft-" + "1" * 32


_WRITTEN: dict[tuple[bytes, str], bytes] = {}
"""By what the file was before, and the records."""


def trained(**changes: Any) -> ReleaseRecord:
    """The model of dev, evaluated there."""
    return ReleaseRecord.model_validate(passed_mapping(record(), **changes))


def other(**changes: Any) -> ReleaseRecord:
    known = {"modelId": OTHER, "runKey": "1" * 64, "evaluation": None}
    return ReleaseRecord.model_validate(record("1" * 32, **known | changes))


@dataclass
class Plane(TellingPlane):
    """ARM of one subscription: its tenant, and what becomes of a look at an account. None: it is there."""

    tenant: str = "t1"
    account: JobsError | None = None

    def greeting(self) -> Greeting:
        return Greeting(None, self.tenant)

    def account_state(self, resource_id: str) -> str:  # noqa: ARG002 - of the port
        if self.account is not None:
            raise self.account
        return "Succeeded"


@dataclass
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass
class TwoStacks:
    folder: Path
    planes: dict[str, Plane] = field(default_factory=lambda: {DEV: Plane(), PROD: Plane()})
    has: dict[str, dict[str, Any]] = field(default_factory=dict)

    def set_up(self) -> None:
        (self.folder / "Pulumi.yaml").write_text("name: tuned-models\nruntime: python\nstackConfigDir: environments\n")
        for each in ("environments", "outputs"):
            (self.folder / each).mkdir()
        for stack in ("dev", "prod"):
            self.file(stack).write_text(
                f"# What {stack} is made of.\nconfig:\n  tuned-models:models: {{clippy: {{}}}}\n"
            )
        self.has["dev"] = outputs_mapping() | {"deployers": [self.deployer()]}
        prod = outputs_mapping(clippy=model_mapping())
        prod["environment"] |= {"name": "prod", "production": True}
        prod["accounts"]["main"]["id"] = ACCOUNT.replace(DEV, PROD).replace("dev", "prod")
        self.has["prod"] = prod | {
            "subscriptionId": PROD,
            "resourceGroupName": "tuned-models-prod",
            "deployers": [self.deployer()],
        }
        self.records("dev", Releases(live=trained()))
        self.up()

    @staticmethod
    def deployer(principal: str = DEPLOYER, pipeline: str | None = "release") -> dict[str, Any]:
        return {"principalId": principal, "principalType": "ManagedIdentity", "pipeline": pipeline}

    def file(self, stack: str) -> Path:
        return self.folder / "environments" / f"Pulumi.{stack}.yaml"

    def records(self, stack: str, releases: Releases) -> None:
        """What is written once is the same for every test that begins with it."""
        key = (self.file(stack).read_bytes(), releases.model_dump_json())
        if key not in _WRITTEN:
            write_releases(self.file(stack), {"clippy": releases})
            _WRITTEN[key] = self.file(stack).read_bytes()
        self.file(stack).write_bytes(_WRITTEN[key])

    def recorded(self, stack: str = "prod") -> Releases:
        return read_releases(self.file(stack)).get("clippy", Releases())

    def up(self) -> None:
        """Writes the outputs as they are set."""
        for stack, outputs in self.has.items():
            (self.folder / "outputs" / f"{stack}.json").write_text(json.dumps(outputs))

    def jobs(self, *words: str) -> Done:
        result = CliRunner().invoke(app, list(words))
        return Done(result.exit_code, result.stdout, result.stderr)

    def promote(self, *flags: str) -> Done:
        self.up()
        return self.jobs("promote", "clippy", "--from", "dev", "--to", "prod", *flags)

    def surroundings(self, asked: Asked) -> Surroundings:
        return _Doubled(FiledStack(asked), HandClock(), planes=self.planes)


@dataclass
class _Doubled(Surroundings):
    planes: dict[str, Plane] = field(default_factory=dict)

    def control_plane(self, outputs: StackOutputs) -> ControlPlane:
        return self.planes[outputs.subscription_id]
