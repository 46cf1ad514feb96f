"""What an application is configured with, from a stack reference: what was live at the application's own last up.

A release reaches it with its next ``pulumi up``. Until then it calls the former live deployment, which stays as long as
``keepPrevious`` says; an application that should follow at once reads App Configuration (examples/callers).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi


def declare() -> None:
    config = pulumi.Config()
    serving = pulumi.StackReference("tuned-models", stack_name=config.require("models"))
    outputs = pulumi.Output.all(models=serving.require_output("models"), accounts=serving.require_output("accounts"))
    # Here they would become settings of a container app or of a function.
    pulumi.export("settings", outputs.apply(lambda known: settings(known, config.get("model") or "clippy")))


def settings(outputs: Mapping[str, Any], model: str) -> dict[str, str]:
    """The application's settings. Raises pulumi.RunError where nothing of the model has been released."""
    entry = outputs["models"].get(model, {})
    live = entry.get("live")
    if live is None:
        raise pulumi.RunError(f"nothing is live of {model!r}: release it first")
    account = entry["servedIn"][0]
    return {
        "OPENAI_BASE_URL": f"{outputs['accounts'][account]['endpoint']}openai/v1/",
        "OPENAI_MODEL": live["deployments"][account],
        "SYSTEM_MESSAGE": live.get("systemMessage") or "",
    }


if __name__ == "__main__":
    declare()
