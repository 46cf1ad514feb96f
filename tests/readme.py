"""The commands that README.md tells a newcomer to type."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[list[str]]:
    """The lines of each fenced block in `language`, in their order."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return [body.splitlines() for name, body in _BLOCK.findall(text) if name == language]


def commands() -> list[str]:
    """What stands behind a prompt, in the order of the page."""
    return [line.removeprefix("$ ") for block in blocks("console") for line in block if line.startswith("$ ")]


def azure_commands() -> list[str]:
    """The session on Azure, without its comments."""
    return [line.partition("#")[0].strip() for block in blocks("sh") for line in block]
