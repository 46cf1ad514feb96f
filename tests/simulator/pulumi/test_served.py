"""Accounts, content filters and deployments of the product's program, in process from one up to the next."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from simulator.arm.models import ACCOUNTS, DEPLOYMENTS, PROJECTS, RAI_BLOCKLISTS, RAI_POLICIES, resources_of
from simulator.environment import reaching
from simulator.pulumi.summary import Failed, Summary, UpResult
from simulator.pulumi.up import Verb, bring
from simulator.pulumi.ways_out import ways_out
from simulator.server import Simulator
from tests.simulator.pulumi.standing import FirstUps
from tests.simulator.pulumi.tuned import release, tuned_deployments

STANDARD = {"name": "GlobalStandard", "capacity": 10}
MINI = {"model": "gpt-4.1-mini", "version": "2025-04-14", "sku": STANDARD}
RESERVED = MINI | {"sku": {"name": "GlobalProvisionedManaged", "capacity": 50}}
CONFIG: dict[str, Any] = {
    "environment": {"asOf": "2026-11-20", "protection": "off"},
    "accounts": {"main": {"name": "served-main", "location": "swedencentral"}},
    "storage": {"name": "servedstorage"},
    "baseDeployments": {"mini": MINI},
}


@dataclass
class Stage:
    simulator: Simulator
    stack_file: Path
    bring: Callable[..., UpResult]
    first: Callable[[], UpResult]
    stands: bool = False

    def up(self, **config: Any) -> UpResult:
        """One up of a stack like ``CONFIG``, with these keys changed."""
        self.write(**config)
        stood, self.stands = self.stands, True
        return self.bring("up") if stood else self.first()

    def write(self, **config: Any) -> None:
        values = {f"tuned-models:{key}": value for key, value in (CONFIG | config).items()}
        self.stack_file.write_text(json.dumps({"config": values}))

    def names(self, type_: str) -> list[str]:
        return [each.name for each in resources_of(self.simulator.cloud, type_)]

    def deployment(self, name: str) -> dict[str, Any]:
        (found,) = (each for each in resources_of(self.simulator.cloud, DEPLOYMENTS) if each.name == name)
        return found.body


@pytest.fixture
def stage(simulator: Simulator, tmp_path: Path, first_ups: FirstUps) -> Stage:
    environment = reaching(simulator, ambient={"PATH": "/nowhere"})
    environment["JOBS_OUTPUTS"] = str(tmp_path / "home" / "outputs")
    folder = tmp_path / "environments"
    folder.mkdir()
    stack_file = folder / "Pulumi.served.yaml"

    def run(verb: Verb) -> UpResult:
        return bring(verb, tmp_path, "served", environment)

    return Stage(simulator, stack_file, run, lambda: first_ups.up(simulator, tmp_path, stack_file, lambda: run("up")))


WHOLE: dict[str, Any] = {
    "resourceGroup": {"location": "swedencentral"},
    "accounts": {
        "main": {
            "name": "served-main",
            "location": "swedencentral",
            "kind": "AIServices",
            "identity": "user",
            "projects": {"support": {"displayName": "Support"}, "sales": {}},
        },
        "second": {"name": "served-second", "location": "northcentralus"},
    },
    "contentFilters": {"strict": {"prompt": {"hate": "low"}, "promptBlocklists": ["rivals"]}, "other": {}},
    "blocklists": {"rivals": {"terms": {"one": {"pattern": "fabrikam"}, "two": {"pattern": "f.*", "regex": True}}}},
    "baseDeployments": {
        "a-reserved": RESERVED | {"account": "main", "spillover": "mini", "contentFilter": "Microsoft.DefaultV2"},
        "mini": MINI | {"accounts": ["main", "second"], "contentFilter": "strict"},
        "nano": MINI | {"model": "gpt-4.1-nano", "account": "second", "contentFilter": "other"},
    },
}


def test_everything_at_once_comes_up_stays_and_goes(stage: Stage) -> None:
    first = stage.up(**WHOLE)
    assert stage.names(PROJECTS) == ["sales", "support"]
    assert stage.names(RAI_POLICIES) == ["strict", "other", "strict"]
    assert first.summary == Summary(created=first.summary.created)

    second = stage.up(**WHOLE)
    assert second.summary == Summary(unchanged=first.summary.created)
    limits = second.outputs["accounts"]["main"]["deployments"]["mini"]["rateLimits"]
    assert limits == [
        {"key": "request", "renewalPeriod": 60, "count": 10},
        {"key": "token", "renewalPeriod": 60, "count": 10000},
    ]

    stage.bring("destroy")
    assert stage.names(ACCOUNTS) == []


def test_capacity_is_changed_in_place(stage: Stage) -> None:
    stage.up()
    result = stage.up(baseDeployments={"mini": MINI | {"sku": STANDARD | {"capacity": 20}}})

    assert result.summary.updated == 1
    assert result.summary.replaced == result.summary.created == result.summary.deleted == 0
    assert stage.deployment("mini")["sku"]["capacity"] == 20


def test_a_filter_is_added_exchanged_and_taken_away_in_place(stage: Stage) -> None:
    """A policy goes only when no deployment has it any more, and its blocklist only then."""
    filters = {"strict": {"promptBlocklists": ["rivals"]}, "looser": {"prompt": {"hate": "high"}}}
    more = {"contentFilters": filters, "blocklists": {"rivals": {"terms": {"one": {"pattern": "fabrikam"}}}}}
    for name, policies, blocklists in (
        (None, [], []),
        ("strict", ["strict"], ["rivals"]),
        ("looser", ["looser"], []),
        (None, [], []),
    ):
        mini = MINI | ({"contentFilter": name} if name else {})
        result = stage.up(**more, baseDeployments={"mini": mini})

        assert result.summary.replaced == 0
        assert stage.deployment("mini")["properties"].get("raiPolicyName") == name
        assert (stage.names(RAI_POLICIES), stage.names(RAI_BLOCKLISTS)) == (policies, blocklists)


def test_spillover_is_added_to_what_stands_and_taken_away(stage: Stage) -> None:
    """The order of the two changes with it, and neither is replaced."""
    for spillover in (None, "mini", None):
        reserved = RESERVED | ({"spillover": spillover} if spillover else {})
        result = stage.up(baseDeployments={"a-reserved": reserved, "mini": MINI})

        assert result.summary.replaced == 0
        assert stage.deployment("a-reserved")["properties"].get("spilloverDeploymentName") == spillover


class TestADeletedNamesake:
    @pytest.fixture
    def deleted(self, stage: Stage) -> Stage:
        stage.up()
        stage.bring("destroy")
        return stage

    def test_is_refused_with_azure_s_words_and_the_two_ways_out(self, deleted: Stage) -> None:
        with pytest.raises(Failed, match="409 FlagMustBeSetForRestore") as refused:
            deleted.up()

        [ways] = ways_out(str(refused.value))
        assert "`restore: true`" in ways
        assert "az cognitiveservices account purge --resource-group tuned-models-served --name served-main" in ways

    def test_is_restored_where_the_config_says_so_and_then_nothing_changes(self, deleted: Stage) -> None:
        restoring = {"accounts": {"main": CONFIG["accounts"]["main"] | {"restore": True}}}
        first = deleted.up(**restoring)

        assert deleted.names(ACCOUNTS) == ["served-main"]
        assert deleted.up(**restoring).summary == Summary(unchanged=first.summary.created)

    def test_restore_is_taken_out_by_one_update_that_leaves_the_account_as_it_is(self, deleted: Stage) -> None:
        deleted.up(accounts={"main": CONFIG["accounts"]["main"] | {"restore": True}})
        summary = deleted.up().summary

        assert (summary.updated, summary.replaced, summary.deleted) == (1, 0, 0)
        assert deleted.up().summary.changed == 0


class TestWhereAzureSaysNoMore:
    """The line of the stack file that helps is named beside Azure's own words."""

    @pytest.fixture
    def way(self, stage: Stage) -> Callable[..., str]:
        """The one way out of what an up with these keys is refused for."""

        def of(**config: Any) -> str:
            with pytest.raises(Failed) as refused:
                stage.up(**config)
            [way] = ways_out(str(refused.value))
            return way

        return of

    def test_a_restore_of_an_account_that_stands_or_never_was(self, stage: Stage, way: Callable[..., str]) -> None:
        account = CONFIG["accounts"]["main"] | {"restore": True}
        assert "no deleted account served-main" in way(accounts={"main": account})
        stage.up()
        assert "The account served-main stands" in way(accounts={"main": account | {"identity": "user"}})

    def test_a_deleted_vault_that_holds_the_name(self, stage: Stage, way: Callable[..., str]) -> None:
        """It comes back with its key, which isn't to be made again from then on."""
        keys = {"vault": "served-vault", "softDeleteDays": 7}
        restoring = keys | {"restore": True}
        assert "no deleted vault served-vault" in way(encryption={"swedencentral": restoring})
        stage.up(encryption={"swedencentral": keys})
        stage.bring("destroy")

        way_out = way(encryption={"swedencentral": keys})
        assert "A deleted vault served-vault" in way_out
        assert "`restore: true` beside `vault`" in way_out

        stage.up(
            encryption={"swedencentral": restoring}, accounts={"main": CONFIG["accounts"]["main"] | {"restore": True}}
        )
        assert "leave `restore: true`" in way(encryption={"swedencentral": keys})

    def test_an_open_weight_model_under_a_name_that_is_not_its_maker_s(self, way: Callable[..., str]) -> None:
        foundry = {"main": CONFIG["accounts"]["main"] | {"kind": "AIServices"}}
        gpt = {"model": "gpt-oss-20b", "version": "11", "format": "Contoso", "sku": STANDARD}
        assert "`format`" in way(accounts=foundry, baseDeployments={"gpt": gpt})

    def test_what_stands_and_is_not_known_any_more(self, stage: Stage, way: Callable[..., str], tmp_path: Path) -> None:
        stage.up()
        shutil.rmtree(tmp_path / "home" / "stacks")
        assert "import.md" in way()


class TestAnotherKind:
    """Azure turns an account into one of Foundry and back, in place: nothing trained in it is touched."""

    FOUNDRY: dict[str, Any] = CONFIG["accounts"]["main"] | {"kind": "AIServices"}

    def test_is_an_update_there_and_back(self, stage: Stage) -> None:
        stage.up()
        for account in (self.FOUNDRY, CONFIG["accounts"]["main"]):
            summary = stage.up(accounts={"main": account}).summary
            assert (summary.updated, summary.changed) == (1, 1)
            (standing,) = resources_of(stage.simulator.cloud, ACCOUNTS)
            assert standing.body["kind"] == account.get("kind", "OpenAI")
        assert stage.names(DEPLOYMENTS) == ["mini"]

    def test_goes_back_only_without_projects(self, stage: Stage) -> None:
        stage.up(accounts={"main": self.FOUNDRY | {"projects": {"support": {}}}})
        with pytest.raises(Failed, match=r"400 BadRequest: .* delete its projects first"):
            stage.up()

    def test_that_azure_gave_it_is_kept_by_saying_so(self, stage: Stage) -> None:
        """Microsoft upgrades accounts by itself: the next preview shows the way back, and `kind` takes it over."""
        stage.up()
        (standing,) = resources_of(stage.simulator.cloud, ACCOUNTS)
        standing.body["kind"] = "AIServices"
        standing.properties["allowProjectManagement"] = True

        seen = stage.bring("preview").summary
        assert (seen.updated, seen.changed) == (1, 1)
        stage.up(accounts={"main": self.FOUNDRY})
        assert standing.body["kind"] == "AIServices"
        assert stage.bring("preview").summary.changed == 0


def test_an_account_of_another_team_gets_deployments_and_is_left_as_it_was(stage: Stage, tmp_path: Path) -> None:
    stage.up(baseDeployments={})
    theirs = next(each for each in resources_of(stage.simulator.cloud, ACCOUNTS))
    before = theirs.model_dump()
    environment = reaching(stage.simulator, ambient={"PATH": "/nowhere"})
    environment["JOBS_OUTPUTS"] = str(tmp_path / "home" / "outputs")
    ours = {
        "accounts": {"main": {"existing": theirs.id, "location": "swedencentral"}},
        "storage": {"name": "ourstorage"},
    }
    values = {f"tuned-models:{key}": value for key, value in (CONFIG | ours).items()}
    (stage.stack_file.parent / "Pulumi.ours.yaml").write_text(json.dumps({"config": values}))

    first = bring("up", tmp_path, "ours", environment)
    assert stage.names(DEPLOYMENTS) == ["mini"]
    assert first.outputs["accounts"]["main"]["id"] == theirs.id
    assert bring("up", tmp_path, "ours", environment).summary == Summary(unchanged=first.summary.created)

    bring("destroy", tmp_path, "ours", environment)
    assert stage.names(DEPLOYMENTS) == []
    assert theirs.model_dump() == before


def test_a_release_into_a_full_account_stops_before_any_deployment_and_the_two_steps_lead_out(stage: Stage) -> None:
    """One tuned deployment is allowed: the former live one has to go before the next one comes."""
    account = CONFIG["accounts"]["main"] | {"limits": {"tunedDeployments": 1}}
    clippy = {"skus": {"live": STANDARD}, "keepPrevious": 0}
    full = {"accounts": {"main": account}, "models": {"clippy": clippy}}

    def records(**numbers: int) -> None:
        stage.write(**full, releases={})
        text = stage.stack_file.read_text()
        stage.stack_file.write_text(_lines(text))
        release(stage.simulator, stage.stack_file, **numbers)

    stage.up(**full)
    records(live=1)
    stage.bring("up")
    (standing,) = tuned_deployments(stage.simulator)
    records(live=2)
    for verb in ("preview", "up"):
        with pytest.raises(Failed, match=r"accounts\.main\.limits\.tunedDeployments: .* 2 at once") as refused:
            stage.bring(verb)
        assert "lower keepPrevious" in str(refused.value)
        assert "Traceback" not in str(refused.value)
        assert "has risen" not in str(refused.value)
    assert tuned_deployments(stage.simulator) == {standing}

    records()
    stage.bring("up")
    assert tuned_deployments(stage.simulator) == set()
    records(live=2)
    stage.bring("up")
    assert len(tuned_deployments(stage.simulator)) == 1


def _lines(text: str) -> str:
    """The stack file in YAML, a key a line, as ``release`` wants it."""
    config = json.loads(text)["config"]
    lines = [f"  {key}: {json.dumps(value)}" for key, value in config.items() if not key.endswith(":releases")]
    return "\n".join(["config:", *lines, ""])
