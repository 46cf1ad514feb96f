"""docs/simulator.md lists every refusal there is, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "simulator.md").read_text()
MODULES = [
    "appconfig/errors.py",
    "arm/errors.py",
    "arm/cognitive_errors.py",
    "arm/configuration_errors.py",
    "arm/encryption_errors.py",
    "arm/identity_errors.py",
    "arm/key_vault_errors.py",
    "arm/monitor_errors.py",
    "arm/network_acl_errors.py",
    "arm/network_errors.py",
    "arm/provider_errors.py",
    "arm/rai_errors.py",
    "blobs/errors.py",
    "entra/errors.py",
    "keyvault/errors.py",
    "openai/chat_errors.py",
    "openai/errors.py",
]
_ROW = re.compile(r"^\| [^|]+ \| (\d{3}) \| `([^`]+)` \|", re.MULTILINE)


def refusals(module: str) -> Iterator[tuple[str, str]]:
    """Status and code of each refusal that the module makes, as its source has them."""
    for call in ast.walk(ast.parse((ROOT / "simulator" / module).read_text())):
        if not isinstance(call, ast.Call) or not call.args:
            continue
        first, *others = [value.value for value in call.args if isinstance(value, ast.Constant)] or [None]
        named = [
            word.value.value for word in call.keywords if word.arg == "code" and isinstance(word.value, ast.Constant)
        ]
        code = (named or others or [None])[0]
        if isinstance(first, int) and 400 <= first < 600 and isinstance(code, str):
            yield str(first), code


@pytest.mark.parametrize("module", MODULES)
def test_every_refusal_is_on_the_page(module: str) -> None:
    """With its status and its code."""
    made = set(refusals(module))

    assert made
    assert made - set(_ROW.findall(PAGE)) == set()


def test_the_page_lists_no_refusal_that_nobody_makes() -> None:
    """Those of the kernel are named here: they stand in simulator/errors.py and application.py."""
    made = {refusal for module in MODULES for refusal in refusals(module)}

    assert set(_ROW.findall(PAGE)) - made == {("501", "SimulatorFault"), ("507", "StateNotSaved")}
