"""What log alerts ask the workspace, in Kusto.

Columns of ``AzureDiagnostics`` as an account's ``RequestResponse`` fills them: ``_ResourceId`` in lower case,
``ResultSignature`` with the HTTP status, ``properties_s`` with JSON, ``modelDeploymentName`` in it (seen in queries of
several public repositories; Microsoft documents the table, not what an account writes there).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

LEAST_CALLS = 20
"""Of fewer calls than these a share says nothing."""


@dataclass(frozen=True)
class Tuned:
    """A tuned deployment that somebody should call."""

    account_id: pulumi.Input[str]
    name: str


def throttled(account_ids: Sequence[str]) -> str:
    """Per deployment of these accounts, the ``share`` of calls that were refused with 429, in percent."""
    accounts = ", ".join(f'"{account_id.lower()}"' for account_id in account_ids)
    return _CALLS + (
        f"| where account in ({accounts})\n"
        '| summarize calls = count(), refused = countif(ResultSignature == "429") by account, deployment\n'
        f"| where calls >= {LEAST_CALLS}\n"
        "| project account, deployment, share = 100.0 * refused / calls"
    )


def idle(tuned: Sequence[tuple[str, str]]) -> str:
    """One row for each of these deployments, by account's ID and name, that no call of the queried time has reached."""
    rows = ", ".join(f'"{account_id.lower()}", "{name}"' for account_id, name in tuned)
    return (
        f"let called = {_CALLS}| distinct account, deployment;\n"
        f"datatable(account: string, deployment: string) [{rows}]\n"
        "| join kind=leftanti called on account, deployment"
    )


_CALLS = """\
AzureDiagnostics
| where ResourceProvider == "MICROSOFT.COGNITIVESERVICES" and Category == "RequestResponse"
| project account = tolower(_ResourceId), ResultSignature,
    deployment = tostring(parse_json(properties_s).modelDeploymentName)
| where isnotempty(deployment)
"""
