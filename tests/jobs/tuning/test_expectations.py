"""What datasets are held to comes from the base model that tune.yaml names."""

from __future__ import annotations

from contract.graders import StringCheck
from jobs.data.expected import Expected
from jobs.tuning.expectations import expected_of


def test_a_known_base_gives_its_vocabulary_and_limits() -> None:
    """Figures of Microsoft's fine-tune-models.md; o200k_base is the vocabulary of the gpt-4.1 family (tiktoken)."""
    expected = expected_of("gpt-4.1-nano-2025-04-14", "dpo", "holdout")

    assert (expected.use, expected.method, expected.encoding) == ("holdout", "dpo", "o200k_base")
    assert expected.tokens_per_example == 32_768


def test_what_was_tuned_from_a_base_is_held_to_the_same() -> None:
    tuned = expected_of("gpt-4.1-nano-2025-04-14.ft-8aad139b19084ebf968c1e58f2dc3326", "supervised")

    assert tuned.tokens_per_example == 32_768


def test_of_an_unknown_base_nothing_is_made_up() -> None:
    assert expected_of("gpt-9-2030-01-01", "supervised") == Expected(base="gpt-9-2030-01-01")
    assert expected_of(None, "supervised") == Expected()


def test_what_the_grader_asks_for_has_to_stand_in_the_examples() -> None:
    """``{{ item.key }}`` refers to the example's own keys (reinforcement-fine-tuning.md)."""
    grader = StringCheck(
        type="string_check", name="label", input="{{ sample.output_text }}", reference="{{item.truth}}", operation="eq"
    )

    assert expected_of("o4-mini-2025-04-16", "reinforcement", grader=grader).grader_references == ("truth",)
