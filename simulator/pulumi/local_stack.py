"""The stack file of the local Azure, environments/Pulumi.local.yaml: written once, then the user's."""

from __future__ import annotations

import hashlib
from pathlib import Path

from simulator.clock import AS_OF
from simulator.entra.models import CALLER, TRAINER

LOCAL = "local"


def write(environments: Path) -> Path | None:
    """Writes the file where there is none. Its path if it was written; an existing one is never touched."""
    file = environments / f"Pulumi.{LOCAL}.yaml"
    if file.exists():
        return None
    environments.mkdir(parents=True, exist_ok=True)
    # Exclusive: of two commands that start at once, one writes.
    try:
        with file.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(content(environments))
    except FileExistsError:
        return None
    return file


def content(environments: Path) -> str:
    """The text of a new file. The names are unique in all of the simulated Azure, and the same for the same folder."""
    unique = hashlib.sha256(str(environments.resolve()).encode()).hexdigest()[:8]
    return f"""\
# yaml-language-server: $schema=stack.schema.json
# The stack on the local Azure. Written once by `python -m simulator up -s local`; yours to change, ignored by git.
config:
  tuned-models:environment:
    # Simulated time starts on this day, and the catalog's dates count from it.
    asOf: "{AS_OF.date().isoformat()}"
    # Nothing here has to outlive a mistake: a destroy deletes everything.
    protection: "off"

  tuned-models:accounts:
    main:
      name: tuned-local-{unique}
      location: swedencentral

  tuned-models:storage:
    name: tunedlocal{unique}

  tuned-models:access:
    trainers: # the jobs
      - principalId: {TRAINER.object_id}
        principalType: ServicePrincipal
    callers: # the application that asks the models
      - principalId: {CALLER.object_id}
        principalType: ServicePrincipal
    operators: # whoever types `jobs status` sees when a deployment was called last
      - principalId: {TRAINER.object_id}
        principalType: ServicePrincipal

  tuned-models:baseDeployments:
    gpt-4.1-mini: # what the tuned model is compared with
      model: gpt-4.1-mini
      version: "2025-04-14"
      sku: {{name: GlobalStandard, capacity: 50}}

  tuned-models:models:
    clippy: # models/clippy/
      skus:
        live: {{name: GlobalStandard, capacity: 100}}
        candidate: {{name: GlobalStandard, capacity: 50}} # an evaluation asks as much as this lets it
      gate: {{maxRegressions: 2}} # what tune.yaml asks of an evaluation, and that here
"""
