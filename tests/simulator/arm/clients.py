"""Azure's management libraries, and the bodies their callers send."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.appconfiguration import AppConfigurationManagementClient
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.cognitiveservices import CognitiveServicesManagementClient
from azure.mgmt.cognitiveservices.models import Account, Deployment, DeploymentModel, DeploymentProperties, Sku
from azure.mgmt.consumption import ConsumptionManagementClient
from azure.mgmt.loganalytics import LogAnalyticsManagementClient
from azure.mgmt.monitor import MonitorManagementClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.privatedns import PrivateDnsManagementClient
from azure.mgmt.resource.locks import ManagementLockClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.storage import StorageManagementClient

from simulator.arm.models import Resource
from simulator.entra.models import SEEDED
from simulator.openai.models import Hyperparameters, Job, Plan, Transition
from simulator.server import Simulator

GROUP = "rg-tuned"
LOCATION = "swedencentral"
BASE = "gpt-4.1-mini-2025-04-14"


class Clients:
    """One principal's view of the control plane, through the libraries its developers would use; made when asked for.

    Versions are those whose types are Azure's own at hand, where the library lets them be chosen.
    """

    def __init__(self, simulator: Simulator, principal: str, subscription: str | None = None) -> None:
        who = SEEDED[principal]
        self.open = ExitStack()
        self._subscription = subscription or simulator.cloud.subscription_id
        self._credential = self.open.enter_context(
            ClientSecretCredential(
                simulator.cloud.tenant_id,
                who.client_id,
                who.secret or "",
                authority=simulator.url,
                disable_instance_discovery=True,
            )
        )
        self._where: dict[str, Any] = {
            "base_url": simulator.url,
            "credential_scopes": ["https://management.azure.com/.default"],
        }

    @cached_property
    def resources(self) -> ResourceManagementClient:
        made = ResourceManagementClient(self._credential, self._subscription, **self._where)
        self.open.enter_context(made)
        return made

    @cached_property
    def cognitive(self) -> CognitiveServicesManagementClient:
        made = CognitiveServicesManagementClient(
            self._credential, self._subscription, api_version="2025-06-01", **self._where
        )
        self.open.enter_context(made)
        return made

    @cached_property
    def storage(self) -> StorageManagementClient:
        made = StorageManagementClient(self._credential, self._subscription, api_version="2024-01-01", **self._where)
        self.open.enter_context(made)
        return made

    @cached_property
    def network(self) -> NetworkManagementClient:
        made = NetworkManagementClient(self._credential, self._subscription, api_version="2024-05-01", **self._where)
        self.open.enter_context(made)
        return made

    @cached_property
    def private_dns(self) -> PrivateDnsManagementClient:
        made = PrivateDnsManagementClient(self._credential, self._subscription, **self._where)
        self.open.enter_context(made)
        return made

    @cached_property
    def authorization(self) -> AuthorizationManagementClient:
        made: AuthorizationManagementClient = AuthorizationManagementClient(
            self._credential, self._subscription, **self._where
        )
        self.open.enter_context(made)
        return made

    @cached_property
    def locks(self) -> ManagementLockClient:
        made = ManagementLockClient(self._credential, self._subscription, **self._where)
        self.open.enter_context(made)
        return made

    @cached_property
    def logs(self) -> LogAnalyticsManagementClient:
        made = LogAnalyticsManagementClient(self._credential, self._subscription, **self._where)
        self.open.enter_context(made)
        return made

    @cached_property
    def monitor(self) -> MonitorManagementClient:
        made = MonitorManagementClient(self._credential, self._subscription, **self._where)
        self.open.enter_context(made)
        return made

    @cached_property
    def consumption(self) -> ConsumptionManagementClient:
        made = ConsumptionManagementClient(self._credential, self._subscription, **self._where)
        self.open.enter_context(made)
        return made

    @cached_property
    def configuration(self) -> AppConfigurationManagementClient:
        made = AppConfigurationManagementClient(self._credential, self._subscription, **self._where)
        self.open.enter_context(made)
        return made


def make_account(azure: Clients, group: str, name: str, location: str = LOCATION, **properties: Any) -> Any:
    """Creates an account and waits for it; its subdomain is its name."""
    body = {
        "location": location,
        "kind": "AIServices",
        "sku": {"name": "S0"},
        "identity": {"type": "SystemAssigned"},
        "properties": {"customSubDomainName": name, "disableLocalAuth": True} | properties,
    }
    return azure.cognitive.accounts.begin_create(group, name, Account.deserialize(body)).result()


def deployment(
    name: str = "gpt-4.1-mini", version: str = "2025-04-14", sku: str = "GlobalStandard", capacity: int = 10
) -> Deployment:
    """A deployment's body, as a caller sends it."""
    model = DeploymentModel(format="OpenAI", name=name, version=version)
    return Deployment(sku=Sku(name=sku, capacity=capacity), properties=DeploymentProperties(model=model))


@contextmanager
def refused(status: int, code: str, message: str | None = None, *, containing: str = "") -> Iterator[None]:
    """Expects the library to report ARM's refusal: an error with code and message and no more."""
    with pytest.raises(HttpResponseError) as caught:
        yield
    response = caught.value.response
    assert response is not None
    assert response.status_code == status
    told = json.loads(response.text())
    # Azure Monitor's own errors come without the envelope.
    error = told.get("error", told)
    assert error["code"] == code
    assert message is None or error["message"] == message
    assert containing in error["message"]
    assert set(error) <= {"code", "message", "target", "details", "additionalInfo"}


def add_tuned_model(simulator: Simulator, account: Resource | str, *, number: int = 1, base: str = BASE) -> str:
    """A job of that account, or of the one with this ID, that has succeeded by now; without the training. The model's
    ID."""
    cloud = simulator.cloud
    done = cloud.clock.now().timestamp()
    job = Job(
        id=f"ftjob-{number:032x}",
        account=account.lower() if isinstance(account, str) else account.key,
        model=base,
        base=base,
        training_file="file-1",
        training="0" * 64,
        seed=42,
        method="supervised",
        training_type="globalStandard",
        hyperparameters=Hyperparameters(n_epochs=1, batch_size=1, learning_rate_multiplier=1.0),
        tokens_per_epoch=1000,
        plan=Plan(queueing=1, preparing=1, step=1, finishing=1, steps=10, steps_per_epoch=10),
        history=[
            Transition(at=done - 100, status="pending"),
            Transition(at=done - 90, status="running"),
            Transition(at=done, status="succeeded"),
        ],
    )
    cloud.state.openai.jobs[job.id] = job
    return job.tuned_id


def tuned_deployment(model_id: str, sku: str = "GlobalStandard", capacity: int = 10) -> Deployment:
    return deployment(model_id, "1", sku, capacity)


def name_of(account: Resource) -> tuple[str, str]:
    """Group and name, as the libraries take them."""
    return GROUP, account.name
