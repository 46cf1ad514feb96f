"""The program run to learn what it declares: nothing is compared with what there is, nothing is made.

IDs and names are told as Azure will have them, since inputs determine them, so that what is built from them (the scope
of a role, the account of a deployment) is known before anything is created.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from simulator.pulumi.engine import Declared, Engine
from simulator.pulumi.provider import PACKAGE, PROVIDER_TYPE, ProviderError, expected_outputs
from simulator.pulumi.state import Held
from simulator.pulumi.values import Properties


@dataclass
class Rehearsal(Engine):
    """A preview that keeps what is declared. What is only read (Resource.get, functions) is read from Azure."""

    def register(self, declared: Declared) -> Held:
        held = declared.held
        if held.type == PROVIDER_TYPE or not held.custom or not held.type.startswith(f"{PACKAGE}:"):
            return super().register(declared)
        provider = self._provider(held)
        inputs = provider.check(held.type, held.urn, held.inputs)
        held = replace(held, inputs=inputs)
        self.declared.append(held)
        outputs: Properties = expected_outputs(held.type, inputs)
        try:
            resource_id = provider.id_of_inputs(held.type, inputs)
        except ProviderError:
            # Made of what only Azure will tell.
            return replace(held, id="", outputs=outputs)
        return replace(held, id=resource_id, outputs=outputs | {"name": resource_id.rpartition("/")[2]})
