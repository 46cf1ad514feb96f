"""An up under the CLI in whose middle ARM fails, and the next one."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.pulumi.summary import Failed, Summary
from tests.engine.conftest import Local

pytestmark = pytest.mark.slow

FAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "an account, and the answer is lost": ("/subscriptions/*/accounts/*", {"kind": "reset", "when": "after"}),
    "an account, and the service breaks over it": (
        "/subscriptions/*/accounts/*",
        {"kind": "answer", "status": 500, "after": True},
    ),
    "a storage, and it is refused for now": ("/subscriptions/*/storageAccounts/*", {"kind": "answer", "status": 429}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_up_that_failed_is_ended_by_the_next_one(local: Local, fault: str) -> None:
    path, does = FAULTS[fault]
    planned = local.simulator.cloud.faults.planned(
        {"faults": [{"match": {"method": "PUT", "path": path}, "does": does}]}
    )
    with planned, pytest.raises(Failed):
        local.bring()
    local.bring()

    assert local.bring().summary == Summary(unchanged=16)
