"""Where application teams read at run time what is live."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from contract import naming
from contract.shape import Shape


class Pointers(Shape):
    """An App Configuration store that says what is live per model: a release needs no change in applications."""

    app_configuration: naming.ConfigurationStoreName = Field(description="The store's name, unique in all of Azure.")
    location: naming.Location | None = Field(default=None, description="Default: the resource group's.")
    sku: Literal["free", "developer", "standard", "premium"] = Field(
        default="standard", description="free has no private endpoints."
    )
