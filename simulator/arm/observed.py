"""What Azure Monitor knows of each resource type: log categories, metrics and their dimensions.

Source: Azure Monitor's supported logs and supported metrics per resource type (MicrosoftDocs/azure-monitor-docs,
articles/azure-monitor/reference; Cognitive Services as of 2026-07), of Cognitive Services without speech, language,
translation and image services. Categories of Key Vault, Storage and App Configuration, dimensions of metrics
other than Cognitive Services', and the names behind "Azure OpenAI Request Usage" and "Managed Network Events": memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.arm.models import ACCOUNTS, BLOB_SERVICES, CONFIGURATION_STORES, STORAGE_ACCOUNTS, VAULTS

ALL_METRICS = "AllMetrics"

Metrics = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Observed:
    """One resource type.

    logs     log categories; each group stands for some of them
    exports  metric categories of a diagnostic setting
    metrics  metrics and the dimensions of each, for alerts
    """

    logs: frozenset[str] = frozenset()
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    exports: frozenset[str] = frozenset({ALL_METRICS})
    metrics: Metrics = field(default_factory=dict)


def observed(type_: str) -> Observed | None:
    """What is known of a resource type, in any case; None where it isn't watched here."""
    return _BY_TYPE.get(type_.lower())


def _each(names: str, dimensions: str) -> dict[str, frozenset[str]]:
    return dict.fromkeys(names.split(), frozenset(dimensions.split()))


def _logged(audit: str, others: str, metrics: Metrics, exports: str = ALL_METRICS) -> Observed:
    logs = frozenset(f"{audit} {others}".split())
    groups = {"audit": frozenset(audit.split()), "allLogs": logs}
    return Observed(logs, groups if logs else {}, frozenset(exports.split()), metrics)


_MODEL = "Region ModelDeploymentName ModelName ModelVersion"
_OF_CALL = f"ApiName OperationName StreamType {_MODEL}"
_OF_REQUEST = f"{_OF_CALL} StatusCode IsSpillover ServiceTierRequest ServiceTierResponse"
_OF_TOKENS = "ApiName ModelDeploymentName FeatureName UsageChannel Region"
_COGNITIVE = (
    _each("AzureOpenAIRequests ModelRequests", _OF_REQUEST)
    | _each("AzureOpenAIAvailabilityRate", _OF_CALL)
    | _each("AzureOpenAITimeToResponse TimeToResponse", f"{_OF_CALL} StatusCode")
    | _each("NormalizedTimeBetweenTokens NormalizedTimeToFirstToken TimeToLastByte TokensPerSecond", _OF_CALL)
    | _each(
        "AzureOpenAIProvisionedManagedUtilization AzureOpenAIProvisionedManagedUtilizationV2", f"StreamType {_MODEL}"
    )
    | _each(
        "ActiveTokens AudioCompletionTokens AudioPromptTokens AudioInputTokens AudioOutputTokens ModelAvailabilityRate "
        "AzureOpenAIContextTokensCacheMatchRate AzureOpenAINormalizedTBTInMS AzureOpenAINormalizedTTFTInMS "
        "AzureOpenAITokenPerSecond AzureOpenAITTLTInMS ProvisionedUtilization",
        _MODEL,
    )
    | _each("InputTokens OutputTokens TotalTokens GeneratedImages TotalPages AnnotatedPages", f"ApiName {_MODEL}")
    | _each("FineTunedTrainingHours", _OF_TOKENS)
    | _each("GeneratedTokens ProcessedPromptTokens TokenTransaction", f"{_OF_TOKENS} ModelVersion")
    | _each("RealtimeUsageTime", "Region ModelDeploymentName")
    | _each(
        "BlockedCalls ClientErrors Latency ServerErrors SuccessfulCalls TotalCalls TotalErrors SuccessRate",
        "ApiName OperationName Region RatelimitKey",
    )
    | _each("DataIn DataOut TotalTokenCalls", "ApiName OperationName Region")
    | _each("Ratelimit", "Region RatelimitKey")
    | _each("RAIHarmfulRequests", f"{_MODEL} ApiName TextType Category Severity")
    | _each("RAIRejectedRequests", f"{_MODEL} ApiName TextType Category")
    | _each("RAITotalRequests", f"{_MODEL} ApiName")
    | _each("RAISystemEvent", "Region EventType")
)
_TRANSACTIONS = (
    _each("Availability Egress Ingress SuccessE2ELatency SuccessServerLatency", "GeoType ApiName Authentication")
    | _each("Transactions", "ResponseType GeoType ApiName Authentication TransactionType")
)  # fmt: skip
_STORAGE_EXPORTS = f"Transaction Capacity {ALL_METRICS}"

_BY_TYPE: dict[str, Observed] = {
    type_.lower(): each
    for type_, each in {
        ACCOUNTS: _logged("Audit", "RequestResponse Trace AzureOpenAIRequestUsage ManagedNetworkEvents", _COGNITIVE),
        STORAGE_ACCOUNTS: _logged("", "", _TRANSACTIONS | _each("UsedCapacity", ""), _STORAGE_EXPORTS),
        BLOB_SERVICES: _logged(
            "StorageRead StorageWrite StorageDelete",
            "",
            _TRANSACTIONS
            | _each("BlobCapacity BlobCount", "BlobType Tier")
            | _each("BlobProvisionedSize ContainerCount IndexCapacity", ""),
            _STORAGE_EXPORTS,
        ),
        VAULTS: _logged(
            "AuditEvent",
            "AzurePolicyEvaluationDetails",
            _each("ServiceApiHit", "ActivityType ActivityName")
            | _each(
                "Availability ServiceApiLatency ServiceApiResult",
                "ActivityType ActivityName StatusCode StatusCodeClass",
            )
            | _each("SaturationShoebox", "ActivityType ActivityName TransactionType"),
        ),
        CONFIGURATION_STORES: _logged(
            "Audit",
            "HttpRequest",
            _each("HttpIncomingRequestCount HttpIncomingRequestDuration", "StatusCode Authentication Endpoint")
            | _each("ThrottledHttpRequestCount", "Endpoint")
            | _each("DailyStorageUsage ReplicationLatency SnapshotStorageSize", "Endpoint")
            | _each("RequestQuotaUsage", "OperationType Endpoint"),
        ),
        "Microsoft.Network/virtualNetworks": _logged("", "VMProtectionAlerts", {}),
    }.items()
}
