"""Where applications read what is live, as components: the store, and what is written to it once deployments stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from contract.serving import ServedModel
from contract.stack_config import StackConfig
from infra.accounts import Accounts
from infra.deployments import Deployments
from infra.pointers import Live, Pointers, PointersArgs, PointerStore, PointerStoreArgs, Served


def declare_store(stack: StackConfig, group_name: pulumi.Input[str]) -> PointerStore | None:
    asked = stack.pointers
    if asked is None:
        return None
    return PointerStore(
        "pointer-store",
        PointerStoreArgs(
            resource_group_name=group_name,
            store_name=asked.app_configuration,
            location=asked.location or stack.location,
            sku=asked.sku,
            # App Configuration has no rules for addresses: it is public, or reached by private endpoints.
            public=stack.network.mode != "private",
        ),
    )


def declare_pointers(
    stack: StackConfig,
    store: PointerStore,
    group_name: pulumi.Input[str],
    *,
    accounts: Accounts,
    served: Sequence[ServedModel],
    deployments: Mapping[str, Deployments],
    after: Sequence[pulumi.Resource],
) -> None:
    """A key-value per model that is live, written ``after`` what lets the deployer write them."""
    live = {
        entry.model: Live(
            entry.record.model_id,
            entry.record.system_message,
            {
                key: Served(
                    accounts[key].endpoint,
                    deployments[key].names[entry.deployment_name],
                    accounts[key].location,
                )
                for key in stack.served_in(entry.model)
            },
        )
        for entry in served
        if entry.role == "live"
    }
    Pointers("pointers", PointersArgs(group_name, store.store_name, live, after))
