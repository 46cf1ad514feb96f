"""Tokens that expire early, and clocks that are off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
import pytest

from simulator.entra.models import TENANT_ID, TRAINER
from simulator.server import Simulator

Authorization = Callable[..., dict[str, str]]
ARM = "/subscriptions?api-version=2022-12-01"


@pytest.fixture(autouse=True)
def cleared(simulator: Simulator) -> Iterator[None]:
    yield
    simulator.faults.clear()


def plan(simulator: Simulator, kind: str, **said: object) -> None:
    simulator.faults.install({"faults": [{"does": {"kind": kind}} | said]})


def code(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("error", {}).get("code", "")


def test_tokens_issued_before_are_refused_and_a_fresh_one_is_taken(
    simulator: Simulator, http: httpx2.Client, authorization: Authorization
) -> None:
    """Also one of the same second: the moment counts."""
    before = authorization()
    plan(simulator, "expireTokens", skip=1)

    assert http.get(ARM, headers=before).status_code == 200
    assert code(http.get(ARM, headers=before)) == (401, "ExpiredAuthenticationToken")
    assert http.get(ARM, headers=authorization()).status_code == 200
    assert code(http.get(ARM, headers=before)) == (401, "ExpiredAuthenticationToken")


def test_signing_in_is_what_helps(simulator: Simulator, http: httpx2.Client) -> None:
    """By the token endpoint, which wants no token itself."""
    form = {
        "grant_type": "client_credentials",
        "client_id": TRAINER.client_id,
        "client_secret": TRAINER.secret,
        "scope": "https://management.azure.com/.default",
    }

    def token() -> dict[str, str]:
        got = http.post(f"/{TENANT_ID}/oauth2/v2.0/token", data=form).json()["access_token"]
        return {"Authorization": f"Bearer {got}"}

    held = token()
    plan(simulator, "expireTokens", match={"path": "/subscriptions"})
    assert http.get(ARM, headers=held).status_code == 401
    assert http.get(ARM, headers=token()).status_code == 200


def test_without_the_plan_they_are_good_again(
    simulator: Simulator, http: httpx2.Client, authorization: Authorization
) -> None:
    held = authorization()
    plan(simulator, "expireTokens")
    assert http.get(ARM, headers=held).status_code == 401
    simulator.faults.clear()
    assert http.get(ARM, headers=held).status_code == 200


def test_a_token_is_refused_at_one_request_only(
    simulator: Simulator, http: httpx2.Client, authorization: Authorization
) -> None:
    held = authorization()
    plan(simulator, "refuseToken")
    assert code(http.get(ARM, headers=held)) == (401, "ExpiredAuthenticationToken")
    assert http.get(ARM, headers=held).status_code == 200


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eA=="}])
def test_who_shows_no_token_is_refused_as_ever(
    simulator: Simulator, http: httpx2.Client, header: dict[str, str]
) -> None:
    usual = code(http.get(ARM, headers=header))
    plan(simulator, "refuseToken")
    assert usual[0] == 401
    assert code(http.get(ARM, headers=header)) == usual


@pytest.mark.parametrize(
    ("skew", "refused"),
    [(0, ""), (3000, ""), (-200, ""), (3700, "ExpiredAuthenticationToken"), (-400, "InvalidAuthenticationToken")],
)
def test_a_clock_that_is_off_refuses_tokens_before_or_after_their_time(
    simulator: Simulator, http: httpx2.Client, authorization: Authorization, skew: int, refused: str
) -> None:
    """A token counts for an hour, and from five minutes before it was issued."""
    simulator.faults.install({"skew": skew})
    answer = http.get(ARM, headers=authorization())
    assert (code(answer)[1] if answer.status_code == 401 else "") == refused


@pytest.mark.parametrize("skew", [0, 900, -86_400])
def test_every_answer_is_dated_by_the_services_clock(simulator: Simulator, http: httpx2.Client, skew: int) -> None:
    """Once, in HTTP's form."""
    simulator.faults.install({"skew": skew})
    answer = http.get("/metadata/endpoints")
    [date] = answer.headers.get_list("date")
    ahead = parsedate_to_datetime(date) - datetime.now(UTC)
    assert abs(ahead.total_seconds() - skew) < 5
