"""The storage account of an environment."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from contract import naming
from contract.shape import Shape


class Storage(Shape):
    """Where datasets and run journals are kept."""

    name: naming.StorageName = Field(description="Unique in all of Azure: 3-24 lower-case letters and digits.")
    location: naming.Location | None = Field(default=None, description="Default: the resource group's.")
    redundancy: Literal["Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_GZRS"] = Field(
        default="Standard_LRS", description="How many copies Azure keeps, and where."
    )
    soft_delete_days: int = Field(
        default=7, ge=1, le=365, description="Deleted blobs and containers can be restored for so long."
    )
