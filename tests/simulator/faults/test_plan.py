"""What a plan may say, and how all that is wrong with one is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simulator.errors import Unusable
from simulator.faults.match import Match
from simulator.faults.plan import LARGEST, BadPlan, Fault, Plan, parsed, read


def told(plan: object) -> list[str]:
    with pytest.raises(BadPlan) as bad:
        parsed(plan if isinstance(plan, str) else json.dumps(plan))
    return bad.value.faults


def fault(**said: Any) -> Fault:
    return parsed(json.dumps({"faults": [{"does": {"kind": "reset"}} | said]})).faults[0]


def test_an_empty_plan_is_one_in_which_nothing_goes_wrong() -> None:
    assert parsed("{}") == Plan()
    assert Plan().faults == []


def test_all_that_is_wrong_is_told_at_once_each_with_its_place() -> None:
    plan = {
        "seed": "one",
        "faults": [
            {"does": {"kind": "answer", "status": 99}},
            {"match": {"pattern": "(", "paths": "*"}, "does": {"kind": "reset", "when": "during"}},
            {"skip": -1, "probability": 1.5},
            {"times": 0, "does": {"kind": "explode"}},
            {"does": {"kind": "delay"}},
        ],
        "fault": [],
    }

    faults = told(plan)

    assert {each.split(":")[0] for each in faults} == {
        "seed",
        "faults[0].does.status",
        "faults[1].match.pattern",
        "faults[1].match.paths",
        "faults[1].does",
        "faults[2].skip",
        "faults[2].probability",
        "faults[2].does",
        "faults[3].times",
        "faults[3].does",
        "faults[4].does",
        "fault",
    }
    assert "faults[1].match.paths: there is no such key" in faults
    assert "faults[2].does: it is missing" in faults
    assert "faults[4].does: a delay has seconds, wallSeconds or both" in faults


@pytest.mark.parametrize(
    ("does", "why"),
    [
        ({"kind": "answer", "status": 204, "body": {}}, "an answer with status 204 has no body"),
        ({"kind": "answer", "status": 200, "headers": {"Content-Length": "1"}}, "headers can't have content-length"),
        ({"kind": "answer", "status": 200, "headers": {"a b": "c"}}, "pattern"),
        ({"kind": "answer", "status": 200, "headers": {"a": "c\r\nd: e"}}, "pattern"),
        ({"kind": "contentType", "value": "text/html\n"}, "pattern"),
        ({"kind": "reset", "bytes": 5}, "bytes are said with"),
        ({"kind": "notJson", "text": "\ud800"}, ""),
    ],
)
def test_what_could_not_be_sent_is_no_plan(does: dict[str, Any], why: str) -> None:
    [said] = told({"faults": [{"does": does}]})
    assert why in said


@pytest.mark.parametrize("text", ["", "{", "[1]", '"plan"', "{'seed': 1}"])
def test_what_is_no_object_of_json_is_no_plan(text: str) -> None:
    assert len(told(text)) == 1


def test_a_bad_file_is_named_with_everything_in_it(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text('{"faults": [{}, {}]}')
    with pytest.raises(Unusable) as refused:
        read(file)
    assert str(refused.value).splitlines() == [
        f"{file} is no fault plan:",
        "  faults[0].does: it is missing",
        "  faults[1].does: it is missing",
    ]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"can't read the fault plan .*absent\.json: No such file"):
        read(tmp_path / "absent.json")


@pytest.mark.parametrize(
    ("said", "limit"),
    [({}, 1), ({"times": 3}, 3), ({"times": None}, None), ({"probability": 0.5}, None)],
)
def test_a_fault_happens_once_unless_told_otherwise_or_as_chance_has_it(
    said: dict[str, Any], limit: int | None
) -> None:
    assert fault(**said).limit == limit
    assert fault(probability=0.5, times=2).limit == 2


FILES = "/contoso.openai.azure.com/openai/v1/files"


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        ({}, True),
        ({"method": "post"}, True),
        ({"method": "GET"}, False),
        ({"path": "*/openai/v1/files"}, True),
        ({"path": "*/OPENAI/*"}, True),
        ({"path": "*/files/*"}, False),
        ({"path": FILES}, True),
        ({"path": "/openai/v1/files"}, False),
        ({"pattern": r"/files$"}, True),
        ({"pattern": r"/FI.ES"}, True),
        ({"pattern": r"^/files"}, False),
        ({"query": {"API-Version": "2024-*"}}, True),
        ({"query": {"api-version": "2025-*"}}, False),
        ({"query": {"comp": "*"}}, False),
        ({"listener": "main"}, True),
        ({"listener": "blob"}, False),
        ({"method": "POST", "path": "*/jobs"}, False),
    ],
)
def test_a_request_is_meant_when_all_that_is_said_fits(match: dict[str, Any], fits: bool) -> None:
    found = Match.model_validate(match).fits("main", "POST", FILES, {"api-version": "2024-10-21"})
    assert found is fits


def test_in_a_path_only_the_star_is_special() -> None:
    assert not Match(path="/a.c").fits("main", "GET", "/abc", {})
    assert Match(path="/a.c[1]*").fits("main", "GET", "/a.c[1]/d", {})


@pytest.mark.parametrize("text", ["[" * 100_000, '{"seed": ' + "9" * 5000 + "}"], ids=["nested", "digits"])
def test_what_no_reader_of_json_takes_is_no_plan(text: str) -> None:
    with pytest.raises(BadPlan, match="no JSON"):
        parsed(text)


def test_a_file_larger_than_any_plan_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    with file.open("wb") as sparse:
        sparse.truncate(LARGEST + 1)
    with pytest.raises(Unusable, match="larger than 1 MiB"):
        read(file)
