"""The catalog: its data against Microsoft's pages, and what it refuses."""

from __future__ import annotations

from datetime import date

import pytest

from contract import catalog
from contract.release import Method, TrainingType

DAY = date(2026, 11, 20)
MINI = "gpt-4.1-mini-2025-04-14"
TUNED = f"{MINI}.ft-8aad139b19084ebf968c1e58f2dc3326-clippy-0123abcd"


class TestData:
    def test_no_model_stands_in_it_twice(self) -> None:
        ids = [facts.id for facts in catalog.load().base_models]

        assert len(set(ids)) == len(ids)

    def test_every_list_of_regions_that_is_named_exists(self) -> None:
        known = catalog.load()
        for facts in known.base_models:
            for where in (*facts.training.values(), *(facts.tuned_skus or {}).values()):
                assert known.where(where) is None or known.where(where)

    def test_training_ends_before_deployments_of_what_was_trained(self) -> None:
        for facts in catalog.load().base_models:
            if facts.training_ends and facts.tuned_ends:
                assert facts.training_ends <= facts.tuned_ends

    def test_it_says_when_and_where_it_was_read(self) -> None:
        assert catalog.load().as_of == DAY
        assert all(catalog.load().sources.values())

    @pytest.mark.parametrize(
        ("model", "base", "training", "tuned"),
        [
            ("gpt-4.1-2025-04-14", date(2027, 4, 14), date(2027, 4, 14), date(2027, 10, 14)),
            ("gpt-4o-2024-08-06", date(2027, 4, 14), date(2027, 4, 1), date(2027, 10, 1)),
            ("o4-mini-2025-04-16", date(2026, 11, 19), date(2027, 5, 19), date(2027, 11, 19)),
            ("gpt-5-2025-08-07", date(2027, 2, 9), None, None),
        ],
    )
    def test_its_days_are_those_of_the_retirement_schedule(
        self, model: str, base: date, training: date | None, tuned: date | None
    ) -> None:
        """concepts-model-retirement-schedule-content.md, 2026-10-05."""
        facts = catalog.find(model)

        assert facts is not None
        assert (facts.base_retires, facts.training_ends, facts.tuned_ends) == (base, training, tuned)

    def test_global_training_is_offered_in_27_regions_one_of_them_for_open_weights_only(self) -> None:
        """fine-tune-global-training-regions.md, 2026-10."""
        regions = catalog.load().regions

        assert len(regions["globalTrainingOfOpenWeights"]) == 27
        assert set(regions["globalTrainingOfOpenWeights"]) - set(regions["globalTraining"]) == {"uaenorth"}
        assert set(regions["globalTraining"]) - set(regions["globalTrainingOfNano"]) == {"polandcentral"}

    @pytest.mark.parametrize(
        ("model", "encoding", "tokens", "images"),
        [
            ("gpt-4.1-2025-04-14", "o200k_base", 65_536, True),
            ("gpt-4.1-mini-2025-04-14", "o200k_base", 65_536, False),
            ("gpt-4.1-nano-2025-04-14", "o200k_base", 32_768, False),
            ("gpt-4o-2024-08-06", "o200k_base", 65_536, True),
            ("gpt-35-turbo-0125", "cl100k_base", 16_385, None),
            ("gpt-oss-20b-11", None, None, None),
        ],
    )
    def test_what_an_example_may_hold_is_that_of_the_models_page(
        self, model: str, encoding: str | None, tokens: int | None, images: bool | None
    ) -> None:
        """fine-tune-models.md @03d03fb7, fine-tuning-vision.md; encodings as in openai/tiktoken's model.py."""
        facts = catalog.find(model)

        assert facts is not None
        assert (facts.encoding, facts.tokens_per_example, facts.images) == (encoding, tokens, images)


class TestFinding:
    @pytest.mark.parametrize(
        ("model_id", "found"),
        [
            (MINI, MINI),
            (TUNED, MINI),
            (f"{MINI}.ft-8aad139b19084ebf968c1e58f2dc3326:ckpt-step-75", MINI),
            ("gpt-oss-20b-11.ft-8aad139b19084ebf968c1e58f2dc3326", "gpt-oss-20b"),
            ("gpt-4o-mini-2024-07-18", "gpt-4o-mini-2024-07-18"),
            ("gpt-6-2026-09-01", None),
        ],
    )
    def test_a_model_is_found_by_its_id_or_by_one_tuned_from_it(self, model_id: str, found: str | None) -> None:
        facts = catalog.find(model_id)

        assert (facts.id if facts else None) == found

    @pytest.mark.parametrize(
        ("model_id", "format_"),
        [(TUNED, "OpenAI"), ("Ministral-3B-2411.ft-0", "Mistral AI"), ("gpt-6-2026-09-01", "OpenAI")],
    )
    def test_the_format_is_the_makers(self, model_id: str, format_: str) -> None:
        assert catalog.model_format(model_id) == format_


class TestTraining:
    @pytest.mark.parametrize(
        ("base", "method", "training_type", "location"),
        [
            (MINI, "supervised", "Standard", "swedencentral"),
            (MINI, "dpo", "GlobalStandard", "westeurope"),
            (MINI, "supervised", "Developer", None),
            (TUNED, "supervised", "GlobalStandard", "swedencentral"),
            ("o4-mini-2025-04-16", "reinforcement", "Standard", "eastus2"),
            ("gpt-4o-2024-08-06", "supervised", "Standard", "eastus2"),
            ("gpt-6-2026-09-01", "supervised", "Standard", "swedencentral"),
            ("gpt-5-mini-2025-08-07", "supervised", "Standard", "swedencentral"),
        ],
    )
    def test_what_is_offered_or_unknown_is_no_fault(
        self, base: str, method: Method, training_type: TrainingType, location: str | None
    ) -> None:
        assert catalog.training_faults(base, method, training_type, on=DAY, location=location) == []

    @pytest.mark.parametrize(
        ("base", "method", "training_type", "location", "what", "instead"),
        [
            ("o4-mini-2025-04-16", "supervised", "Standard", None, "tuned by reinforcement", MINI),
            ("gpt-4o-mini-2024-07-18", "dpo", "Standard", None, "not by dpo", "gpt-4o-2024-08-06"),
            (MINI, "supervised", "Standard", "westus3", "isn't offered in westus3", "or use GlobalStandard"),
            ("gpt-5-2025-08-07", "reinforcement", "Developer", None, "training type Developer", "GlobalStandard"),
            ("gpt-4.1-nano-2025-04-14", "dpo", "GlobalStandard", "polandcentral", "polandcentral", "swedencentral"),
            ("babbage-002", "supervised", "Standard", None, "can't be tuned", MINI),
            ("gpt-35-turbo-0125", "supervised", "Standard", None, "can't be tuned", MINI),
            ("gpt-oss-120b", "supervised", "GlobalStandard", None, "no training type of the API", "managed compute"),
            ("gpt-oss-20b-11.ft-0", "supervised", "GlobalStandard", None, "tuned further", "continue from gpt-oss-20b"),
            ("gpt-41-mini-2025-04-14", "supervised", "Standard", None, "no model", f"did you mean {MINI}"),
            ("gtp-4.1-mini-2025-04-14", "supervised", "Standard", None, "no model", f"did you mean {MINI}"),
            ("gpt-4.1-mini", "supervised", "Standard", None, "lacks its version", MINI),
        ],
    )
    def test_what_is_not_offered_is_refused_with_what_would_work_instead(  # noqa: PLR0917 - the columns of the table.
        self, base: str, method: Method, training_type: TrainingType, location: str | None, what: str, instead: str
    ) -> None:
        (text,) = catalog.training_faults(base, method, training_type, on=DAY, location=location)

        assert what in text
        assert instead in text

    def test_all_faults_come_together(self) -> None:
        faults = catalog.training_faults(
            "Ministral-3B-2411", "dpo", "Standard", on=DAY, location="swedencentral", kind="OpenAI"
        )

        assert len(faults) == 3

    def test_training_of_gpt_4_1_ends_when_its_day_begins(self) -> None:
        assert catalog.training_faults(MINI, "supervised", "Standard", on=date(2027, 4, 13)) == []
        (text,) = catalog.training_faults(MINI, "supervised", "Standard", on=date(2027, 4, 14))
        assert "ended on 2027-04-14" in text
        assert "gpt-oss-20b" in text


class TestBaseDeployments:
    def test_a_model_that_is_only_deprecated_is_no_fault(self) -> None:
        assert catalog.base_deployment_faults("gpt-4.1-mini", "2025-04-14", "Standard", on=DAY) == []

    def test_a_retired_model_is_refused_with_those_still_served(self) -> None:
        (text,) = catalog.base_deployment_faults("o4-mini", "2025-04-16", "GlobalStandard", on=DAY)

        assert "retired on 2026-11-19" in text
        assert "gpt-5-2025-08-07" in text

    def test_the_day_before_it_is_not(self) -> None:
        assert catalog.base_deployment_faults("o4-mini", "2025-04-16", "Standard", on=date(2026, 11, 18)) == []

    def test_the_developer_tier_is_for_tuned_models(self) -> None:
        (text,) = catalog.base_deployment_faults("gpt-4.1-mini", "2025-04-14", "DeveloperTier", on=DAY)

        assert "GlobalStandard" in text

    def test_an_unknown_version_is_no_fault(self) -> None:
        assert catalog.base_deployment_faults("gpt-4.1-mini", "2026-08-01", "Standard", on=DAY) == []

    def test_a_misspelt_name_is(self) -> None:
        (text,) = catalog.base_deployment_faults("gpt4.1-mini", "2025-04-14", "Standard", on=DAY)

        assert "did you mean gpt-4.1-mini-2025-04-14?" in text


class TestTunedDeployments:
    @pytest.mark.parametrize(
        ("model_id", "sku", "location"),
        [
            (TUNED, "Standard", "northcentralus"),
            (TUNED, "GlobalStandard", "westeurope"),
            (TUNED, "DeveloperTier", "westeurope"),
            (TUNED, "DataZoneStandard", "eastus2"),
            ("gpt-4o-2024-08-06.ft-0", "ProvisionedManaged", "swedencentral"),
            ("gpt-6-2026-09-01.ft-0", "Standard", "mars"),
        ],
    )
    def test_what_is_offered_or_unknown_is_no_fault(self, model_id: str, sku: str, location: str) -> None:
        assert catalog.tuned_deployment_faults(model_id, sku, on=DAY, location=location) == []

    @pytest.mark.parametrize(
        ("model_id", "sku", "location", "what", "instead"),
        [
            (TUNED, "Standard", "westeurope", "isn't offered in westeurope", "GlobalStandard or DeveloperTier here"),
            (TUNED, "DataZoneStandard", "swedencentral", "isn't offered in swedencentral", "Standard, GlobalStandard"),
            ("gpt-4o-2024-08-06.ft-0", "DeveloperTier", "eastus2", "isn't offered with SKU DeveloperTier", "Standard"),
            ("gpt-5-2025-08-07.ft-0", "GlobalStandard", "swedencentral", "isn't offered with SKU", "Standard"),
            ("Qwen3-32B.ft-0", "Standard", "swedencentral", "isn't offered with SKU Standard", "GlobalStandard"),
        ],
    )
    def test_what_is_not_offered_is_refused_with_what_would_work_instead(
        self, model_id: str, sku: str, location: str, what: str, instead: str
    ) -> None:
        (text,) = catalog.tuned_deployment_faults(model_id, sku, on=DAY, location=location)

        assert what in text
        assert instead in text
