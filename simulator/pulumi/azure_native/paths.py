"""Where resources live: beginnings of paths that several modules need."""

from __future__ import annotations

GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"
