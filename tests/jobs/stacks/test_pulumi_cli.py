"""What Pulumi's command line says of itself, from words as CLI 3.260 prints them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.errors import Unreadable
from jobs.stacks.pulumi_cli import InstalledCli

PRINTED = """\
#!/bin/sh
case "$1" in
version) echo v3.260.0 ;;
whoami) printf 'User: ada\\nOrganizations: \\nBackend URL: azblob://state\\nToken type: personal\\n' ;;
plugin) printf 'NAME          KIND      VERSION  SIZE\\nazure-native  resource  3.29.0   1 GB\\n' ;;
esac
"""


def _pulumi(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch, name: str = "pulumi") -> InstalledCli:
    file = folder / name
    file.write_text(text)
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return InstalledCli(folder)


def test_version_login_and_plugins_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cli = _pulumi(tmp_path, PRINTED, monkeypatch)

    assert cli.version() == "3.260.0"
    assert cli.login() == "ada at azblob://state"
    assert cli.has_plugin("azure-native", "3.29.0")
    assert not cli.has_plugin("azure-native", "3.29.1")
    assert not cli.has_plugin("random", "3.29.0")


def test_a_plugin_on_path_is_taken_whatever_its_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cli = _pulumi(tmp_path, PRINTED, monkeypatch)
    _pulumi(tmp_path, "#!/bin/sh\n", monkeypatch, "pulumi-resource-azure-native")

    assert cli.has_plugin("azure-native", "4.0.0")


def test_where_there_is_none_it_has_no_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert InstalledCli(tmp_path).version() is None


def test_nobody_logged_in_is_told_in_the_cli_s_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "#!/bin/sh\necho 'error: PULUMI_ACCESS_TOKEN must be set for login' >&2\nexit 255\n"

    with pytest.raises(Unreadable, match="PULUMI_ACCESS_TOKEN must be set"):
        _pulumi(tmp_path, text, monkeypatch).login()
