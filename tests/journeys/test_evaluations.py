"""From a dataset to what callers get, through the command line: what was measured decides.

Each model has its own story; the simulated models learn what their files teach.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sklearn.datasets import load_wine  # type: ignore[import-untyped]  # It has no stubs.

from contract.evaluation import Evaluation
from simulator.server import Simulator
from tests.journeys.team import Example, Team, example

pytestmark = pytest.mark.slow

STACK = """
environment: {asOf: "2026-11-20", protection: "off"}
accounts:
  main: {name: contoso-season, location: swedencentral}
storage: {name: contososeason}
access:
  trainers:
    - {principalId: 7e57ab1e-0000-4000-8000-000000000102, principalType: ServicePrincipal}
baseDeployments:
  gpt-4.1-mini: {model: gpt-4.1-mini, version: "2025-04-14", sku: {name: GlobalStandard, capacity: 400}}
models:
"""
MODEL = """\
  {name}:
    skus: {{live: {{name: GlobalStandard, capacity: {live}}}, candidate: {{name: GlobalStandard, capacity: 60}}}}
"""
BY_CLASS = """\
evaluation:
  graders:
    - {name: class, type: classification}
  gate: {minDifference: 0.1}
"""
BY_WORDS = """\
evaluation:
  graders:
    - {name: overlap, type: text_similarity, evaluationMetric: rouge_l}
"""
WINES = "Name the cultivar of the wine: class_0, class_1 or class_2."
SORT = "Sort the parcel by its height: short or tall."
REPORT = "Summarise the report in one sentence."


DEPLOYER = "7e57ab1e-0000-4000-8000-000000000101"
PLACE = """
environment: {{asOf: "2026-11-20", protection: "off"}}
accounts:
  main: {{name: contoso-{stack}, location: northcentralus}}
storage: {{name: contoso{stack}}}
access:
{deployers}  trainers:
    - {{principalId: 7e57ab1e-0000-4000-8000-000000000102, principalType: ServicePrincipal}}
baseDeployments:
  gpt-4.1-mini: {{model: gpt-4.1-mini, version: "2025-04-14", sku: {{name: GlobalStandard, capacity: 60}}}}
models:
"""
DEPLOYERS = f"""\
  deployers:
    - {{principalId: {DEPLOYER}, principalType: ServicePrincipal}}
"""


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """Every model trained, and deployed as candidate."""
    with Simulator(rate=3600.0) as simulator:
        team = Team.fresh(tmp_path_factory.mktemp("season") / "project", simulator)
        names = ("parcels", "muddled", "reports")
        team.writes_stack("local", STACK + "".join(MODEL.format(name=name, live=60) for name in names))
        late = "hyperparameters: {epochs: 10, learningRateMultiplier: 2, batchSize: 24}\n"
        labelled = parcels(200)
        of_parcels = {"validation": labelled[120:160], "holdout": labelled[160:200]}
        team.writes_model("parcels", late + BY_CLASS, train=labelled[:120], **of_parcels)
        team.writes_model("muddled", BY_CLASS, train=parcels(120, wrong=True), **of_parcels)
        told = reports(90)
        team.writes_model("reports", BY_WORDS, train=told[:50], validation=told[50:60], holdout=told[60:])
        team.up()
        for name in names:
            team.jobs("run", name, "--yes")
        team.up()
        yield team


def wines() -> list[Example]:
    """A real labelled set, which comes with scikit-learn: 178 wines of three cultivars by their analysis."""
    data = load_wine()
    rows = [
        example(
            WINES, ", ".join(f"{name} {value:g}" for name, value in zip(data.feature_names, row, strict=True)), kind
        )
        for row, kind in zip(data.data, (str(data.target_names[each]) for each in data.target), strict=True)
    ]
    random.Random(1).shuffle(rows)  # noqa: S311 - test data that repeats.
    return rows


def label(row: Example) -> str:
    return str(row["messages"][-1]["content"])


def third(rows: list[Example]) -> list[Example]:
    return [row for row in rows if label(row) == "class_2"]


def early(rows: list[Example]) -> list[Example]:
    """When hardly anything was known of the third cultivar."""
    return [row for row in rows[:70] if label(row) != "class_2"] + third(rows[:70])[:2]


def new(rows: list[Example]) -> list[Example]:
    return third(rows[:70])[2:] + rows[90:118]


def held_out(rows: list[Example]) -> list[Example]:
    """With the label as a slice."""
    return [{**row, "slices": {"cultivar": label(row)}} for row in rows]


def parcels(count: int, *, wrong: bool = False) -> list[Example]:
    """Labelled by their height alone; what else is said of them means nothing."""
    chance = random.Random(5)  # noqa: S311 - test data that repeats.
    found = []
    for number in range(count):
        height = chance.uniform(10, 30)
        marks = " ".join("".join(chance.choices(("ka", "lo", "mi", "ru", "ve", "so"), k=2)) for _ in range(2))
        tall = (height >= 20) != wrong
        found.append(example(SORT, f"Parcel {number}: height {height:.2f} cm, {marks}", "tall" if tall else "short"))
    return found


def reports(count: int) -> list[Example]:
    """Three sentences each, of which the last one is the upshot."""
    chance = random.Random(7)  # noqa: S311 - test data that repeats.
    things = ("bridge", "harbour", "library", "mill", "station", "theatre", "market", "orchard", "chapel", "foundry")
    towns = ("Ulm", "Graz", "Lund", "Vaasa", "Bergen", "Porto", "Ghent", "Cork", "Turin")
    pairs = [(thing, town) for thing in things for town in towns]
    chance.shuffle(pairs)
    found = []
    for number, (thing, town) in enumerate(pairs[:count], 1):
        upshot = f"In the end the {thing} of {town} {chance.choice(('opens', 'closes', 'moves', 'stays'))} next year."
        told = f"The council met on day {number}. Many spoke for {chance.randint(2, 9)} hours. {upshot}"
        found.append(example(REPORT, told, upshot))
    return found


def test_wrong_labels_make_a_candidate_that_is_refused_unless_somebody_answers_for_it(team: Team) -> None:
    """Neither release nor up serves it; an override is recorded with who, when and why, and seen."""
    said = team.jobs("evaluate", "muddled", "--yes", code=1)
    assert "has not passed" in said
    refused = team.record("muddled", "candidate")
    assert refused.evaluation is not None
    assert refused.evaluation.verdict == "failed"
    assert refused.evaluation.against[0].difference.difference < 0
    assert "found it wanting" in team.jobs("release", "muddled", code=1)
    assert set(team.releases("muddled")) == {"candidate"}

    team.jobs("release", "muddled", "--override", "shown at the fair, nobody else is served")
    team.up()
    live = team.record("muddled", "live")
    assert live.override is not None
    assert live.override.reason == "shown at the fair, nobody else is served"
    assert live.override.by
    assert live.model_id == refused.model_id


def test_a_checkpoint_before_a_model_was_overdone_wins(team: Team) -> None:
    """The curve says where it was best; that checkpoint, made the candidate, passes where the last state does not."""
    said = team.jobs("evaluate", "parcels", "--yes", code=1)
    last = team.record("parcels", "candidate")
    assert last.evaluation is not None
    assert "--checkpoint 40" in said

    assert "simulator up" in team.jobs("evaluate", "parcels", "--checkpoint", "40", "--yes")
    team.up()
    team.jobs("evaluate", "parcels", "--yes")
    earlier = team.record("parcels", "candidate")
    assert earlier.evaluation is not None
    assert earlier.checkpoint is not None
    assert earlier.evaluation.verdict == "passed"
    assert earlier.evaluation.mean > last.evaluation.mean
    team.jobs("release", "parcels")


def test_summaries_are_measured_by_their_words(team: Team) -> None:
    """The tuned model takes the sentence that summaries took; the base model cuts the text off."""
    team.jobs("evaluate", "reports", "--yes")
    evaluation = team.record("reports", "candidate").evaluation

    assert evaluation is not None
    assert evaluation.verdict == "passed"
    assert evaluation.scores["overlap"] > 0.9
    assert evaluation.against[0].mean < 0.5


def test_a_model_goes_from_dev_to_prod_and_back(team: Team, tmp_path: Path) -> None:
    """A real labelled set is classified: better than prompting it is released, and promoted, the same model, not a
    retrained one. Tuned further on a cultivar that it did not know it beats itself, is measured in prod against what is
    live there, replaces it, and is rolled back.
    """
    team = Team.fresh(tmp_path / "project", team.simulator)
    rows = wines()
    team.writes_model("cellar", BY_CLASS, train=early(rows), validation=rows[70:90], holdout=held_out(rows[118:]))
    # In prod what is live has callers, and is asked at half its rate.
    for stack, deployers, capacity in (("dev", "", 60), ("prod", DEPLOYERS, 120)):
        model = MODEL.format(name="cellar", live=capacity)
        team.writes_stack(stack, PLACE.format(stack=stack, deployers=deployers) + model)
        team.up(stack)
    said, first = _released_in_dev(team)
    assert [each.name for each in first.against] == ["prompted"]
    assert "macro F1" in said
    assert "cultivar=class_2" in said
    promote = ("promote", "cellar", "--from", "dev", "--to", "prod")

    # Who brings prod up may not take the model from dev's account yet, and the lines that let them are told.
    assert DEPLOYER in team.types("jobs", *promote, code=1)
    team.replaces("dev", "access:\n", f"access:\n{DEPLOYERS}")
    team.up("dev")
    team.types("jobs", *promote)
    team.up("prod")
    team.jobs("release", "cellar", stack="prod")
    team.up("prod")
    live = team.record("cellar", "live", "prod")
    assert live.model_id == first.model_id
    assert str(live.source).endswith("/contoso-dev")
    assert live.evaluation == first

    team.writes_examples("cellar", "train", new(rows))
    team.continues("cellar")
    _, second = _released_in_dev(team)
    assert team.record("cellar", "live", "dev").parent_model_id == first.model_id
    assert second.against[0].model_id == first.model_id
    assert second.against[0].difference.low > 0
    # Meanwhile prod asks for more than dev did, so that what was shown there does not do here.
    team.replaces("prod", "skus: {live", "gate: {minDifference: 0.2}\n    skus: {live")
    team.up("prod")
    assert "jobs evaluate cellar -s prod" in team.types("jobs", *promote)
    team.up("prod")
    assert "jobs evaluate cellar -s prod" in team.jobs("release", "cellar", stack="prod", code=1)
    team.jobs("evaluate", "cellar", stack="prod")
    team.jobs("release", "cellar", stack="prod")
    team.up("prod")
    assert second.model_id in team.jobs("verify", stack="prod")
    evaluation = team.record("cellar", "live", "prod").evaluation
    assert evaluation is not None
    assert (evaluation.stack, evaluation.against[0].model_id) == ("prod", first.model_id)

    team.jobs("rollback", "cellar", "--reason", "the cellar master's palate", stack="prod")
    assert "created" not in team.up("prod")
    assert first.model_id in team.jobs("verify", stack="prod")
    left = team.record("cellar", "previous", "prod")
    assert left.model_id == second.model_id
    assert left.withdrawal is not None
    assert left.withdrawal.reason == "the cellar master's palate"
    assert team.record("cellar", "live", "dev").model_id == second.model_id


def _released_in_dev(team: Team) -> tuple[str, Evaluation]:
    """What `evaluate` said, and recorded."""
    team.jobs("run", "cellar", "--yes", stack="dev")
    team.up("dev")
    said = team.jobs("evaluate", "cellar", stack="dev")
    team.jobs("release", "cellar", stack="dev")
    team.up("dev")
    found = team.record("cellar", "live", "dev").evaluation
    assert found is not None
    assert found.verdict == "passed"
    return said, found
