"""A model in the stack outputs, of records named by one digit."""

from __future__ import annotations

from typing import Any

from contract.outputs import ModelOutput
from contract.release import ReleaseRecord, Sku
from tests.contract.specimens import record

STANDARD = Sku(name="Standard", capacity=5)
GLOBAL = Sku(name="GlobalStandard", capacity=50)


def made(digit: str, **changes: Any) -> ReleaseRecord:
    """The record of the job ``digit`` 32 times."""
    return ReleaseRecord.model_validate(record(digit * 32, **changes))


def served(digit: str, sku: Sku = GLOBAL) -> dict[str, Any]:
    return {
        "modelId": made(digit).model_id,
        "systemMessage": None,
        "sku": sku.model_dump(),
        "deployments": {"main": f"clippy-{digit * 8}"},
    }


def output(
    live: dict[str, Any] | None = None,
    candidate: dict[str, Any] | None = None,
    previous: tuple[dict[str, Any], ...] = (),
    gate: dict[str, Any] | None = None,
) -> ModelOutput:
    return ModelOutput.model_validate(
        {
            "trainIn": "main",
            "servedIn": ["main"],
            "skus": {"live": GLOBAL.model_dump(), "candidate": GLOBAL.model_dump()},
            "keepPrevious": 1,
            "gate": gate,
            "live": live,
            "candidate": candidate,
            "previous": list(previous),
        }
    )
