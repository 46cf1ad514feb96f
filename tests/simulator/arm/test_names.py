"""Names that are unique in all of Azure: some are always another customer's."""

from __future__ import annotations

from typing import Any

from tests.simulator.arm.clients import LOCATION, Clients, make_account, refused


def test_a_subdomain_may_be_somebody_elses(azure: Clients, group: str) -> None:
    with refused(409, "CustomDomainInUse"):
        make_account(azure, group, "taken-tuned")
    made = make_account(azure, group, "taken-tuned", customSubDomainName="ours-tuned")
    assert made.name == "taken-tuned"
    asked = azure.cognitive.check_domain_availability("Taken-too", "Microsoft.CognitiveServices/accounts")
    assert asked.is_subdomain_available is False


def test_a_storage_accounts_name_may_be_somebody_elses(azure: Clients, group: str) -> None:
    body: Any = {"location": LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    with refused(409, "StorageAccountAlreadyTaken", "The storage account named takentuned is already taken."):
        azure.storage.storage_accounts.begin_create(group, "takentuned", body).result()
    asked: Any = {"name": "takentuned", "type": "Microsoft.Storage/storageAccounts"}
    assert azure.storage.storage_accounts.check_name_availability(asked).reason == "AlreadyExists"
