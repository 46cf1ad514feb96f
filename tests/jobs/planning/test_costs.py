"""What a plan says of money: figures worked out by hand from Microsoft's page on cost, and what isn't known said.

The page is fine-tuning-cost-management.md of MicrosoftDocs azure-ai-docs, 2026-02-11.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.catalog.prices import Prices
from contract.release import Sku
from contract.tune_spec import TuneSpec
from jobs.planning.break_even import break_even
from jobs.planning.evaluation import evaluation
from jobs.planning.hosting import stages
from jobs.planning.money import span, words
from jobs.planning.plan import Figure
from jobs.planning.training import SPENDING_LIMIT, epochs, token_limit, training
from tests.jobs.planning.specimens import FULL, figures, stack, tune_yaml

MINI = "gpt-4.1-mini-2025-04-14"
NEW = "gpt-6-2026-12-01"
"""No table has its prices yet."""
HERE = "northcentralus"
O4 = "o4-mini-2025-04-16"
GRADED = """\
method: reinforcement
grader: {type: string_check, name: exact, input: "{{sample.output_text}}", reference: "{{item.answer}}", operation: eq}
"""


def spec(base: str = FULL, more: str = "") -> TuneSpec:
    return TuneSpec.parse(tune_yaml(base, more), "tune.yaml")


def two_epochs(base: str = FULL, more: str = "") -> TuneSpec:
    return spec(base, f"hyperparameters: {{epochs: 2}}\n{more}")


class TestTraining:
    def test_it_is_the_page_s_own_example(self) -> None:
        """$2 ÷ 1M tokens × 1M training tokens × 2 epochs = $4."""
        found = training(two_epochs(), FULL, figures(), Prices({f"training/{FULL}/GlobalStandard": 2}), HERE)

        assert (found.cost.usd, found.cost.usd_least) == (Decimal(4), None)
        assert found.tokens == 2_000_000
        assert found.cost.computed == "1,000,000 tokens × 2 epochs × $2.00 per 1M"

    def test_without_a_price_of_the_environment_the_price_list_counts(self) -> None:
        """Meter gpt-4.1 FT Training global Tokens: $0.025 per 1K. 1M × 2 epochs: $50."""
        found = training(two_epochs(), FULL, figures(), Prices(), HERE)

        assert found.cost.usd == 50
        assert "gpt-4.1 FT Training global Tokens; Azure Retail Prices API" in found.cost.source

    def test_standard_training_is_dearer_in_sweden(self) -> None:
        """Meter gpt-4.1-mini FT Training regional Tokens: $0.0055 per 1K, in swedencentral $0.00605."""
        regional = two_epochs(MINI, "trainingType: Standard\n")
        here, sweden = (training(regional, MINI, figures(), Prices(), each) for each in (HERE, "swedencentral"))

        assert (here.cost.usd, sweden.cost.usd) == (Decimal(11), Decimal("12.1"))

    def test_an_epoch_count_that_the_service_chooses_gives_a_span(self) -> None:
        """500 examples: 2 epochs in Microsoft's example, 3 by OpenAI's published rule: $50 to $75."""
        found = training(spec(), FULL, figures(), Prices(), HERE)

        assert (found.cost.usd_least, found.cost.usd) == (Decimal(50), Decimal(75))
        assert found.epochs is not None
        assert found.epochs.words == "2 to 3"
        assert "an estimate" in found.epochs.source

    def test_a_price_that_is_not_known_makes_no_sum_and_names_its_key(self) -> None:
        found = training(two_epochs(NEW), NEW, figures(), Prices(), HERE)

        assert found.cost.usd is None
        assert found.cost.missing == (f"training/{NEW}/GlobalStandard",)
        assert f"set prices.training/{NEW}/GlobalStandard" in found.cost.source
        assert found.cost_words == "an amount that is not known"

    def test_an_environments_price_counts(self) -> None:
        """1M × 2 × $0.80 = $1.60."""
        prices = Prices({f"training/{MINI}/GlobalStandard": 0.8})

        assert training(two_epochs(MINI), MINI, figures(), prices, HERE).cost.usd == Decimal("1.6")

    def test_tokens_that_were_not_counted_make_no_sum(self) -> None:
        found = training(two_epochs(), FULL, figures(tokens=None), Prices(), HERE)

        assert (found.cost.usd, found.tokens) == (None, None)

    def test_tokens_that_were_estimated_are_said_to_be(self) -> None:
        assert training(two_epochs(), FULL, figures(exact=False), Prices(), HERE).cost.computed.startswith(
            "about 1,000,000"
        )

    def test_reinforcement_is_paid_by_the_hour_up_to_the_limit_of_a_job(self) -> None:
        """$100 per hour for o4-mini; "per-job billing is capped at $5,000"."""
        found = training(spec(O4, GRADED), O4, figures(), Prices(), HERE)

        assert found.cost.usd is None
        assert found.cost.computed.startswith("$100.00 per hour of training")
        assert found.bound is not None
        assert (found.bound.usd, found.epochs) == (SPENDING_LIMIT, None)
        assert SPENDING_LIMIT == 5000
        assert found.cost_words == "up to $5,000.00"

    def test_a_grading_model_is_billed_besides(self) -> None:
        grader = "grader: {type: score_model, name: g, model: gpt-4o-2024-08-06, input: [{role: user, content: hi}]}\n"
        found = training(spec(O4, f"method: reinforcement\n{grader}"), O4, figures(), Prices(), HERE)

        assert "is billed besides" in found.cost.computed


class TestEpochs:
    @pytest.mark.parametrize(
        ("examples", "least", "most"),
        [
            # 3 × 10 and 2 × 10 are below 100: 100 // 10.
            (10, 10, 10),
            # 2 × 40 is below 100, 3 × 40 isn't: 100 // 40 and 3.
            (40, 2, 3),
            (500, 2, 3),
            # 3 × 10,000 is above 25,000: 25,000 // 10,000; 2 × 10,000 isn't.
            (10_000, 2, 2),
            (100_000, 1, 1),
        ],
    )
    def test_the_span_is_openais_rule_aimed_at_2_and_at_3(self, examples: int, least: int, most: int) -> None:
        """openai-cookbook, "Data preparation and analysis for chat model fine-tuning": 100 to 25,000 seen, 1 to 25."""
        found = epochs(spec(), examples)

        assert (found.least, found.most) == (least, most)

    @given(st.integers(1, 10_000_000))
    def test_the_ends_are_in_order_and_within_the_rules_bounds(self, examples: int) -> None:
        found = epochs(spec(), examples)

        assert 1 <= found.least <= found.most <= 25

    def test_what_tune_yaml_says_is_no_estimate(self) -> None:
        found = epochs(two_epochs(), 10)

        assert (found.least, found.most, found.source) == (2, 2, "tune.yaml")


class TestTokenLimit:
    """A job takes 2 billion tokens, epochs included (quotas-limits, 2026-03)."""

    def test_at_the_limit_is_let_pass_and_above_it_is_refused(self) -> None:
        at = training(two_epochs(), FULL, figures(tokens=1_000_000_000), Prices(), HERE)
        above = training(two_epochs(), FULL, figures(tokens=1_000_000_001), Prices(), HERE)

        assert token_limit(at) == []
        (found,) = token_limit(above)
        assert found.severity == "refused"
        assert "2,000,000,002" in found.words
        assert "2,000,000,000" in found.words

    def test_what_only_the_services_choice_would_take_above_it_is_a_warning(self) -> None:
        (found,) = token_limit(training(spec(), FULL, figures(tokens=900_000_000), Prices(), HERE))

        assert found.severity == "warning"
        assert "1,800,000,000 to 2,700,000,000" in found.words


SKU = {"name": "GlobalStandard", "capacity": 50}
DEVELOPER = {"name": "DeveloperTier", "capacity": 10}
PTU = {"name": "ProvisionedManaged", "capacity": 50}


def served(sku: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"modelId": f"{FULL}.ft-1", "sku": sku, "deployments": {"main": "clippy-1"}} | more


class TestHosting:
    def test_a_first_candidate_on_the_developer_tier_costs_nothing_until_it_is_live(self) -> None:
        """1.70 × 30 × 24 = 1224."""
        model = stack({"skus": {"live": SKU, "candidate": DEVELOPER}}).models["clippy"]
        candidate, live = stages(model, Prices())

        assert [each.role for each in candidate.deployments] == ["candidate"]
        assert candidate.per_30_days == 0
        assert [each.role for each in live.deployments] == ["live"]
        assert live.per_30_days == 1224

    def test_a_candidate_stands_beside_what_is_live_and_each_account_has_its_own(self) -> None:
        """Live, one former and the candidate, in two accounts: six fees of 1224."""
        model = stack(
            {"servedIn": ["main", "west"], "live": served(SKU), "previous": [served(SKU)], "candidate": served(SKU)}
        ).models["clippy"]
        candidate, live = stages(model, Prices())

        assert [each.role for each in candidate.deployments] == ["live"] * 2 + ["previous"] * 2 + ["candidate"] * 2
        assert candidate.per_30_days == 6 * 1224
        # keepPrevious is 1: of the two that were live, the newer one stays.
        assert live.per_30_days == 4 * 1224

    def test_a_provisioned_live_model_has_a_second_deployment_that_takes_what_spills_over(self) -> None:
        """50 PTU at $2: 100 an hour, 72,000 in 30 days, and 1,224 for the standard one."""
        model = stack({"skus": {"live": PTU, "candidate": PTU, "spillover": SKU}}).models["clippy"]
        _, live = stages(model, Prices({"hosting/ProvisionedManaged": 2}))

        assert [each.role for each in live.deployments] == ["live", "spillover"]
        assert [each.per_30_days for each in live.deployments] == [Decimal(72_000), Decimal(1224)]
        assert live.per_30_days == 73_224

    def test_a_price_that_is_not_known_leaves_the_sum_open(self) -> None:
        model = stack({"skus": {"live": PTU, "candidate": SKU}}).models["clippy"]
        candidate, live = stages(model, Prices())

        assert (candidate.per_30_days, live.per_30_days) == (Decimal(1224), None)
        assert live.missing == ("hosting/ProvisionedManaged",)


class TestEvaluation:
    def test_it_is_the_page_s_own_example_of_calls(self) -> None:
        """o4-mini: 20 million tokens in at $1.10 and 40 million out at $4.40: 22 + 176 = $198."""
        holdout = figures("holdout", prompt_tokens=20_000_000, answer_tokens=40_000_000)
        found = evaluation(O4, holdout, Sku(name="Standard", capacity=10), Prices())

        assert found is not None
        assert (found.tuned.usd, found.base.usd) == (Decimal(198), Decimal(198))

    def test_a_provisioned_candidate_is_asked_for_nothing_more(self) -> None:
        found = evaluation(FULL, figures("holdout"), Sku(name="ProvisionedManaged", capacity=50), Prices())

        assert found is not None
        assert found.tuned.usd == 0
        # 800,000 × $2 + 200,000 × $8 per million.
        assert found.base.usd == Decimal("3.2")

    def test_examples_without_answers_do_not_say_what_answers_cost(self) -> None:
        """Those for reinforcement end with the question."""
        found = evaluation(O4, figures("holdout", answer_tokens=0), Sku(name="Standard", capacity=10), Prices())

        assert found is not None
        assert found.tuned.usd is None
        assert "nobody knows what length" in found.tuned.computed

    def test_without_a_holdout_there_is_none(self) -> None:
        assert evaluation(FULL, None, Sku(name="Standard", capacity=1), Prices()) is None

    def test_a_price_that_is_not_known_is_named(self) -> None:
        found = evaluation("gpt-5-2025-08-07", figures("holdout"), Sku(name="Standard", capacity=1), Prices())

        assert found is not None
        assert found.base.usd is None
        assert found.base.missing == ("input/gpt-5-2025-08-07", "output/gpt-5-2025-08-07")


TRAINED = Figure(usd=Decimal(4), computed="x", source="y")


class TestBreakEven:
    """A call is a training example on average: 1,600 tokens in and 400 out."""

    def test_a_smaller_model_in_place_of_a_larger_one(self) -> None:
        """gpt-4.1: 1600 × $2 + 400 × $8 = $0.0064; mini: 1600 × $0.40 + 400 × $1.60 = $0.00128; saved 0.00512.

        4 / 0.00512 = 781.25, and 1224 / 0.00512 = 239,062.5: the call that pays the rest counts.
        """
        use = f"useCase: {{replaces: {{model: {FULL}}}}}\n"
        _, live = stages(stack().models["clippy"], Prices())
        found = break_even(spec(MINI, use), MINI, figures(), Prices(), training=TRAINED, live=live)

        assert found.saved_per_call == Decimal("0.00512")
        assert (found.calls_for_training, found.calls_per_30_days) == (782, 239_063)

    def test_the_replaced_model_may_be_named_without_its_version(self) -> None:
        """docs/tune.md has it so."""
        _, live = stages(stack().models["clippy"], Prices())
        found = [
            break_even(
                spec(MINI, f"useCase: {{replaces: {{model: {name}}}}}\n"),
                MINI,
                figures(),
                Prices(),
                training=TRAINED,
                live=live,
            )
            for name in ("gpt-4.1", FULL)
        ]

        assert found[0].saved_per_call == found[1].saved_per_call == Decimal("0.00512")

    def test_calls_of_a_provisioned_model_cost_nothing_besides_its_hosting(self) -> None:
        """fine-tuning-cost-management.md: PTU alone. gpt-4.1's 1600 × $2 + 400 × $8 = $0.0064 are saved whole."""
        prices = Prices({"hosting/ProvisionedManaged": 2})
        _, live = stages(stack({"skus": {"live": PTU, "candidate": SKU}}).models["clippy"], prices)
        found = break_even(
            spec(MINI, f"useCase: {{replaces: {{model: {FULL}}}}}\n"),
            MINI,
            figures(),
            prices,
            training=TRAINED,
            live=live,
        )

        assert found.saved_per_call == Decimal("0.0064")

    def test_of_a_pair_of_answers_a_call_gives_one(self) -> None:
        """Two answers of 400 tokens in each of 500 pairs: saved as where there is one."""
        use = f"useCase: {{replaces: {{model: {FULL}}}}}\n"
        _, live = stages(stack().models["clippy"], Prices())
        pairs = figures(answer_tokens=400_000, tokens=1_200_000, answers=1000)
        found = break_even(spec(MINI, use), MINI, pairs, Prices(), training=TRAINED, live=live)

        assert found.saved_per_call == Decimal("0.00512")

    def test_a_shorter_prompt_of_the_same_model(self) -> None:
        """1,000 tokens fewer at $2 per 1M: $0.002 a call; 4 / 0.002 = 2,000 and 1224 / 0.002 = 612,000."""
        use = "useCase: {replaces: {promptTokens: 1000}}\n"
        _, live = stages(stack().models["clippy"], Prices())
        found = break_even(spec(FULL, use), FULL, figures(), Prices(), training=TRAINED, live=live)

        assert (found.saved_per_call, found.calls_for_training) == (Decimal("0.002"), 2_000)
        assert found.calls_per_30_days == 612_000

    def test_of_another_model_s_answers_the_length_has_to_be_known(self) -> None:
        """In the same model's place they cost the same, however long."""
        _, live = stages(stack().models["clippy"], Prices())
        told = []
        for use in (f"{{model: {FULL}}}", "{promptTokens: 1000}"):
            asked = spec(MINI, f"useCase: {{replaces: {use}}}\n")
            told.append(break_even(asked, MINI, figures(answer_tokens=0), Prices(), training=TRAINED, live=live))

        assert told[0].missing == ("how long answers are, the examples don't say",)
        assert told[1].saved_per_call == Decimal("0.0004")

    def test_a_call_that_costs_no_less_never_pays(self) -> None:
        use = f"useCase: {{replaces: {{model: {MINI}}}}}\n"
        _, live = stages(stack().models["clippy"], Prices())
        found = break_even(spec(FULL, use), FULL, figures(), Prices(), training=TRAINED, live=live)

        assert (found.calls_for_training, found.calls_per_30_days) == (None, None)
        assert "never" in found.missing[0]

    def test_without_knowing_what_it_replaces_it_says_what_to_write(self) -> None:
        _, live = stages(stack().models["clippy"], Prices())
        for use in ("", "useCase: {goal: shorter answers}\n", "useCase: {replaces: {}}\n"):
            found = break_even(spec(FULL, use), FULL, figures(), Prices(), training=TRAINED, live=live)

            assert "useCase.replaces" in found.missing[0]

    def test_a_cost_that_is_not_known_leaves_its_half_open(self) -> None:
        use = "useCase: {replaces: {promptTokens: 1000}}\n"
        _, live = stages(stack().models["clippy"], Prices())
        unknown = Figure(usd=None, computed="x", source="not known")
        found = break_even(spec(FULL, use), FULL, figures(), Prices(), training=unknown, live=live)

        assert (found.calls_for_training, found.calls_per_30_days) == (None, 612_000)
        assert found.missing == ("what the training costs is not known",)

    def test_a_replaced_model_without_a_price_names_the_key(self) -> None:
        use = "useCase: {replaces: {model: gpt-5-2025-08-07}}\n"
        _, live = stages(stack().models["clippy"], Prices())
        found = break_even(spec(FULL, use), FULL, figures(), Prices(), training=TRAINED, live=live)

        assert any("set prices.input/gpt-5-2025-08-07" in each for each in found.missing)


@pytest.mark.parametrize(
    ("usd", "text"), [("1224", "$1,224.00"), ("0", "$0.00"), ("0.0043", "under $0.01"), ("0.125", "$0.13")]
)
def test_a_sum_is_written_in_cents_and_what_is_less_says_so(usd: str, text: str) -> None:
    assert words(Decimal(usd)) == text


def test_a_span_whose_ends_read_the_same_is_one_figure() -> None:
    assert span(Decimal("0.001"), Decimal("0.002")) == "under $0.01"
    assert span(Decimal(4), Decimal(6)) == "$4.00 to $6.00"
