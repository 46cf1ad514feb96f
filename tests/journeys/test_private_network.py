"""An environment goes private: whoever is outside is told from where to come, and whoever is inside goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from simulator.environment import Network, reaching
from simulator.server import Simulator
from tests.checkout import copy_to
from tests.here import typed_here

PRIVATE = """\
  tuned-models:network:
    mode: private
    virtualNetwork: {addressSpace: 10.40.0.0/24}
"""
CHAT = """
import json, sys
from pathlib import Path
from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from openai import APIStatusError, OpenAI

outputs = json.loads(Path(sys.argv[1]).read_text())
credential = DefaultAzureCredential(disable_instance_discovery=True)
token = get_bearer_token_provider(credential, outputs["environment"]["tokenScope"])
base_url = outputs["accounts"]["main"]["endpoint"] + "openai/v1/"
try:
    said = OpenAI(base_url=base_url, api_key=token, max_retries=0).chat.completions.create(
        model="gpt-4.1-mini", messages=[{"role": "user", "content": "Hello"}]
    )
    print("said", bool(said.choices[0].message.content))
except APIStatusError as refused:
    print(refused.status_code, refused.response.json()["error"]["message"])
"""
BLOBS = """
import json, sys
from pathlib import Path
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient

storage = json.loads(Path(sys.argv[1]).read_text())["storage"]
credential = DefaultAzureCredential(disable_instance_discovery=True)
service = BlobServiceClient(storage["blobEndpoint"], credential=credential, retry_total=0)
try:
    print("listed", len(list(service.get_container_client("datasets").list_blobs())))
except HttpResponseError as refused:
    print(refused.status_code, refused.error_code.value)
"""


@dataclass
class Team:
    """Somebody at a terminal in a checkout, outside or inside the network of a local Azure."""

    project: Path
    simulator: Simulator

    def types(self, *command: str, network: Network = "public", code: int = 0) -> str:
        """What `python -m COMMAND` says; it ends with `code`."""
        environment = reaching(self.simulator, network=network) | {"COLUMNS": "200"}
        return typed_here(self.project, *command, environment=environment, code=code)

    def up(self, *more: str) -> str:
        return self.types("simulator", "up", "-s", "local", "--in-process", *more)

    def asks(self, script: str, network: Network, who: str) -> str:
        """What the script says: the libraries find their way by the environment alone."""
        (self.project / "asks.py").write_text(script)
        outputs = str(self.simulator.outputs / "local.json")
        environment = reaching(self.simulator, who, network=network)
        return typed_here(self.project, "asks.py", outputs, environment=environment).strip()


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with Simulator(rate=3600.0) as simulator:
        yield Team(copy_to(tmp_path / "project"), simulator)


@pytest.mark.slow
def test_an_environment_goes_private(team: Team) -> None:
    team.up()
    assert team.asks(CHAT, "public", "caller") == "said True"
    assert team.asks(BLOBS, "public", "trainer") == "listed 0"

    stack_file = team.project / "environments" / "Pulumi.local.yaml"
    stack_file.write_text(stack_file.read_text() + PRIVATE)
    before = json.loads((team.simulator.outputs / "local.json").read_text())["accounts"]
    assert "created, 2 updated, 14 unchanged" in team.up()
    assert json.loads((team.simulator.outputs / "local.json").read_text())["accounts"] == before

    assert team.asks(CHAT, "public", "caller") == "403 Public access is disabled. Please configure private endpoint."
    assert team.asks(BLOBS, "public", "trainer") == "403 AuthorizationFailure"
    refused = team.types("jobs", "run", "clippy", "-s", "local", "--yes", code=3)
    for words in ("does not let you in from here", "inside the virtual network", "status 403", "request ID"):
        assert words in refused
    assert "releases" not in stack_file.read_text()

    assert team.asks(CHAT, "private", "caller") == "said True"
    assert "is the candidate" in team.types("jobs", "run", "clippy", "-s", "local", "--yes", network="private")
    assert team.asks(BLOBS, "private", "trainer") == "listed 2"

    # The control plane is not in the network: an up goes on from anywhere.
    assert "1 created" in team.up()
    assert "deleted" in team.up("--destroy")
