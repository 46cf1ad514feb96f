"""The types and inputs that rules speak of, held against the installed azure-native package."""

from __future__ import annotations

import importlib
import inspect

import pytest

from policy import kinds
from tests.policy.test_rules import BREAKS, TYPES

TOKENS = sorted(kinds.TAGGED | {kinds.CONTAINER, kinds.ROLE_ASSIGNMENT})


def _parameters(token: str) -> set[str]:
    _, module, name = token.split(":")
    kind = getattr(importlib.import_module(f"pulumi_azure_native.{module}"), name)
    return set(inspect.signature(kind._internal_init).parameters)


def _snake(name: str) -> str:
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name)


@pytest.mark.parametrize("token", TOKENS)
def test_the_type_exists_and_takes_tags_if_the_rule_says_so(token: str) -> None:
    assert ("tags" in _parameters(token)) is (token in kinds.TAGGED)


@pytest.mark.parametrize(("which", "path"), sorted({(which, path) for _, which, path, _ in BREAKS}))
def test_each_input_that_rules_read_is_one(which: str, path: str) -> None:
    """Its first part; what lies within is the test of the program's, which passes the rules."""
    assert _snake(path.partition(".")[0]) in _parameters(f"azure-native:{TYPES[which][0]}")
