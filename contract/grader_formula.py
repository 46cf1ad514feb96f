"""The formula of a multi grader: ``(similarity + label) / 2``.

Operators and functions as documented (azure-ai-docs, reinforcement-fine-tuning.md); names are those of its graders.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

FUNCTIONS = ("min", "max", "abs", "floor", "ceil", "exp", "sqrt", "log")
_LONGEST = 10_000


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
    written = _short(ast.get_source_segment(text, node) or "")
    match node:
        case ast.Name(id=name) if name not in graders:
            return f"{written} is no grader here (there are {', '.join(sorted(graders))})"
        case ast.Constant(value=bool() | str() | bytes() | None):
            return f"{written} is no number"
        case ast.Call(func=ast.Name(id=function), keywords=[]) if function not in FUNCTIONS:
            return f"{_short(function)} is no function here (there are {', '.join(FUNCTIONS)})"
        case (
            ast.Name()
            | ast.Constant(value=int() | float())
            | ast.Call(func=ast.Name(), keywords=[])
            | ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.Pow())
            | ast.UnaryOp(op=ast.USub() | ast.UAdd())
        ):
            return None
        case _:
            return f"{written} is none of + - * / ^, a number, a grader or a function"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"
