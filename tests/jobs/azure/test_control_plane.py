"""Where ARM is found, by cloud; what is asked of it is shown by `jobs doctor` on a local Azure."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jobs.azure.control_plane import Arm, Cloud, find_cloud
from jobs.azure.credentials import Credential
from jobs.errors import ServiceRefused, Unavailable
from simulator.server import Simulator


@pytest.mark.parametrize(
    ("authority", "cloud"),
    [
        (None, Cloud("https://management.azure.com", "https://management.azure.com/.default")),
        ("login.microsoftonline.com", Cloud("https://management.azure.com", "https://management.azure.com/.default")),
        (
            "https://login.microsoftonline.us/",
            Cloud("https://management.usgovcloudapi.net", "https://management.core.usgovcloudapi.net/.default"),
        ),
        (
            "login.chinacloudapi.cn",
            Cloud("https://management.chinacloudapi.cn", "https://management.chinacloudapi.cn/.default"),
        ),
    ],
)
def test_of_microsoft_s_clouds_the_authority_says_which(
    monkeypatch: pytest.MonkeyPatch, authority: str | None, cloud: Cloud
) -> None:
    for name in ("ARM_METADATA_HOSTNAME", "AZURE_AUTHORITY_HOST"):
        monkeypatch.delenv(name, raising=False)

    assert find_cloud(authority) == cloud


def test_a_cloud_of_somebody_else_s_has_to_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARM_METADATA_HOSTNAME", raising=False)

    with pytest.raises(ServiceRefused, match="ARM_METADATA_HOSTNAME"):
        find_cloud("https://login.contoso.example")


def test_a_cloud_describes_itself_at_its_metadata_host(
    simulator: Simulator, environment: Callable[..., dict[str, str]]
) -> None:
    environment("trainer")

    assert find_cloud(None) == Cloud(simulator.url, "https://management.core.windows.net/.default")


def test_a_metadata_host_that_is_none_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARM_METADATA_HOSTNAME", "127.0.0.1:1")

    with pytest.raises(Unavailable, match=r"the cloud at 127\.0\.0\.1:1"):
        find_cloud(None)


def test_without_a_token_arm_tells_the_time_and_the_subscription_s_tenant(
    simulator: Simulator, environment: Callable[..., dict[str, str]]
) -> None:
    environment("trainer")
    credential = Credential(None)
    arm = Arm(simulator.cloud.subscription_id, None, credential)
    greeting = arm.greeting()
    arm.close()
    credential.close()

    assert greeting.tenant_id == simulator.cloud.tenant_id
    assert greeting.answered_at is not None
    assert greeting.answered_at.tzinfo is not None
