"""`jobs run` with nothing doubled: the real clients against a local Azure, over HTTPS, blobs included."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from contract.release import Releases
from jobs.azure.blobs import BlobContainer
from jobs.azure.credentials import Credential
from jobs.cli.app import app
from jobs.planning.plan import Epochs, Plan
from jobs.stacks.stack_file import read_releases, update_releases
from simulator.arm.models import ACCOUNTS
from simulator.roles import OPENAI_CONTRIBUTOR
from simulator.server import Simulator
from tests.evaluations import passed
from tests.jobs.cli.conftest import STACK_FILE, Done, example
from tests.jobs.cli.reaching import documented_reach, reached
from tests.jobs.specimens import BASE, outputs_mapping, served_mapping
from tests.simulator.blobs.storage import CONTRIBUTOR, READER, Storage

RUN = ("run", "clippy", "-s", "dev", "--yes")


@dataclass
class Scene:
    """A project whose stack stands in the simulator."""

    folder: Path
    running: Simulator
    storage: Storage
    environment: Callable[..., dict[str, str]]

    @property
    def stack_file(self) -> Path:
        return self.folder / "environments" / "Pulumi.dev.yaml"

    def jobs(self, *words: str) -> Done:
        result = CliRunner().invoke(app, list(words))
        return Done(result.exit_code, result.stdout, result.stderr)

    def releases(self) -> Releases:
        return read_releases(self.stack_file).get("clippy", Releases())

    def grant(self) -> None:
        """What `access.trainers` gives: a role on the account, and one on the storage."""
        account = self.storage.put(
            self.storage.id.replace(f"Microsoft.Storage/storageAccounts/{self.storage.name}", f"{ACCOUNTS}/contoso"),
            ACCOUNTS,
            "contoso",
            {"customSubDomainName": "contoso", "publicNetworkAccess": "Enabled"},
        )
        account.body |= {"kind": "OpenAI", "location": "swedencentral"}
        self.storage.grant("trainer", CONTRIBUTOR)
        granted = self.storage.grant("trainer", OPENAI_CONTRIBUTOR)
        granted.id = granted.id.replace(self.storage.id, account.id)
        granted.body["properties"]["scope"] = account.id
        self.running.cloud.state.arm.resources[granted.key] = granted


@pytest.fixture
def scene(
    blobs_simulator: Simulator,
    environment: Callable[..., dict[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Scene]:
    """A stack that is up; the trainer has its roles; nobody has trained yet."""
    for folder in ("environments", "models/clippy"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "Pulumi.yaml").write_text("name: tuned-models\nruntime: python\nstackConfigDir: environments\n")
    storage = Storage(blobs_simulator, "contosodev", {"allowSharedKeyAccess": False, "allowBlobPublicAccess": False})
    storage.container("datasets")
    storage.container("runs")
    made = Scene(tmp_path, blobs_simulator, storage, environment)
    made.grant()
    made.stack_file.write_text(STACK_FILE)
    outputs = outputs_mapping()
    outputs["accounts"]["main"]["endpoint"] = f"{blobs_simulator.url}/contoso.openai.azure.com/"
    outputs["storage"]["blobEndpoint"] = f"{storage.url}/"
    (tmp_path / "dev.json").write_text(json.dumps(outputs))
    (tmp_path / "models/clippy/tune.yaml").write_text(
        f"base: {BASE}\ndata: {{train: t.jsonl, validation: v.jsonl}}\nhyperparameters: {{epochs: 2}}\n"
    )
    (tmp_path / "models/clippy/t.jsonl").write_text("".join(example(number) for number in range(60)))
    (tmp_path / "models/clippy/v.jsonl").write_text("".join(example(number) for number in range(100, 120)))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JOBS_OUTPUTS", str(tmp_path))
    environment("trainer", blobs_simulator)
    yield made
    storage.close()


def test_a_run_from_data_to_record(scene: Scene) -> None:
    done = scene.jobs(*RUN)
    assert (done.code, done.err) == (0, "")

    candidate = scene.releases().candidate
    (job,) = scene.running.cloud.state.openai.jobs.values()
    assert candidate is not None
    assert (candidate.model_id, candidate.job_id) == (job.tuned_id, job.id)
    assert (candidate.hyperparameters.epochs, candidate.seed) == (2, 42)
    assert candidate.trained_tokens == job.tokens_per_epoch * 2
    assert "step" in done.out
    digests = {
        f"{hashlib.sha256((scene.folder / 'models/clippy' / name).read_bytes()).hexdigest()}.jsonl"
        for name in ("t.jsonl", "v.jsonl")
    }
    reader = scene.storage.client("trainer").get_container_client("datasets")
    assert {blob.name for blob in reader.list_blobs()} == digests

    runs = scene.storage.client("trainer").get_container_client("runs")
    kept, journal = sorted((blob.name for blob in runs.list_blobs()), key=len, reverse=True)
    plan = Plan.model_validate_json(runs.download_blob(kept).readall())
    assert (kept, journal) == (f"{candidate.run_key}/plan.json", f"{candidate.run_key}.json")
    assert (plan.model, plan.training.epochs) == ("clippy", Epochs(least=2, most=2, source="tune.yaml"))
    # What the service bills is what was planned.
    assert plan.training.tokens == candidate.trained_tokens

    with (
        closing(Credential(None)) as credential,
        closing(BlobContainer(f"{scene.storage.url}/", "runs", credential)) as container,
    ):
        assert container.get(kept) == plan.json_text().encode()
        assert container.get("nobody/plan.json") is None
        container.put(kept, b"{}")
        assert container.get(kept) == b"{}"

    before = scene.stack_file.read_bytes()
    again = scene.jobs(*RUN)
    assert (again.code, scene.stack_file.read_bytes()) == (0, before)
    assert len(scene.running.cloud.state.openai.jobs) == 1


def test_a_run_that_was_left_is_taken_up_and_its_files_are_reused(scene: Scene) -> None:
    assert scene.jobs(*RUN, "--no-wait").code == 0
    assert scene.jobs("watch", "clippy", "-s", "dev").code == 0
    assert scene.jobs(*RUN, "--new").code == 0

    openai = scene.running.cloud.state.openai
    uploads = [file for file in openai.files.values() if file.purpose == "fine-tune"]
    assert (len(openai.jobs), len(uploads)) == (2, 2)
    (displaced,) = scene.releases().previous
    assert displaced.withdrawal is not None
    assert displaced.withdrawal.kind == "superseded"


def test_a_stranger_is_refused_with_the_services_words_and_advice(scene: Scene) -> None:
    scene.environment("stranger", scene.running)
    done = scene.jobs(*RUN)

    assert done.code == 3
    for words in ("PermissionDenied", "request ID", "access.trainers", "stack dev"):
        assert words in done.err
    assert scene.stack_file.read_text() == STACK_FILE


def test_a_wrong_secret_is_refused_by_entra(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "wrong")
    done = scene.jobs(*RUN)

    assert done.code == 3
    assert "Entra ID" in done.err
    assert "wrong" not in done.err


def test_no_service_at_the_endpoint(scene: Scene) -> None:
    """Nothing listens there: with the machine's own clock this would be asked again for five minutes."""
    outputs = json.loads((scene.folder / "dev.json").read_text())
    outputs["accounts"]["main"]["endpoint"] = f"{scene.running.url}/nobody.openai.azure.com/"
    (scene.folder / "dev.json").write_text(json.dumps(outputs))
    done = scene.jobs(*RUN)

    assert done.code == 3
    assert "Traceback" not in done.err


def test_a_code_of_storage_s_is_told_as_the_service_writes_it(scene: Scene) -> None:
    """Its library has an enumeration for them."""
    scene.storage.resource.properties["publicNetworkAccess"] = "Disabled"
    done = scene.jobs(*RUN)

    assert done.code == 3
    for words in ("code AuthorizationFailure", "does not let you in from here"):
        assert words in done.err


def test_data_by_reference_comes_from_approved_storage_of_another_account(scene: Scene) -> None:
    """With the identity of who runs, which needs a role there."""
    path = scene.folder / "models/clippy/t.jsonl"
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    data = Storage(scene.running, "contosodata", {"allowSharedKeyAccess": True})
    data.container("approved")
    data.with_key().get_blob_client("approved", "support/t 1.jsonl").upload_blob(content)
    uri = f"{data.url}/approved/support/t%201.jsonl"
    outputs = json.loads((scene.folder / "dev.json").read_text())
    outputs["environment"]["dataSources"] = [f"{data.url}/approved/support"]
    (scene.folder / "dev.json").write_text(json.dumps(outputs))
    path.unlink()
    (scene.folder / "models/clippy/tune.yaml").write_text(
        f"base: {BASE}\ndata: {{train: {{uri: '{uri}', sha256: {digest}}}, validation: v.jsonl}}\n"
    )

    refused = scene.jobs(*RUN)
    assert refused.code == 3
    for words in ("data.train", "AuthorizationPermissionMismatch", "Storage Blob Data Reader"):
        assert words in refused.err
    data.grant("trainer", READER)
    done = scene.jobs(*RUN)
    assert (done.code, done.err) == (0, "")

    data.close()
    reader = scene.storage.client("trainer").get_blob_client("datasets", f"{digest}.jsonl")
    assert reader.download_blob().readall() == content
    candidate = scene.releases().candidate
    assert candidate is not None
    assert candidate.digests.train == digest


def answered(number: int, better: bool) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": f"{'Answer' if better else 'No idea about'} {number}."}]


def pair(number: int) -> str:
    """azure-ai-docs, fine-tuning-direct-preference-optimization.md."""
    prompt = {
        "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": f"Question {number}?"}]
    }
    said = {"preferred_output": answered(number, better=True), "non_preferred_output": answered(number, better=False)}
    return json.dumps({"input": prompt} | said) + "\n"


def puzzle(number: int) -> str:
    """azure-ai-docs, reinforcement-fine-tuning.md: ends with the user, and has keys of its own for the grader."""
    return json.dumps({"messages": [{"role": "user", "content": f"Puzzle {number}?"}], "solution": f"{number}"}) + "\n"


def has(scene: Scene, tune_yaml: str, example_of: Callable[[int], str]) -> None:
    """The model's folder: what it is to be made from."""
    folder = scene.folder / "models/clippy"
    (folder / "tune.yaml").write_text(f"data: {{train: t.jsonl, validation: v.jsonl}}\n{tune_yaml}")
    (folder / "t.jsonl").write_text("".join(example_of(number) for number in range(60)))
    (folder / "v.jsonl").write_text("".join(example_of(number) for number in range(100, 120)))


def test_a_run_of_preferences_from_the_live_model_to_a_record(scene: Scene) -> None:
    assert scene.jobs(*RUN).code == 0
    scene.stack_file.write_text(scene.stack_file.read_text().replace("candidate:", "live:"))
    options = "hyperparameters: {epochs: 1, batchSize: 4, beta: 0.1, l2Multiplier: 0.2}\n"
    has(scene, f"base: {BASE}\nmethod: dpo\ncontinueFrom: live\n{options}", pair)
    done = scene.jobs(*RUN)
    assert (done.code, done.err) == (0, "")

    live, candidate = scene.releases().live, scene.releases().candidate
    assert live is not None
    assert candidate is not None
    assert (candidate.parent_model_id, candidate.method, candidate.seed) == (live.model_id, "dpo", 42)
    assert (candidate.hyperparameters.beta, candidate.hyperparameters.l2_multiplier) == (0.1, 0.2)
    job = scene.running.cloud.state.openai.jobs[candidate.job_id]
    assert job.method_body == {"hyperparameters": {"n_epochs": 1, "batch_size": 4, "beta": 0.1, "l2_multiplier": 0.2}}
    assert candidate.digests.train == hashlib.sha256((scene.folder / "models/clippy/t.jsonl").read_bytes()).hexdigest()


REINFORCED = """\
base: o4-mini-2025-04-16
method: reinforcement
hyperparameters: {epochs: 1, batchSize: 4, evalSamples: 2, reasoningEffort: low}
grader:
  type: string_check
  name: solution
  input: "{{ sample.output_text }}"
  reference: "{{ item.solution }}"
  operation: eq
"""


def test_a_run_with_a_grader_to_a_record(scene: Scene) -> None:
    has(scene, REINFORCED, puzzle)
    done = scene.jobs(*RUN)
    assert (done.code, done.err) == (0, "")

    assert "the service takes 'solution' as a grader" in done.out
    assert "train reward" in done.out
    candidate = scene.releases().candidate
    assert candidate is not None
    assert (candidate.method, candidate.parent_model_id) == ("reinforcement", "o4-mini-2025-04-16")
    told = candidate.hyperparameters
    assert (told.epochs, told.eval_samples, told.reasoning_effort) == (1, 2, "low")
    (job,) = scene.running.cloud.state.openai.jobs.values()
    assert job.method_body == {
        "hyperparameters": {"n_epochs": 1, "batch_size": 4, "eval_samples": 2, "reasoning_effort": "low"},
        "grader": {
            "type": "string_check",
            "name": "solution",
            "input": "{{ sample.output_text }}",
            "reference": "{{ item.solution }}",
            "operation": "eq",
        },
    }


def test_a_grader_that_the_service_finds_fault_with_is_refused_before_anything_is_sent(scene: Scene) -> None:
    grader = (
        "grader: {type: score_model, name: s, model: gpt-9, input: [{role: user, content: '{{sample.output_text}}'}]}\n"
    )
    has(scene, REINFORCED.partition("grader:")[0] + grader, puzzle)
    done = scene.jobs(*RUN)

    assert done.code == 1
    assert "[grader-model]" in done.out
    assert "models/clippy/tune.yaml:5: grader: " in done.err
    assert "code invalidPayload" in done.err
    openai = scene.running.cloud.state.openai
    assert (list(openai.files), list(openai.jobs)) == ([], [])


def test_the_models_of_a_stack_side_by_side(scene: Scene) -> None:
    """The same data train both, and are in the account once."""
    shutil.copytree(scene.folder / "models/clippy", scene.folder / "models/pirate")
    outputs = json.loads((scene.folder / "dev.json").read_text())
    outputs["models"]["pirate"] = outputs["models"]["clippy"]
    (scene.folder / "dev.json").write_text(json.dumps(outputs))
    done = scene.jobs("run", "--all", "-s", "dev", "--yes")
    assert (done.code, done.err) == (0, "")

    openai = scene.running.cloud.state.openai
    candidates = {model: each.candidate for model, each in read_releases(scene.stack_file).items()}
    assert {model: each.job_id for model, each in candidates.items() if each} == {
        job.suffix.rpartition("-")[0]: job.id for job in openai.jobs.values() if job.suffix
    }
    assert set(candidates) == {"clippy", "pirate"}
    assert len([file for file in openai.files.values() if file.purpose == "fine-tune"]) == 2

    again = scene.jobs("run", "--all", "-s", "dev")
    assert (again.code, len(openai.jobs)) == (0, 2)


def test_a_sweep_ranks_what_the_service_measured(scene: Scene) -> None:
    """The results files are the service's own; which of the two is better is its business."""
    tune_yaml = scene.folder / "models/clippy/tune.yaml"
    tune_yaml.write_text(tune_yaml.read_text() + "sweep: {epochs: [1, 2]}\n")
    done = scene.jobs("sweep", "clippy", "-s", "dev", "--yes")
    assert (done.code, done.err) == (0, "")

    jobs = scene.running.cloud.state.openai.jobs.values()
    candidate = scene.releases().candidate
    assert len(jobs) == 2
    assert candidate is not None
    assert candidate.sweep is not None
    assert (candidate.sweep.measure, candidate.sweep.rank) == ("full_valid_loss", 1)
    assert candidate.hyperparameters.epochs == candidate.sweep.tried["epochs"]
    ranked = [
        float(line.split("full_valid_loss ")[1].split()[0]) for line in done.out.splitlines() if ". point" in line
    ]
    assert len(ranked) == 2
    assert ranked == sorted(ranked)
    assert candidate.sweep.value == pytest.approx(ranked[0], abs=1e-4)

    again = scene.jobs("sweep", "clippy", "-s", "dev")
    assert (again.code, len(scene.running.cloud.state.openai.jobs)) == (0, 2)


def test_a_run_is_listed_shown_paused_resumed_read_and_cancelled(scene: Scene) -> None:
    """Each verb about a run that there is; and none of them touches a job that isn't the stack's."""
    assert scene.jobs(*RUN, "--no-wait").code == 0
    (job,) = scene.running.cloud.state.openai.jobs.values()

    def status() -> str:
        return job.status

    # It has queued and prepared, and is at its steps.
    scene.running.cloud.clock.advance(1000)

    listed = json.loads(scene.jobs("list", "-s", "dev", "--format", "json").out)["runs"]
    assert [(each["model"], each["job"], each["status"]) for each in listed] == [("clippy", job.id, "running")]
    assert "begun by" in scene.jobs("show", job.id[:20], "-s", "dev").out
    paused = scene.jobs("pause", "clippy", "-s", "dev", "--yes", "--wait")
    assert (paused.code, paused.err) == (0, "")
    assert ":ckpt-step-" in paused.out
    assert status() == "paused"
    resumed = scene.jobs("resume", job.suffix or "", "-s", "dev", "--yes", "--wait")
    assert (resumed.code, resumed.err, status()) == (0, "", "running")

    said = scene.jobs("logs", "clippy", "-s", "dev").out.splitlines()
    assert said[0].endswith("Job enqueued. Waiting for jobs ahead to complete.")
    assert said == sorted(said, key=lambda line: line[:20])
    assert scene.jobs("logs", "clippy", "-s", "dev", "--follow").code == 0
    assert status() == "succeeded"
    done = scene.jobs("curve", "clippy", "-s", "dev")
    assert "by its results.csv" in done.out
    assert "best by the validation loss, of the whole file" in done.out

    theirs = job.model_copy(update={"id": f"ftjob-{'f' * 32}", "history": job.history[:2]})
    scene.running.cloud.state.openai.jobs[theirs.id] = theirs
    assert "not of this stack" in scene.jobs("list", "-s", "dev", "--all").out
    untouched = scene.jobs("cancel", theirs.id, "-s", "dev", "--yes")
    assert untouched.code == 1
    assert "is no run of stack dev" in untouched.err


def _another_environment(scene: Scene, name: str) -> None:
    """A stack with an account of its own, as far as its file and outputs tell."""
    outputs = outputs_mapping() | {"resourceGroupName": f"tuned-models-{name}"}
    account = outputs["accounts"]["main"]
    account["id"] = account["id"].replace("-dev", f"-{name}")
    (scene.folder / f"{name}.json").write_text(json.dumps(outputs))
    scene.stack_file.with_name(f"Pulumi.{name}.yaml").write_text(STACK_FILE)


def test_what_a_cancelled_run_has_left_is_cleaned_away(scene: Scene) -> None:
    """Files of the account, and blobs under their ETags; what it was asked for again is uploaded again."""
    assert scene.jobs(*RUN, "--no-wait").code == 0
    assert scene.jobs("cancel", "clippy", "-s", "dev", "--yes").code == 0
    clean = ("clean", "-s", "dev", "--older-than", "0.01s", "--yes")
    done = scene.jobs(*clean)

    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1] == "6 of 6 deleted."
    trainer = scene.storage.client("trainer")
    assert [list(trainer.get_container_client(each).list_blobs()) for each in ("datasets", "runs")] == [[], []]
    openai = scene.running.cloud.state.openai
    assert [file.filename for file in openai.files.values() if file.purpose == "fine-tune"] == []
    assert "nothing older" in scene.jobs(*clean).out
    assert scene.jobs(*RUN, "--new").code == 0


class TestReaching:
    """docs/security.md says which verb reaches what; nothing else is reached."""

    VERBS = frozenset(typer.main.get_command(app).commands)  # type: ignore[attr-defined] # a group has them

    def test_every_verb_is_on_the_page(self) -> None:
        documented = documented_reach()

        assert sorted(verb for verb in self.VERBS if not any(name.split()[0] == verb for name in documented)) == []

    def _may_be_evaluated(self, scene: Scene) -> None:
        """A holdout, a grader and a baseline; that nothing is deployed under its name the account itself says."""
        folder = scene.folder / "models/clippy"
        (folder / "h.jsonl").write_text("".join(example(number) for number in range(200, 210)))
        tune_yaml = (folder / "tune.yaml").read_text().replace("v.jsonl}", "v.jsonl, holdout: h.jsonl}")
        (folder / "tune.yaml").write_text(f"{tune_yaml}evaluation: {{graders: [{{type: exact_match, name: exact}}]}}\n")
        outputs = json.loads((scene.folder / "dev.json").read_text())
        sku = {"name": "GlobalStandard", "capacity": 10}
        base = {"account": "main", "model": "gpt-4.1-mini", "version": "2025-04-14", "sku": sku}
        outputs["baseDeployments"] = {"gpt-4.1-mini": base}
        (scene.folder / "dev.json").write_text(json.dumps(outputs))

    def _is_deployed(self, scene: Scene) -> None:
        """As the outputs say; the account itself knows nothing of it."""
        outputs = json.loads((scene.folder / "dev.json").read_text())
        outputs["models"]["clippy"]["candidate"] = served_mapping("gpt-4.1-mini-2025-04-14.ft-1")
        (scene.folder / "dev.json").write_text(json.dumps(outputs))

    def _was_evaluated(self, scene: Scene) -> None:
        candidate = scene.releases().candidate
        assert candidate is not None
        update_releases(scene.stack_file, lambda found: found | {"clippy": Releases(candidate=passed(candidate))})

    def test_each_verb_reaches_what_the_page_says_and_nothing_else(self, scene: Scene) -> None:
        """They are typed in an order in which most have something to do."""
        (scene.folder / "pairs.csv").write_text("prompt,completion\nq,a\n")
        clippy, dev = ("clippy", "-s", "dev"), ("-s", "dev")
        _another_environment(scene, "qa")
        typed = [
            ("check", "clippy"),
            ("convert", "pairs.csv", "--output", "chat.jsonl"),
            ("plan", *clippy, "--offline"),
            ("plan", *clippy),
            ("doctor", *dev),
            (*RUN, "--no-wait"),
            ("list", *dev),
            ("show", *clippy),
            ("logs", *clippy),
            ("pause", *clippy, "--yes"),
            ("resume", *clippy, "--yes"),
            ("watch", *clippy),
            ("curve", *clippy),
            ("cancel", *clippy, "--yes"),
            ("record", "--all", *dev),
            ("evaluate", *clippy, "--baseline"),
            ("review", *clippy, "--export", "answers.csv"),
            ("report", *clippy, "--out", "report.html"),
            ("config", "check", *dev),
            ("promote", "clippy", "--from", "dev", "--to", "qa", "--candidate"),
            ("promote", "clippy", "--from", "dev", "--to", "qa", "--candidate", "--offline"),
            ("history", "clippy"),
            ("diff", "clippy", "candidate", "candidate"),
            ("release", *clippy),
            ("rollback", *clippy),
            ("verify", *dev, "--deadline", "0.01s"),
            ("clean", *dev),
            ("status", *dev),
            ("status", *dev, "--offline"),
            ("withdraw", *clippy),
            ("sweep", *clippy, "--yes"),
            ("new-environment", "test", "--like", "dev"),
        ]
        documented = documented_reach()
        seen: dict[str, set[str]] = {}
        for words in typed:
            if words[0] not in self.VERBS:
                continue
            if words[0] == "evaluate":
                self._may_be_evaluated(scene)
            if words[0] == "review":
                self._was_evaluated(scene)
            if words[0] == "verify":
                self._is_deployed(scene)
            if words[0] == "sweep":
                with (scene.folder / "models/clippy/tune.yaml").open("a") as tune_yaml:
                    tune_yaml.write("sweep: {batchSize: [1, 2]}\n")
            with reached(scene.running) as found:
                scene.jobs(*words)
            assert found.elsewhere == set(), words
            verb = f"{words[0]} --offline" if "--offline" in words else words[0]
            seen.setdefault(verb, set()).update(found.planes)

        assert seen == {verb: documented[verb] for verb in seen}
        assert self.VERBS - seen.keys() == set(), "a verb is typed by no one here"
