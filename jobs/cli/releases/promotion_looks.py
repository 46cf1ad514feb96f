"""What a promotion has to ask others for: the stack that trained the model, and Azure. Nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from contract.outputs import StackOutputs
from contract.resource_id import ResourceId
from jobs.cli.asked import Asked
from jobs.cli.surroundings import Surroundings, surroundings
from jobs.doctor_ports import ControlPlane
from jobs.errors import JobsError, ServiceRefused
from jobs.releases.promotion_faults import Promotion
from jobs.releases.rights import holds, lacking_rights, yaml_lines
from jobs.stacks.stack_file import stack_file, stack_files, stack_of


@dataclass
class Looks:
    """``faults`` are in the way, ``mend`` what helps, line by line; ``remarks`` are what could not be seen, or may be
    in somebody's way."""

    faults: list[str] = field(default_factory=list)
    mend: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def looked(
    around: Surroundings,
    source: Asked,
    source_outputs: StackOutputs,
    promotion: Promotion,
    *,
    rights_given: bool,
    offline: bool,
) -> Looks:
    """Of a model whose account is another stack's; of the target's own account nothing is asked."""
    looks = Looks()
    account_id = promotion.record.source
    if account_id is None:
        return looks
    if not rights_given:
        _rights(source, source_outputs, promotion, account_id, looks)
    if not offline:
        _tenant(around, account_id, promotion.outputs, looks)
        _account(around, account_id, promotion, looks)
    return looks


def _rights(source: Asked, source_outputs: StackOutputs, promotion: Promotion, account_id: str, looks: Looks) -> None:
    stack, holder = _holder(source, source_outputs, promotion.stack, account_id)
    name = ResourceId.parse(account_id).name
    if holder is None:
        looks.remarks.append(
            f"the account {name} is of no stack that can be seen here: who runs the up of {promotion.stack} needs "
            "rights on it, which its owners give"
        )
        return
    lacking = lacking_rights(holder, promotion.outputs)
    if lacking is None:
        who = "names no deployers" if promotion.outputs.deployers == [] else "was brought up before outputs told that"
        which = promotion.stack if not promotion.outputs.deployers else stack
        looks.remarks.append(
            f"whether {stack} lets those who run the up of {promotion.stack} deploy from its account {name} is not "
            f"known: {which} {who}. Without rights there the up ends in LinkedAuthorizationFailed"
        )
    elif lacking:
        looks.faults.append(
            f"{len(lacking)} of the deployers of {promotion.stack} "
            f"{'has' if len(lacking) == 1 else 'have'} no rights on the account {name} of {stack}, and the up would "
            "end in LinkedAuthorizationFailed"
        )
        looks.mend += [
            f"In {stack_file(source.project_folder, stack)}, under config, then an up of {stack}:",
            *(f"  {line}" for line in yaml_lines(lacking, promotion.stack)),
            "If they have them by a group or a wider role, add --rights-given to this command.",
        ]


def _holder(source: Asked, outputs: StackOutputs, target: str, account_id: str) -> tuple[str, StackOutputs | None]:
    """The stack whose own account it is: the source, or, of a model that was promoted before, one further up."""
    if holds(outputs, account_id):
        return source.stack, outputs
    for file in stack_files(source.project_folder):
        name = stack_of(file)
        if name in (source.stack, target):
            continue
        try:
            found = surroundings(replace(source, stack=name)).stack.outputs()
        except JobsError:
            continue
        if holds(found, account_id):
            return name, found
    return source.stack, None


def _tenant(around: Surroundings, account_id: str, outputs: StackOutputs, looks: Looks) -> None:
    there, here = ResourceId.parse(account_id).subscription, outputs.subscription_id
    if there.lower() == here.lower():
        return
    try:
        tenants = [_plane(around, outputs, each).greeting().tenant_id for each in (there, here)]
    except JobsError as error:
        looks.remarks.append(f"the tenants were not looked at: {error.in_a_line}")
        return
    if None not in tenants and tenants[0] != tenants[1]:
        looks.faults.append(
            f"the model's account is in tenant {tenants[0]}, and {here} in {tenants[1]}: a deployment across tenants "
            "takes sourceAccount and a second token, which this version does not do"
        )


def _account(around: Surroundings, account_id: str, promotion: Promotion, looks: Looks) -> None:
    """Whether it is there, and who types this may see it."""
    part = ResourceId.parse(account_id)
    try:
        _plane(around, promotion.outputs, part.subscription).account_state(account_id)
    except ServiceRefused as error:
        if error.status == 404:
            looks.faults.append(f"the account {part.name}, which holds the model, is not there any more: {account_id}")
            return
        who = "you may not read" if error.status == 403 else "Azure doesn't show"
        looks.remarks.append(
            f"{who} the account {part.name}, which holds the model; an up of {promotion.stack} by you would end in "
            "LinkedAuthorizationFailed, one by its deployers need not"
        )
    except JobsError as error:
        looks.remarks.append(f"not looked at in Azure: {error.in_a_line}")


def _plane(around: Surroundings, outputs: StackOutputs, subscription: str) -> ControlPlane:
    """ARM is asked for one subscription."""
    return around.control_plane(outputs.model_copy(update={"subscription_id": subscription}))
