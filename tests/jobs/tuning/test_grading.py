"""A grader is looked at before anything is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.graders import StringCheck
from contract.yaml_lines import Lines
from jobs.errors import Refused, ServiceRefused, Unavailable
from jobs.tuning.grading import looked_at
from jobs.tuning.patience import Patience
from tests.jobs.doubles import START, HandClock, ScriptedService

GRADER = StringCheck(
    type="string_check", name="label", input="{{ sample.output_text }}", reference="{{ item.label }}", operation="eq"
)


def asked(service: ScriptedService) -> bool:
    patience = Patience(HandClock(), START.replace(year=2027), lambda *_: None)
    return looked_at(GRADER, service, patience, Path("models/m/tune.yaml"), Lines({"grader": 7}))


def test_a_good_grader_was_looked_at() -> None:
    assert asked(ScriptedService())


def test_a_service_that_cannot_look_says_so() -> None:
    assert not asked(ScriptedService(validates=False))


def test_a_bad_grader_is_refused_with_its_line_and_the_services_words() -> None:
    words = ServiceRefused("x", details=["Invalid reference."], status=400, code="invalidPayload", request_id="r")

    with pytest.raises(Refused, match=r"models/m/tune\.yaml:7: grader") as refused:
        asked(ScriptedService(grader_error=words))
    assert "Invalid reference." in str(refused.value)
    assert "invalidPayload" in str(refused.value)


@pytest.mark.parametrize("error", [ServiceRefused("x", status=403), Unavailable("busy")])
def test_what_says_nothing_of_the_grader_passes_as_it_is(error: ServiceRefused | Unavailable) -> None:
    with pytest.raises(type(error)):
        asked(ScriptedService(grader_error=error))
