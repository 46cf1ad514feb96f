"""What the platform does by itself, at a planned moment or at once."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest
from openai import APIStatusError, BadRequestError, NotFoundError, OpenAI

from simulator.arm.models import find
from simulator.clock import AS_OF
from simulator.faults.plan import BadPlan
from tests.simulator.openai.conftest import Tenancy, capitals
from tests.simulator.openai.test_dance import BASE, finished, upload
from tests.simulator.openai.test_planned_jobs import messages, status, submit


def ask(client: OpenAI, model: str) -> str:
    return client.chat.completions.create(model=model, messages=[{"role": "user", "content": "Hi"}]).model


class TestADeployment:
    @pytest.mark.parametrize("event", ["deploymentDeleted", "deploymentExpired"])
    @pytest.mark.parametrize(
        "at", [{"after": 7200}, (AS_OF + timedelta(hours=2)).isoformat(), "2026-11-20T12:00:00+01:00"]
    )
    def test_is_removed_at_its_moment(self, tenancy: Tenancy, client: OpenAI, event: str, at: object) -> None:
        tenancy.deploy("live", "gpt-4.1-mini", "2025-04-14")
        tenancy.deploy("other", "gpt-4.1-mini", "2025-04-14")
        plan = {"events": [{"event": event, "deployment": "live", "at": at}]}
        with tenancy.simulator.cloud.faults.planned(plan):
            tenancy.simulator.clock.advance(7199)
            assert ask(client, "live") == BASE
            tenancy.simulator.clock.advance(1)
            with pytest.raises(NotFoundError, match="The API deployment for this resource does not exist"):
                ask(client, "live")
            assert ask(client, "other") == BASE
        with pytest.raises(NotFoundError):
            ask(client, "live")

    def test_that_is_made_again_afterwards_stays(self, tenancy: Tenancy, client: OpenAI) -> None:
        """An event happens once."""
        tenancy.deploy("live", "gpt-4.1-mini", "2025-04-14")
        with tenancy.simulator.cloud.faults.planned({"events": [{"event": "deploymentDeleted", "deployment": "*"}]}):
            with pytest.raises(NotFoundError):
                ask(client, "live")
            tenancy.deploy("live", "gpt-4.1-mini", "2025-04-14")
            assert ask(client, "live") == BASE

    def test_of_another_account_stays(self, tenancy: Tenancy) -> None:
        made = tenancy.deploy("live", "gpt-4.1-mini", "2025-04-14")
        event = {"event": "deploymentDeleted", "deployment": "live", "account": "fabrikam"}
        with tenancy.simulator.cloud.faults.planned({"events": [event]}):
            assert find(tenancy.simulator.cloud, made.id) is made


class TestAModel:
    def test_is_retired_while_the_plan_says_so(self, tenancy: Tenancy, client: OpenAI) -> None:
        """It answers 410 and takes no job; what is tuned from it goes on. Without the plan it is as before."""
        file = upload(client, capitals())
        tuned = finished(client, submit(client, file=file).id)
        tenancy.deploy("base", "gpt-4.1-mini", "2025-04-14")
        tenancy.deploy("live", str(tuned.fine_tuned_model))
        tenancy.simulator.clock.advance(60)
        with tenancy.simulator.cloud.faults.planned({"events": [{"event": "modelRetired", "model": BASE}]}):
            with pytest.raises(APIStatusError) as gone:
                ask(client, "base")
            with pytest.raises(BadRequestError, match="does not support fine-tuning"):
                submit(client, file=file)
            assert ask(client, "live") == tuned.fine_tuned_model
            shown = {model.id: model.to_dict()["capabilities"] for model in client.models.list()}
        assert gone.value.status_code == 410
        assert (shown[BASE]["fine_tune"], shown[BASE]["inference"]) == (False, False)  # type: ignore[index]  # Azure's own member
        assert ask(client, "base") == BASE

    def test_is_retired_for_what_is_said(self, tenancy: Tenancy, client: OpenAI) -> None:
        file = upload(client, capitals())
        tuned = finished(client, submit(client, file=file).id)
        tenancy.deploy("live", str(tuned.fine_tuned_model))
        tenancy.simulator.clock.advance(60)
        event = {"event": "modelRetired", "model": "gpt-4.1-mini*", "ends": ["tuned"]}
        with tenancy.simulator.cloud.faults.planned({"events": [event]}):
            with pytest.raises(APIStatusError) as gone:
                ask(client, "live")
            assert submit(client, file=file).training_file == file
        assert gone.value.status_code == 410


class TestAJob:
    def test_is_preempted_at_its_moment_though_nobody_looked(self, tenancy: Tenancy, client: OpenAI) -> None:
        """A quarter of an hour into its run; it stands for ten minutes and is done as much later."""
        job = submit(client)
        tenancy.simulator.clock.step_on_poll = False
        event = {"event": "jobPreempted", "job": job.id, "at": {"after": 240 + 900}, "resumesAfter": 600}
        with tenancy.simulator.cloud.faults.planned({"events": [event]}):
            tenancy.simulator.clock.advance(10 * 3600)
            done = client.fine_tuning.jobs.retrieve(job.id)
        told = {
            event.message: event.created_at - job.created_at for event in client.fine_tuning.jobs.list_events(job.id)
        }

        assert done.status == "succeeded"
        assert told["Job preempted."] == 240 + 900
        assert told["Job resumed."] == 240 + 900 + 600 + 60

    def test_is_paused_until_somebody_resumes_it(self, tenancy: Tenancy, client: OpenAI) -> None:
        job = submit(client)
        tenancy.simulator.clock.advance(240 + 600)
        tenancy.simulator.cloud.faults.happen({"event": "jobPaused", "job": "gui*"})
        tenancy.simulator.clock.advance(1e6)
        assert status(client, job) == "paused"
        client.fine_tuning.jobs.resume(job.id)
        assert finished(client, job.id).status == "succeeded"

    def test_fails_or_is_cancelled_at_once(self, tenancy: Tenancy, client: OpenAI) -> None:
        """Though it only waits; one that is done stays so."""
        file = upload(client, capitals())
        done, failing, cancelled = (submit(client, suffix, file) for suffix in ("done", "failing", "cancelled"))
        tenancy.simulator.clock.advance(86_400)
        waiting = submit(client, "waiting", file)
        faults = tenancy.simulator.cloud.faults
        faults.happen({"event": "jobFailed", "error": {"code": "internalFailure", "message": "Lost."}})
        assert [status(client, job) for job in (done, failing, cancelled)] == ["succeeded"] * 3
        failed = finished(client, waiting.id)
        assert failed.error is not None
        assert (failed.status, failed.error.message) == ("failed", "Lost.")
        assert "Lost." in messages(client, waiting)
        running = submit(client, "running", file)
        tenancy.simulator.clock.advance(600)
        faults.happen({"event": "jobCancelled", "job": running.id})
        assert status(client, running) == "cancelled"


class TestOverHttp:
    def test_an_event_happens_with_its_request(self, tenancy: Tenancy, http: httpx2.Client) -> None:
        made = tenancy.deploy("live", "gpt-4.1-mini", "2025-04-14")
        answer = http.post("/_simulator/events", json={"event": "deploymentDeleted", "deployment": "live"})

        assert answer.status_code == 200
        assert [event["happened"] for event in answer.json()["events"]] == [True]
        assert made.key not in tenancy.simulator.cloud.state.arm.resources

    def test_a_planned_one_is_told_with_the_plan(self, tenancy: Tenancy, http: httpx2.Client) -> None:
        event = {"event": "jobPreempted", "at": {"after": 60}}
        http.put("/_simulator/faults", json={"events": [event]})
        http.get("/_simulator")
        assert http.get("/_simulator/faults").json()["events"] == [event | {"happened": False}]
        tenancy.simulator.clock.advance(60)
        find(tenancy.simulator.cloud, "anything")
        assert http.get("/_simulator/faults").json()["events"] == [event | {"happened": True}]

    @pytest.mark.parametrize("body", ["", "{}", '{"event": "nothing"}', '{"event": "deploymentDeleted"}', "[]"])
    def test_what_is_no_event_is_refused(self, http: httpx2.Client, body: str) -> None:
        answer = http.post("/_simulator/events", content=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidRequestContent")


@pytest.mark.parametrize(
    ("plan", "place"),
    [
        ({"events": [{"event": "nothing"}]}, "events[0]"),
        ({"events": [{"event": "jobPreempted", "at": "2026-11-21T09:00:00"}]}, "events[0].at"),
        ({"behaviour": {"conflicts": [{}]}}, "behaviour.conflicts[0]"),
        ({"behaviour": {"conflicts": [{"seconds": 1, "requests": 1}]}}, "behaviour.conflicts[0]"),
        ({"behaviour": {"throttling": {"arm": {"reads": {"size": 0}}}}}, "behaviour.throttling.arm.reads"),
        ({"behaviour": {"disk": "slow"}}, "behaviour.disk"),
        ({"behaviour": {"jobs": [{"turns": [{"after": -1, "becomes": "running"}]}]}}, "behaviour.jobs[0].turns[0]"),
        ({"behaviour": {"nobody": 1}}, "behaviour.nobody"),
    ],
)
def test_what_is_wrong_with_a_plan_is_named(tenancy: Tenancy, plan: dict[str, object], place: str) -> None:
    with pytest.raises(BadPlan) as bad:
        tenancy.simulator.cloud.faults.install(plan)
    assert any(fault.startswith(place) for fault in bad.value.faults), bad.value.faults
