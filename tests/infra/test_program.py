"""The program as a whole: the launcher, the config's faults, and what changes from one up to the next."""

from __future__ import annotations

import json
import runpy
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pulumi
import pytest

from infra import program
from tests.infra.recording import Declared, RecordingMonitor, declare, run
from tests.infra.specimens import GLOBAL, released, stack, trained, two_accounts


@pytest.fixture
def interrupts() -> Iterator[None]:
    """What an interrupt does is the same again afterwards."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts")
class TestTheLauncher:
    def test_an_interrupt_ends_it_without_a_trace(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The CLI interrupts the program when a resource fails, and shows what the program prints then as an error."""
        monkeypatch.setattr(sys, "path", list(sys.path))
        launcher = Path(program.__file__).with_name("__main__.py")
        raw = {f"tuned-models:{key}": json.dumps(value) for key, value in stack().items()}

        def launch() -> None:
            runpy.run_path(str(launcher))

        run(RecordingMonitor(), raw, launch)

        assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL

    def test_it_puts_the_repositorys_root_where_python_put_its_own_folder(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Were that folder left on the path, every module could be imported under two names."""
        launcher = Path(program.__file__).with_name("__main__.py")
        monkeypatch.setattr(sys, "path", [str(launcher.parent), *sys.path])
        monitor = RecordingMonitor()
        raw = {f"tuned-models:{key}": json.dumps(value) for key, value in stack().items()}

        def launch() -> None:
            runpy.run_path(str(launcher))

        run(monitor, raw, launch)

        assert sys.path[0] == str(launcher.parent.parent)
        assert str(launcher.parent) not in sys.path
        assert len(monitor.asked) > 0


class TestRecordsAMergeHasBroken:
    """Two branches' changes can merge as text and come to nonsense: preview says so before any resource."""

    def test_one_model_in_two_places_ends_it(self) -> None:
        skus = {"skus": {"live": GLOBAL}}
        config = stack(
            models={"clippy": skus, "helper": skus},
            releases={"clippy": {"live": trained(1)}, "helper": {"live": trained(1)}},
        )
        with pytest.raises(pulumi.RunError, match=r"releases\.helper\.live: .* is releases\.clippy\.live too"):
            declare(config)

    def test_what_is_only_likely_wrong_is_a_warning(self, monkeypatch: pytest.MonkeyPatch) -> None:
        told: list[str] = []
        monkeypatch.setattr(pulumi.log, "warn", told.append)
        declare(stack(releases={"clippy": {"previous": [trained(1, servedWith=GLOBAL)]}}))

        (words,) = told
        assert words.startswith("tuned-models:releases.clippy.live: nothing is live")


class TestWhatIsLive:
    """What callers get was measured, or somebody answers for it; preview says so before any resource."""

    BY_ADA: ClassVar = {"by": "Ada", "at": "2026-10-02T09:00:00Z", "reason": "live since May"}

    def test_a_model_that_has_not_passed_ends_it(self) -> None:
        with pytest.raises(
            pulumi.RunError, match=r"releases\.clippy\.live: .* may not be live: it has not been evaluated"
        ):
            declare(stack(releases={"clippy": {"live": trained(1, evaluation=None)}}))

    def test_one_that_is_there_by_an_override_is_a_warning_each_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        told: list[str] = []
        monkeypatch.setattr(pulumi.log, "warn", told.append)
        declare(stack(releases={"clippy": {"live": trained(1, evaluation=None, override=self.BY_ADA)}}))

        (words,) = told
        assert words.startswith("tuned-models:releases.clippy.live: ")
        assert "is live by an override of Ada, 2026-10-02T09:00:00Z: live since May (it has not been eval" in words

    def test_a_rollback_declares_the_deployments_that_stand(self) -> None:
        """So an up makes nothing and deletes nothing."""
        former = trained(1, servedWith=GLOBAL)
        left = trained(2, servedWith=GLOBAL, withdrawal={"kind": "rolledBack", **self.BY_ADA})
        states = [{"live": trained(2), "previous": [former]}, {"live": former, "previous": [left]}]
        before, after = (declare(stack(releases={"clippy": each})).of_type("Deployment") for each in states)

        assert {each.name: each.inputs for each in before} == {each.name: each.inputs for each in after}


class TestTheResourceGroup:
    def test_it_is_named_after_the_stack_and_stands_with_the_accounts(self) -> None:
        (group,) = declare(stack(), stack="qa").of_type("ResourceGroup")

        assert group.inputs["resourceGroupName"] == "tuned-models-qa"
        assert group.inputs["location"] == "swedencentral"

    def test_the_config_may_name_it_otherwise(self) -> None:
        (group,) = declare(stack(resourceGroup={"name": "ml", "location": "westeurope"})).of_type("ResourceGroup")

        assert group.inputs["resourceGroupName"] == "ml"
        assert group.inputs["location"] == "westeurope"


class TestComponents:
    def test_every_component_names_its_children_after_itself_and_is_their_parent(self) -> None:
        declared = declare(stack(releases={"clippy": {"live": trained(1)}}))
        by_urn = declared.by_urn()

        for asked in declared.resources:
            if asked.custom and asked.short_type != "ResourceGroup":
                component = by_urn[asked.parent]
                assert component.type.startswith("tuned-models:index:")
                assert asked.name.startswith(component.name)

    def test_no_two_resources_share_a_urn(self) -> None:
        declared = declare(two_accounts(releases={"clippy": {"live": trained(1, trainedIn="europe")}}))

        assert len(declared.by_urn()) == len(declared.resources)

    def test_accounts_whose_names_begin_alike_keep_their_deployments_apart(self) -> None:
        """``a`` with ``b-c`` and ``a-b`` with ``c`` are two deployments."""
        base = {"model": "gpt-4.1-mini", "version": "2025-04-14", "sku": GLOBAL}
        declared = declare(
            stack(
                accounts={
                    "aa": {"name": "contoso-1", "location": "swedencentral"},
                    "aa-bb": {"name": "contoso-2", "location": "swedencentral"},
                },
                baseDeployments={"bb-cc": base | {"account": "aa"}, "cc": base | {"account": "aa-bb"}},
                models={},
            )
        )

        assert len({asked.urn for asked in declared.of_type("Deployment")}) == 2


class TestWhatChangesBetweenUps:
    def test_the_same_config_declares_the_same(self) -> None:
        config = two_accounts(releases={"clippy": {"live": trained(1, trainedIn="europe")}})

        assert declare(config).inputs() == declare(config).inputs()

    def test_the_order_of_keys_in_the_file_changes_nothing(self) -> None:
        """The CLI hands mappings over sorted."""
        config = two_accounts(releases={"clippy": {"live": trained(1, trainedIn="europe")}})
        turned = {key: dict(reversed(value.items())) for key, value in reversed(config.items())}

        assert declare(turned).inputs() == declare(config).inputs()

    def test_a_release_leaves_the_former_live_deployment_untouched(self) -> None:
        before = {"live": trained(1, servedWith=GLOBAL), "candidate": trained(2)}
        first = declare(stack(releases={"clippy": before})).inputs()
        second = declare(stack(releases={"clippy": released(before, GLOBAL, GLOBAL)})).inputs()

        assert second == first

    def test_a_former_live_model_keeps_the_sku_it_was_live_with(self) -> None:
        """The model's own SKU is raised in the same change; the former one's deployment stays as it was."""
        before = {"live": trained(1, servedWith=GLOBAL), "candidate": trained(2)}
        bigger = {"name": "GlobalStandard", "capacity": 90}
        first = declare(stack(releases={"clippy": before})).inputs()
        second = declare(
            stack(
                models={"clippy": {"skus": {"live": bigger}}},
                releases={"clippy": released(before, GLOBAL, bigger)},
            )
        ).inputs()
        changed = [urn for urn in first if first[urn] != second[urn]]

        assert first.keys() == second.keys()
        assert len(changed) == 1
        assert second[changed[0]]["properties"]["model"]["name"] == trained(2)["modelId"]

    def test_recording_a_second_model_leaves_the_first_ones_resources_untouched(self) -> None:
        models = {"clippy": {"skus": {"live": GLOBAL}}, "bonzi": {"skus": {"live": GLOBAL}}}
        first = declare(stack(models=models, releases={"clippy": {"live": trained(1)}}))
        second = declare(stack(models=models, releases={"clippy": {"live": trained(1)}, "bonzi": {"live": trained(2)}}))

        assert second.inputs().items() >= first.inputs().items()
        assert {asked.urn: asked.dependencies for asked in second.resources}.items() >= {
            asked.urn: asked.dependencies for asked in first.resources
        }.items()
        assert len(second.resources) == len(first.resources) + 1

    def test_another_capacity_changes_the_deployment_in_place(self) -> None:
        def asked(capacity: int) -> Declared:
            sku = {"name": "GlobalStandard", "capacity": capacity}
            return declare(stack(models={"clippy": {"skus": {"live": sku}}}, releases={"clippy": {"live": trained(1)}}))

        assert asked(10).inputs().keys() == asked(20).inputs().keys()

    def test_another_sku_is_another_deployment(self) -> None:
        """So callers of the first are served until the second is there."""

        def urns(sku: str) -> set[str]:
            config = stack(
                models={"clippy": {"skus": {"live": {"name": sku, "capacity": 10}}}},
                releases={"clippy": {"live": trained(1)}},
            )
            return {asked.urn for asked in declare(config).of_type("Deployment")}

        assert len(urns("Standard") - urns("GlobalStandard")) == 1


class TestFaults:
    def test_they_come_all_at_once_and_before_any_resource(self) -> None:
        monitor = RecordingMonitor()
        raw = {"tuned-models:acounts": "{}", "tuned-models:storage": '{"name": "UPPER"}'}

        with pytest.raises(pulumi.RunError) as refused:
            run(monitor, raw, program.declare)
        text = str(refused.value)

        assert "tuned-models:acounts: unknown key; did you mean 'accounts'?" in text
        assert "tuned-models:accounts: is missing" in text
        assert "tuned-models:storage.name" in text
        assert monitor.asked == []

    def test_those_of_the_catalog_come_with_those_of_shapes_and_references(self) -> None:
        config = stack(
            storage={"name": "UPPER"},
            baseDeployments={"old": {"model": "gpt-4", "version": "0613", "sku": GLOBAL}},
            models={"clippy": {"skus": {"live": GLOBAL}, "trainIn": "mian"}},
        )

        with pytest.raises(pulumi.RunError) as refused:
            declare(config)

        head, *faults = str(refused.value).splitlines()
        assert head == "stack config: 3 faults"
        assert [fault.split(": ")[0].strip() for fault in faults] == [
            "tuned-models:storage.name",
            "tuned-models:models.clippy.trainIn",
            "tuned-models:baseDeployments.old",
        ]

    def test_what_azure_would_refuse_is_refused_all_at_once_too(self) -> None:
        config = stack(
            baseDeployments={"old": {"model": "gpt-4", "version": "0613", "sku": GLOBAL}},
            models={"clippy": {"skus": {"live": {"name": "Standard", "capacity": 1}}}},
            accounts={"main": {"name": "contoso-openai", "location": "westus3"}},
            releases={"clippy": {"live": trained(1)}},
        )

        with pytest.raises(pulumi.RunError) as refused:
            declare(config)

        first, base, tuned = str(refused.value).splitlines()
        assert first == "stack config: 2 faults"
        assert "tuned-models:baseDeployments.old: gpt-4-0613 was retired on 2025-06-06" in base
        assert "tuned-models:releases.clippy.live: in account main" in tuned
        assert "offered in northcentralus and swedencentral, or use GlobalStandard" in tuned

    def test_the_configs_own_day_counts_before_todays(self) -> None:
        config = stack(
            environment={"asOf": "2026-11-18"},
            baseDeployments={"o4": {"model": "o4-mini", "version": "2025-04-16", "sku": GLOBAL}},
        )

        assert len(declare(config).of_type("Deployment")) == 1
        with pytest.raises(pulumi.RunError, match="retired on 2026-11-19"):
            declare(config | {"environment": {}})
