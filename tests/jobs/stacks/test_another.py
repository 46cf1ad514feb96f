"""A stack file made after another one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from contract.stack_config import NAMESPACE, StackConfig
from jobs.errors import Refused, Usage
from jobs.stacks.another import renamed, write_another

OLD = """\
# yaml-language-server: $schema=stack.schema.json
# Where a release is rehearsed.
encryptionsalt: v1:abc=
config:
  tuned-models:accounts:
    main:
      name: "contoso-models-staging"   # unique in all of Azure
      location: swedencentral
  tuned-models:storage: {name: contosostaging}
  tuned-models:access:
    trainers:
      - {principalId: 00000000-0000-0000-0000-0000000000e1, principalType: Group}
  tuned-models:models:
    clippy:
      skus: {live: {name: Standard, capacity: 20}}
  tuned-models:releases:
    clippy: {}
  # The team's own namespace.
  other:key: staging
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: tuned-models\nstackConfigDir: environments\n")
    (tmp_path / "environments").mkdir()
    _write(tmp_path, OLD)
    return tmp_path


def _write(project: Path, text: str) -> None:
    (project / "environments/Pulumi.staging.yaml").write_bytes(text.encode())


def _made(project: Path) -> str:
    return (project / "environments/Pulumi.qa.yaml").read_bytes().decode()


def test_the_new_file_is_the_old_one_under_other_names_without_records_and_keys_of_encryption(project: Path) -> None:
    write_another(project, "qa", "staging")

    expected = OLD.replace("contoso-models-staging", "contoso-models-qa").replace("contosostaging", "contosoqa")
    expected = expected.replace("encryptionsalt: v1:abc=\n", "")
    assert _made(project) == expected.replace("  tuned-models:releases:\n    clippy: {}\n", "")


def test_the_new_file_is_a_config_that_the_program_takes(project: Path) -> None:
    write_another(project, "qa", "staging")
    config = YAML(typ="safe", pure=True).load(_made(project))["config"]

    parsed = StackConfig.parse(
        {key.removeprefix(f"{NAMESPACE}:"): value for key, value in config.items() if key.startswith(NAMESPACE)}
    )
    assert (parsed.accounts["main"].name, parsed.storage.name) == ("contoso-models-qa", "contosoqa")


def test_what_is_copied_and_may_be_the_old_environments_own_is_named(project: Path) -> None:
    written = write_another(project, "qa", "staging")

    assert list(written.review) == [("access.trainers[0].principalId", "00000000-0000-0000-0000-0000000000e1")]
    assert [key for key, _, _ in written.changed] == ["accounts.main.name", "storage.name"]


def test_line_breaks_stay_those_of_the_old_file(project: Path) -> None:
    _write(project, OLD.replace("\n", "\r\n"))
    write_another(project, "qa", "staging")

    assert _made(project).count("\r\n") == _made(project).count("\n") > 10


def test_a_file_that_is_there_is_not_written_over(project: Path) -> None:
    write_another(project, "qa", "staging")
    before = _made(project)

    with pytest.raises(Refused, match="is there already"):
        write_another(project, "qa", "staging")
    assert _made(project) == before


@pytest.mark.parametrize("name", ["QA", "q", "2qa", "qa_1", "a-name-of-more-than-20-letters", "-qa", "qa-"])
def test_a_name_that_azures_names_cannot_hold_is_refused(project: Path, name: str) -> None:
    with pytest.raises(Usage):
        write_another(project, name, "staging")


def test_names_that_would_be_too_long_for_azure_are_faults_and_nothing_is_written(project: Path) -> None:
    _write(project, OLD.replace("contosostaging", "contosotunedmodelstaging"))

    with pytest.raises(Refused) as refused:
        write_another(project, "quality-assurance", "staging")
    assert "tuned-models:storage.name" in str(refused.value)
    assert not (project / "environments/Pulumi.quality-assurance.yaml").exists()


def test_names_that_get_too_long_are_refused_with_what_would_help(project: Path) -> None:
    _write(project, OLD.replace("contosostaging", "contosotunedmodelstaging"))

    with pytest.raises(Refused) as refused:
        write_another(project, "quality-assurance", "staging")
    assert "Take a shorter NAME, or shorten the names in " in str([refused.value, refused.value.details])
    assert "Pulumi.staging.yaml" in refused.value.details[-1]


def test_a_name_that_stands_once_and_is_pointed_to_is_changed_once(project: Path) -> None:
    """YAML's anchors: what an alias repeats is the same text."""
    text = OLD.replace('"contoso-models-staging"', '&name "contoso-models-staging"')
    _write(project, text.replace("location: sweden", "subdomain: *name\n      location: sweden"))
    write_another(project, "qa", "staging")

    assert '      name: &name "contoso-models-qa"   # unique in all of Azure\n      subdomain: *name\n' in _made(
        project
    )


def test_nothing_is_restored_that_never_was_there(project: Path) -> None:
    """Azure refuses `restore` where there is no deleted namesake, and nobody has deleted one of the new names."""
    restored = "      restore: true\n      location: swedencentral\n"
    vault = "  tuned-models:encryption:\n    swedencentral: {vault: kv-staging, restore: true}\n  tuned-models:storage"
    _write(
        project,
        OLD.replace("      location: swedencentral\n", restored).replace("  tuned-models:storage", vault),
    )
    written = write_another(project, "qa", "staging")

    assert _made(project).count("restore: false") == 2
    assert ("encryption.swedencentral.restore", "true", "false") in written.changed


@pytest.mark.parametrize(("since", "expected"), [("2025-01", "2026-11"), ("2027-02", "2027-02")])
def test_the_budget_begins_no_earlier_than_this_month(project: Path, since: str, expected: str) -> None:
    """Azure takes no past month for a budget that is new."""
    budget = f'  tuned-models:budget: {{amount: 5, since: "{since}", emails: [a@contoso.com]}}\n'
    _write(project, OLD.replace("  tuned-models:storage", f"{budget}  tuned-models:storage"))
    written = write_another(project, "qa", "staging", today=date(2026, 11, 21))

    assert f'since: "{expected}"' in _made(project)
    named = [key for key, *_ in [*written.changed, *written.review]]
    assert named.count("budget.since") == 1, "it is either changed or copied"


def test_dashes_that_a_storage_name_cannot_have_are_left_out_of_the_old_name_too(project: Path) -> None:
    (project / "environments/Pulumi.prod-eu.yaml").write_text(OLD.replace("contosostaging", "contosoprodeu"))
    write_another(project, "qa", "prod-eu")

    assert "{name: contosoqa}" in _made(project)


def test_the_local_azures_name_is_taken(project: Path) -> None:
    """Its file is ignored by git, and `make clean` deletes it."""
    with pytest.raises(Usage, match="'local' is the stack of the local Azure"):
        write_another(project, "local", "staging")


def test_encrypted_values_are_refused_with_their_line(project: Path) -> None:
    """They can be read with the old stack's key alone."""
    _write(project, OLD.replace("  # The team's", "  tuned-models:budget:\n    secure: v1:xyz=\n  # The team's"))

    with pytest.raises(Refused, match="budget is encrypted for that stack alone") as refused:
        write_another(project, "qa", "staging")
    assert refused.value.line == 19


def test_a_secret_of_the_provider_is_refused_too(project: Path) -> None:
    """The new stack could not decrypt it, whatever key it stands in."""
    _write(project, OLD.replace("  other:key: staging", "  azure-native:clientSecret:\n    secure: v1:xyz="))

    with pytest.raises(Refused, match="azure-native:clientSecret is encrypted for that stack alone") as refused:
        write_another(project, "qa", "staging")
    assert refused.value.line == 20


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("contoso-dev", "contoso-qa"),
        ("contoso-DEV-eu", "contoso-qa-eu"),
        ("contosotuneddev", "contosotunedqa"),
        ("developers-dev", "developers-qa"),
        ("developers", "developersqa"),
        ("contoso-models", "contoso-models-qa"),
    ],
)
def test_a_name_gets_the_environments_in_place_of_the_old_one_or_at_its_end(value: str, expected: str) -> None:
    assert renamed(value, "dev", "qa") == expected
