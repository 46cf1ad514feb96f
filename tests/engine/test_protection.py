"""Protection under the real Pulumi CLI: the same refusals as in process, before anything is touched."""

from __future__ import annotations

import pytest

from simulator.pulumi.summary import Failed
from tests.engine.conftest import Local

pytestmark = pytest.mark.slow


def test_a_destroy_is_refused_while_protection_is_on_and_complete_once_it_is_off(local: Local) -> None:
    """Without a preview the CLI would delete what isn't protected, and then stop."""
    text = local.stack_file.read_text()
    local.stack_file.write_text(text.replace('protection: "off"', 'protection: "on"'))
    made = local.bring().summary
    before = set(local.simulator.cloud.state.arm.resources)

    with pytest.raises(Failed, match=r"main-account\" cannot be deleted\nbecause it is protected") as refused:
        local.bring("destroy")

    assert set(local.simulator.cloud.state.arm.resources) == before
    assert not refused.value.summary.changed

    local.stack_file.write_text(text)
    assert local.bring().summary.changed == 0
    assert local.bring("preview of destroy").summary.deleted == made.created
    assert local.bring("destroy").summary.deleted == made.created


def test_a_replacement_of_what_is_protected_is_refused(local: Local) -> None:
    """An account that moves to another region, and the group of its region with it: nothing else is done either."""
    text = local.stack_file.read_text().replace('protection: "off"', 'protection: "on"')
    local.stack_file.write_text(text)
    local.bring()
    before = set(local.simulator.cloud.state.arm.resources)

    local.stack_file.write_text(text.replace("location: swedencentral", "location: northcentralus"))
    with pytest.raises(Failed, match=r"unable to replace resource .*main-account\" .* marked for protection"):
        local.bring()

    assert set(local.simulator.cloud.state.arm.resources) == before


def test_a_preview_names_what_is_replaced_and_what_forces_it(local: Local) -> None:
    local.bring()
    text = local.stack_file.read_text()
    local.stack_file.write_text(text.replace("      model: gpt-4.1-mini\n", "      model: gpt-4.1-nano\n"))

    planned = local.bring("preview")

    assert [(step.name, step.forced_by) for step in planned.did("replaced")] == [
        ("main/gpt-4.1-mini", ("properties.model.name",))
    ]
