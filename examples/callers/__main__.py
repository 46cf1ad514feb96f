"""``python -m examples.callers clippy "What is a paper clip?" --store https://….azconfig.io``

Signs in with DefaultAzureCredential: ``az login``, a managed identity, workload identity. It needs the roles of a
caller (``access.callers`` in the stack file), and no key.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from azure.appconfiguration import AzureAppConfigurationClient
from azure.core.exceptions import AzureError
from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from openai import OpenAIError

from .asking import SECONDS, Asking
from .live import NothingLive, Source, StackOutputs, Store

SCOPE = "https://cognitiveservices.azure.com/.default"
"""Of tokens for Azure OpenAI."""


def main() -> int:
    asked = _arguments()
    # What azure-identity logs on its way it also says in the end.
    logging.getLogger("azure").addHandler(logging.NullHandler())
    # An authority that is named is meant: Microsoft's own is not asked whether it knows it.
    named = "AZURE_AUTHORITY_HOST" in os.environ
    with DefaultAzureCredential(disable_instance_discovery=named) as credential:
        source: Source
        if asked.store:
            source = Store(AzureAppConfigurationClient(asked.store, credential), asked.account)
        else:
            source = StackOutputs(lambda: _outputs(asked), asked.account)
        asking = Asking(source, asked.model, get_bearer_token_provider(credential, SCOPE), asked.cache)
        try:
            for question in asked.question or sys.stdin:
                answer = asking.ask(question.strip())
                print(answer.text, flush=True)  # noqa: T201 - a command's output.
                print(f"({answer.by.deployment}: {answer.by.model_id})", file=sys.stderr, flush=True)  # noqa: T201
        except (NothingLive, OpenAIError, AzureError, OSError, subprocess.CalledProcessError) as refused:
            print(f"error: {_why(refused)}", file=sys.stderr)  # noqa: T201
            return 1
    return 0


def _why(refused: Exception) -> str:
    """In one line."""
    if isinstance(refused, subprocess.CalledProcessError):
        said = f"pulumi stack output: {refused.stderr}"
    elif getattr(refused, "status_code", None) in (401, 403):
        said = f"{refused} (a caller's roles are missing: access.callers in the stack file; new ones take some minutes)"
    else:
        said = str(refused)
    return " ".join(said.split())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m examples.callers", description="Ask the live model.")
    parser.add_argument("model", help="its name in the stack, such as clippy")
    parser.add_argument("question", nargs="*", help="one or more; without any, each line of the input is one")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--store", help="the endpoint of the environment's App Configuration store")
    source.add_argument("--stack", help="the Pulumi stack whose outputs are read, by the Pulumi CLI")
    source.add_argument("--outputs", type=Path, help="a file with what `pulumi stack output --json` printed")
    parser.add_argument("--account", help="the account to ask, by its key in the stack; else the model's first")
    parser.add_argument("--cache", type=float, default=SECONDS, help="seconds for which a pointer is believed")
    asked = parser.parse_intermixed_args()
    if asked.store and not asked.store.startswith("https://"):
        parser.error(f"--store is an address, such as https://{asked.store}.azconfig.io")
    return asked


def _outputs(asked: argparse.Namespace) -> Mapping[str, Any]:
    if asked.outputs:
        text = asked.outputs.read_text(encoding="utf-8")
    else:
        command = ["pulumi", "stack", "output", "--json", "--stack", asked.stack]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    outputs: dict[str, Any] = json.loads(text)
    return outputs


if __name__ == "__main__":
    raise SystemExit(main())
