"""What a stack reference reads: the outputs that another stack, or this one, was left with.

Names are taken and refused as by the CLI with a backend of its own (seen with CLI 3.260): STACK, organization/STACK or
organization/PROJECT/STACK. A stack that was never brought up has no outputs; one that isn't there is refused. A
reference to the stack itself reads what its last up saved.
"""

from __future__ import annotations

from simulator.pulumi.stack_file import ORGANIZATION, qualified
from simulator.pulumi.state import StackFolder, StackState
from simulator.pulumi.summary import Failed
from simulator.pulumi.values import Properties, has_secret

STACK_REFERENCE = "pulumi:pulumi:StackReference"


def referenced(name: str, own: StackState, project: str, folder: StackFolder) -> Properties:
    """The outputs of a StackReference to `name`, from the stack `own` of `project`. Raises Failed."""
    parts = qualified(name, project)
    if parts is None:
        raise Failed(f"{name} is no name of a stack: those are STACK, or {ORGANIZATION}/{project}/STACK")
    organization, in_project, stack = parts
    if organization != ORGANIZATION:
        raise Failed(f"{name}: organization name must be '{ORGANIZATION}'")
    if in_project != project or not (stack == own.stack or folder.has(stack)):
        known = ", ".join(sorted({own.stack, *folder.names()}))
        raise Failed(f'unknown stack "{name}": of {project}, those that were brought up in process are {known}')
    outputs = own.outputs if stack == own.stack else folder.outputs(stack)
    # A null is the same as nothing here, as it is in every answer to Pulumi's SDKs.
    return {
        "name": name,
        "outputs": outputs,
        "secretOutputNames": sorted(key for key, value in outputs.items() if has_secret(value)),
    }
