"""ARM, as far as ``jobs`` looks at it; what Azure Monitor knows is ``monitor``'s. Nothing is written.

Where ARM is: a cloud that is not Microsoft's own describes itself at the host in ARM_METADATA_HOSTNAME, which the
Pulumi provider asks in the same way (azure-native's ``metadataHost``); else the authority says which of Microsoft's
clouds it is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any, cast
from urllib.parse import urlsplit

from azure.core import AzureClouds, PipelineClient
from azure.core.rest import HttpRequest, HttpResponse
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.cognitiveservices import CognitiveServicesManagementClient
from azure.mgmt.core.tools import get_arm_endpoints, parse_resource_id

from jobs.azure.core_errors import translated
from jobs.azure.credentials import Credential, authority_in_use, is_microsofts
from jobs.doctor_ports import Greeting, OfferedModel, OfferedSku, Permission, StandingDeployment, Usage
from jobs.errors import ServiceRefused
from jobs.plain import one_line

METADATA_HOST = "ARM_METADATA_HOSTNAME"
_TIMEOUTS: dict[str, Any] = {"connection_timeout": 10, "read_timeout": 30}
OPTIONS = {"retry_total": 0, "permit_redirects": False, **_TIMEOUTS}
"""A token is shown to the host that was asked, and to no other."""
_SOVEREIGN = {
    "login.microsoftonline.us": AzureClouds.AZURE_US_GOVERNMENT,
    "login.chinacloudapi.cn": AzureClouds.AZURE_CHINA_CLOUD,
}
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class Cloud:
    """Where a cloud's ARM answers, and the scope of its tokens."""

    endpoint: str
    scope: str


def find_cloud(authority: str | None) -> Cloud:
    """The cloud of this stack. ``authority`` as for the credential."""
    if host := os.environ.get(METADATA_HOST):
        return _described(host)
    wanted = authority_in_use(authority)
    if not is_microsofts(wanted):
        raise ServiceRefused(f"where {wanted} has its control plane is not known: {METADATA_HOST} names the cloud's")
    host = urlsplit(wanted if "://" in wanted else f"https://{wanted}").hostname or ""
    known = get_arm_endpoints(_SOVEREIGN.get(host, AzureClouds.AZURE_PUBLIC_CLOUD))
    return Cloud(known["resource_manager"].rstrip("/"), known["credential_scopes"][0])


def _described(host: str) -> Cloud:
    """What a cloud says of itself; in the form that api-version 2022-09-01 of the metadata has."""
    what = f"the cloud at {host} doesn't say where its control plane is"
    answer = _asked(what, f"https://{host}/metadata/endpoints?api-version=2022-09-01")
    try:
        with translated(what):
            answer.raise_for_status()
            told = answer.json()
        audience = str(told["authentication"]["audiences"][0]).rstrip("/")
        if not str(told["resourceManager"]).startswith("https://"):
            raise ValueError(f"{told['resourceManager']} is no https address")
        return Cloud(str(told["resourceManager"]).rstrip("/"), f"{audience}/.default")
    except (KeyError, IndexError, TypeError, ValueError, RecursionError) as error:
        raise ServiceRefused(what, details=[one_line(f"the answer makes no sense: {error!r}")]) from error


def _asked(what: str, url: str) -> Any:
    """One request without a token, whatever is answered."""
    client: PipelineClient[HttpRequest, HttpResponse] = PipelineClient(url, policies=[])
    with translated(what), client:
        return client.send_request(HttpRequest("GET", url), **_TIMEOUTS)


class Arm:
    """ARM for one subscription. A ``ControlPlane``."""

    def __init__(self, subscription_id: str, authority: str | None, credential: Credential) -> None:
        self._subscription = subscription_id
        self._authority = authority
        self._credential = credential
        self._opened = ExitStack()

    def close(self) -> None:
        self._opened.close()

    @cached_property
    def cloud(self) -> Cloud:
        return find_cloud(self._authority)

    def greeting(self) -> Greeting:
        """ARM refuses who shows no token, and names the tenant whose tokens it would take (WWW-Authenticate)."""
        url = f"{self.cloud.endpoint}/subscriptions/{self._subscription}?api-version=2022-12-01"
        headers = _asked("the control plane cannot be reached", url).headers
        tenant = _GUID.search(headers.get("WWW-Authenticate") or "")
        return Greeting(_moment(headers.get("Date")), tenant[0].lower() if tenant else None)

    def account_state(self, resource_id: str) -> str:
        part = _parts(resource_id)
        with translated(f"the control plane does not show {part['name']}"):
            account = self._cognitive.accounts.get(part["resource_group"], part["name"])
            return str(account.properties.provisioning_state if account.properties else "")

    def permissions(self, resource_id: str) -> list[Permission]:
        part = _parts(resource_id)
        with translated(f"what this identity may do with {part['name']} cannot be read"):
            found = self._authorization.permissions.list_for_resource(
                part["resource_group"], part["namespace"], "", part["type"], part["name"]
            )
            return [
                Permission(
                    tuple(each.actions or ()),
                    tuple(each.not_actions or ()),
                    tuple(each.data_actions or ()),
                    tuple(each.not_data_actions or ()),
                )
                for each in found
            ]

    def usages(self, location: str) -> list[Usage]:
        with translated(f"the quotas of {location} cannot be read"):
            return [
                Usage(str(each.name.value), float(each.current_value or 0), float(each.limit or 0))
                for each in self._cognitive.usages.list(location)
                if each.name is not None
            ]

    def models(self, location: str) -> list[OfferedModel]:
        with translated(f"the models of {location} cannot be read"):
            return [offered(each) for each in self._cognitive.models.list(location) if each.model is not None]

    def deployments(self, resource_id: str) -> list[StandingDeployment]:
        part = _parts(resource_id)
        with translated(f"the deployments of {part['name']} cannot be read"):
            found = self._cognitive.deployments.list(part["resource_group"], part["name"])
            return [
                StandingDeployment(
                    str(each.name),
                    str(model.name),
                    str(each.sku.name),
                    int(each.sku.capacity or 0),
                    str(each.properties.provisioning_state or "") or None,
                    each.system_data.created_at if each.system_data else None,
                )
                for each in found
                if each.sku is not None and each.properties is not None and (model := each.properties.model) is not None
            ]

    @cached_property
    def _cognitive(self) -> CognitiveServicesManagementClient:
        return cast("CognitiveServicesManagementClient", self._made(CognitiveServicesManagementClient))

    @cached_property
    def _authorization(self) -> AuthorizationManagementClient:
        return cast("AuthorizationManagementClient", self._made(AuthorizationManagementClient))

    def _made(self, kind: Callable[..., Any]) -> Any:
        return self._opened.enter_context(
            kind(
                cast("Any", self._credential),  # A credential by its methods, not by its type.
                self._subscription,
                base_url=self.cloud.endpoint,
                credential_scopes=[self.cloud.scope],
                **OPTIONS,
            )
        )


def offered(each: Any) -> OfferedModel:
    """From ARM's shape of a model in a region, whose every part may be absent."""
    model = each.model
    told = (model.capabilities or {}).get("fineTune")
    ends = model.deprecation
    return OfferedModel(
        kind=str(each.kind or ""),
        name=str(model.name or ""),
        version=str(model.version or ""),
        lifecycle=str(model.lifecycle_status) if model.lifecycle_status else None,
        fine_tune=None if told is None else str(told).lower() == "true",
        training_ends=_day(ends.fine_tune) if ends else None,
        inference_ends=_day(ends.inference) if ends else None,
        skus=tuple(
            OfferedSku(str(sku.name), sku.usage_name, sku.deprecation_date.date() if sku.deprecation_date else None)
            for sku in model.skus or ()
        ),
    )


def _day(text: str | None) -> date | None:
    """From ``2027-04-14T00:00:00Z`` or ``2027-04-14``; None for what is no day."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def _moment(text: str | None) -> datetime | None:
    """From the form of HTTP's Date header."""
    try:
        return parsedate_to_datetime(text).astimezone(UTC) if text else None
    except ValueError:
        return None


def _parts(resource_id: str) -> dict[str, str]:
    return {name: str(part) for name, part in parse_resource_id(resource_id).items()}
