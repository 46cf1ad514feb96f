"""Limits of a subscription that Azure's support raises, so that a local Azure can be started with others."""

from __future__ import annotations

TUNED_DEPLOYMENTS = 10
"""Deployments of tuned models in one account (quotas page of 2026-03)."""
