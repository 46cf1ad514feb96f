"""Azure's naming rules, and the names this project derives.

Rules: Microsoft Learn, "Naming rules and restrictions for Azure resources"; the custom subdomain from
"Custom subdomain names for Foundry Tools" (2–64 letters, digits and ``-``); the suffix of a fine-tuning job from the
Azure OpenAI specification (at most 40 of ``[A-Za-z0-9_-]``).
"""

from __future__ import annotations

import hashlib
from typing import Annotated

from pydantic import StringConstraints

_KEY = r"^[a-z][a-z0-9-]{0,28}[a-z0-9]$"
_ACCOUNT = r"^[a-zA-Z0-9][a-zA-Z0-9-]{0,62}[a-zA-Z0-9]$"
_STORAGE = r"^[a-z0-9]{3,24}$"
_RESOURCE_GROUP = r"^[-\w().]{0,89}[-\w()]$"
_DEPLOYMENT = r"^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}[a-zA-Z0-9]$"
_LOCATION = r"^[a-z][a-z0-9]{2,30}$"
_GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"

RULES = {
    _KEY: "2-30 lower-case letters, digits and '-', beginning with a letter",
    _ACCOUNT: "2-64 letters, digits and '-', neither first nor last a '-'",
    _STORAGE: "3-24 lower-case letters and digits",
    _RESOURCE_GROUP: "1-90 letters, digits, '.', '_', '-' and parentheses, not ending in '.'",
    _DEPLOYMENT: "2-64 letters, digits, '.', '_' and '-', beginning and ending with a letter or digit",
    _LOCATION: "a region's short name, such as swedencentral",
    _GUID: "a GUID, such as 00000000-0000-0000-0000-000000000000",
}
"""What each pattern asks for, in words for the person whose value it refuses."""

ModelName = Annotated[str, StringConstraints(pattern=_KEY)]
"""A tuned model's name in this project: at most 30 characters, so that ``<name>-<8 hex>`` fits a job's suffix."""
AccountKey = Annotated[str, StringConstraints(pattern=_KEY)]
AccountName = Annotated[str, StringConstraints(pattern=_ACCOUNT)]
StorageName = Annotated[str, StringConstraints(pattern=_STORAGE)]
ResourceGroupName = Annotated[str, StringConstraints(pattern=_RESOURCE_GROUP)]
DeploymentName = Annotated[str, StringConstraints(pattern=_DEPLOYMENT)]
Location = Annotated[str, StringConstraints(pattern=_LOCATION)]
Guid = Annotated[str, StringConstraints(pattern=_GUID)]


def deployment_name(model: str, model_id: str, sku: str) -> str:
    """The deployment's name of one tuned model on one SKU: ``<model>-<8 hex of sha256(model ID, SKU name)>``.

    The digest is over the model ID, a line feed and the SKU's name, in UTF-8. Azure refuses to change the model of a
    deployment, so another model ID or SKU is another name. The capacity is no part of it: changing that is an update.
    """
    digest = hashlib.sha256(f"{model_id}\n{sku}".encode()).hexdigest()
    return f"{model}-{digest[:8]}"


def job_suffix(model: str, run_key: str) -> str:
    """The suffix of a run's fine-tuning job, by which the service itself can be asked for the run."""
    return f"{model}-{run_key[:8]}"
