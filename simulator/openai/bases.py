"""The simulator's own table of base models: how each can be trained and deployed, where, and until when.

Sources, by the names used below:
  trainable   MicrosoftDocs azure-ai-docs, foundry/includes/fine-tune-supported-models.md, 2026-10-06
  regions     the same, foundry/openai/includes/fine-tune-models.md and regions.py beside this file
  retirement  the same, foundry/openai/includes/concepts-model-retirement-schedule-content.md, 2026-10-05
  memory      found in no document; a recollection, to be taken as a guess

Training types are spelt as the service echoes them: `standard`, `globalStandard`, `developerTier`.
The documents also list training in a data zone, but name no value of the API for it: it can't be asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from simulator.openai import regions
from simulator.openai.lifecycle import Lifecycle, ended

Method = Literal["supervised", "dpo", "reinforcement"]
TrainingType = Literal["standard", "globalStandard", "developerTier"]
LifecycleStatus = Literal["GenerallyAvailable", "Deprecating", "Deprecated"]

SERVERLESS = ("Standard", "GlobalStandard", "DataZoneStandard", "DeveloperTier")
PROVISIONED = ("ProvisionedManaged", "GlobalProvisionedManaged", "DataZoneProvisionedManaged")
BATCH = ("GlobalBatch", "DataZoneBatch")
BASE_SKUS = frozenset({"Standard", "GlobalStandard", "DataZoneStandard", *PROVISIONED, *BATCH})

_NCUS_SWC = frozenset({"northcentralus", "swedencentral"})
_EUS2_SWC = frozenset({"eastus2", "swedencentral"})
_NOWHERE: Mapping[str, frozenset[str]] = MappingProxyType({})


@dataclass(frozen=True)
class Base:
    """One base model and version.

    methods          how it can be tuned; empty where it can't
    training         training type → regions where that is offered
    skus             SKUs of a deployment of the base itself
    tuned_skus       SKU → regions where a model tuned from it can be deployed so
    kinds            kinds of account that serve it
    vision           whether it is trained with pictures (MicrosoftDocs azure-ai-docs, fine-tuning-vision.md, 2026)
    unit_requests    requests a minute of one unit of capacity, beside 1,000 tokens: 6 of older chat models, 1 of
                     o4-mini (the same, openai/how-to/quota.md, 2026-05), 1 of the gpt-4.1 and gpt-oss series
                     (quotas-limits: 1,000 for 1 million tokens); of other models memory
    """

    name: str
    version: str
    format: str = "OpenAI"
    kinds: frozenset[str] = frozenset({"OpenAI", "AIServices"})
    methods: frozenset[Method] = frozenset()
    training: Mapping[TrainingType, frozenset[str]] = field(default_factory=dict)
    skus: frozenset[str] = BASE_SKUS
    deployed_in: frozenset[str] = regions.BASE_DEPLOYMENT
    tuned_skus: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NOWHERE)
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    max_context_tokens: int = 128_000
    max_output_tokens: int = 16_384
    max_example_tokens: int = 65_536
    unit_requests: int = 6
    reasoning: bool = False
    vision: bool = False
    created: date = date(2025, 4, 14)
    model_id: str | None = None

    @property
    def id(self) -> str:
        """How the data plane names it: `gpt-4.1-mini-2025-04-14`."""
        return self.model_id or f"{self.name}-{self.version}"

    @property
    def tunable(self) -> bool:
        return bool(self.methods)

    @property
    def open_weight(self) -> bool:
        return self.format != "OpenAI"

    def trains(self, training_type: TrainingType, location: str | None = None) -> bool:
        """Whether this training type is offered, in that region if one is named."""
        where = self.training.get(training_type, frozenset())
        return bool(where) if location is None else regions.normalised(location) in where

    def deploys(self, sku: str, location: str, *, tuned: bool) -> bool:
        if tuned:
            return regions.normalised(location) in self.tuned_skus.get(sku, frozenset())
        return sku in self.skus and regions.normalised(location) in self.deployed_in

    def status(self, now: datetime) -> LifecycleStatus:
        """ARM's `lifecycleStatus`: the documents' "deprecated" is Deprecating, "retired" is Deprecated."""
        if ended(self.lifecycle.inference_retires, now):
            return "Deprecated"
        return "Deprecating" if ended(self.lifecycle.deprecating_since, now) else "GenerallyAvailable"

    def retired(self, now: datetime, *, tuned: bool) -> bool:
        """Whether inference answers 410 and a new deployment is refused."""
        return ended(self.lifecycle.tuned_ends if tuned else self.lifecycle.inference_retires, now)

    def training_over(self, now: datetime) -> bool:
        return not self.tunable or ended(self.lifecycle.training_ends, now)


def _training(
    standard: frozenset[str], without: str = "", *, developer: bool = True
) -> dict[TrainingType, frozenset[str]]:
    everywhere = regions.OPENAI_GLOBAL_TRAINING - {without}
    types: dict[TrainingType, frozenset[str]] = {"standard": standard, "globalStandard": everywhere}
    return types | {"developerTier": everywhere} if developer else types


def _tuned(
    standard: frozenset[str], provisioned: frozenset[str] = frozenset(), *, developer: bool = True
) -> dict[str, frozenset[str]]:
    skus = {
        "Standard": standard,
        "GlobalStandard": regions.OPENAI_GLOBAL_TRAINING,
        "DataZoneStandard": regions.US,
        "ProvisionedManaged": provisioned,
        "GlobalProvisionedManaged": provisioned,
    }
    return skus | {"DeveloperTier": regions.OPENAI_GLOBAL_TRAINING} if developer else skus


_SFT: frozenset[Method] = frozenset({"supervised"})
_SFT_DPO: frozenset[Method] = frozenset({"supervised", "dpo"})
_RFT: frozenset[Method] = frozenset({"reinforcement"})

_GPT_41_LIFE = Lifecycle(
    deprecating_since=date(2026, 4, 14),  # memory; the schedule of 2026-10-05 only says that it is so
    inference_retires=date(2027, 4, 14),
    training_ends=date(2027, 4, 14),
    tuned_ends=date(2027, 10, 14),
)
_GPT_4O_LIFE = Lifecycle(
    deprecating_since=date(2026, 3, 31),  # memory, near the day in microsoft-foundry-for-vscode#491
    inference_retires=date(2027, 4, 14),
    training_ends=date(2027, 4, 1),
    tuned_ends=date(2027, 10, 1),
)


def _gone(
    name: str,
    version: str,
    retired: date,
    created: date,
    *,
    context: int = 16_385,
    model_id: str | None = None,
) -> Base:
    """A model that is retired altogether: neither trained nor deployed nor asked any more."""
    life = Lifecycle(retired, retired, retired, retired)
    return Base(
        name,
        version,
        lifecycle=life,
        max_context_tokens=context,
        max_output_tokens=4_096,
        created=created,
        model_id=model_id,
    )


def _open_weight(name: str, version: str, maker: str, created: date, *, model_id: str | None = None) -> Base:
    """Open weights: on Foundry accounts only. `maker` is the format, as microsoft/azure-skills has it."""
    return Base(
        name,
        version,
        maker,
        frozenset({"AIServices"}),
        methods=_SFT,
        training={"globalStandard": regions.GLOBAL_TRAINING},
        skus=frozenset({"GlobalStandard"}),
        tuned_skus={"GlobalStandard": regions.GLOBAL_TRAINING},
        unit_requests=1,
        created=created,
        model_id=model_id,
    )


BASES: tuple[Base, ...] = (
    # Sources: trainable, regions, retirement. Context and output limits: memory.
    Base(
        "gpt-4.1",
        "2025-04-14",
        vision=True,
        methods=_SFT_DPO,
        training=_training(_NCUS_SWC),
        tuned_skus=_tuned(_NCUS_SWC, frozenset({"swedencentral"})),
        lifecycle=_GPT_41_LIFE,
        max_context_tokens=1_047_576,
        unit_requests=1,
        max_output_tokens=32_768,
    ),
    Base(
        "gpt-4.1-mini",
        "2025-04-14",
        methods=_SFT_DPO,
        training=_training(_NCUS_SWC),
        tuned_skus=_tuned(_NCUS_SWC),
        lifecycle=_GPT_41_LIFE,
        max_context_tokens=1_047_576,
        unit_requests=1,
        max_output_tokens=32_768,
    ),
    Base(
        "gpt-4.1-nano",
        "2025-04-14",
        methods=_SFT_DPO,
        training=_training(_NCUS_SWC, without="polandcentral"),
        tuned_skus=_tuned(_NCUS_SWC),
        lifecycle=_GPT_41_LIFE,
        max_context_tokens=1_047_576,
        unit_requests=1,
        max_output_tokens=32_768,
        max_example_tokens=32_768,
    ),
    Base(
        "gpt-4o",
        "2024-08-06",
        vision=True,
        methods=_SFT_DPO,
        training=_training(frozenset({"eastus2", "northcentralus", "swedencentral"})),
        tuned_skus=_tuned(_EUS2_SWC, _NCUS_SWC, developer=False),
        lifecycle=_GPT_4O_LIFE,
        created=date(2024, 8, 6),
    ),
    Base(
        "gpt-4o",
        "2024-05-13",
        lifecycle=Lifecycle(deprecating_since=date(2026, 3, 31), inference_retires=date(2026, 12, 9)),
        max_output_tokens=4_096,
        created=date(2024, 5, 13),
    ),
    Base(
        "gpt-4o-mini",
        "2024-07-18",
        methods=_SFT,
        training=_training(_NCUS_SWC),
        tuned_skus=_tuned(_NCUS_SWC, _NCUS_SWC, developer=False),
        lifecycle=_GPT_4O_LIFE,
        created=date(2024, 7, 18),
    ),
    Base(
        "o4-mini",
        "2025-04-16",
        methods=_RFT,
        training=_training(_EUS2_SWC),
        tuned_skus=_tuned(_EUS2_SWC),
        # The lifecycle page has 2027-10-16 for tuned deployments; the schedule's later day is taken.
        lifecycle=Lifecycle(date(2026, 4, 16), date(2026, 11, 19), date(2027, 5, 19), date(2027, 11, 19)),
        max_context_tokens=200_000,
        max_output_tokens=100_000,
        unit_requests=1,
        reasoning=True,
        created=date(2025, 4, 16),
    ),
    Base(
        "gpt-5",
        "2025-08-07",
        methods=_RFT,  # by invitation; the simulated subscription is invited
        training=_training(_NCUS_SWC, developer=False),
        tuned_skus={"Standard": _NCUS_SWC},
        lifecycle=Lifecycle(inference_retires=date(2027, 2, 9)),
        max_context_tokens=400_000,
        max_output_tokens=128_000,
        reasoning=True,
        created=date(2025, 8, 7),
    ),
    # Versions of the open-weight models other than gpt-oss-20b-11 and Ministral-3B 2411: memory.
    _open_weight("gpt-oss-20b", "11", "Microsoft", date(2025, 8, 5)),
    _open_weight("Ministral-3B", "2411", "Mistral AI", date(2024, 11, 1)),
    _open_weight("Llama-3.3-70B-Instruct", "9", "Meta", date(2024, 12, 6), model_id="Llama-3.3-70B-Instruct"),
    _open_weight("Qwen3-32B", "1", "Alibaba", date(2025, 4, 28), model_id="Qwen3-32B"),
    # Source: retirement. For gpt-35-turbo 1106 and 0125, gone from the tables, the day is memory.
    _gone("babbage-002", "1", date(2025, 1, 27), date(2023, 8, 21), model_id="babbage-002"),
    _gone("davinci-002", "1", date(2025, 1, 27), date(2023, 8, 21), model_id="davinci-002"),
    _gone("gpt-35-turbo", "0301", date(2025, 2, 13), date(2023, 3, 1), context=4_096),
    _gone("gpt-35-turbo", "0613", date(2025, 2, 13), date(2023, 6, 13)),
    _gone("gpt-35-turbo", "1106", date(2025, 11, 14), date(2023, 11, 6)),
    _gone("gpt-35-turbo", "0125", date(2025, 11, 14), date(2024, 1, 25)),
    _gone("gpt-4", "0613", date(2025, 6, 6), date(2023, 6, 13), context=8_192),
)

_BY_ID = {base.id.lower(): base for base in BASES}
_BY_NAME_VERSION = {(base.name.lower(), base.version.lower()): base for base in BASES}


def base_by_id(model_id: str) -> Base | None:
    """The base that the data plane calls so (`gpt-4.1-2025-04-14`); case does not count."""
    return _BY_ID.get(model_id.lower())


def base_by_name(name: str, version: str | None = None) -> Base | None:
    """The base that ARM calls so; without a version the newest one."""
    if version is not None:
        return _BY_NAME_VERSION.get((name.lower(), version.lower()))
    found = [base for base in BASES if base.name.lower() == name.lower()]
    return max(found, key=lambda base: base.created) if found else None
