"""What a model's datasets are held to, by what the catalog knows of its base."""

from __future__ import annotations

from contract import catalog
from contract.release import Method
from jobs.data.expected import Expected, Use


def expected_of(base: str | None, method: Method, use: Use = "training") -> Expected:
    """``base``: a model's ID, tuned ones included; what the catalog doesn't know of it stays unknown."""
    facts = catalog.find(base) if base is not None else None
    if facts is None:
        return Expected(use=use, method=method, base=base)
    return Expected(
        use=use,
        method=method,
        base=base,
        encoding=facts.encoding,
        tokens_per_example=facts.tokens_per_example,
        images=facts.images,
    )
