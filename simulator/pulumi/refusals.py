"""What an up does not do without being told to: touch what is protected, or replace what can't be replaced in kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from simulator.pulumi.state import Held
from simulator.pulumi.summary import Step

UNPROTECT = "set `environment.protection: off` in the stack file and bring the stack up once, then do this again"

TAKE_BACK = "With it would go what is in it: take back what asks for another one; only if that is meant, "

IRREPLACEABLE: Mapping[str, str] = {
    "resources:ResourceGroup": "everything in it goes with it",
    "cognitiveservices:Account": "the models trained in it, its files and its deployments go with it",
    "cognitiveservices:Project": "what was made in it goes with it",
    "cognitiveservices:Deployment": "calls to it fail until the new one stands",
    "storage:StorageAccount": "its datasets and the journal of runs go with it",
    "storage:BlobContainer": "its blobs go with it",
    "keyvault:Vault": "what its keys encrypt can't be read without it",
    "keyvault:Key": "what it encrypts can't be read without it",
    "managedidentity:UserAssignedIdentity": "who signs in as it, and what is encrypted through it, loses every right",
    "appconfiguration:ConfigurationStore": "callers can't read what is live until the new one stands",
    "appconfiguration:KeyValue": "callers can't read what is live until the new one stands",
    "operationalinsights:Workspace": "its logs go with it",
    "network:VirtualNetwork": "nothing in it can be reached until the new one stands",
    "network:Subnet": "nothing in it can be reached until the new one stands",
    "network:PrivateEndpoint": "what it leads to can't be reached until the new one stands",
    "privatedns:PrivateZone": "its names lead nowhere until the new one stands",
}
"""Types of azure-native whose replacement loses data or cuts traffic, with the reason."""


def protected(held: Held, what: str) -> str:
    """One line on a resource that can't be `what`, such as "deleted"."""
    return f"{held.urn} can't be {what}: it is protected"


def together(faults: Iterable[str]) -> str:
    """All refusals of one run, and how to go on."""
    lines = list(dict.fromkeys(faults))
    advice: list[str] = []
    if any("it is protected" in line for line in lines):
        first = TAKE_BACK if any("can't be replaced" in line for line in lines) else "To go on, "
        advice = [f"Nothing was touched. {first}{UNPROTECT}."]
    return "\n".join(lines + advice)


def lost_by(step: Step) -> str:
    """What a replacement costs; empty where it costs nothing, or the step replaces nothing."""
    return IRREPLACEABLE.get(step.type.partition(":")[2], "") if step.did == "replaced" else ""


def unasked(steps: Iterable[Step]) -> str:
    """What an up says that would replace data or traffic without being told to; empty where it wouldn't."""
    lines = [f"{step.what} would be replaced{_forced(step)}: {lost}" for step in steps if (lost := lost_by(step))]
    return "\n".join([*lines, "Nothing was touched. If that is meant, say so with --replace."]) if lines else ""


def _forced(step: Step) -> str:
    return f" (forced by {', '.join(step.forced_by)})" if step.forced_by else ""
