"""What Azure would refuse, as far as the catalog knows, and what would work instead.

Every function answers with one text per fault, and with none where all is well. A model that the catalog doesn't know
is no fault (it may be newer than the catalog), unless its name is one slip of the finger from a known one.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import date

from contract.catalog.data import BaseModelFacts, Regions, base_of, find, find_version, load
from contract.release import Method, TrainingType

OPEN_WEIGHT_CAPACITY = 100
"""With less, a tuned open-weight model is deployed and never loaded: "Failed to load LoRA" (microsoft/azure-skills,
microsoft-foundry/finetuning)."""


def training_faults(
    base: str,
    method: Method,
    training_type: TrainingType,
    *,
    on: date,
    location: str | None = None,
    kind: str | None = None,
    ends: date | None = None,
) -> list[str]:
    """Why a fine-tuning job on ``base`` (a base model's ID or a tuned model's) would be refused on that day.

    ``location`` and ``kind`` are those of the account; what depends on them is passed over where they are absent.
    ``ends`` is the day on which training ends as Azure itself tells, in place of the catalog's.
    """
    facts = find(base)
    if facts is None:
        return misspelt_base(base)
    if not facts.methods:
        return [f"{facts.id} can't be tuned; {_tunable(method, on)}"]
    ends = ends or facts.training_ends
    if _over(ends, on):
        return [f"training of {facts.id} ended on {ends}; {_tunable(method, on)}"]
    faults = []
    if method not in facts.methods:
        faults.append(f"{facts.id} is tuned by {_listed(facts.methods)}, not by {method}; {_tunable(method, on)}")
    if facts.open_weight and ".ft-" in base:
        faults.append(f"{base} can't be tuned further, which only OpenAI's models can; continue from {facts.id}")
    faults += _kind_faults(facts, kind)
    if not facts.training:
        return [*faults, f"{facts.id} has no training type of the API. {' '.join(facts.notes)}"]
    return faults + _offer_faults(f"training of {facts.id}", "training type", facts.training, training_type, location)


def base_deployment_faults(model: str, version: str, sku: str, *, on: date, kind: str | None = None) -> list[str]:
    """Why a deployment of a base model would be refused on that day.

    A deprecated model is no fault: whether this subscription has deployed it before, the catalog can't know.
    The Developer tier is described for tuned models only (Microsoft Learn, openai/how-to/fine-tune-test); that Azure
    refuses a base model on it is an inference.
    """
    facts = find_version(model, version)
    if facts is None:
        return _misspelt(f"{model}-{version}", (known.id for known in load().base_models if known.version))
    faults = []
    if _over(facts.base_retires, on):
        faults.append(f"{facts.id} was retired on {facts.base_retires}; still served then: {_served(on)}")
    if sku == "DeveloperTier":
        faults.append("DeveloperTier serves tuned models only; use GlobalStandard or Standard")
    return faults + _kind_faults(facts, kind)


def tuned_deployment_faults(
    model_id: str,
    sku: str,
    *,
    on: date,
    capacity: int | None = None,
    location: str | None = None,
    kind: str | None = None,
    ends: date | None = None,
) -> list[str]:
    """Why a deployment of a tuned model would be refused on that day, or would not come to life.

    ``ends`` is the day on which serving ends as Azure itself tells, in place of the catalog's.
    """
    facts = find(model_id)
    if facts is None:
        return []
    faults = []
    ends = ends or facts.tuned_ends
    if _over(ends, on):
        faults.append(f"what was tuned from {facts.id} can't be deployed since {ends}; {_tunable('supervised', on)}")
    faults += _kind_faults(facts, kind)
    if facts.tuned_skus is not None:
        faults += _offer_faults(f"what was tuned from {facts.id}", "SKU", facts.tuned_skus, sku, location)
    if facts.open_weight and capacity is not None and capacity < OPEN_WEIGHT_CAPACITY:
        faults.append(
            f"what was tuned from {facts.id} needs a capacity of {OPEN_WEIGHT_CAPACITY} at least, not {capacity}"
        )
    return faults


def crossing_faults(model_id: str, location: str) -> list[str]:
    """Why a tuned model could not be deployed in an account of this region that has not trained it.

    "The target region must support fine-tuning" (MicrosoftDocs azure-ai-docs, openai/how-to/fine-tuning-deploy.md,
    2026-02); taken to mean fine-tuning of this model, by whatever training type. Of one whose regions no page names
    nothing is said.
    """
    facts = find(model_id)
    if facts is None:
        return []
    named = [load().where(regions) for regions in facts.training.values()]
    regions = sorted({region for each in named if each is not None for region in each})
    if not regions or location in regions:
        return []
    said = f"{facts.id} isn't fine-tuned in {location}, and only where it is can a model of another account be served"
    return [f"{said}; that is in {_listed(regions, 'and')}"]


def misspelt_base(base: str) -> list[str]:
    """What is wrong with a base model's ID that the catalog doesn't know, where it is nearly one that it does."""
    return [] if find(base) else _misspelt(base_of(base), (known.id for known in load().base_models))


def _over(day: date | None, on: date) -> bool:
    return day is not None and on >= day


def _kind_faults(facts: BaseModelFacts, kind: str | None) -> list[str]:
    if kind is None or kind in facts.kinds:
        return []
    return [f"{facts.id} needs an account of kind {_listed(facts.kinds)}, this one is of kind {kind}"]


def _offer_faults(
    subject: str, noun: str, offers: Mapping[TrainingType, Regions] | Mapping[str, Regions], asked: str, at: str | None
) -> list[str]:
    """Whether ``asked`` is among ``offers``, and offered in the region ``at``."""
    by_name: dict[str, Regions] = {str(name): regions for name, regions in offers.items()}
    if asked not in by_name:
        return [f"{subject} isn't offered with {noun} {asked}; offered: {_listed(by_name, 'or')}"]
    regions = load().where(by_name[asked])
    if at is None or regions is None or at in regions:
        return []
    here = [other for other, where in by_name.items() if other != asked and at in (load().where(where) or (at,))]
    instead = f", or use {_listed(here, 'or')} here" if here else ""
    return [f"{subject} with {noun} {asked} isn't offered in {at}; offered in {_listed(regions, 'and')}{instead}"]


def _tunable(method: Method, on: date) -> str:
    ids = [m.id for m in load().base_models if method in m.methods and m.training and not _over(m.training_ends, on)]
    return f"{method} tuning is offered for {_listed(ids, 'and')}" if ids else f"no model has {method} tuning then"


def _served(on: date) -> str:
    known = [m for m in load().base_models if m.methods and m.training and not _over(m.base_retires, on)]
    fresh = [m.id for m in known if not m.deprecated]
    deprecated = [m.id for m in known if m.deprecated]
    texts = [", ".join(fresh)] if fresh else []
    if deprecated:
        texts.append(f"and, where the subscription has deployed them before, {', '.join(deprecated)}")
    return " ".join(texts) or "none that the catalog knows"


def _misspelt(given: str, known: Iterable[str]) -> list[str]:
    """A fault where ``given`` lacks its version, or differs from a known ID in letters or punctuation alone.

    Another number is another model or version, and may well exist.
    """
    ids = list(known)
    versions = [each for each in ids if each.startswith(f"{given}-20")]
    if versions:
        return [f"{given} lacks its version; known: {_listed(versions, 'or')}"]
    for each in ids:
        if _digits(each) == _digits(given) and _likeness(_letters(each), _letters(given)) >= 0.85:
            return [f"there is no model {given}; did you mean {each}?"]
    return []


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _letters(text: str) -> str:
    return re.sub(r"[\W\d]", "", text).lower()


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _listed(words: Iterable[str], last: str = "or") -> str:
    """``a, b or c``."""
    *first, end = words
    return f"{', '.join(first)} {last} {end}" if first else end
