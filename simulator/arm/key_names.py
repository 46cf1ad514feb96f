"""How a key and a label of App Configuration stand in the name of an ARM resource: `key$label`, escaped.

A name in ARM has no slash and no percent sign: what isn't plain is percent-encoded, with `~` in the place of `%`
(Microsoft Learn, azure-app-configuration/quickstart-resource-manager). A key without label has no `$` behind it.
"""

from __future__ import annotations

from urllib.parse import quote, unquote


def encode(key: str, label: str | None) -> str:
    """The name under which ARM knows a key-value."""
    return _escaped(key) + (f"${_escaped(label)}" if label else "")


def decode(name: str) -> tuple[str, str | None]:
    """Key and label; None where it has none."""
    key, _, label = name.partition("$")
    return _plain(key), _plain(label) or None


def _escaped(text: str) -> str:
    return quote(text, safe="").replace("~", "%7E").replace("%", "~")


def _plain(text: str) -> str:
    return unquote(text.replace("~", "%"))
