"""When the next request may go, as values."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jobs.errors import Unavailable
from jobs.evaluation.asking.limits import Limits, Rate
from jobs.evaluation.asking.pace import Pace, Window, own_pause


def refusal(
    retry_after: float | None = None, status: int | None = 429, code: str | None = "RateLimitReached"
) -> Unavailable:
    error = Unavailable("no", status=status, code=code)
    error.retry_after = retry_after
    return error


@given(
    count=st.integers(1, 20),
    seconds=st.sampled_from([1.0, 10.0, 60.0]),
    pauses=st.lists(st.floats(0, 5), min_size=1, max_size=120),
    begins=st.floats(0, 60),
)
def test_no_window_of_the_service_s_has_more_than_the_limit(
    count: int, seconds: float, pauses: list[float], begins: float
) -> None:
    """Whenever that window begins, and however late or early somebody asks."""
    window, now, sent = Window(Rate(count, seconds)), 1_800_000_000.0, []
    for pause in pauses:
        now += pause
        now += window.wait(now, 1)
        assert window.wait(now, 1) < 1e-6
        window = window.spend(now, 1)
        sent.append(now)

    numbers = [int((moment - 1_800_000_000.0 + begins) // seconds) for moment in sent]
    assert max(map(numbers.count, numbers)) <= count


def test_a_rate_is_used_up_to_nineteen_twentieths() -> None:
    """100 in a second, asked for 1,000: 9 seconds are the least."""
    window, now = Window(Rate(100, 1.0)), 1_800_000_000.0
    began = now
    for _ in range(1000):
        now += window.wait(now, 1)
        window = window.spend(now, 1)

    assert 9.0 <= now - began <= 9.0 * 1.06


def test_what_is_larger_than_the_limit_goes_alone() -> None:
    """The service takes a request as long as the minute's tokens are not reached, however large it is."""
    window = Window(Rate(1000, 60.0))

    assert window.wait(0.0, 5000) == 0
    assert 60 <= window.spend(0.0, 5000).wait(0.0, 1) <= 63
    assert 60 <= window.spend(0.0, 1).wait(0.0, 5000) <= 63


def test_a_clock_that_is_put_back_holds_nobody_for_longer_than_a_window() -> None:
    assert Window(Rate(1, 60.0)).spend(1_000_000.0, 1).wait(0.0, 1) <= 63


def test_tokens_are_held_to_their_rate_by_prompt_and_longest_answer() -> None:
    """MicrosoftDocs, quota.md: estimated from the prompt and max_tokens when the request comes."""
    pace = Pace.of(Limits(16, tokens=(Rate(1000, 60.0),)))
    need = pace.need(200, 300)

    assert need == 500
    assert pace.sent(0.0, need).wait(0.0, need) == 0
    assert pace.sent(0.0, need).sent(0.0, need).wait(0.0, 1) >= 60


def test_without_a_longest_answer_it_is_taken_to_be_as_long_as_those_before() -> None:
    pace = Pace().answered(0.0, 100, 0.0).answered(0.0, 300, 0.0)

    assert Pace().need(50, None) == 50
    assert pace.need(50, None) == 250


def test_an_answer_that_was_longer_than_thought_counts_as_it_is() -> None:
    pace = Pace.of(Limits(16, tokens=(Rate(1000, 60.0),))).sent(0.0, 100).answered(1.0, 900, 900)

    assert pace.wait(1.0, 1) > 50


def test_retry_after_holds_the_whole_deployment() -> None:
    pace = Pace().failed(100.0, 99.0, refusal(7.0))

    assert pace.wait(100.0, 0) == 7
    assert pace.wait(106.5, 0) == 0.5
    assert pace.wait(107.0, 0) == 0


def test_a_longer_wish_stays_whatever_a_later_answer_says() -> None:
    """Another request, which was under way, is answered, and one is refused for less long."""
    pace = Pace().failed(100.0, 99.0, refusal(30.0)).answered(101.0, 5, 0.0).failed(102.0, 99.5, refusal(1.0))

    assert pace.wait(102.0, 0) == 28


def test_where_nothing_is_said_each_round_of_refusals_doubles_the_pause() -> None:
    """Sixty that were under way together are one round."""
    pace = Pace()
    for number in range(60):
        pace = pace.failed(100.0 + number / 100, 99.0, refusal())
    first = pace.wait(100.6, 0)
    again = pace.failed(110.0, 109.0, refusal())

    assert 1 < first <= 2
    assert again.wait(110.0, 0) == 4
    assert again.failed(120.0, 119.0, refusal()).wait(120.0, 0) == 8
    assert again.answered(111.0, 5, 0.0).failed(120.0, 119.0, refusal()).wait(120.0, 0) == 2


def test_one_request_that_fails_by_itself_holds_nobody() -> None:
    lost = refusal(status=500, code=None)
    pace = Pace().failed(100.0, 99.0, lost)

    assert pace.wait(100.0, 0) == 0
    assert own_pause(lost, 1) == 2
    assert own_pause(lost, 2) == 4


def test_three_failures_in_a_row_are_the_deployment_s() -> None:
    lost = refusal(status=None, code=None)
    pace = Pace().failed(100.0, 99.0, lost).failed(100.0, 99.0, lost)

    assert pace.wait(100.0, 0) == 0
    assert pace.failed(100.0, 99.0, lost).wait(100.0, 0) > 0
    assert pace.answered(100.0, 5, 0.0).failed(100.0, 99.0, lost).wait(100.0, 0) == 0


def test_a_deployment_that_is_silent_is_given_up_after_five_minutes_and_one_that_asks_for_patience_after_an_hour() -> (
    None
):
    lost, busy = refusal(status=503, code=None), refusal(20.0)
    unready = refusal(status=400, code="DeploymentNotReady")
    pace = Pace().failed(0.0, 0.0, lost)

    assert not pace.gives_up(299.0, lost)
    assert pace.gives_up(301.0, lost)
    assert not pace.gives_up(3599.0, busy)
    assert pace.gives_up(3601.0, busy)
    assert not pace.gives_up(3599.0, unready)
    assert not pace.answered(290.0, 5, 0.0).gives_up(301.0, lost)


def test_a_request_that_never_works_is_given_up_while_others_are_answered() -> None:
    lost = refusal(status=500, code=None)

    assert own_pause(lost, 9) is not None
    assert own_pause(lost, 10) is None
    assert own_pause(refusal(1.0), 500) == 0
