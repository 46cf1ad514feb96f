"""Who may deploy from the account of another stack, as far as outputs tell."""

from __future__ import annotations

from typing import Any

import pytest

from contract.outputs import StackOutputs
from jobs.releases.rights import holds, lacking_rights
from tests.jobs.specimens import outputs_mapping

ADA, BOB = "aaaaaaaa-0000-0000-0000-00000000000a", "bbbbbbbb-0000-0000-0000-00000000000b"


def _stack(*principals: str, **changes: Any) -> StackOutputs:
    deployers = [{"principalId": each, "principalType": "User", "pipeline": None} for each in principals]
    return StackOutputs.parse(outputs_mapping() | {"deployers": deployers} | changes)


@pytest.mark.parametrize(
    ("holder", "target", "lacking"),
    [
        (_stack(ADA, BOB), _stack(ADA), []),
        (_stack(ADA.upper()), _stack(ADA), []),
        (_stack(ADA), _stack(ADA, BOB), [BOB]),
        (_stack(), _stack(ADA), [ADA]),
        (_stack(deployers=None), _stack(ADA), None),
        (_stack(ADA), _stack(deployers=None), None),
        (_stack(ADA), _stack(), None),
    ],
)
def test_those_whom_the_holder_does_not_name_lack_rights_where_both_tell(
    holder: StackOutputs, target: StackOutputs, lacking: list[str] | None
) -> None:
    found = lacking_rights(holder, target)

    assert (None if found is None else [each.principal_id for each in found]) == lacking


def test_an_account_of_another_group_is_not_the_stacks_own_though_it_knows_it() -> None:
    account = outputs_mapping()["accounts"]["main"]["id"]

    assert holds(_stack(), account.upper())
    assert not holds(_stack(resourceGroupName="another"), account)
    assert not holds(_stack(), account.replace("contoso-dev", "contoso"))
