"""Held-out questions, put to the base model and the tuned one by the application that may call them."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from simulator.entra.models import CALLER

COUNT = 4


@dataclass(frozen=True)
class Answered:
    """One held-out question and what each model answers; `expected` is the holdout's own answer."""

    question: str
    expected: str
    base: str
    tuned: str


def ask(outputs: Mapping[str, Any], model: str, holdout: Path, environment: Mapping[str, str]) -> list[Answered]:
    """The first questions of `holdout`, answered by the base deployment and by the candidate (or the live model).

    Both get the system message the model was trained with: that is what callers must send.
    """
    from azure.identity import ClientSecretCredential, get_bearer_token_provider
    from openai import DefaultHttpxClient, OpenAI

    entry = outputs["models"][model]
    served = entry["candidate"] or entry["live"]
    account = outputs["accounts"][entry["trainIn"]]
    base = next(name for name, it in outputs["baseDeployments"].items() if it["account"] == entry["trainIn"])
    # This process was not started with SSL_CERT_FILE, as its children are: it trusts the local CA explicitly.
    trusted = ssl.create_default_context(cafile=environment["SSL_CERT_FILE"])
    credential = ClientSecretCredential(
        environment["AZURE_TENANT_ID"],
        CALLER.client_id,
        CALLER.secret or "",
        authority=environment["AZURE_AUTHORITY_HOST"],
        disable_instance_discovery=True,
        connection_verify=environment["SSL_CERT_FILE"],
    )
    with (
        credential,
        OpenAI(
            base_url=f"{account['endpoint']}openai/v1/",
            api_key=get_bearer_token_provider(credential, outputs["environment"]["tokenScope"]),
            # What is asked stays with who was asked.
            http_client=DefaultHttpxClient(verify=trusted, follow_redirects=False),
        ) as client,
    ):

        def answer(deployment: str, question: str) -> str:
            messages = [{"role": "user", "content": question}]
            if served["systemMessage"]:
                messages.insert(0, {"role": "system", "content": served["systemMessage"]})
            reply = client.chat.completions.create(model=deployment, messages=messages)  # type: ignore[arg-type]  # plain dicts of the documented form
            return reply.choices[0].message.content or ""

        tuned = served["deployments"][entry["trainIn"]]
        return [
            Answered(question, expected, answer(base, question), answer(tuned, question))
            for question, expected in _held_out(holdout)
        ]


def comparison(answers: list[Answered]) -> Table:
    """The answers side by side."""
    table = Table(show_lines=True)
    table.add_column("held-out question", ratio=2)
    table.add_column("base model", ratio=3)
    table.add_column("tuned model", ratio=3)
    for each in answers:
        table.add_row(each.question, each.base, each.tuned)
    return table


def _held_out(holdout: Path) -> list[tuple[str, str]]:
    pairs = []
    for line in holdout.read_text(encoding="utf-8").splitlines()[:COUNT]:
        messages = json.loads(line)["messages"]
        question = next(m["content"] for m in reversed(messages) if m["role"] == "user")
        pairs.append((question, messages[-1]["content"]))
    return pairs
