"""The models of an account through the openai client."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from openai import NotFoundError, OpenAI

from tests.simulator.openai.conftest import Tenancy, capitals
from tests.simulator.openai.test_dance import tuned


def extra(client: OpenAI, model: str) -> dict[str, Any]:
    found = client.models.retrieve(model).model_extra
    assert found is not None
    return found


def moment(*date: int) -> int:
    return int(datetime(*date, tzinfo=UTC).timestamp())  # type: ignore[misc,arg-type]  # year, month, day


class TestABase:
    def test_says_what_it_can_and_until_when(self, client: OpenAI) -> None:
        """Dates of the retirement schedule of 2026-10-05."""
        known = extra(client, "gpt-4.1-mini-2025-04-14")

        assert known["capabilities"]["fine_tune"] is True
        assert known["capabilities"]["inference"] is True
        assert known["deprecation"] == {"fine_tune": moment(2027, 4, 14), "inference": moment(2027, 4, 14)}
        assert known["lifecycle_status"] == "generally-available"

    def test_that_is_retired_does_nothing(self, client: OpenAI) -> None:
        """gpt-35-turbo is still listed, without abilities."""
        known = extra(client, "gpt-35-turbo-0125")

        assert (known["capabilities"]["fine_tune"], known["capabilities"]["inference"]) == (False, False)

    def test_with_open_weights_is_for_foundry_accounts(self, tenancy: Tenancy, client: OpenAI) -> None:
        """And there `fine_tune` is wrongly false, as field reports have it."""
        with pytest.raises(NotFoundError):
            client.models.retrieve("gpt-oss-20b-11")
        tenancy.account.body["kind"] = "AIServices"

        assert extra(client, "gpt-oss-20b-11")["capabilities"]["fine_tune"] is False


class TestATunedModel:
    def test_is_in_the_list_of_its_account(self, client: OpenAI) -> None:
        """With the base it was made from."""
        model = str(tuned(client, capitals()).fine_tuned_model)

        assert [m.id for m in client.models.list()].count(model) == 1
        assert extra(client, model)["model"] == "gpt-4.1-mini-2025-04-14"

    def test_is_unknown_elsewhere(self, tenancy: Tenancy, client: OpenAI) -> None:
        """404 for a model of another account."""
        model = str(tuned(client, capitals()).fine_tuned_model)
        for job in tenancy.simulator.cloud.state.openai.jobs.values():
            job.account = "/elsewhere"

        with pytest.raises(NotFoundError):
            client.models.retrieve(model)
