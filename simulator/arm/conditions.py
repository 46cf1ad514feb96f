"""Conditions on assignments of roles that assign roles: which assignments their holder may write and delete.

Syntax and evaluation: Microsoft Learn, "Azure role assignment condition format and syntax"; attributes: "Authorization
actions and attributes". Only what those conditions take is read, and only these operators; that AND binds closer than
OR is memory, and so is that an attribute which the request lacks fulfils nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(
    r"\s*(?:(?P<action>ActionMatches\s*\{\s*'(?P<named>[^']*)'\s*\})"
    r"|(?P<source>@Request|@Resource)\s*\[\s*Microsoft\.Authorization/roleAssignments:(?P<attribute>\w+)\s*\]"
    r"\s*(?P<operator>[A-Za-z:]+)\s*(?P<values>\{[^}]*\}|'[^']*'|[0-9a-fA-F-]{36})"
    r"|(?P<word>AND\b|OR\b|&&|\|\||[!()]))",
    re.IGNORECASE,
)
_ANY, _ALL = "foranyofanyvalues:", "foranyofallvalues:"
_EQUAL = frozenset({"guidequals", "stringequals", "stringequalsignorecase"})
_UNEQUAL = frozenset({"guidnotequals", "stringnotequals", "stringnotequalsignorecase"})


class Unreadable(Exception):
    """The condition is in no form that is known here."""


@dataclass(frozen=True)
class Attempt:
    """What somebody wants to do: ``request`` is the assignment to be written, ``resource`` the one to be deleted."""

    action: str
    request: Mapping[str, str]
    resource: Mapping[str, str]


Condition = Callable[[Attempt], bool]


def read(text: str) -> Condition:
    """The condition as a question to an attempt. Raises Unreadable."""
    tokens = _tokens(text)
    condition = _or(tokens)
    if tokens:
        raise Unreadable(tokens[0][0])
    return condition


def _tokens(text: str) -> list[re.Match[str]]:
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        token = _TOKEN.match(text, at)
        if token is None:
            raise Unreadable(text[at:].strip())
        found.append(token)
        at = token.end()
    return found


def _or(tokens: list[re.Match[str]]) -> Condition:
    parts = [_and(tokens)]
    while _next_is(tokens, "OR", "||"):
        parts.append(_and(tokens))
    return lambda attempt: any(part(attempt) for part in parts)


def _and(tokens: list[re.Match[str]]) -> Condition:
    parts = [_one(tokens)]
    while _next_is(tokens, "AND", "&&"):
        parts.append(_one(tokens))
    return lambda attempt: all(part(attempt) for part in parts)


def _one(tokens: list[re.Match[str]]) -> Condition:
    if _next_is(tokens, "!"):
        negated = _one(tokens)
        return lambda attempt: not negated(attempt)
    if _next_is(tokens, "("):
        inner = _or(tokens)
        if not _next_is(tokens, ")"):
            raise Unreadable("no closing bracket")
        return inner
    if not tokens or tokens[0]["word"]:
        raise Unreadable(tokens[0][0] if tokens else "it ends too early")
    token = tokens.pop(0)
    if token["action"]:
        named = token["named"].lower()
        return lambda attempt: attempt.action.lower() == named
    return _comparison(token)


def _comparison(token: re.Match[str]) -> Condition:
    source, attribute = token["source"].lower(), token["attribute"].lower()
    values = {value.strip().strip("'").lower() for value in token["values"].strip("{}").split(",")}
    operator = token["operator"].lower()
    plain = operator.removeprefix(_ANY).removeprefix(_ALL)
    if plain in _EQUAL and not operator.startswith(_ALL):
        wanted = True
    elif plain in _UNEQUAL and not operator.startswith(_ANY):
        wanted = False
    else:
        raise Unreadable(token["operator"])

    def holds(attempt: Attempt) -> bool:
        value = (attempt.request if source == "@request" else attempt.resource).get(attribute)
        return value is not None and (value.lower() in values) is wanted

    return holds


def _next_is(tokens: list[re.Match[str]], *words: str) -> bool:
    if tokens and (tokens[0]["word"] or "").upper() in words:
        tokens.pop(0)
        return True
    return False
