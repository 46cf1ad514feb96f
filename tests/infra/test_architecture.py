"""docs/architecture.md shows what is declared."""

from __future__ import annotations

from tests.infra.diagram import PAGE, mermaid, page_with_diagrams
from tests.infra.recording import declare
from tests.infra.specimens import stack


def test_the_diagrams_are_those_of_what_the_program_declares() -> None:
    """Where this fails: make architecture."""
    text = PAGE.read_text(encoding="utf-8")

    assert text == page_with_diagrams(text)


def test_a_diagram_shows_each_type_in_its_component_and_what_it_needs() -> None:
    drawn = mermaid(declare(stack())).splitlines()

    assert "  subgraph Storage" in drawn
    assert '    Storage_BlobContainer["BlobContainer × 2"]' in drawn
    assert "  Storage_BlobContainer --> Storage_BlobServiceProperties" in drawn
    assert not any(line.endswith("ResourceGroup") for line in drawn if "-->" in line)
