"""The catalog, and the local Azure's own table of base models: what both state they state alike.

They are two readings of the same pages, kept apart so that one can judge the other. Where they differ on purpose, a
reason stands in DIFFERENCES; any other difference fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from contract import catalog
from contract.catalog import BaseModelFacts
from simulator.openai.bases import BASES, Base

TRAINING_TYPES = {"standard": "Standard", "globalStandard": "GlobalStandard", "developerTier": "Developer"}
"""As the service echoes a training type → as tune.yaml names it."""

DATA_ZONE = (
    "no page names the regions of the US data zone: the catalog takes those that train, so that it errs with a reason; "
    "the local Azure adds centralus from memory, since Azure has the last word"
)
DATA_ZONE_PTU = (
    "the pages list provisioned throughput without naming its SKU: the catalog lets the data zone's pass in the one "
    "region in the United States; the local Azure, which must know, has none"
)
GONE = "gone from the tables of tunable models: the catalog knows no day, the local Azure has one from memory"
DEPRECATED = "no page says so: the local Azure has it from memory, so that its lifecycle can be seen"
VERSION = "the page names no version: the catalog finds every one, the local Azure serves one, from memory"

DIFFERENCES: dict[tuple[str, str], str] = {
    ("gpt-4.1-2025-04-14", "DataZoneStandard in"): DATA_ZONE,
    ("gpt-4.1-mini-2025-04-14", "DataZoneStandard in"): DATA_ZONE,
    ("gpt-4.1-nano-2025-04-14", "DataZoneStandard in"): DATA_ZONE,
    ("gpt-4o-2024-08-06", "DataZoneStandard in"): DATA_ZONE,
    ("gpt-4o-mini-2024-07-18", "DataZoneStandard in"): DATA_ZONE,
    ("o4-mini-2025-04-16", "DataZoneStandard in"): DATA_ZONE,
    ("gpt-4o-2024-08-06", "tuned SKUs"): DATA_ZONE_PTU,
    ("gpt-4o-mini-2024-07-18", "tuned SKUs"): DATA_ZONE_PTU,
    ("gpt-4o-2024-05-13", "deprecated"): DEPRECATED,
    ("gpt-oss-20b-11", "id"): VERSION,
} | {
    (f"gpt-35-turbo-{version}", what): GONE
    for version in ("1106", "0125")
    for what in ("base retires", "training ends", "tuned ends", "deprecated")
}
"""(model ID as the local Azure has it, what) → why the two differ."""

ONLY_IN_THE_CATALOG = {
    "gpt-oss-120b": "preview, on managed compute: no training type of the API stands for it",
    "Qwen3.6-35B-A3B": "as gpt-oss-120b",
    "Qwen3.8-27B": "as gpt-oss-120b",
    "Muse-Glimmer-30B": "as gpt-oss-120b",
    "MAI-Code-1.1-Flash": "preview: no page names a training type",
}


def _facts(base: Base) -> BaseModelFacts:
    facts = catalog.find_version(base.name, base.version)
    assert facts is not None, f"the catalog doesn't know {base.id}"
    return facts


def _stated(facts: BaseModelFacts, base: Base) -> Iterator[tuple[str, Any, Any]]:
    """What, as the catalog has it, as the local Azure has it. Regions only where the catalog names any."""
    life = base.lifecycle
    yield "id", facts.id, base.id
    yield "format", facts.format, base.format
    yield "kinds", set(facts.kinds), set(base.kinds)
    yield "methods", set(facts.methods), set(base.methods)
    yield "deprecated", facts.deprecated, life.deprecating_since is not None
    yield "base retires", facts.base_retires, life.inference_retires
    yield "training ends", facts.training_ends, life.training_ends
    yield "tuned ends", facts.tuned_ends, life.tuned_ends
    trained: dict[str, Any] = {TRAINING_TYPES[name]: where for name, where in base.training.items()}
    served = {name: where for name, where in base.tuned_skus.items() if where}
    yield "training types", set(facts.training), set(trained)
    yield "tuned SKUs", set(facts.tuned_skus or ()), set(served)
    for offers, simulated in ((facts.training, trained), (facts.tuned_skus or {}, served)):
        for name, regions in offers.items():
            where = catalog.load().where(regions)
            if where is not None and name in simulated:
                yield f"{name} in", set(where), set(simulated[name])


@pytest.mark.parametrize("base", BASES, ids=lambda base: base.id)
def test_both_state_the_same_but_for_the_differences_that_have_a_reason(base: Base) -> None:
    differing = {what for what, in_catalog, simulated in _stated(_facts(base), base) if in_catalog != simulated}

    assert differing == {what for model, what in DIFFERENCES if model == base.id}


def test_what_the_local_azure_leaves_out_is_known() -> None:
    simulated = {_facts(base).id for base in BASES}

    assert {facts.id for facts in catalog.load().base_models} - simulated == ONLY_IN_THE_CATALOG.keys()
