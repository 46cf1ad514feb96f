"""Which base model can be tuned and deployed how, where and until when: dated data, and what follows from it.

``base_models.json`` holds what Microsoft's pages said on the day they were read, with the pages' names.
``data`` reads it into frozen values. ``faults`` decides by them, for infra before a deployment and for jobs before a
run: its functions answer with texts that say what would work instead, and with nothing where all is well or where the
catalog knows nothing. Azure has the last word; the catalog only spares people a slow refusal.

    catalog.training_faults("o4-mini-2025-04-16", "supervised", "GlobalStandard", on=day)
    catalog.base_deployment_faults("gpt-4.1-mini", "2025-04-14", "Standard", on=day)
    catalog.tuned_deployment_faults("gpt-4.1-mini-2025-04-14.ft-…", "Standard", on=day, location="westus3")
"""

from __future__ import annotations

from contract.catalog.data import BaseModelFacts, Catalog, base_of, find, find_version, load, model_format
from contract.catalog.faults import (
    base_deployment_faults,
    crossing_faults,
    training_faults,
    tuned_deployment_faults,
)

__all__ = [
    "BaseModelFacts",
    "Catalog",
    "base_deployment_faults",
    "base_of",
    "crossing_faults",
    "find",
    "find_version",
    "load",
    "model_format",
    "training_faults",
    "tuned_deployment_faults",
]
