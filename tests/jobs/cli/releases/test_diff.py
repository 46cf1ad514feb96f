"""`jobs diff`: which models are meant, and in what they differ."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from contract.release import ReleaseRecord, Releases
from tests.contract.specimens import record
from tests.evaluations import against, passed
from tests.jobs.cli.releases.two_stacks import Done, TwoStacks

HOLDOUT = "9" * 64
DATA = b'{"messages": 1}\n{"messages": 2}\n\n'


def _record(number: int, **changes: Any) -> ReleaseRecord:
    hexes = f"{number:032x}"
    known = {"modelId": f"gpt-4.1-mini-2025-04-14.ft-{hexes}", "runKey": f"{number:x}" * 64, "evaluation": None}
    return ReleaseRecord.model_validate(record(hexes, **known | changes))


ONE = _record(1, cost={"estimated": 3.0, "actual": 2.5})
TWO = _record(
    2,
    seed=7,
    digests={"train": hashlib.sha256(DATA).hexdigest(), "validation": "b" * 64, "holdout": None, "tuneYaml": "d" * 64},
)


@pytest.fixture
def stacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TwoStacks:
    made = TwoStacks(tmp_path)
    made.set_up()
    made.records(
        "dev", Releases(live=passed(ONE), candidate=passed(TWO, mean=0.95, against=(against("live", ONE.model_id),)))
    )
    made.records("prod", Releases(live=ONE))
    (tmp_path / "models" / "clippy").mkdir(parents=True)
    (tmp_path / "models" / "clippy" / "t.jsonl").write_bytes(DATA)
    monkeypatch.chdir(tmp_path)
    return made


def _diff(stacks: TwoStacks, *words: str) -> Done:
    return stacks.jobs("diff", "clippy", *words)


def _facts(done: Done) -> dict[str, tuple[str | None, str | None]]:
    return {fact["name"]: (fact["a"], fact["b"]) for fact in json.loads(done.out)["facts"] if not fact["same"]}


def test_data_parameters_scores_and_cost(stacks: TwoStacks) -> None:
    found = _facts(_diff(stacks, "dev:live", "candidate", "--format", "json"))

    assert found["training, actual"] == ("$2.50", None)
    assert found["seed"] == ("42", "7")
    assert found["over live"] == (None, "+0.150 (+0.100 to +0.200)")
    assert found["over prompted"] == ("+0.150 (+0.100 to +0.200)", None)
    assert "method" not in found


def test_examples_are_counted_where_the_file_is_there(stacks: TwoStacks) -> None:
    facts = json.loads(_diff(stacks, "dev:live", "candidate", "--format", "json").out)["facts"]
    (data,) = [fact for fact in facts if (fact["section"], fact["name"]) == ("data", "training")]

    assert data["a"] == f"{'a' * 12}…"
    assert data["b"] == f"{hashlib.sha256(DATA).hexdigest()[:12]}…, 2 examples"


def test_a_direct_comparison_is_told(stacks: TwoStacks) -> None:
    done = _diff(stacks, "dev:live", "dev:candidate")

    assert f"{TWO.model_id} over {ONE.model_id}: +0.150 (+0.100 to +0.200)" in done.out
    assert done.out.splitlines()[0] == f"A: {ONE.model_id} (dev:live)"
    assert "The same: " in done.out


def test_scores_by_different_holdouts_are_not_compared(stacks: TwoStacks) -> None:
    other = passed(TWO)
    assert other.evaluation is not None
    evaluation = other.evaluation.model_copy(update={"holdout": HOLDOUT})
    stacks.records("dev", Releases(live=passed(ONE), candidate=other.model_copy(update={"evaluation": evaluation})))

    assert "by different holdouts" in _diff(stacks, "dev:live", "candidate").err


@pytest.mark.parametrize("text", ["dev:live", ONE.model_id, "1111", "live"])
def test_a_model_is_meant_by_role_id_or_run_key(stacks: TwoStacks, text: str) -> None:
    """The same model may be live in two stacks; the record that says most of it is shown."""
    told = json.loads(_diff(stacks, text, "dev:candidate", "--format", "json").out)

    assert (told["a"]["modelId"], told["a"]["stack"]) == (ONE.model_id, "dev")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("live", "previous[0]"), "'previous[0]' is no recorded model; there are dev:candidate (22222222)"),
        (("111", "live"), "'111' is no recorded model"),
        (("live", "prod:candidate"), "'prod:candidate' is no recorded model"),
    ],
)
def test_what_means_nothing(stacks: TwoStacks, words: tuple[str, str], said: str) -> None:
    done = _diff(stacks, *words)

    assert done.code == 2
    assert said in done.err


def test_a_role_that_several_stacks_have_wants_one_of_them(stacks: TwoStacks) -> None:
    stacks.records("prod", Releases(live=TWO))
    done = _diff(stacks, "live", "candidate")

    assert done.code == 2
    assert "'live' means more than one model: dev:live (11111111), prod:live (22222222)" in done.err
    assert _diff(stacks, "live", "candidate", "-s", "dev").code == 0


def test_of_one_model_there_is_no_difference(stacks: TwoStacks) -> None:
    assert "They are the same model." in _diff(stacks, "dev:live", "prod:live").out


def test_a_broken_file_is_passed_over_unless_it_is_named(stacks: TwoStacks) -> None:
    stacks.file("prod").write_text("config: [")

    assert "passed over" in _diff(stacks, "live", "candidate").err
    assert _diff(stacks, "live", "candidate", "-s", "prod").code == 1
