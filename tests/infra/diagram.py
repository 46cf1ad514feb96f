"""The diagrams of docs/architecture.md, drawn from what the program declares; run as a module, this writes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.infra.recording import STACK, Asked, Declared, declare

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "architecture.md"
ENVIRONMENTS = ("dev", "prod")

Node = tuple[str, str]
"""A component's type, and the type of Azure's resources in it."""


def mermaid(declared: Declared) -> str:
    """A flowchart: a box per component, in it Azure's resource types with their number, arrows to what each needs.

    An arrow that follows from others is left out, as are those to the resource group, which everything needs.
    """
    by_urn = declared.by_urn()
    node_of = {asked.urn: _node(asked, by_urn) for asked in declared.resources if asked.custom}
    count = Counter(node_of.values())
    needs: dict[Node, set[Node]] = {node: set() for node in count}
    for urn, node in node_of.items():
        needs[node] |= {node_of[need] for need in by_urn[urn].dependencies if need in node_of} - {node}
    group = {node for node in count if node[1] == "ResourceGroup"}
    lines = ["flowchart LR"]
    for component in sorted({component for component, _ in count}):
        lines.append(f"  subgraph {component}")
        lines += [
            f'    {_name(node)}["{node[1]}{f" × {number}" if number > 1 else ""}"]'
            for node, number in sorted(count.items())
            if node[0] == component
        ]
        lines.append("  end")
    lines += [
        f"  {_name(node)} --> {_name(need)}"
        for node, wanted in sorted(_reduced(needs).items())
        for need in sorted(wanted - group)
    ]
    return "\n".join(lines)


def page_with_diagrams(text: str) -> str:
    """The page with each diagram between its marks drawn anew."""
    for name in ENVIRONMENTS:
        begin = f"<!-- {name}: generated -->\n"
        before, found, rest = text.partition(begin)
        _, end, after = rest.partition("<!-- end -->")
        assert found
        assert end
        drawn = mermaid(declare(_config(name), stack=name))
        text = f"{before}{begin}```mermaid\n{drawn}\n```\n{end}{after}"
    return text


def _node(asked: Asked, by_urn: Mapping[str, Asked]) -> Node:
    parent = by_urn.get(asked.parent)
    if parent is None or parent.type == STACK:
        return "Stack", asked.short_type
    # The right to use a key is a component like all rights, and belongs to the key's: encryption-<region>.
    component = parent.name.partition("-")[0].capitalize() if parent.short_type == "Access" else parent.short_type
    return component, asked.short_type


def _name(node: Node) -> str:
    return "_".join(node)


def _reduced(needs: Mapping[Node, set[Node]]) -> dict[Node, set[Node]]:
    """Without what is reached through another need, unless only by coming back to the one that needs it."""
    return {
        node: {need for need in wanted if not any(need in _reached(needs, other, node) for other in wanted - {need})}
        for node, wanted in needs.items()
    }


def _reached(needs: Mapping[Node, set[Node]], start: Node, beside: Node) -> set[Node]:
    """All that ``start`` leads to by ways that don't touch ``beside``."""
    seen: set[Node] = set()
    waiting = [start]
    while waiting:
        fresh = needs[waiting.pop()] - seen - {beside}
        seen |= fresh
        waiting += fresh
    return seen


def _config(name: str) -> dict[str, Any]:
    text = (ROOT / "environments" / f"Pulumi.{name}.yaml").read_text(encoding="utf-8")
    config: Mapping[str, Any] = YAML(typ="safe", pure=True).load(text)["config"]
    return {key.partition(":")[2]: value for key, value in config.items()}


if __name__ == "__main__":
    PAGE.write_text(page_with_diagrams(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
