"""How many tuned deployments an account has, declared and while an up goes on."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from contract.outputs import StackOutputs
from contract.stack_config import StackConfig
from infra.tuned_limit import limit_faults, standing, transition_faults
from tests.infra.recording import declare
from tests.infra.specimens import GLOBAL, stack, trained

KEY = "accounts.main.limits.tunedDeployments"


def config(live: int, previous: int = 0, *, limit: int = 3, keep: int = 9) -> dict[str, Any]:
    """A stack with a live model of this number, and so many previous ones before it."""
    account = {"name": "contoso-openai", "location": "swedencentral", "limits": {"tunedDeployments": limit}}
    former = [trained(live - back, servedWith=GLOBAL) for back in range(1, previous + 1)]
    return stack(
        accounts={"main": account},
        models={"clippy": {"skus": {"live": GLOBAL}, "keepPrevious": keep}},
        releases={"clippy": {"live": trained(live, servedWith=GLOBAL), "previous": former}},
    )


def left_by(stack_config: dict[str, Any]) -> dict[str, Any]:
    """The outputs of an up with that config."""
    return dict(declare(stack_config).outputs)


def over(last: dict[str, Any], now: dict[str, Any]) -> list[str]:
    return [str(fault) for fault in transition_faults(StackConfig.parse(now), "main", left_by(last))]


class TestDeclared:
    def test_as_many_as_azure_allows_are_allowed(self) -> None:
        assert list(limit_faults(StackConfig.parse(config(10, 2)))) == []

    def test_one_more_is_refused_before_any_resource(self) -> None:
        with pytest.raises(pulumi.RunError, match=f"{KEY}: 4 tuned models .* Azure allows 3"):
            declare(config(10, 3))

    def test_a_limit_that_azure_raised_counts(self) -> None:
        assert list(limit_faults(StackConfig.parse(config(10, 3, limit=4)))) == []

    def test_all_deployments_have_a_limit_too(self) -> None:
        declared = config(10, 2)
        declared["accounts"]["main"]["limits"] |= {"deployments": 3}

        assert [fault.key for fault in limit_faults(StackConfig.parse(declared))] == [
            "accounts.main.limits.deployments"
        ]


class TestWhileAnUpGoesOn:
    """What is deleted goes last: until then the new ones stand beside it."""

    def test_a_release_into_a_full_account_is_refused_with_the_two_steps(self) -> None:
        """Three stand, a fourth comes, and only then one goes."""
        (fault,) = over(config(10, 2), config(11, 2))

        assert fault.startswith(f"{KEY}: 3 tuned models")
        assert "4 at once, where Azure allows 3" in fault
        assert "clippy-" in fault  # the one that would have to go first, by name
        assert fault.index("take back") < fault.index("lower keepPrevious") < fault.index("then release")

    def test_with_the_release_left_in_the_file_no_room_is_made(self) -> None:
        """So taking it back comes first: what is to go still stands while the new one comes."""
        (fault,) = over(config(10, 2), config(11, 0))

        assert fault.startswith(f"{KEY}: 1 tuned model is to be deployed")

    def test_the_way_out_leads_out(self) -> None:
        """Lowered and brought up, then released: neither step is refused."""
        full, lowered, released = config(10, 2), config(10, 1), config(11, 2)

        assert over(full, lowered) == []
        assert over(lowered, released) == []

    def test_a_release_with_room_is_none_of_its_business(self) -> None:
        assert over(config(10, 1), config(11, 2)) == []

    def test_an_up_that_only_takes_away_is_allowed_however_full_it_is(self) -> None:
        assert over(config(10, 9, limit=10), config(10, 2)) == []

    def test_before_the_first_up_nothing_stands(self) -> None:
        assert list(transition_faults(StackConfig.parse(config(10, 2)), "main", {})) == []

    def test_outputs_of_an_older_version_of_the_program_tell_nothing(self) -> None:
        older = {"accounts": {"main": {"id": "…", "name": "contoso-openai"}}}

        assert standing(older, "main") == frozenset()

    def test_the_program_stops_and_declares_no_deployment(self) -> None:
        with pytest.raises(pulumi.RunError, match="4 at once"):
            declare(config(11, 2), last_up=left_by(config(10, 2)))

    def test_the_program_goes_on_where_there_is_room(self) -> None:
        declared = declare(config(11, 2), last_up=left_by(config(10, 1)))

        assert len(declared.of_type("Deployment")) == 4
        assert "organization/tuned-models/dev" in declared.read


def test_a_stack_without_tuned_models_reads_nothing_of_itself() -> None:
    assert declare(stack()).read == ()


def test_the_outputs_say_of_every_deployment_whether_it_is_tuned_and_what_it_is_on() -> None:
    main = StackOutputs.parse(left_by(config(10, 1))).accounts["main"]

    assert sorted(name.partition("-")[0] for name, each in main.deployments.items() if each.tuned) == ["clippy"] * 2
    assert [name for name, each in main.deployments.items() if not each.tuned] == ["gpt-4.1-mini"]
    assert {each.sku.name for each in main.deployments.values()} == {"GlobalStandard"}
