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
_TAG_NAME = r"^[^<>%&\\?/]{1,512}$"
_PROJECT = r"^[a-zA-Z0-9][a-zA-Z0-9-]{0,62}[a-zA-Z0-9]$"
_NETWORK = r"^[a-zA-Z0-9]([a-zA-Z0-9._-]{0,62}[a-zA-Z0-9_])?$"
_CIDR = r"^\d{1,3}(\.\d{1,3}){3}(/\d{1,2})?$"
_DNS_ZONE = r"^privatelink(\.[a-z0-9-]+){2,}$"
_VAULT = r"^[a-zA-Z](-?[a-zA-Z0-9])+$"
_FILTER = r"^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}[a-zA-Z0-9]$"
_REPOSITORY = r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$"
_ISSUER = r"^https://[^\s/?#]+[^\s?#]*$"
_IDENTITY = r"^[a-zA-Z0-9][a-zA-Z0-9_-]{2,119}$"
_CONFIGURATION_STORE = r"^[a-zA-Z0-9](-?[a-zA-Z0-9])+$"
_WORKSPACE = r"^[a-zA-Z0-9][a-zA-Z0-9-]{2,61}[a-zA-Z0-9]$"
_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
_DATA_SOURCE = r"^https://[^\s/?#@]+/[^\s/?#]+(/[^\s?#]*)?$"
_GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"

RULES = {
    _KEY: "2-30 lower-case letters, digits and '-', beginning with a letter",
    _ACCOUNT: "2-64 letters, digits and '-', neither first nor last a '-'",
    _STORAGE: "3-24 lower-case letters and digits",
    _RESOURCE_GROUP: "1-90 letters, digits, '.', '_', '-' and parentheses, not ending in '.'",
    _DEPLOYMENT: "2-64 letters, digits, '.', '_' and '-', beginning and ending with a letter or digit",
    _LOCATION: "a region's short name, such as swedencentral",
    _TAG_NAME: "a tag's name: at most 512 characters, none of <>%&\\?/",
    _PROJECT: "2-64 letters, digits and '-', neither first nor last a '-'",
    _NETWORK: "1-64 letters, digits, '.', '_' and '-'",
    _CIDR: "an IPv4 address or range such as 10.40.0.0/24",
    _DNS_ZONE: "the name of a private DNS zone, such as privatelink.openai.azure.com",
    _VAULT: "3-24 letters, digits and '-', beginning with a letter, without '--'",
    _FILTER: "2-64 letters, digits, '.', '_' and '-', beginning and ending with a letter or digit",
    _REPOSITORY: "a repository as owner/name",
    _ISSUER: "an issuer's address, such as https://login.microsoftonline.com/<tenant>/v2.0",
    _IDENTITY: "3-120 letters, digits, '_' and '-', beginning with a letter or digit",
    _CONFIGURATION_STORE: "5-50 letters, digits and '-', without '--'",
    _WORKSPACE: "4-63 letters, digits and '-', neither first nor last a '-'",
    _EMAIL: "a mail address",
    _MONTH: 'a month such as "2026-11", in quotes',
    _DATA_SOURCE: "a container, and a prefix in it: https://<account>.blob.core.windows.net/<container>[/<prefix>]",
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
TagName = Annotated[str, StringConstraints(pattern=_TAG_NAME)]
TagValue = Annotated[str, StringConstraints(max_length=256)]
ProjectName = Annotated[str, StringConstraints(pattern=_PROJECT)]
NetworkName = Annotated[str, StringConstraints(pattern=_NETWORK)]
Cidr = Annotated[str, StringConstraints(pattern=_CIDR)]
DnsZone = Annotated[str, StringConstraints(pattern=_DNS_ZONE)]
VaultName = Annotated[str, StringConstraints(pattern=_VAULT, min_length=3, max_length=24)]
FilterName = Annotated[str, StringConstraints(pattern=_FILTER)]
BlocklistName = Annotated[str, StringConstraints(pattern=_FILTER)]
Repository = Annotated[str, StringConstraints(pattern=_REPOSITORY)]
Issuer = Annotated[str, StringConstraints(pattern=_ISSUER)]
IdentityName = Annotated[str, StringConstraints(pattern=_IDENTITY)]
ConfigurationStoreName = Annotated[str, StringConstraints(pattern=_CONFIGURATION_STORE, min_length=5, max_length=50)]
WorkspaceName = Annotated[str, StringConstraints(pattern=_WORKSPACE)]
Email = Annotated[str, StringConstraints(pattern=_EMAIL)]
Month = Annotated[str, StringConstraints(pattern=_MONTH)]
DataSource = Annotated[str, StringConstraints(pattern=_DATA_SOURCE)]
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
