"""Who runs a stack's up, and whether the stack that trained a model lets them read its account. Pure.

Who deploys a model of another account needs rights on both (MicrosoftDocs azure-ai-docs,
openai/how-to/fine-tuning-deploy.md, 2026-02); Azure's refusal is LinkedAuthorizationFailed. Which action is asked for
there no document says. ``access.deployers`` gives Contributor on the whole resource group, which is more than it takes.
"""

from __future__ import annotations

from collections.abc import Sequence

from contract.outputs import DeployerOutput, StackOutputs


def lacking_rights(holder: StackOutputs, target: StackOutputs) -> list[DeployerOutput] | None:
    """Those of the target's deployers whom ``holder``, the stack with the account, doesn't name as its own.

    None where that can't be told: either was brought up by an older program, or the target names nobody.
    """
    if holder.deployers is None or not target.deployers:
        return None
    named = {each.principal_id.lower() for each in holder.deployers}
    return [each for each in target.deployers if each.principal_id.lower() not in named]


def holds(outputs: StackOutputs, account_id: str) -> bool:
    """Whether the account is one of the stack's own, on which its ``access`` assigns roles."""
    group = f"/subscriptions/{outputs.subscription_id}/resourceGroups/{outputs.resource_group_name}/"
    known = {each.id.lower() for each in outputs.accounts.values()}
    return account_id.lower() in known and account_id.lower().startswith(group.lower())


def yaml_lines(deployers: Sequence[DeployerOutput], stack: str) -> list[str]:
    """What the holder's stack file lacks, under ``config``; ``stack`` is the target's name."""
    lines = ["tuned-models:access:", "  deployers:"]
    for each in deployers:
        said = f"  # the pipeline {each.pipeline} of {stack}" if each.pipeline else f"  # of {stack}"
        lines += [f"    - principalId: {each.principal_id}{said}", f"      principalType: {each.principal_type}"]
    return lines
