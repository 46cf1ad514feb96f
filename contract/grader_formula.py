"""The formula of a multi grader: ``(similarity + label) / 2``.

Operators and functions as documented (azure-ai-docs, reinforcement-fine-tuning.md); names are those of its graders.
"""

from __future__ import annotations

import ast
import math
import operator
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_LONGEST = 10_000
_OF_SEVERAL = ("min", "max")
_CALLED: Mapping[str, Callable[..., float]] = {
    "min": min,
    "max": max,
    "abs": abs,
    "floor": math.floor,
    "ceil": math.ceil,
    "exp": math.exp,
    "sqrt": math.sqrt,
    "log": math.log,
}
_OPERATORS: Mapping[type[ast.operator], Callable[[float, float], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
FUNCTIONS = tuple(_CALLED)


def check(formula: str, graders: frozenset[str]) -> None:
    """Raises ValueError with everything in ``formula`` that the service could not compute."""
    if len(formula) > _LONGEST:
        raise ValueError(f"calculateOutput has {len(formula)} characters, at most {_LONGEST} are allowed")
    text = _python(formula)
    try:
        # What Python warns of in a text of its own is no news to who writes a formula.
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(f"calculateOutput: {_short(formula)} is no formula") from None
    wrong = sorted({problem for node in _operands(tree.body) if (problem := _problem(node, graders, text))})
    if wrong:
        raise ValueError(f"calculateOutput: {'; '.join(wrong)}")


def used(formula: str) -> frozenset[str]:
    """The names that a formula that has been checked computes with."""
    tree = ast.parse(_python(formula), mode="eval")
    return frozenset(node.id for node in _operands(tree.body) if isinstance(node, ast.Name))


def value(formula: str, scores: Mapping[str, float]) -> float:
    """What a formula that has been checked comes to. Raises ArithmeticError where it comes to nothing."""
    try:
        return _value(ast.parse(_python(formula), mode="eval").body, scores)
    except (ValueError, TypeError) as error:  # A root, or a logarithm, that there is not.
        raise ArithmeticError(str(error)) from None
    except RecursionError:
        raise ArithmeticError("it is nested too deeply") from None


def _value(node: ast.expr, scores: Mapping[str, float]) -> float:
    match node:
        case ast.Name(id=name):
            return scores[name]
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.UnaryOp(op=sign, operand=operand):
            found = _value(operand, scores)
            return -found if isinstance(sign, ast.USub) else found
        case ast.BinOp(left=left, op=sign, right=right):
            # float() refuses what is complex: a root of a negative number.
            return float(_OPERATORS[type(sign)](_value(left, scores), _value(right, scores)))
        case ast.Call(func=ast.Name(id=function), args=arguments):
            given = [_value(argument, scores) for argument in arguments]
            return float(_CALLED[function](given) if function in _OF_SEVERAL else _CALLED[function](*given))
        case _:
            raise ValueError("it is no formula")


def _python(formula: str) -> str:
    return formula.strip().replace("^", "**")


def _operands(node: ast.expr) -> Iterator[ast.expr]:
    """The nodes of a formula, however deep; of a call the arguments, and not the function's name."""
    pending = [node]
    while pending:
        found = pending.pop()
        yield found
        if isinstance(found, ast.BinOp):
            pending += [found.left, found.right]
        elif isinstance(found, ast.UnaryOp):
            pending.append(found.operand)
        elif isinstance(found, ast.Call):
            pending += found.args


def _problem(node: ast.expr, graders: frozenset[str], text: str) -> str | None:
    def written() -> str:
        # Which a long formula takes long to find, of each of its parts.
        return _short(ast.get_source_segment(text, node) or "")

    match node:
        case ast.Name(id=name) if name not in graders:
            return f"{written()} is no grader here (there are {', '.join(sorted(graders))})"
        case ast.Constant(value=bool() | str() | bytes() | None):
            return f"{written()} is no number"
        case ast.Call(func=ast.Name(id=function), keywords=[]) if function not in FUNCTIONS:
            return f"{_short(function)} is no function here (there are {', '.join(FUNCTIONS)})"
        case ast.Call(func=ast.Name(id=function), args=given) if not given:
            return f"{written()} is of nothing"
        case ast.Call(func=ast.Name(id=function), args=given) if function not in _OF_SEVERAL and len(given) > 1:
            return f"{_short(function)} takes one value, not {len(given)}"
        case (
            ast.Name()
            | ast.Constant(value=int() | float())
            | ast.Call(func=ast.Name(), keywords=[])
            | ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.Pow())
            | ast.UnaryOp(op=ast.USub() | ast.UAdd())
        ):
            return None
        case _:
            return f"{written()} is none of + - * / ^, a number, a grader or a function"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"
