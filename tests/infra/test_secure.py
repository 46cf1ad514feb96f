"""Secret values of a stack's config: refused, by key and without a look at them."""

from __future__ import annotations

import json

import pulumi
import pytest

from infra import program
from tests.infra.recording import TODAY, RecordingMonitor, run
from tests.infra.specimens import stack


def _declared(secret: list[str]) -> RecordingMonitor:
    """The program on a sound config of which these keys are secret; raises what it raises."""
    raw = {f"tuned-models:{key}": json.dumps(value) for key, value in stack().items()}
    raw |= {"tuned-models:budget": "hush", "azure-native:clientSecret": "hush"}
    if not secret:
        del raw["tuned-models:budget"]
    monitor = RecordingMonitor()

    def declaring() -> None:
        pulumi.runtime.set_all_config(raw, secret)
        program.declare(TODAY)

    run(monitor, raw, declaring)
    return monitor


def test_each_secret_key_is_named_and_no_value_is_shown() -> None:
    with pytest.raises(pulumi.RunError) as refused:
        _declared(["tuned-models:storage", "tuned-models:budget", "azure-native:clientSecret"])

    lines = str(refused.value).splitlines()
    assert lines[0] == "stack config: 2 faults"
    assert [line.split(": ")[0].strip() for line in lines[1:]] == ["tuned-models:budget", "tuned-models:storage"]
    assert "hush" not in str(refused.value)


def test_secrets_of_the_provider_are_its_own_business() -> None:
    assert _declared([]).asked
    raw = {f"tuned-models:{key}": json.dumps(value) for key, value in stack().items()}
    monitor = RecordingMonitor()

    def declaring() -> None:
        pulumi.runtime.set_all_config(raw | {"azure-native:clientSecret": "hush"}, ["azure-native:clientSecret"])
        program.declare(TODAY)

    run(monitor, raw, declaring)

    assert monitor.asked
