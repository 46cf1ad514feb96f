"""What somebody made in Azure before there was a program: a resource group with an account in it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from simulator.pulumi.arm_client import ArmClient
from simulator.pulumi.connection import Connection
from simulator.pulumi.stack_file import parsed


def made_by_hand(stack_file: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Makes them under the names that the stack file has, with keys on. Name in Pulumi → ID in Azure."""
    account = parsed(stack_file)["config"]["tuned-models:accounts"]["main"]["name"]
    stack = stack_file.name.split(".")[1]
    group_id = f"/subscriptions/{environment['ARM_SUBSCRIPTION_ID']}/resourceGroups/tuned-models-{stack}"
    account_id = f"{group_id}/providers/Microsoft.CognitiveServices/accounts/{account}"
    with closing(ArmClient(Connection.of({}, environment))) as arm:
        arm.put(group_id, "2024-03-01", {"location": "swedencentral"})
        arm.put(
            account_id,
            "2025-06-01",
            {
                "location": "swedencentral",
                "kind": "OpenAI",
                "sku": {"name": "S0"},
                "properties": {"customSubDomainName": account, "publicNetworkAccess": "Enabled"},
            },
        )
    return {"resource-group": group_id, "main-account": account_id}
