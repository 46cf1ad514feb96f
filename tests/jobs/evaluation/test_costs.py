"""What asking costs, by tokens."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contract.catalog.prices import Prices
from contract.release import Sku
from jobs.chat_ports import ChatRequest, ToolCall
from jobs.evaluation.costs import AskingCost, Share, Tokens, counter_for, price_of, share_of, tokens_of
from jobs.evaluation.question import Question
from tests.jobs.specimens import BASE

BY_TOKENS = Sku(name="GlobalStandard", capacity=10)
RESERVED = Sku(name="ProvisionedManaged", capacity=10)
PRICES = Prices({f"input/{BASE}": 0.4, f"output/{BASE}": 1.6})


def question(expected: str | None, *calls: ToolCall) -> Question:
    asked = ({"role": "user", "content": "Hello"},)
    return Question(0, 1, asked, None, (), expected, calls, {}, {})


def tokens(of: Question, max_tokens: int | None = None) -> Tokens:
    request = ChatRequest("mini", ({"role": "user", "content": "Hello"},), max_tokens=max_tokens)
    return tokens_of(request, of, counter_for(BASE))


def test_a_question_counts_in_the_frame_of_a_chat_and_its_answer_as_the_expected_one() -> None:
    """Three tokens for the reply, three a message, its role and its text (openai-cookbook)."""
    assert tokens(question("Hello")) == Tokens(3 + 3 + 1 + 1, 1)


def test_calls_that_are_expected_count_too() -> None:
    assert (tokens(question(None, ToolCall("look", "{}"))).answers or 0) > 1


def test_where_no_answer_is_expected_the_longest_one_is_reckoned_with_or_nothing_is_known() -> None:
    assert tokens(question(None), max_tokens=100).answers == 100
    assert tokens(question(None)).answers is None


def test_a_share_is_tokens_by_their_prices() -> None:
    share = share_of("candidate", f"{BASE}.ft-{'a' * 32}", BY_TOKENS, [Tokens(1_000_000, 500_000)] * 2, PRICES)

    assert (share.questions, share.usd) == (2, Decimal("0.4") * 2 + Decimal("1.6"))


def test_what_is_reserved_costs_nothing_by_tokens() -> None:
    assert share_of("live", BASE, RESERVED, [Tokens(10, 10)], PRICES).usd == 0
    assert price_of(BASE, RESERVED, PRICES) is None


def test_a_price_that_nobody_knows_makes_the_sum_unknown_and_says_which_it_is() -> None:
    share = share_of("prompted", "some-model-1", BY_TOKENS, [Tokens(10, 10)], PRICES)
    cost = AskingCost((Share("candidate", 1, Tokens(1, 1), Decimal(1)), share))

    assert cost.usd is None
    assert cost.missing == ("input/some-model-1", "output/some-model-1")


def test_of_nothing_to_ask_no_price_is_needed() -> None:
    assert share_of("prompted", "some-model-1", BY_TOKENS, [], PRICES).usd == 0


def test_a_price_per_token_is_a_millionth() -> None:
    price = price_of(BASE, BY_TOKENS, PRICES)

    assert price is not None
    assert price.prompt == pytest.approx(0.4e-6)
    assert price.completion == pytest.approx(1.6e-6)
