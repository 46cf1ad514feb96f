"""What Azure asks for, as far as pages tell: a dated table, which an environment overrides.

``prices.json`` holds each price with its source; what was not found stays unknown, and says so. Money is Decimal, in
US dollars. Keys name what is paid for:

    training/<base>/<training type>        per 1M trained tokens
    trainingHour/<base>/<training type>    per hour of training (reinforcement)
    hosting/<SKU>                          per hour and deployment of a tuned model; provisioned: per PTU and hour
    input/<base>, output/<base>            per 1M tokens
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Literal, get_args

from contract.catalog.data import base_of, find, load
from contract.catalog.faults import misspelt_base
from contract.release import Sku, TrainingType
from contract.shape import Shape, Text

Kind = Literal["training", "trainingHour", "hosting", "input", "output"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_TRAINING_TYPES: tuple[str, ...] = get_args(TrainingType)
_SKUS: tuple[str, ...] = get_args(Sku.model_fields["name"].annotation)
_UNITS: Mapping[Kind, str] = {
    "training": "per 1M tokens",
    "trainingHour": "per hour",
    "hosting": "per hour",
    "input": "per 1M tokens",
    "output": "per 1M tokens",
}
MILLION = 1_000_000


class ListedPrice(Shape):
    """One entry of the table. ``usd`` is null where the price was looked for and not found."""

    usd: Decimal | None
    source: Text
    """A key of the table's sources."""
    note: Text | None = None
    regions: Mapping[str, Decimal] = {}
    """Where the account's region has another price than ``usd``."""


class PriceTable(Shape):
    """All of ``prices.json``."""

    schema_version: Literal[1]
    as_of: date
    """The day whose prices these are, but for those whose source names another."""
    sources: Mapping[str, Text]
    conventions: tuple[Text, ...]
    prices: Mapping[str, ListedPrice]


@dataclass(frozen=True)
class Price:
    """A price with what it rests on; ``usd`` is None where it is not known, and ``source`` then says what to do."""

    key: str
    usd: Decimal | None
    unit: str
    source: str

    def __str__(self) -> str:
        return self.source if self.usd is None else f"${plain(self.usd)} {self.unit} ({self.source})"


@lru_cache(maxsize=1)
def table() -> PriceTable:
    """The project's table, read once per process."""
    text = files(__package__).joinpath("prices.json").read_text(encoding="utf-8")
    return PriceTable.model_validate_json(text)


class Prices:
    """The table's prices, and an environment's in their place (key → US dollars)."""

    def __init__(self, overrides: Mapping[str, float] | None = None) -> None:
        self._overrides = overrides or {}

    def training(self, base: str, training_type: TrainingType, location: str) -> Price:
        """``base`` is a base model's ID or a tuned model's, here and below; ``location`` the account's region."""
        return self._of("training", base, training_type, location=location)

    def training_hour(self, base: str, training_type: TrainingType, location: str) -> Price:
        return self._of("trainingHour", base, training_type, location=location)

    def hosting(self, sku: str) -> Price:
        """Of a tuned model's deployment; of a provisioned one per PTU."""
        return self._price("hosting", f"hosting/{sku}")

    def input(self, base: str) -> Price:
        return self._of("input", base)

    def output(self, base: str) -> Price:
        return self._of("output", base)

    def _of(self, kind: Kind, base: str, *rest: str, location: str | None = None) -> Price:
        named = base_of(base)
        key = "/".join((kind, named, *rest))
        facts = find(named)
        # An open-weight model's ID ends in a version that no page names: its price stands under the name alone, too.
        general = "/".join((kind, facts.id if facts else _only_version(named), *rest))
        known = table().prices
        stands = next((each for each in (key, general) if each in self._overrides), None)
        return self._price(kind, stands or (key if key in known or general not in known else general), location)

    def _price(self, kind: Kind, key: str, location: str | None = None) -> Price:
        unit = "per PTU and hour" if key.endswith("ProvisionedManaged") else _UNITS[kind]
        if key in self._overrides:
            return Price(key, Decimal(str(self._overrides[key])), unit, "prices of this environment")
        known = table()
        listed = known.prices.get(key)
        if listed is None or listed.usd is None:
            why = f" ({listed.note})" if listed is not None and listed.note else ""
            return Price(key, None, unit, f"not known{why}: set prices.{key}")
        note = f"{listed.note}; " if listed.note else ""
        own = listed.regions.get(location or "")
        usd, unit = (listed.usd, unit) if own is None else (own, f"{unit} in {location}")
        return Price(key, usd, unit, f"{note}{known.sources[listed.source]}")


def _only_version(name: str) -> str:
    """``gpt-4.1-2025-04-14`` for ``gpt-4.1``: a name without its version, where one version of it has a price."""
    priced = {key.split("/")[1] for key in table().prices if key.startswith("input/")}
    versions = [facts.id for facts in load().base_models if facts.name == name and facts.id in priced]
    return versions[0] if len(versions) == 1 else name


def key_fault(key: str) -> str | None:
    """What is wrong with a key under ``prices``; None where nothing is, or the model is newer than the catalog."""
    kind, _, rest = key.partition("/")
    if kind not in KINDS:
        return f"is no price: {_forms()}"
    if kind == "hosting":
        return None if rest in _SKUS else f"has no SKU of Azure's after hosting/: one of {', '.join(_SKUS)}"
    base, slash, training_type = rest.partition("/")
    if not base:
        return f"names no base model: {_forms()}"
    if kind in ("input", "output"):
        if slash:
            return f"has too many parts: {kind}/<base>"
    elif training_type not in _TRAINING_TYPES:
        return f"has no training type at its end: one of {', '.join(_TRAINING_TYPES)}"
    return next(iter(misspelt_base(base)), None)


def _forms() -> str:
    return (
        "training/<base>/<training type>, trainingHour/<base>/<training type>, hosting/<SKU>, input/<base> or "
        "output/<base>"
    )


def plain(usd: Decimal) -> str:
    """As people read a price: at least two decimals, and no more than it has: ``1.70``, ``0.125``."""
    text = f"{usd.normalize():f}"
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction.ljust(2, '0')}"


def total(costs: Iterable[Decimal | None]) -> Decimal | None:
    """The sum; None where a part is not known."""
    result = Decimal(0)
    for cost in costs:
        if cost is None:
            return None
        result += cost
    return result
