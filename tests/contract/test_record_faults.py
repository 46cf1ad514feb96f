"""Records that are each as they should be, and together, or in themselves, can't be."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from contract.record_faults import record_faults, record_remarks
from contract.release import Releases
from tests.contract.specimens import record

SKU = {"name": "Standard", "capacity": 5}
OTHER_DIGESTS = {"train": "e" * 64, "validation": "b" * 64, "holdout": None, "tuneYaml": "d" * 64}
SAME_DAY = "2026-11-21T08:00:00Z"


def _aside(at: str = SAME_DAY) -> dict[str, Any]:
    return {"kind": "withdrawn", "by": "Ada", "at": at, "reason": "worse"}


def _releases(**models: dict[str, Any]) -> dict[str, Releases]:
    return {model: Releases.model_validate(places) for model, places in models.items()}


def _faults(**models: dict[str, Any]) -> dict[str, str]:
    return {fault.key: fault.message for fault in record_faults(_releases(**models))}


def _remarks(**models: dict[str, Any]) -> dict[str, str]:
    return {fault.key: fault.message for fault in record_remarks(_releases(**models))}


SOUND = {
    "candidate": record("1" * 32),
    "live": record("2" * 32),
    "previous": [
        record("3" * 32, withdrawal=_aside()),
        record("4" * 32, servedWith=SKU, trainedAt="2026-11-19T10:02:03Z"),
        record("5" * 32, withdrawal=_aside("2026-11-20T23:00:00Z")),
        record("6" * 32, servedWith=SKU, trainedAt="2026-11-18T10:02:03Z"),
    ],
}


def test_what_verbs_write_has_no_fault_and_no_remark() -> None:
    """What was live stands among what was put aside; each kind has its newest first."""
    assert (_faults(clippy=SOUND), _remarks(clippy=SOUND)) == ({}, {})


def test_a_model_in_two_roles() -> None:
    assert (
        "more than one place: candidate, live"
        in _faults(clippy={"candidate": record(), "live": record()})["releases.clippy"]
    )


def test_a_model_of_two_names() -> None:
    """As where one branch renames a model and the other goes on with it."""
    found = _faults(clippy={"live": record()}, helper={"previous": [record()]})

    assert found == {"releases.helper.previous[0]": f"{record()['modelId']} is releases.clippy.live too: remove one"}


def test_two_models_of_one_job() -> None:
    ours = record("1" * 32)
    found = _faults(clippy={"live": ours, "candidate": record("2" * 32, jobId=ours["jobId"])})

    assert found == {
        "releases.clippy.live.jobId": f"{ours['jobId']} has made the model of releases.clippy.candidate, and makes one "
        "only"
    }


def test_a_checkpoint_is_another_model_of_the_same_job() -> None:
    checkpoint = record(modelId=f"{record()['modelId'][:60]}:ckpt-step-20")

    assert _faults(clippy={"live": record(), "candidate": checkpoint}) == {}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"digests": OTHER_DIGESTS}, "digests.train"),
        ({"method": "dpo"}, "method"),
        ({"trainingType": "Standard"}, "trainingType"),
        ({"parentModelId": "gpt-4.1-mini-2025-04-14.ft-" + "7" * 32}, "parentModelId"),
    ],
)
def test_one_run_key_and_other_facts_behind_it(change: dict[str, Any], named: str) -> None:
    """The key is their digest: one of the records was put together from two."""
    found = _faults(clippy={"live": record("1" * 32), "candidate": record("2" * 32, **change)})

    assert found == {
        "releases.clippy.live.runKey": f"has the run key of releases.clippy.candidate, and not its {named}: the key is "
        "their digest"
    }


def test_a_model_that_was_trained_from_another_base() -> None:
    found = _faults(clippy={"live": record(parentModelId="gpt-4.1-nano-2025-04-14")})

    assert list(found) == ["releases.clippy.live.parentModelId"]


def test_a_base_that_no_list_has_is_let_be() -> None:
    assert _faults(clippy={"live": record(parentModelId="gpt-9-mini-2031-01-01")}) == {}


def test_a_model_of_another_run_than_the_key_says() -> None:
    found = _faults(clippy={"live": record(runKey="9" * 64)})

    assert found == {"releases.clippy.live.runKey": f"{record()['modelId']} is of a run whose key begins with 0123abcd"}


@pytest.mark.parametrize("model_id", ["gpt-4.1-mini-2025-04-14.ft-" + "1" * 32, "gpt-4.1-mini-2025-04-14.ft-abc-mine"])
def test_a_model_id_of_another_form_tells_nothing(model_id: str) -> None:
    """Of an account's own suffix, of none, of whatever form comes next."""
    assert _faults(clippy={"live": record("1" * 32, modelId=model_id, runKey="9" * 64)}) == {}


class TestLive:
    """What callers get has been measured, or somebody answers for it."""

    OVERRIDE: ClassVar = {"by": "Ada", "at": "2026-11-20T12:00:00Z", "reason": "live since May"}

    def test_one_that_was_never_evaluated_is_refused_with_the_command_that_helps(self) -> None:
        found = _faults(clippy={"live": record(evaluation=None)})

        assert list(found) == ["releases.clippy.live"]
        assert "has not been evaluated" in found["releases.clippy.live"]
        assert '`jobs release clippy -s STACK --override "why"`' in found["releases.clippy.live"]

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"verdict": "failed", "reasons": ["worse by 0.1"]}, "its evaluation found it wanting: worse by 0.1"),
            ({"verdict": "notShown"}, "its evaluation did not show that it is better"),
            ({"modelId": "gpt-4.1-mini-2025-04-14.ft-other"}, "is that of gpt-4.1-mini-2025-04-14.ft-other, not of"),
            ({"holdout": "9" * 64}, "by a holdout 99999999…, and the record names another"),
        ],
    )
    def test_one_that_did_not_pass_is_refused_with_the_reason(self, change: dict[str, Any], why: str) -> None:
        found = _faults(clippy={"live": record(evaluation=record()["evaluation"] | change)})

        assert why in found["releases.clippy.live"]

    def test_candidates_and_former_models_need_none(self) -> None:
        former = record("1" * 32, evaluation=None, servedWith={"name": "Standard", "capacity": 5})
        assert _faults(clippy={"candidate": record(evaluation=None), "previous": [former]}) == {}

    def test_a_reason_of_many_lines_is_said_on_one(self) -> None:
        """Else it could look like a line of the preview."""
        many = self.OVERRIDE | {"reason": "launch day\nerror: all is well"}
        (said,) = _remarks(clippy={"live": record(evaluation=None, override=many)}).values()

        assert "launch day error: all is well" in said
        assert "\n" not in said

    def test_what_turns_the_order_of_letters_round_is_written_out(self) -> None:
        """Of an override's reason, and of those for which an evaluation was not passed."""
        turned = self.OVERRIDE | {"reason": "not \u202etsafs\u202c enough"}
        failed = record()["evaluation"] | {"verdict": "failed", "reasons": ["worse\u2067 better"]}
        live = record(evaluation=failed)
        (said,) = _remarks(clippy={"live": live | {"override": turned}}).values()

        assert r"not \u202etsafs\u202c enough" in said
        assert r"worse\u2067 better" in said
        assert r"worse\u2067 better" in _faults(clippy={"live": live})["releases.clippy.live"]

    def test_an_override_lets_it_be_live_and_is_said_each_time(self) -> None:
        live = {"live": record(evaluation=None, override=self.OVERRIDE)}

        assert _faults(clippy=live) == {}
        assert _remarks(clippy=live) == {
            "releases.clippy.live": f"{record()['modelId']} is live by an override of Ada, 2026-11-20T12:00:00Z: live "
            "since May (it has not been evaluated)"
        }

    def test_one_that_was_rolled_back_cannot_be_live(self) -> None:
        left = {"kind": "rolledBack", **self.OVERRIDE}

        assert _faults(clippy={"live": record(withdrawal=left)}) == {
            "releases.clippy.live": "is marked rolled back and cannot be deployed"
        }


class TestRemarks:
    """They say what looks wrong; nothing is refused for them."""

    def test_another_models_name(self) -> None:
        (found,) = _remarks(helper={"live": record()}).values()

        assert found.endswith("looks like a model of clippy: right where that was renamed")
        assert _faults(helper={"live": record(runKey="9" * 64)}) == {}

    def test_another_job(self) -> None:
        found = _remarks(clippy={"live": record("1" * 32, jobId=f"ftjob-{'2' * 32}")})

        assert list(found) == ["releases.clippy.live.jobId"]

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({"servedWith": SKU, "trainedAt": "2026-11-18T10:02:03Z"}, {"servedWith": SKU}),
            ({"withdrawal": _aside()}, {"withdrawal": _aside("2026-11-22T08:00:00Z")}),
        ],
    )
    def test_previous_that_has_an_older_one_first(self, one: dict[str, Any], other: dict[str, Any]) -> None:
        previous = [record("1" * 32, **one), record("2" * 32, **other)]
        found = _remarks(clippy={"live": record("3" * 32), "previous": previous})

        assert [key.split(".withdrawal")[0] for key in found] == ["releases.clippy.previous[1]"]

    def test_nothing_live_though_something_was(self) -> None:
        found = _remarks(clippy={"candidate": record("1" * 32), "previous": [record("2" * 32, servedWith=SKU)]})

        assert list(found) == ["releases.clippy.live"]

    def test_a_model_without_records(self) -> None:
        assert _remarks(clippy={}) == {"releases.clippy": "has no record: remove it"}

    def test_the_same_data_and_another_system_message(self) -> None:
        found = _remarks(clippy={"candidate": record("1" * 32), "live": record("2" * 32, systemMessage=None)})

        assert list(found) == ["releases.clippy.live.systemMessage"]

    def test_put_aside_before_it_was_trained(self) -> None:
        previous = [record(withdrawal=_aside("2026-11-19T08:00:00Z"))]

        assert list(_remarks(clippy={"previous": previous})) == ["releases.clippy.previous[0].withdrawal"]
