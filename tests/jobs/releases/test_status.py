"""What is in the file, what is in the outputs, and which command is missing."""

from __future__ import annotations

from typing import Any

import pytest

from contract.outputs import StackOutputs
from contract.release import Releases
from jobs.releases.status import Standing, StatusRow, status_rows
from tests.contract.specimens import record

GLOBAL = {"name": "GlobalStandard", "capacity": 50}
WITHDRAWN = {"kind": "withdrawn", "by": "Ada", "at": "2026-11-21T08:00:00Z", "reason": "worse than its base"}
UP = "pulumi up -s dev"


def _served(digit: str) -> dict[str, Any]:
    return {
        "modelId": record(digit * 32)["modelId"],
        "systemMessage": None,
        "sku": GLOBAL,
        "deployments": {"main": f"clippy-{digit * 8}"},
    }


def _outputs(live: str = "", candidate: str = "", previous: str = "", keep: int = 1, **models: Any) -> StackOutputs:
    """Outputs of one model, ``clippy``, with the jobs of these digits deployed."""
    clippy = {
        "trainIn": "main",
        "servedIn": ["main"],
        "skus": {"live": GLOBAL, "candidate": GLOBAL},
        "keepPrevious": keep,
        "budget": None,
        "gate": None,
        "systemMessage": None,
        "live": _served(live) if live else None,
        "candidate": _served(candidate) if candidate else None,
        "previous": [_served(digit) for digit in previous],
    }
    return StackOutputs.parse(
        {
            "schemaVersion": 1,
            "environment": {
                "name": "dev",
                "production": False,
                "readiness": "warn",
                "prices": {},
                "asOf": None,
                "tokenScope": "https://cognitiveservices.azure.com/.default",
                "authority": None,
            },
            "accounts": {},
            "models": {"clippy": clippy} | models,
            "baseDeployments": {},
            "storage": {"blobEndpoint": "https://example.blob.core.windows.net/", "containers": {}},
            "resourceGroupName": "rg",
            "subscriptionId": "00000000-0000-0000-0000-000000000000",
        }
    )


def _rows(releases: dict[str, Any], outputs: StackOutputs) -> list[tuple[str | None, str | None, Standing, str | None]]:
    rows = status_rows({"clippy": Releases.model_validate(releases)}, outputs, stack="dev")
    return [
        (row.role, row.model_id.partition(".ft-")[2][0] if row.model_id else None, row.standing, row.command)
        for row in rows
    ]


def test_where_stack_and_file_agree_no_command_is_missing() -> None:
    """Live, candidate, previous, each with its deployments."""
    releases = {
        "live": record("2" * 32),
        "candidate": record("3" * 32),
        "previous": [record("1" * 32, servedWith=GLOBAL)],
    }
    rows = status_rows({"clippy": Releases.model_validate(releases)}, _outputs("2", "3", "1"), stack="dev")

    assert [row.role for row in rows] == ["live", "candidate", "previous"]
    assert {(row.standing, row.command) for row in rows} == {(Standing.DEPLOYED, None)}
    assert rows[0].deployments == {"main": "clippy-22222222"}


@pytest.mark.parametrize(
    ("releases", "outputs", "expected"),
    [
        pytest.param(
            {"candidate": record("1" * 32)},
            _outputs(),
            [("candidate", "1", Standing.TO_DEPLOY, UP)],
            id="a new candidate",
        ),
        pytest.param(
            {"live": record("2" * 32), "previous": [record("1" * 32, servedWith=GLOBAL)]},
            _outputs(live="1", candidate="2"),
            [("live", "2", Standing.TO_MOVE, UP), ("previous", "1", Standing.TO_MOVE, UP)],
            id="released, no up yet",
        ),
        pytest.param(
            {"previous": [record("1" * 32, withdrawal=WITHDRAWN)]},
            _outputs(candidate="1"),
            [("previous", "1", Standing.TO_REMOVE, UP)],
            id="withdrawn, no up yet",
        ),
        pytest.param(
            {"previous": [record("1" * 32, withdrawal=WITHDRAWN)]},
            _outputs(),
            [("previous", "1", Standing.KEPT, None)],
            id="withdrawn and gone",
        ),
        pytest.param(
            {"previous": [record("2" * 32, servedWith=GLOBAL), record("1" * 32, servedWith=GLOBAL)]},
            _outputs(previous="2"),
            [("previous", "2", Standing.DEPLOYED, None), ("previous", "1", Standing.KEPT, None)],
            id="beyond keepPrevious",
        ),
        pytest.param({}, _outputs(live="1"), [("live", "1", Standing.TO_REMOVE, UP)], id="only in the outputs"),
        pytest.param({}, _outputs(), [(None, None, Standing.NOTHING, "jobs run clippy -s dev")], id="no run yet"),
    ],
)
def test_each_difference_names_its_command(
    releases: dict[str, Any], outputs: StackOutputs, expected: list[tuple[str | None, str | None, Standing, str | None]]
) -> None:
    """``pulumi up`` makes the stack as the file says."""
    assert _rows(releases, outputs) == expected


def test_rows_are_sorted_by_model_and_miss_none() -> None:
    """A model of the file that the outputs do not know yet stands there as well."""
    releases = {"abacus": Releases.model_validate({"live": record("1" * 32)})}
    rows: tuple[StatusRow, ...] = status_rows(releases, _outputs(), stack="dev")

    assert [(row.model, row.standing) for row in rows] == [
        ("abacus", Standing.TO_DEPLOY),
        ("clippy", Standing.NOTHING),
    ]
