"""The data plane of App Configuration, held against azure-appconfiguration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from azure.appconfiguration import AzureAppConfigurationClient, ConfigurationSetting, ResourceReadOnlyError
from azure.core import MatchConditions
from azure.core.exceptions import (
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.identity import ClientSecretCredential

from simulator.arm.models import Resource, find, fresh_etag
from simulator.cloud import seeded_assignment
from simulator.entra.models import CALLER, SEEDED, TRAINER
from simulator.roles import CONFIGURATION_OWNER, CONFIGURATION_READER
from simulator.server import Simulator
from tests.conftest import Authorization
from tests.simulator.arm.conftest import Wire
from tests.simulator.inside import lead_inside, stand

KEY = "tuned-models/clippy"
Client = AzureAppConfigurationClient
As = Callable[[str], Client]


@pytest.fixture
def store(simulator: Simulator) -> Resource:
    """A store without access keys: the trainer owns its data, the caller reads it."""
    cloud = simulator.cloud
    now = cloud.clock.now()
    group = f"/subscriptions/{cloud.subscription_id}/resourceGroups/rg"
    made = Resource(
        id=f"{group}/providers/Microsoft.AppConfiguration/configurationStores/appcs-tuned",
        type="Microsoft.AppConfiguration/configurationStores",
        name="appcs-tuned",
        body={
            "location": "swedencentral",
            "sku": {"name": "Standard"},
            "properties": {"disableLocalAuth": True, "dataPlaneProxy": {"authenticationMode": "Pass-through"}},
        },
        etag=fresh_etag("store", now, "test"),
        created_at=now,
        changed_at=now,
        created_by="test",
        changed_by="test",
    )
    cloud.state.arm.resources[made.key] = made
    for principal, role in ((TRAINER, CONFIGURATION_OWNER), (CALLER, CONFIGURATION_READER)):
        assignment = seeded_assignment(cloud, principal, role)
        cloud.state.arm.resources[assignment.key] = assignment
    return made


@pytest.fixture
def as_(simulator: Simulator, store: Resource, monkeypatch: pytest.MonkeyPatch) -> Iterator[As]:
    """The store's client, as one of the principals. It is told nothing but the endpoint that ARM shows."""
    monkeypatch.setenv("SSL_CERT_FILE", str(simulator.ca_file))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(simulator.ca_file))
    with ExitStack() as opened:

        def client(name: str) -> Client:
            who = SEEDED[name]
            credential = opened.enter_context(
                ClientSecretCredential(
                    simulator.cloud.tenant_id,
                    who.client_id,
                    who.secret or "",
                    authority=simulator.url,
                    disable_instance_discovery=True,
                )
            )
            endpoint = f"{simulator.url}/{store.name}.azconfig.io"
            return opened.enter_context(AzureAppConfigurationClient(endpoint, credential, retry_total=0))

        yield client


@pytest.fixture
def wire(simulator: Simulator) -> Iterator[Wire]:
    """The wire itself."""
    made = Wire(simulator)
    with made.http:
        yield made


@pytest.fixture
def owner(as_: As) -> Client:
    return as_("trainer")


@contextmanager
def refused(status: int) -> Iterator[None]:
    with pytest.raises(HttpResponseError) as caught:
        yield
    assert caught.value.status_code == status


def setting(value: str = '{"modelId": "m"}', key: str = KEY, label: str | None = None) -> ConfigurationSetting:
    return ConfigurationSetting(
        key=key, label=label, value=value, content_type="application/json", tags={"model": "clippy"}
    )


def test_what_one_writes_another_reads(owner: Client, as_: As) -> None:
    written = owner.set_configuration_setting(setting())
    read = as_("caller").get_configuration_setting(KEY)
    assert read is not None
    assert (read.key, read.value) == (KEY, '{"modelId": "m"}')
    assert read.label is None
    assert (read.content_type, read.tags, read.read_only) == ("application/json", {"model": "clippy"}, False)
    assert read.etag == written.etag
    assert read.last_modified is not None


def test_what_arm_wrote_is_read_here(simulator: Simulator, owner: Client, store: Resource) -> None:
    """And the other way round: a key-value is a resource of the store."""
    owner.set_configuration_setting(setting(label="prod"))
    found = find(simulator.cloud, f"{store.id}/keyValues/tuned-models~2Fclippy$prod")
    assert found is not None
    assert found.properties["value"] == '{"modelId": "m"}'


def test_an_unchanged_value_is_not_sent_again(owner: Client) -> None:
    written = owner.set_configuration_setting(setting())
    asked: Any = {"etag": written.etag, "match_condition": MatchConditions.IfModified}
    assert owner.get_configuration_setting(KEY, **asked) is None
    owner.set_configuration_setting(setting("2"))
    again = owner.get_configuration_setting(KEY, **asked)
    assert again is not None
    assert again.value == "2"


def test_a_label_is_a_setting_of_its_own(owner: Client) -> None:
    owner.set_configuration_setting(setting("none"))
    owner.set_configuration_setting(setting("prod", label="prod"))
    read = owner.get_configuration_setting(KEY, label="prod")
    assert read is not None
    assert read.value == "prod"
    with pytest.raises(ResourceNotFoundError):
        owner.get_configuration_setting(KEY, label="dev")


def test_only_what_was_read_is_overwritten(owner: Client) -> None:
    first = owner.set_configuration_setting(setting())
    owner.set_configuration_setting(setting("2"))
    first.value = "3"
    with pytest.raises(ResourceModifiedError):
        owner.set_configuration_setting(first, match_condition=MatchConditions.IfNotModified)
    with pytest.raises(ResourceExistsError):
        owner.add_configuration_setting(setting("4"))


def test_a_setting_is_deleted_once(owner: Client) -> None:
    owner.set_configuration_setting(setting())
    gone: Any = owner.delete_configuration_setting(KEY)
    assert gone.key == KEY
    assert owner.delete_configuration_setting(KEY) is None
    with pytest.raises(ResourceNotFoundError):
        owner.get_configuration_setting(KEY)


def test_settings_are_listed_by_key_label_and_tag(owner: Client) -> None:
    for key in ("tuned-models/a", "tuned-models/b", "other"):
        owner.set_configuration_setting(setting(key=key))
    owner.set_configuration_setting(setting(key="tuned-models/a", label="prod"))

    def names(**filters: Any) -> list[tuple[str, str | None]]:
        return [(each.key, each.label) for each in owner.list_configuration_settings(**filters)]

    assert names() == [("other", None), ("tuned-models/a", None), ("tuned-models/a", "prod"), ("tuned-models/b", None)]
    assert names(key_filter="tuned-models/*", label_filter="\0") == [("tuned-models/a", None), ("tuned-models/b", None)]
    assert names(key_filter="tuned-models/a,other", label_filter="\0") == [("other", None), ("tuned-models/a", None)]
    assert names(label_filter="prod") == [("tuned-models/a", "prod")]
    assert names(tags_filter=["model=none"]) == []


def test_a_long_list_comes_in_pages(owner: Client) -> None:
    for number in range(101):
        owner.set_configuration_setting(setting(key=f"k{number:03}"))
    pages = [list(page) for page in owner.list_configuration_settings(key_filter="k*").by_page()]
    assert [len(page) for page in pages] == [100, 1]


def test_a_read_only_setting_stays_as_it_is(owner: Client) -> None:
    written = owner.set_configuration_setting(setting())
    assert owner.set_read_only(written).read_only is True
    with pytest.raises(ResourceReadOnlyError):
        owner.set_configuration_setting(setting("2"))
    owner.set_read_only(written, False)
    owner.set_configuration_setting(setting("2"))


def test_a_reader_writes_nothing_and_a_stranger_reads_nothing(owner: Client, as_: As) -> None:
    owner.set_configuration_setting(setting())
    reader, stranger, deployer = as_("caller"), as_("stranger"), as_("deployer")
    with refused(403):
        reader.set_configuration_setting(setting("2"))
    with refused(403):
        reader.delete_configuration_setting(KEY)
    with refused(403):
        stranger.get_configuration_setting(KEY)
    with refused(403):
        deployer.get_configuration_setting(KEY)


def test_without_public_access_nobody_reads_from_outside(owner: Client, store: Resource) -> None:
    owner.set_configuration_setting(setting())
    store.properties["publicNetworkAccess"] = "Disabled"
    with refused(403):
        owner.get_configuration_setting(KEY)


def test_from_inside_it_is_read_through_its_private_endpoint(
    simulator: Simulator, as_: As, store: Resource, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_("trainer").set_configuration_setting(setting())
    store.properties["publicNetworkAccess"] = "Disabled"
    stand(monkeypatch, simulator, "private")
    with refused(403):
        as_("caller").get_configuration_setting(KEY)
    lead_inside(simulator, store)
    read = as_("caller").get_configuration_setting(KEY)
    assert read is not None
    assert read.value == '{"modelId": "m"}'


def test_a_token_for_another_service_is_refused(
    simulator: Simulator, store: Resource, wire: Wire, authorization: Authorization
) -> None:
    path = f"/{store.name}.azconfig.io/kv?api-version=2023-11-01"
    answer = wire("GET", path, headers=authorization("trainer", "https://management.azure.com"))
    assert (answer.status_code, answer.content) == (401, b"")
    assert "invalid_token" in answer.headers["WWW-Authenticate"]
    assert wire("GET", path, headers={}).headers["WWW-Authenticate"] == "HMAC-SHA256, Bearer"


def test_a_request_names_a_version_that_is_known(store: Resource, wire: Wire, authorization: Authorization) -> None:
    """Problem details as in Learn, rest-api-versioning."""
    who = authorization("trainer", "https://azconfig.io")
    answer = wire("GET", f"/{store.name}.azconfig.io/kv", headers=who)
    assert answer.headers["Content-Type"] == "application/problem+json; charset=utf-8"
    assert answer.json() == {
        "type": "https://azconfig.io/errors/invalid-argument",
        "title": "API version is not specified",
        "name": "api-version",
        "detail": "An API version is required, but was not specified.",
        "status": 400,
    }
    assert wire("GET", f"/{store.name}.azconfig.io/kv?api-version=2019-01-01", headers=who).status_code == 400


def test_what_is_not_simulated_says_so(store: Resource, wire: Wire, authorization: Authorization) -> None:
    who = authorization("trainer", "https://azconfig.io")
    assert wire("GET", f"/{store.name}.azconfig.io/snapshots?api-version=1.0", headers=who).status_code == 501
    assert wire("GET", "/no-such-store.azconfig.io/kv?api-version=1.0", headers=who).status_code == 404
