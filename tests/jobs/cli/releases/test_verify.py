"""`jobs verify` on the command line, and the same before a release."""

from __future__ import annotations

import json
from typing import Any

from contract.release import Releases
from jobs.chat_ports import ChatRequest
from jobs.doctor_ports import StandingDeployment
from jobs.errors import JobsError, ServiceRefused, Unavailable
from jobs.stacks.stack_file import write_releases
from tests.evaluations import against, passed
from tests.jobs.cli.conftest import TUNE_YAML, Project
from tests.jobs.releases.outputs import made, served
from tests.jobs.specimens import model_mapping

VERIFY = ("verify", "-s", "dev")
GOLDEN = """\
evaluation:
  graders: [{name: exact, type: exact_match}]
  golden: {prompt: What is 6 times 7?, contains: forty-two}
"""


def _up(project: Project, **answers: str | JobsError) -> None:
    """1 is live and 2 the candidate; each deployment answers as given, by its role."""
    write_releases(project.stack_file, {"clippy": Releases(live=made("1"), candidate=made("2"))})
    project.has_outputs(clippy=model_mapping(live=served("1"), candidate=served("2")))
    project.plane.standing = [_standing("1"), _standing("2")]
    for role, digit in (("live", "1"), ("candidate", "2")):
        said = answers.get(role, "Forty-two.")
        project.chat.answers[f"clippy-{digit * 8}"] = lambda _, said=said: said  # type: ignore[misc]  # A lambda.


def _standing(digit: str) -> StandingDeployment:
    return StandingDeployment(f"clippy-{digit * 8}", made(digit).model_id, "GlobalStandard", 50)


def _asked(project: Project) -> list[ChatRequest]:
    return project.chat.asked


def _document(project: Project) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(project.jobs(*VERIFY, "--format", "json").out)
    return found


def test_everything_that_is_served_is_asked_and_said(project: Project) -> None:
    _up(project)
    done = project.jobs(*VERIFY)

    assert (done.code, done.err) == (0, "")
    live = next(line for line in done.out.splitlines() if " live " in line)
    for word in (made("1").model_id, "clippy-11111111 in main", "0.5", '"Forty-two."'):
        assert word in live
    assert "clippy-22222222 in main" in done.out


def test_a_folder_of_models_that_is_not_there_is_told_and_nobody_is_asked(project: Project) -> None:
    """Else every model would be greeted, and whatever it says would do."""
    _up(project)
    done = project.jobs(*VERIFY, "--models", "nope")

    assert (done.code, _asked(project)) == (2, [])
    assert "--models: there is no folder nope" in done.err


def test_the_golden_prompt_of_tune_yaml_is_what_is_asked(project: Project) -> None:
    project.tune_yaml(TUNE_YAML + GOLDEN)
    _up(project, candidate="Forty-three.")
    done = project.jobs(*VERIFY)

    assert {request.messages[-1]["content"] for request in _asked(project)} == {"What is 6 times 7?"}
    assert done.code == 1
    assert "1 deployment is missing or wrong" in done.err
    assert "clippy candidate, clippy-22222222 in main: wrong: its answer lacks 'forty-two'" in done.err


def test_else_the_first_question_of_the_holdout_and_else_anything(project: Project) -> None:
    project.tune_yaml(TUNE_YAML.replace("validation: v.jsonl", "validation: v.jsonl, holdout: v.jsonl"))
    _up(project)
    project.jobs(*VERIFY)
    (project.folder / "models/clippy/tune.yaml").unlink()
    project.jobs(*VERIFY)

    questions = [request.messages[-1]["content"] for request in _asked(project)]
    assert questions[:2] == ["Question 100?"] * 2
    assert all("Who are you" in question for question in questions[2:])


def test_a_deployment_that_is_gone_is_1_with_the_up_that_makes_it(project: Project) -> None:
    _up(project)
    project.plane.standing.pop()
    done = project.jobs(*VERIFY)

    assert done.code == 1
    assert "missing: it does not exist" in done.out
    assert done.err.splitlines()[-1] == "Next: pulumi up -s dev"


def test_what_the_file_says_and_no_up_has_done_is_1_too(project: Project) -> None:
    _up(project)
    write_releases(project.stack_file, {"clippy": Releases(live=made("2"))})
    done = project.jobs(*VERIFY)
    document = _document(project)

    assert done.code == 1
    assert f"clippy live, {made('2').model_id}: deployed in another role than the file says: candidate" in done.out
    assert done.err.splitlines()[-1] == "Next: pulumi up -s dev"
    assert not document["verified"]
    assert {each["modelId"] for each in document["differences"]} == {made("1").model_id, made("2").model_id}


def test_a_cloud_that_does_not_answer_is_3_and_the_rest_is_told(project: Project) -> None:
    _up(project, candidate=Unavailable("busy", status=429))
    done = project.jobs(*VERIFY, "--deadline", "1m")

    assert done.code == 3
    assert '"Forty-two."' in done.out
    assert "clippy-22222222 in main is waited for: busy" in done.err
    assert done.err.splitlines()[-1].startswith("Next: jobs verify -s dev --deadline 1m")
    assert sum(project.clock.slept) <= 60


def test_who_may_not_ask_azure_s_manager_still_sees_the_answers(project: Project) -> None:
    _up(project)
    project.plane.silent = ServiceRefused("no right to read", status=403)
    done = project.jobs(*VERIFY)

    assert done.code == 0
    assert "which deployments main has is not known: no right to read" in done.err


def test_for_programs_it_is_one_document(project: Project) -> None:
    _up(project)
    document = _document(project)

    assert (document["schemaVersion"], document["stack"], document["verified"]) == (1, "dev", True)
    assert document["deployments"][0] == {
        "model": "clippy",
        "role": "live",
        "modelId": made("1").model_id,
        "account": "main",
        "deployment": "clippy-11111111",
        "found": "answers",
        "why": None,
        "seconds": 0.5,
        "answer": "Forty-two.",
    }


def test_one_model_alone(project: Project) -> None:
    _up(project)

    assert project.jobs("verify", "clipy", "-s", "dev").code == 2
    assert project.jobs("verify", "clippy", "-s", "dev").code == 0


def test_where_nothing_is_served_there_is_nothing_to_ask(project: Project) -> None:
    done = project.jobs(*VERIFY)

    assert done.code == 0
    assert "serves no tuned model" in done.out


class TestReleaseOfWhatWasEvaluatedElsewhere:
    """Nobody has asked the deployments of this stack yet."""

    RELEASE = ("release", "clippy", "-s", "dev")

    def _promoted(self, project: Project, **answers: str | JobsError) -> None:
        _up(project, **answers)
        against_live = (against("live", made("1").model_id),)
        promoted = passed(made("2"), stack="test", against=against_live)
        write_releases(project.stack_file, {"clippy": Releases(live=made("1"), candidate=promoted)})

    def test_the_candidate_is_asked_first_and_nothing_else(self, project: Project) -> None:
        self._promoted(project)

        assert project.jobs(*self.RELEASE).code == 0
        assert [request.deployment for request in _asked(project)] == ["clippy-22222222"]
        assert project.jobs(*self.RELEASE).code == 0
        assert len(_asked(project)) == 1

    def test_one_that_does_not_answer_is_not_released(self, project: Project) -> None:
        self._promoted(project, candidate="")
        before = project.stack_file.read_bytes()
        done = project.jobs(*self.RELEASE)

        assert (done.code, done.err.splitlines()[-1]) == (1, "Next: jobs verify clippy -s dev")
        assert "its answer is empty" in done.err
        assert project.stack_file.read_bytes() == before

    def test_an_override_asks_nobody(self, project: Project) -> None:
        self._promoted(project, candidate="")

        assert project.jobs(*self.RELEASE, "--override", "tried by hand").code == 0
        assert _asked(project) == []

    def test_one_that_was_evaluated_here_has_been_asked(self, project: Project) -> None:
        self._promoted(project)
        own = passed(made("2"), stack="org/models/dev", against=(against("live", made("1").model_id),))
        write_releases(project.stack_file, {"clippy": Releases(live=made("1"), candidate=own)})

        assert project.jobs(*self.RELEASE).code == 0
        assert _asked(project) == []
