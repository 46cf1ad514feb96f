"""What judges are asked is noted, asked at once, and looked up."""

from __future__ import annotations

import pytest

from contract.outputs import StackOutputs
from jobs.errors import ServiceRefused
from jobs.evaluation.answer import Answer
from jobs.evaluation.docket import Docket, NotAskedYet
from jobs.evaluation.grading import JudgeMessage
from tests.jobs.specimens import outputs_mapping

ASKED = (JudgeMessage("system", "Is it polite?"), JudgeMessage("user", "Go away."))


def docket(model: str = "gpt-4.1", known: Answer | None = None) -> Docket:
    sku = {"name": "GlobalStandard", "capacity": 10}
    base = {"account": "main", "model": model, "version": "2025-04-14", "sku": sku}
    outputs = StackOutputs.parse(outputs_mapping() | {"baseDeployments": {"large": base}})
    return Docket(outputs, lambda model_id, _: known if model_id == f"{model}-2025-04-14" else None)


def ask(found: Docket, temperature: float | None = 0.0) -> str:
    return found.ask("large", ASKED, temperature=temperature, seed=42, max_tokens=100)


def test_what_is_not_known_is_noted_once_and_given_out_by_deployment() -> None:
    found = docket()
    for _ in range(2):
        with pytest.raises(NotAskedYet):
            ask(found)

    [(deployment, requests)] = found.take_open().items()

    assert deployment == "large"
    [request] = requests
    assert [(each["role"], each["content"]) for each in request.messages] == [
        ("system", "Is it polite?"),
        ("user", "Go away."),
    ]
    assert (request.temperature, request.seed, request.max_tokens) == (0.0, 42, 100)
    assert found.take_open() == {}


def test_what_is_known_is_the_answer() -> None:
    assert ask(docket(known=Answer(question="a" * 64, text="0.2"))) == "0.2"


def test_a_judge_that_was_not_let_answer_is_refused_with_the_services_code() -> None:
    with pytest.raises(ServiceRefused) as refused:
        ask(docket(known=Answer(question="a" * 64, failed="content_filter")))

    assert refused.value.code == "content_filter"


@pytest.mark.parametrize("model", ["o3-mini", "gpt-5"])
def test_models_that_reason_are_sent_no_temperature(model: str) -> None:
    """They refuse it (azure-ai-docs, reasoning.md)."""
    found = docket(model)
    with pytest.raises(NotAskedYet):
        ask(found)

    assert found.take_open()["large"][0].temperature is None
