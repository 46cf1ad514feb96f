"""`jobs evaluate`: the candidate against what it would replace, measured, recorded, and told."""

from __future__ import annotations

import hashlib
import json

import pytest

from contract.evaluation import obstacle, scorecard_name
from contract.release import ReleaseRecord
from jobs.chat_ports import ChatRequest
from jobs.errors import ServiceRefused
from jobs.evaluation.scorecard import Scorecard
from tests.contract.specimens import record
from tests.evaluations import passed
from tests.jobs.cli.conftest import STACK_FILE, SYSTEM, example
from tests.jobs.cli.evaluation.conftest import HOLDOUT, MINI, Bench, lines
from tests.jobs.specimens import BASE
from tests.jobs.tuning.references import KeptBlob

GONE = ServiceRefused("there is no such blob", status=404)
LIVE = f"{BASE}.ft-{'1' * 32}-clippy-0123abcd"


class TestPassed:
    def test_a_candidate_that_is_better_passes_after_everybody_was_asked_everything(self, bench: Bench) -> None:
        """Each with a system message of its own; what it costs is told before and afterwards, and the release named."""
        done = bench.evaluate()

        assert (done.code, done.err) == (0, "")
        assert "Verdict: passed" in done.out
        assert done.out.splitlines()[-1] == "Next: jobs release clippy -s dev"
        assert len(bench.asked) == 2 * HOLDOUT
        assert {each.messages[0]["content"] for each in bench.asked} == {SYSTEM}
        assert {each.deployment for each in bench.asked} == {"clippy-0123abcd", "gpt-4.1-mini"}
        assert f"candidate: {HOLDOUT} questions, " in done.out
        # 20 tokens in at $0.40, 5 out at $1.60 per 1M.
        assert "$0.000016" in done.out

    def test_the_record_keeps_what_was_found_and_the_scorecard_every_answer(self, bench: Bench) -> None:
        bench.evaluate()

        candidate = bench.project.releases().candidate
        assert candidate is not None
        assert candidate.evaluation is not None
        assert obstacle(candidate) is None
        evaluation = candidate.evaluation
        assert (evaluation.examples, evaluation.mean, evaluation.by, evaluation.stack) == (HOLDOUT, 1.0, "Ada", "dev")
        [against] = evaluation.against
        assert (against.name, against.model_id, against.mean) == ("prompted", BASE, 0.5)
        assert (against.difference.wins, against.difference.losses) == (HOLDOUT // 2, 0)
        assert against.difference.low > 0
        name = scorecard_name("clippy", evaluation.answers)
        card = Scorecard.model_validate_json(bench.project.kept_runs.blobs[name])
        assert [each.name for each in card.contenders] == ["candidate", "prompted"]
        assert len(card.rows) == HOLDOUT

    def test_the_second_time_nobody_is_asked_and_nothing_is_written(self, bench: Bench) -> None:
        bench.evaluate()
        asked, written, file = len(bench.asked), bench.project.kept_runs.writes, bench.project.stack_file.read_text()

        again = bench.evaluate()

        assert again.code == 0
        assert "every answer is kept from before: nobody is asked" in again.out
        assert (len(bench.asked), bench.project.kept_runs.writes) == (asked, written)
        assert bench.project.stack_file.read_text() == file
        # And a release follows.
        assert bench.project.jobs("release", "clippy", "-s", "dev").code == 0

    def test_json_is_the_scorecard_and_nothing_else(self, bench: Bench) -> None:
        done = bench.evaluate("--format", "json")

        assert Scorecard.model_validate_json(done.out).verdict == "passed"
        assert "Next: jobs release" in done.err

    def test_as_a_patch_the_file_stays_as_it_is(self, bench: Bench) -> None:
        before = bench.project.stack_file.read_text()

        done = bench.evaluate("--output", "patch")

        assert done.code == 0
        assert bench.project.stack_file.read_text() == before
        assert done.out.startswith(("diff ", "--- "))
        assert "verdict" in done.out


class TestNotPassed:
    def test_a_candidate_that_is_worse_fails_visibly_and_in_the_record(self, bench: Bench) -> None:
        bench.knows("clippy-0123abcd", 2)

        done = bench.evaluate()

        assert done.code == 1
        assert "has not passed: failed" in done.err
        assert "jobs withdraw clippy -s dev" in done.err
        assert f"{HOLDOUT // 2 - 2} right by prompted, and wrong by the candidate" in done.out
        assert "line 3: Question 1002?" in done.out
        candidate = bench.project.releases().candidate
        assert candidate is not None
        assert candidate.evaluation is not None
        assert candidate.evaluation.verdict == "failed"

    def test_too_few_examples_to_tell_is_a_verdict_of_its_own(self, bench: Bench) -> None:
        bench.knows("clippy-0123abcd", HOLDOUT // 2 + 1)

        done = bench.evaluate()

        assert done.code == 1
        assert "not shown to be better" in done.err
        assert "A larger holdout may help" in done.err

    def test_one_example_that_is_there_again_and_again_shows_nothing(self, bench: Bench) -> None:
        """Eight wins of eight would be beyond chance, had they been eight."""
        bench.knows("gpt-4.1-mini", 0)
        bench.holdout(lines(1000, 1) * 8)

        done = bench.evaluate()

        assert done.code == 1
        assert "not shown to be better" in done.err
        assert "7 lines of the holdout are there again: each example counts once" in done.out

    def test_what_failed_may_not_be_released(self, bench: Bench) -> None:
        bench.knows("clippy-0123abcd", 2)
        bench.evaluate()

        assert bench.project.jobs("release", "clippy", "-s", "dev").code == 1


class TestRefused:
    def test_without_an_evaluation_in_tune_yaml_its_lines_are_shown(self, bench: Bench) -> None:
        tune_yaml = (bench.project.folder / "models/clippy/tune.yaml").read_text()
        bench.project.tune_yaml(tune_yaml.partition("evaluation:")[0])

        done = bench.evaluate()

        assert done.code == 1
        assert "does not say by what clippy is measured" in done.err
        assert "- {type: exact_match, name: exact}" in done.err

    def test_a_grader_that_cannot_be_imported_is_told_before_anybody_is_asked(self, bench: Bench) -> None:
        tune_yaml = (bench.project.folder / "models/clippy/tune.yaml").read_text()
        broken = "{type: callable, name: own, function: own_grader_gone:short}"
        bench.project.tune_yaml(tune_yaml.replace("name: exact}]", f"name: exact}}, {broken}]"))

        done = bench.evaluate()

        assert done.code == 1
        assert "there is no own_grader_gone.py beside tune.yaml" in done.err
        assert bench.asked == []

    def test_a_baseline_that_is_shown_a_line_of_the_holdout_is_told_before_anybody_is_asked(self, bench: Bench) -> None:
        folder = bench.project.folder / "models/clippy"
        (folder / "shots.jsonl").write_text(example(1000))
        tune_yaml = (folder / "tune.yaml").read_text()
        bench.project.tune_yaml(f"{tune_yaml}  baselines: [{{name: shown, examples: shots.jsonl}}]\n")

        done = bench.evaluate("--baseline")

        assert done.code == 1
        assert "line 1 of models/clippy/shots.jsonl asks what line 1 of models/clippy/h.jsonl asks" in done.err
        assert bench.asked == []

    def test_a_candidate_that_is_not_up_yet_names_the_up(self, bench: Bench) -> None:
        bench.project.has_outputs()

        done = bench.evaluate()

        assert done.code == 1
        assert "Next: pulumi up -s dev" in done.err
        assert bench.asked == []

    def test_a_base_that_is_not_deployed_is_refused_with_the_lines_of_the_stack_file(self, bench: Bench) -> None:
        bench.outputs(baseDeployments={})

        done = bench.evaluate()

        assert done.code == 1
        assert "    gpt-4.1-mini:\n" in done.err
        assert "Next: pulumi up -s dev" in done.err

    @pytest.mark.parametrize("words", [(), ("--baseline",)])
    def test_without_anything_to_compare_with_nobody_is_asked(self, bench: Bench, words: tuple[str, ...]) -> None:
        path = bench.project.folder / "models/clippy/tune.yaml"
        path.write_text(path.read_text() + "  baselines: []\n")

        done = bench.evaluate(*words)

        assert done.code == 1
        assert "evaluation.baselines is empty" in done.err
        assert bench.asked == []

    def test_a_holdout_with_errors_is_refused_with_what_the_check_found(self, bench: Bench) -> None:
        bench.holdout(lines(1000, HOLDOUT) + '{"messages": []}\n')

        done = bench.evaluate()

        assert done.code == 1
        assert f"h.jsonl:{HOLDOUT + 1}: error" in done.out
        assert "the holdout of clippy cannot be asked" in done.err
        assert bench.asked == []

    @pytest.mark.parametrize("words", [("--baseline", "--checkpoint", "3"), ("--format", "json", "--output", "patch")])
    def test_options_that_rule_each_other_out_are_a_matter_of_usage(self, bench: Bench, words: tuple[str, ...]) -> None:
        assert bench.evaluate(*words).code == 2

    def test_a_model_that_nobody_knows_is_a_matter_of_usage(self, bench: Bench) -> None:
        done = bench.project.jobs("evaluate", "clipy", "-s", "dev")

        assert done.code == 2
        assert "did you mean 'clippy'?" in done.err

    def test_a_gate_that_asks_for_a_slice_that_is_not_there_is_refused_before_anybody_is_asked(
        self, bench: Bench
    ) -> None:
        tune_yaml = (bench.project.folder / "models/clippy/tune.yaml").read_text()
        bench.project.tune_yaml(tune_yaml + '  gate: {floors: {"language=de": 0.5}}\n')

        done = bench.evaluate()

        assert done.code == 1
        assert "the holdout has no slice 'language=de'" in done.err
        assert bench.asked == []


class TestHoldout:
    def test_a_newer_holdout_becomes_that_of_the_record(self, bench: Bench) -> None:
        bench.holdout(lines(2000, HOLDOUT))
        bench.knows("clippy-0123abcd", 9000)
        before = bench.project.releases().candidate

        done = bench.evaluate()

        after = bench.project.releases().candidate
        assert done.code == 0
        assert "by a newer holdout" in done.out
        assert before is not None
        assert after is not None
        assert after.digests.holdout != before.digests.holdout
        assert obstacle(after) is None

    def test_a_newer_holdout_that_was_trained_on_is_refused(self, bench: Bench) -> None:
        bench.holdout(lines(1000, HOLDOUT) + example(7))

        done = bench.evaluate()

        assert done.code == 1
        assert "[leak-holdout]" in done.out
        assert bench.asked == []

    def test_one_that_nearly_was_is_refused_too(self, bench: Bench) -> None:
        """To a run that is a warning."""
        self._nearly_trained_on(bench)

        done = bench.evaluate()

        assert done.code == 1
        assert "[leak-near-holdout]" in done.out
        assert bench.asked == []

    def test_what_the_run_was_warned_of_is_told_beside_the_verdict(self, bench: Bench) -> None:
        self._nearly_trained_on(bench)
        bench.trained()

        done = bench.evaluate()

        assert done.code == 0
        assert "clippy: 1 line of the holdout is nearly what the model was trained on" in done.out

    def test_where_it_is_a_tenth_of_the_holdout_nothing_is_shown(self, bench: Bench) -> None:
        self._nearly_trained_on(bench, 5)
        bench.trained()

        done = bench.evaluate()

        assert done.code == 1
        assert f"5 of {HOLDOUT + 5} examples of the holdout are nearly what it was trained on" in done.out
        assert "has not passed: not shown to be better" in done.err

    def _nearly_trained_on(self, bench: Bench, count: int = 1) -> None:
        path = bench.project.folder / "models/clippy/t.jsonl"
        path.write_text(path.read_text() + self._long(count, "Tell me please"))
        bench.trained()
        bench.holdout(lines(1000, HOLDOUT) + self._long(count, "Tell me now, please"))

    def _long(self, count: int, begin: str) -> str:
        words = " ".join(f"the {n}th question of the long examination about old Rome" for n in range(9))
        return "".join(
            example(7 + n).replace(f"Question {7 + n}?", f"{begin}, {words}. Question {7 + n}?") for n in range(count)
        )

    def test_what_the_model_was_trained_on_is_read_from_the_storage_where_it_is_another_file_by_now(
        self, bench: Bench
    ) -> None:
        path = bench.project.folder / "models/clippy/t.jsonl"
        content, digest = path.read_bytes(), hashlib.sha256(path.read_bytes()).hexdigest()
        address = f"https://contosodev.blob.core.windows.net/datasets/{digest}.jsonl"
        bench.project.remote[address] = KeptBlob(content)
        path.write_text(lines(5000, 60))
        bench.holdout(lines(1000, HOLDOUT) + example(7))

        done = bench.evaluate()

        assert done.code == 1
        assert "[leak-holdout]" in done.out

    def test_where_nobody_has_it_any_more_a_newer_holdout_is_refused(self, bench: Bench) -> None:
        path = bench.project.folder / "models/clippy/t.jsonl"
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        bench.project.remote[f"https://contosodev.blob.core.windows.net/datasets/{digest}.jsonl"] = KeptBlob(
            b"", errors=[GONE]
        )
        path.write_text(lines(5000, 60))
        bench.holdout(lines(2000, HOLDOUT))

        done = bench.evaluate()

        assert done.code == 1
        assert "whether it leaks cannot be told" in done.err

    def test_it_may_lie_in_storage_and_is_read_there(self, bench: Bench) -> None:
        content = lines(1000, HOLDOUT).encode()
        address = "https://contosodev.blob.core.windows.net/datasets/h.jsonl"
        bench.project.remote[address] = KeptBlob(content)
        path = bench.project.folder / "models/clippy/tune.yaml"
        reference = f"{{uri: {address}, sha256: {hashlib.sha256(content).hexdigest()}}}"
        path.write_text(path.read_text().replace("holdout: h.jsonl", f"holdout: {reference}"))
        (path.parent / "h.jsonl").unlink()

        assert bench.evaluate().code == 0
        assert len(bench.asked) == 2 * HOLDOUT

    def test_bytes_that_are_not_those_that_tune_yaml_means_are_refused(self, bench: Bench) -> None:
        address = "https://contosodev.blob.core.windows.net/datasets/h.jsonl"
        bench.project.remote[address] = KeptBlob(lines(1000, HOLDOUT).encode())
        path = bench.project.folder / "models/clippy/tune.yaml"
        reference = f"{{uri: {address}, sha256: {'f' * 64}}}"
        path.write_text(path.read_text().replace("holdout: h.jsonl", f"holdout: {reference}"))

        done = bench.evaluate()

        assert done.code == 1
        assert "the bytes at https://contosodev" in done.out
        assert "Next: jobs check clippy -s dev" in done.err
        assert bench.asked == []


class TestLive:
    def test_what_is_live_decides_and_is_asked_as_it_was_trained(self, bench: Bench) -> None:
        live = ReleaseRecord.model_validate(record(job="1" * 32, modelId=LIVE, systemMessage="You are long."))
        bench.records(live=passed(live), candidate=bench.project.releases().candidate)
        bench.up()
        bench.served(live=LIVE)
        bench.knows("clippy-live", HOLDOUT - 1)

        done = bench.evaluate()

        assert done.code == 1
        candidate = bench.project.releases().candidate
        assert candidate is not None
        assert candidate.evaluation is not None
        assert (candidate.evaluation.against[0].name, candidate.evaluation.against[0].model_id) == ("live", LIVE)
        assert candidate.evaluation.verdict == "notShown"
        asked = [each for each in bench.asked if each.deployment == "clippy-live"]
        assert {each.messages[0]["content"] for each in asked} == {"You are long."}

    def test_where_nothing_serves_the_base_the_live_model_alone_is_compared_with(self, bench: Bench) -> None:
        live = ReleaseRecord.model_validate(record(job="1" * 32, modelId=LIVE))
        bench.records(live=passed(live), candidate=bench.project.releases().candidate)
        bench.up()
        bench.served(live=LIVE)
        bench.outputs(baseDeployments={})
        bench.knows("clippy-live", 2)

        done = bench.evaluate()

        assert done.code == 0
        assert "the live model alone is what it is compared with" in done.out
        assert {each.deployment for each in bench.asked} == {"clippy-live", "clippy-0123abcd"}


class TestJudge:
    JUDGE = "    - {type: judge, name: tone, deployment: gpt-4.1, rubric: Is it polite?}\n  gate: {grader: tone}\n"

    @pytest.fixture
    def judged(self, bench: Bench) -> Bench:
        path = bench.project.folder / "models/clippy/tune.yaml"
        text = path.read_text().replace(
            "graders: [{type: exact_match, name: exact}]", "graders:\n    - {type: exact_match, name: exact}"
        )
        path.write_text(text + self.JUDGE)
        large = MINI | {"model": "gpt-4.1"}
        bench.outputs(baseDeployments={"gpt-4.1-mini": MINI, "gpt-4.1": large})

        def said(request: ChatRequest) -> str:
            good = "Answer" in request.messages[-1]["content"].partition("<answer>")[2]
            return json.dumps({"score": 1 if good else 0, "reason": "It is." if good else "It is not."})

        bench.project.chat.answers["gpt-4.1"] = said
        return bench

    def test_a_judge_is_asked_about_every_answer_once(self, judged: Bench) -> None:
        done = judged.evaluate()

        assert (done.code, done.err) == (0, "")
        shown = [each for each in judged.asked if each.deployment == "gpt-4.1"]
        # All but the answers that are the same to the same question.
        assert len(shown) == HOLDOUT + HOLDOUT // 2
        candidate = judged.project.releases().candidate
        assert candidate is not None
        assert candidate.evaluation is not None
        assert (candidate.evaluation.grader, candidate.evaluation.mean) == ("tone", 1.0)

    def test_what_it_said_is_kept_too(self, judged: Bench) -> None:
        judged.evaluate()
        asked = len(judged.asked)

        assert judged.evaluate().code == 0
        assert len(judged.asked) == asked

    def test_a_judge_that_is_not_deployed_is_refused_before_anybody_is_asked(self, judged: Bench) -> None:
        judged.outputs(baseDeployments={"gpt-4.1-mini": MINI})

        done = judged.evaluate()

        assert done.code == 1
        assert "graders ask gpt-4.1, which is no base deployment of the stack" in done.err
        assert judged.asked == []

    def test_its_tokens_are_part_of_what_is_said_before(self, judged: Bench) -> None:
        assert f"judge gpt-4.1: {2 * HOLDOUT} questions" in judged.evaluate().out


class TestGoingOn:
    def test_what_was_answered_before_an_error_is_not_paid_for_again(self, bench: Bench) -> None:
        bench.project.chat.answers["gpt-4.1-mini"] = lambda _: ServiceRefused("no such deployment", status=404)

        done = bench.evaluate()

        assert done.code == 3
        assert "Next: pulumi up -s dev" in done.err
        bench.knows("gpt-4.1-mini", 0)
        assert bench.evaluate().code == 0
        candidates = [each.messages[-1]["content"] for each in bench.asked if each.deployment == "clippy-0123abcd"]
        assert len(candidates) == len(set(candidates)) == HOLDOUT

    def test_interrupted_it_says_what_goes_on(self, bench: Bench) -> None:
        def interrupting(_: object) -> str:
            raise KeyboardInterrupt

        bench.project.chat.answers["gpt-4.1-mini"] = interrupting

        done = bench.evaluate("--deadline", "2h")

        assert done.code == 130
        assert "Next: jobs evaluate clippy -s dev --deadline 2h" in done.err
        assert bench.project.releases().candidate is not None


class TestCosts:
    def test_above_a_small_sum_it_asks_and_without_a_terminal_it_is_refused(self, bench: Bench) -> None:
        outputs = json.loads((bench.project.folder / "outputs/dev.json").read_text())
        bench.outputs(environment=outputs["environment"] | {"prices": {f"input/{BASE}": 100_000.0}})

        done = bench.evaluate()

        assert done.code == 1
        assert "there is no terminal to ask on" in done.err
        assert "Next: jobs evaluate clippy -s dev --yes" in done.err
        assert bench.asked == []
        assert bench.evaluate("--yes").code == 0

    def test_to_measure_may_cost_no_more_than_to_train(self, bench: Bench) -> None:
        outputs = json.loads((bench.project.folder / "outputs/dev.json").read_text())
        bench.outputs(environment=outputs["environment"] | {"prices": {f"input/{BASE}": 100_000.0}, "runBudget": 50.0})

        done = bench.evaluate("--yes")

        assert done.code == 1
        assert "environment.runBudget allows $50.00" in done.err
        assert bench.asked == []


class TestBaseline:
    def test_prompting_alone_is_measured_before_there_is_any_run(self, bench: Bench) -> None:
        bench.project.stack_file.write_text(STACK_FILE)

        done = bench.evaluate("--baseline")

        assert done.code == 0
        assert {each.deployment for each in bench.asked} == {"gpt-4.1-mini"}
        [name] = [name for name in bench.project.kept_runs.blobs if name.startswith("evaluations/")]
        digest = name.rpartition("/")[2].removesuffix(".json")
        assert f"  baseline:\n    scorecard: {digest}\n" in done.out
        assert "Next: jobs run clippy -s dev" in done.out

    def test_once_it_is_named_readiness_asks_no_more(self, bench: Bench) -> None:
        bench.evaluate("--baseline")
        [name] = [name for name in bench.project.kept_runs.blobs if name.startswith("evaluations/")]
        digest = name.rpartition("/")[2].removesuffix(".json")
        tune_yaml = (bench.project.folder / "models/clippy/tune.yaml").read_text()
        bench.project.tune_yaml(tune_yaml.replace("baseline: {", f"baseline: {{scorecard: {digest}, "))

        assert "scorecard" not in bench.project.jobs("check", "clippy", "-s", "dev").out
        assert "names this scorecard" in bench.evaluate("--baseline").out
