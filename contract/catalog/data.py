"""The catalog's data as frozen values, and the way from a model's ID to its facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from contract.release import Method, TrainingType
from contract.shape import Shape, Text

Kind = Literal["OpenAI", "AIServices"]
Regions = tuple[Text, ...] | Text | None
"""Where something is offered: regions, the name of a list of regions, or null where no page names any."""


class BaseModelFacts(Shape):
    """What is known of one base model. Dates end what they name when that day begins (UTC)."""

    name: Text
    version: Text | None
    """Null where no page names it."""
    format: Text
    """``model.format`` of its deployments and of those tuned from it."""
    kinds: tuple[Kind, ...]
    """The kinds of account that serve it."""
    methods: tuple[Method, ...]
    """How it can be tuned; empty where it can't."""
    training: Mapping[TrainingType, Regions]
    """The training types that are offered, and where."""
    tuned_skus: Mapping[str, Regions] | None
    """The SKUs that serve what was tuned from it, and where; null where no page says."""
    deprecated: bool
    """Only subscriptions that have already deployed this very version may deploy it."""
    base_retires: date | None
    """The base model answers 410 Gone from then on."""
    training_ends: date | None
    tuned_ends: date | None
    """What was tuned from it answers 410 Gone from then on."""
    encoding: Literal["o200k_base", "cl100k_base"] | None
    """The vocabulary that its tokens are counted by; null where none is known."""
    tokens_per_example: int | None
    """The most tokens of one training example; null where no page says."""
    images: bool | None
    """Whether it is tuned with images; null where no page says either way."""
    notes: tuple[Text, ...]

    @property
    def id(self) -> str:
        """How the service names it: ``gpt-4.1-mini-2025-04-14``."""
        return f"{self.name}-{self.version}" if self.version else self.name

    @property
    def open_weight(self) -> bool:
        return self.format != "OpenAI"


class Catalog(Shape):
    """All of ``base_models.json``."""

    schema_version: Literal[1]
    as_of: date
    """The day on which the pages were read."""
    sources: Mapping[str, Text]
    conventions: tuple[Text, ...]
    regions: Mapping[str, tuple[Text, ...]]
    base_models: tuple[BaseModelFacts, ...]

    def where(self, regions: Regions) -> tuple[str, ...] | None:
        """The regions meant; None where no page names any."""
        return self.regions[regions] if isinstance(regions, str) else regions


@lru_cache(maxsize=1)
def load() -> Catalog:
    """The catalog, read once per process."""
    text = files(__package__).joinpath("base_models.json").read_text(encoding="utf-8")
    return Catalog.model_validate_json(text)


def base_of(model_id: str) -> str:
    """The base model's ID in a tuned model's: ``<base>.ft-<hex>[-suffix]``, also with ``:ckpt-step-N``."""
    return model_id.partition(".ft-")[0]


def find(model_id: str) -> BaseModelFacts | None:
    """The facts of a base model, by its ID or by that of a model tuned from it; None where it is unknown."""
    base = base_of(model_id)
    for facts in load().base_models:
        # Where no page names the version, the ID may end in any.
        if facts.id == base or (facts.version is None and base.startswith(f"{facts.name}-")):
            return facts
    return None


def find_version(name: str, version: str) -> BaseModelFacts | None:
    """The facts of a base model by name and version, as a deployment names it; None where it is unknown."""
    for facts in load().base_models:
        if facts.name == name and facts.version in (version, None):
            return facts
    return None


def model_format(model_id: str) -> str:
    """``model.format`` of a deployment of this model; ``OpenAI`` for one that the catalog doesn't know."""
    facts = find(model_id)
    return facts.format if facts else "OpenAI"
