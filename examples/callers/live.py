"""What is live of a model: read from App Configuration, or from the outputs of the stack that serves it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from azure.appconfiguration import AzureAppConfigurationClient
from azure.core.exceptions import ResourceNotFoundError


@dataclass(frozen=True)
class Live:
    """Where a model answers, and what it must be sent."""

    endpoint: str
    deployment: str
    model_id: str
    system_message: str | None
    """What the model was trained with: it stands before every question."""


class NothingLive(Exception):
    """Nothing of the model has been released, or not in that account, or another name is meant."""


class Source(Protocol):
    """Says what is live of a model, as of now."""

    def read(self, model: str) -> Live:
        """Raises NothingLive."""
        ...


class Store:
    """The App Configuration store of an environment: one key-value per model, ``tuned-models/<model>``."""

    def __init__(self, client: AzureAppConfigurationClient, account: str | None = None) -> None:
        """``account`` is the one to ask, by its key in the stack; the model's first where absent."""
        self._client, self._account = client, account

    def read(self, model: str) -> Live:
        try:
            setting = self._client.get_configuration_setting(key=f"tuned-models/{model}")
        except ResourceNotFoundError:
            setting = None
        if setting is None:
            raise NothingLive(f"nothing is live of {model!r}")
        pointer: dict[str, Any] = json.loads(setting.value)
        accounts: Mapping[str, Any] = pointer["accounts"]
        served = accounts[_among(accounts, self._account, model)] if self._account else pointer
        return Live(served["endpoint"], served["deployment"], pointer["modelId"], pointer["systemMessage"])


class StackOutputs:
    """What ``pulumi stack output --json`` prints, by whatever means it is got; asked for again at every reading."""

    def __init__(self, outputs: Callable[[], Mapping[str, Any]], account: str | None = None) -> None:
        self._outputs, self._account = outputs, account

    def read(self, model: str) -> Live:
        outputs = self._outputs()
        entry = outputs["models"].get(model, {})
        live = entry.get("live")
        if live is None:
            raise NothingLive(f"nothing is live of {model!r}")
        account = _among(live["deployments"], self._account or entry["servedIn"][0], model)
        endpoint = outputs["accounts"][account]["endpoint"]
        return Live(endpoint, live["deployments"][account], live["modelId"], live.get("systemMessage"))


def _among(accounts: Mapping[str, Any], account: str, model: str) -> str:
    if account not in accounts:
        raise NothingLive(f"nothing is live of {model!r} in {account!r}: it is in {', '.join(sorted(accounts))}")
    return account


class Cached:
    """Another source, read at most once in so many seconds: a release is noticed that much later, or as calls fail."""

    def __init__(self, source: Source, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._source, self._seconds, self._clock = source, seconds, clock
        self._kept: dict[str, tuple[float, Live]] = {}

    def read(self, model: str) -> Live:
        kept = self._kept.get(model)
        return kept[1] if kept and self._clock() < kept[0] + self._seconds else self.read_again(model)

    def read_again(self, model: str) -> Live:
        """Whatever was kept is out of date: what is live now."""
        live = self._source.read(model)
        self._kept[model] = (self._clock(), live)
        return live
