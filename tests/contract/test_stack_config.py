"""The stack config: what is accepted, and how everything else is refused."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.faults import Fault, Faults
from contract.stack_config import StackConfig
from contract.stack_schema import json_schema
from tests.contract.specimens import record

SMALLEST: dict[str, Any] = {
    "accounts": {"main": {"name": "contoso-openai", "location": "swedencentral"}},
    "storage": {"name": "contosodata"},
}


def _faults(mapping: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Faults) as refused:
        StackConfig.parse(mapping)
    return {fault.key: fault.message for fault in refused.value.faults}


class TestWhatIsAccepted:
    def test_one_account_and_a_storage_account_are_enough(self) -> None:
        """An environment needs one account and a storage account, and nothing else."""
        config = StackConfig.parse(SMALLEST)

        assert config.accounts["main"].custom_subdomain == "contoso-openai"
        assert config.releases == {}
        assert not config.environment.production

    def test_the_only_account_need_not_be_named(self) -> None:
        """A model that names no account is trained and served in the only one."""
        sku = {"name": "GlobalStandard", "capacity": 50}
        config = StackConfig.parse(SMALLEST | {"models": {"clippy": {"skus": {"live": sku}}}})

        assert config.train_in("clippy") == "main"
        assert config.served_in("clippy") == ("main",)

    def test_pulumi_hands_objects_over_as_json_and_other_namespaces_beside_them(self) -> None:
        """What Pulumi's runtime holds is read: JSON texts under full keys, those of others left alone."""
        raw = {f"tuned-models:{key}": json.dumps(value) for key, value in SMALLEST.items()}

        config = StackConfig.parse_pulumi(raw | {"azure-native:location": "westeurope"})

        assert config == StackConfig.parse(SMALLEST)

    def test_the_catalogs_dates_count_from_today_unless_the_stack_says_otherwise(self) -> None:
        """asOf stands in the stack's config where it is simulated, and is today elsewhere."""
        today = date(2027, 1, 2)

        fixed = StackConfig.parse(SMALLEST | {"environment": {"asOf": "2026-11-20"}})

        assert fixed.as_of(today) == date(2026, 11, 20)
        assert StackConfig.parse(SMALLEST).as_of(today) == today


SKU = {"name": "Standard", "capacity": 1}
TWO_ACCOUNTS = SMALLEST | {
    "accounts": {
        "main": {"name": "contoso-openai", "location": "swedencentral"},
        "west": {"name": "contoso-west", "location": "northcentralus"},
    }
}


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("mapping", "key", "words"),
        [
            ({"accounts": {}, "storage": {"name": "abc"}}, "accounts", "is empty, at least 1"),
            (SMALLEST | {"access": {"callers": {"principalId": "me"}}}, "access.callers", "a list is expected"),
            (SMALLEST | {"modelss": {}}, "modelss", "did you mean 'models'?"),
            (SMALLEST | {"storage": {"name": "Contoso"}}, "storage.name", "3-24 lower-case letters and digits"),
            (SMALLEST | {"storage": {"name": 12345}}, "storage.name", "write it in quotes"),
            (SMALLEST | {"storage": None}, "storage", "mapping"),
            (SMALLEST | {"environment": {"production": "yes"}}, "environment.production", "neither true nor false"),
            (SMALLEST | {"environment": {"asOf": "2026-11-20T00:00:00Z"}}, "environment.asOf", "in quotes"),
            (SMALLEST | {"environment": {"asOf": "2026-02-30"}}, "environment.asOf", "calendar"),
            (
                SMALLEST | {"access": {"callers": [{"principalId": "me", "principalType": "User"}]}},
                "access.callers[0].principalId",
                "GUID",
            ),
            (
                SMALLEST | {"baseDeployments": {"gpt": {"model": "gpt-4.1", "version": 1, "sku": SKU}}},
                "baseDeployments.gpt.version",
                "write it in quotes",
            ),
            (
                SMALLEST | {"models": {"clippy": {"skus": {"live": {"name": "Standard", "capacity": 0}}}}},
                "models.clippy.skus.live.capacity",
                "0 is too little: at least 1",
            ),
            (
                SMALLEST | {"models": {"clippy": {"skus": {"live": {"name": "Standard", "capacity": "10"}}}}},
                "models.clippy.skus.live.capacity",
                "without quotes",
            ),
            (
                SMALLEST | {"models": {"clippy": {"skus": {"live": {"name": "Standrd", "capacity": 1}}}}},
                "models.clippy.skus.live.name",
                "'Standard'",
            ),
            (SMALLEST | {"models": {"Clippy!": {"skus": {"live": SKU}}}}, "models.Clippy!", "lower-case"),
            (
                SMALLEST | {"models": {"clippy": {"skus": {"live": SKU}, "trainIn": "mian"}}},
                "models.clippy.trainIn",
                "did you mean 'main'?",
            ),
            (TWO_ACCOUNTS | {"models": {"clippy": {"skus": {"live": SKU}}}}, "models.clippy.trainIn", "name one"),
            (
                TWO_ACCOUNTS
                | {"models": {"clippy": {"skus": {"live": SKU}, "trainIn": "main", "servedIn": ["west", "west"]}}},
                "models.clippy.servedIn",
                "twice",
            ),
            (
                SMALLEST
                | {
                    "accounts": {
                        "one": {"name": "contoso", "location": "swedencentral"},
                        "two": {"name": "Contoso", "location": "swedencentral"},
                    }
                },
                "accounts.two.name",
                "name of accounts.one too",
            ),
            (SMALLEST | {"releases": {"clippy": {}}}, "releases.clippy", "declare it"),
            # Added to a stack that is up, "east" would else take the group, and all that is in it, to its region.
            (TWO_ACCOUNTS, "resourceGroup.location", "in northcentralus and swedencentral; name the region"),
        ],
    )
    def test_each_fault_names_its_key_and_the_reason(self, mapping: dict[str, Any], key: str, words: str) -> None:
        """A value that cannot stand is refused under its key, in words that say what would stand."""
        assert words in _faults(mapping)[f"tuned-models:{key}"]

    def test_all_faults_are_reported_at_once(self) -> None:
        """Three faults in three places are three lines of one refusal."""
        mapping = {"accounts": {"main": {"name": "x-1", "locatoin": "a"}}, "storage": {"name": "NO"}, "modles": {}}

        assert set(_faults(mapping)) == {
            "tuned-models:accounts.main.location",
            "tuned-models:accounts.main.locatoin",
            "tuned-models:storage.name",
            "tuned-models:modles",
        }

    def test_what_only_shows_between_keys_is_reported_with_the_rest(self) -> None:
        """Entries that are sound are held against each other though others, and the storage, are not."""
        mapping = {
            "accounts": SMALLEST["accounts"],
            "storage": {"name": "NO"},
            "models": {"clippy": {"skus": {"live": SKU}, "trainIn": "mian"}, "bonzi": {"skus": {}}},
            "releases": {"bonzi": {"live": record()}, "merlin": {}},
        }

        assert set(_faults(mapping)) == {
            "tuned-models:storage.name",
            "tuned-models:models.bonzi.skus.live",
            "tuned-models:models.clippy.trainIn",
            "tuned-models:releases.merlin",
        }

    def test_what_others_find_is_reported_with_the_rest(self) -> None:
        """``also`` is given what is sound, and its faults stand beside those of shapes and references."""
        mapping = SMALLEST | {
            "models": {
                "clippy": {"skus": {"live": SKU}},
                "bonzi": {"skus": {"live": SKU}, "trainIn": "x"},
                "merlin": {"skus": 1},
            }
        }

        with pytest.raises(Faults) as refused:
            StackConfig.parse(mapping, lambda config: [Fault(f"models.{name}", "seen") for name in config.models])

        assert {(fault.key, fault.message == "seen") for fault in refused.value.faults} == {
            ("tuned-models:models.merlin.skus", False),
            ("tuned-models:models.bonzi.trainIn", False),
            ("tuned-models:models.clippy", True),
        }

    @pytest.mark.parametrize("section", ["accounts", "environment"])
    def test_nothing_is_judged_by_a_section_that_is_faulty(self, section: str) -> None:
        """What is in no account would be said of every model, and by which day is not known."""
        mapping = SMALLEST | {"models": {"clippy": {"skus": {"live": SKU}, "trainIn": "mian"}}, section: {"x": 1}}

        assert all(key.startswith(f"tuned-models:{section}") for key in _faults(mapping))

    @pytest.mark.parametrize("section", ["accounts", "environment"])
    def test_what_is_judged_by_itself_is_judged_all_the_same(self, section: str) -> None:
        """Whoever mends an account isn't told of the network, the filters and the mails only then."""
        mapping = SMALLEST | {
            section: {"x": 1},
            "network": {"mode": "private", "ipRules": ["203.0.113.10"]},
            "contentFilters": {"house": {"promptBlocklists": ["names"]}},
            "monitoring": {"workspace": {}},
        }

        assert {key for key in _faults(mapping) if not key.startswith(f"tuned-models:{section}")} == {
            "tuned-models:network",
            "tuned-models:network.ipRules",
            "tuned-models:contentFilters.house.promptBlocklists[0]",
            "tuned-models:monitoring.workspace",
        }

    def test_a_record_is_named_by_its_place(self) -> None:
        """Each fault of a record says which: candidate, live, or which of the previous ones."""
        former = [record("1" * 32), record("2" * 32, trainedAt="2026-13-40T99:00:00Z"), record("3" * 32, trainedIn="x")]
        mapping = SMALLEST | {
            "models": {"clippy": {"skus": {"live": SKU}}},
            "releases": {"clippy": {"previous": former}},
        }

        assert set(_faults(mapping)) == {
            "tuned-models:releases.clippy.previous[1].trainedAt",
            "tuned-models:releases.clippy.previous[2]",
        }

    def test_a_model_id_stands_in_one_place(self) -> None:
        """The same tuned model as candidate and live is a merge gone wrong."""
        releases = {"clippy": {"candidate": record(), "live": record()}}
        mapping = SMALLEST | {"models": {"clippy": {"skus": {"live": SKU}}}, "releases": releases}

        assert "more than one place: candidate, live" in _faults(mapping)["tuned-models:releases.clippy"]

    def test_a_record_of_an_unknown_account_needs_a_source(self) -> None:
        """A model that was trained in no account of this stack says where it comes from."""
        releases = {"clippy": {"live": record(trainedIn="elsewhere")}}
        mapping = SMALLEST | {"models": {"clippy": {"skus": {"live": SKU}}}, "releases": releases}

        assert "source" in _faults(mapping)["tuned-models:releases.clippy.live"]

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["main", "name", "location", "sku", "live", "clippy", "x"]), inner, max_size=3
                )
            ),
            max_leaves=12,
        ),
        st.sampled_from(["accounts", "storage", "models", "releases", "access", "baseDeployments", "environment"]),
    )
    def test_anything_is_accepted_or_refused(self, value: object, key: str) -> None:
        """No value of any shape raises anything but faults."""
        with suppress(Faults):
            StackConfig.parse(SMALLEST | {key: value})


def test_the_schema_knows_every_key_people_write() -> None:
    """Editors complete and check all keys of the namespace."""
    properties = json_schema()["properties"]["config"]["properties"]

    assert set(properties) == {
        f"tuned-models:{key}"
        for key in (
            "environment",
            "resourceGroup",
            "accounts",
            "storage",
            "network",
            "encryption",
            "access",
            "contentFilters",
            "blocklists",
            "pointers",
            "monitoring",
            "budget",
            "prices",
            "baseDeployments",
            "models",
            "releases",
        )
    }
