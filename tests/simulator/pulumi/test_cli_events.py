"""The events of the CLI 3.260 (`pulumi up --json`), one a line, shortened to what is read of them."""

from __future__ import annotations

import json
from typing import Any

from simulator.pulumi.cli_events import CliEvents
from simulator.pulumi.summary import Summary

STACK = "urn:pulumi:local::tuned-models::pulumi:pulumi:Stack::tuned-models-local"
DEPLOYMENT = "urn:pulumi:local::p::tuned-models:index:Deployments$azure-native:cognitiveservices:Deployment::main/mini"


def _heard(*events: dict[str, Any] | str) -> tuple[CliEvents, list[str]]:
    said: list[str] = []
    told = CliEvents(report=lambda step: said.append(str(step)), say=said.append)
    for event in events:
        told.hear(event if isinstance(event, str) else json.dumps({"sequence": 1, "timestamp": 1795238484} | event))
    return told, said


def _resource(event: str, op: str, urn: str, *, new: bool = True) -> dict[str, Any]:
    kind = urn.split("::")[2].rpartition("$")[2]
    state = {"custom": kind.startswith("azure-native:")}
    metadata = {"op": op, "urn": urn, "type": kind, "old": None if new else state, "new": state if new else None}
    return {event: {"metadata": metadata}}


def _said(severity: str, message: str) -> dict[str, Any]:
    return {"diagnosticEvent": {"severity": severity, "message": message, "color": "never"}}


def test_each_resource_is_told_once_and_counted_by_the_summary() -> None:
    """A component as it begins, a resource of Azure's as it ends."""
    told, said = _heard(
        _resource("resourcePreEvent", "create", STACK),
        _resource("resourcePreEvent", "create", DEPLOYMENT),
        _resource("resOutputsEvent", "create", DEPLOYMENT),
        _resource("resOutputsEvent", "create", STACK),
        {"summaryEvent": {"durationSeconds": 3, "resourceChanges": {"create": 2, "same": 13}, "result": "succeeded"}},
        {"cancelEvent": {}},
    )

    assert said == [" +  Stack tuned-models-local", " +  Deployment main/mini"]
    assert told.summary == Summary(created=2, unchanged=13)
    assert told.faults == []


def test_what_the_refresh_found_gone_comes_back_with_the_reason() -> None:
    _, said = _heard(
        _resource("resOutputsEvent", "refresh", DEPLOYMENT, new=False),
        _resource("resOutputsEvent", "create", DEPLOYMENT),
    )

    assert said == [" +  Deployment main/mini  (Azure had it no more)"]


def test_a_replacement_is_one_step() -> None:
    """Its deletion and its creation are steps of the engine only."""
    told, said = _heard(
        _resource("resOutputsEvent", "delete-replaced", DEPLOYMENT, new=False),
        _resource("resOutputsEvent", "replace", DEPLOYMENT),
        _resource("resOutputsEvent", "create-replacement", DEPLOYMENT),
        {"summaryEvent": {"resourceChanges": {"replace": 1, "same": 14}}},
    )

    assert said == [" +- Deployment main/mini"]
    assert told.summary == Summary(replaced=1, unchanged=14)


def test_a_fault_of_many_lines_stays_whole_and_its_echoes_are_left_out() -> None:
    """What the program's interpreter prints as it is stopped is an echo, too."""
    told, said = _heard(
        _said("error", "stack config: 2 faults\n  storage.name: is missing\n  foo: unknown\n"),
        _said("info#err", "Traceback (most recent call last):\n"),
        _said("error", "an unhandled error occurred: program exited with non-zero exit code: 1\n"),
        _said("error", "update failed\n"),
    )

    assert told.faults == ["stack config: 2 faults\n  storage.name: is missing\n  foo: unknown"]
    assert said == []


def test_what_the_program_says_is_passed_on_and_what_only_concerns_us_is_not() -> None:
    _, said = _heard(
        _said("warning", "using pulumi-resource-azure-native from $PATH at /x/bin/pulumi-resource-azure-native\n"),
        _said("debug", "registering resource\n"),
        _said("info", "for your information\n"),
        _said("warning", "gpt-4.1-mini retires soon\n"),
        _said("info#err", "printed to stderr\n"),
        "no event\n",
        "\n",
    )

    assert said == ["for your information", "warning: gpt-4.1-mini retires soon", "printed to stderr", "no event"]
