"""The stack outputs, as jobs reads them."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from contract.faults import Faults
from contract.outputs import StackOutputs

OUTPUTS: dict[str, Any] = {
    "schemaVersion": 1,
    "environment": {
        "name": "dev",
        "production": False,
        "readiness": "warn",
        "prices": {},
        "tokenScope": "https://cognitiveservices.azure.com/.default",
    },
    "accounts": {
        "main": {
            "id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/contoso",
            "name": "contoso",
            "endpoint": "https://contoso.openai.azure.com/",
            "location": "swedencentral",
            "kind": "OpenAI",
        }
    },
    "models": {
        "clippy": {
            "trainIn": "main",
            "servedIn": ["main"],
            "skus": {
                "live": {"name": "GlobalStandard", "capacity": 50},
                "candidate": {"name": "DeveloperTier", "capacity": 10},
            },
            "keepPrevious": 1,
            "previous": [],
        }
    },
    "baseDeployments": {},
    "storage": {
        "blobEndpoint": "https://contosodata.blob.core.windows.net/",
        "containers": {"datasets": "datasets", "runs": "runs"},
    },
    "resourceGroupName": "tuned-models-dev",
    "subscriptionId": "s",
}


def _changed(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(OUTPUTS) | changes


def test_what_is_null_may_be_absent() -> None:
    """Pulumi's protocol drops nulls in some places: no live model is no live model either way."""
    assert StackOutputs.parse(OUTPUTS).models["clippy"].live is None


def test_whole_floats_are_integers() -> None:
    """Pulumi's protocol knows only floats."""
    assert StackOutputs.parse(_changed(schemaVersion=1.0)) == StackOutputs.parse(OUTPUTS)


def test_keys_of_a_newer_writer_are_passed_over() -> None:
    """Adding an output breaks no reader."""
    assert StackOutputs.parse(_changed(weather={})) == StackOutputs.parse(OUTPUTS)


def test_a_newer_schema_is_refused() -> None:
    """A reader that can't know what changed doesn't guess."""
    with pytest.raises(Faults, match=r"schemaVersion: is 2, this version reads up to 1"):
        StackOutputs.parse(_changed(schemaVersion=2))


def test_outputs_of_another_program_are_refused_with_all_that_is_missing() -> None:
    """Another stack's outputs say at once that they are none of ours."""
    with pytest.raises(Faults) as refused:
        StackOutputs.parse({"url": "https://example.org"})

    assert {"accounts", "models", "storage"} <= {fault.key for fault in refused.value.faults}


def test_what_an_environment_may_have_besides_is_absent_or_whole() -> None:
    """Pipelines, pointers and monitoring came later: outputs of before have none."""
    without = StackOutputs.parse(OUTPUTS)
    pointers = {"endpoint": "https://contoso-models.azconfig.io"}
    having = StackOutputs.parse(
        _changed(pointers=pointers, pipelines={"release": "id"}, monitoring={"workspaceId": "/x"})
    )

    assert (without.pipelines, without.pointers, without.monitoring) == ({}, None, None)
    assert having.pointers is not None
    assert having.pointers.endpoint == pointers["endpoint"]
    assert having.monitoring is not None
    assert having.pipelines == {"release": "id"}


@pytest.mark.parametrize("order", ["\x1b[2J", "\x9b31m", "\x07"])
def test_no_name_is_an_order_to_a_terminal(order: str) -> None:
    """A file of outputs may come from anywhere, and its names are shown."""
    outputs = copy.deepcopy(OUTPUTS)
    outputs["accounts"]["main"]["name"] += order
    with pytest.raises(Faults, match="accounts: has a control character"):
        StackOutputs.parse(outputs)
