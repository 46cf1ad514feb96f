"""A large file on its way in parts, as the data plane remembers it. No HTTP here."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

UploadStatus = Literal["pending", "completed", "cancelled", "expired"]


class Part(BaseModel):
    """Bytes of an upload: their digest, and the block that Azure calls them by beside their ID."""

    id: str
    block: str
    content: str
    size: int
    created_at: float


class PartUpload(BaseModel):
    """An upload that was started.

    account     ARM ID of the account, in lower case
    size        bytes that it is to have in the end
    closed      how it ended, where it has; it expires by itself
    parts       in the order in which they came, by ID
    file        the file that came of it
    """

    id: str
    account: str
    filename: str
    purpose: str
    mime_type: str
    size: int
    created_at: float
    expires_at: float
    closed: Literal["completed", "cancelled"] | None = None
    parts: dict[str, Part] = Field(default_factory=dict)
    file: str | None = None

    def status(self, now: float) -> UploadStatus:
        return self.closed or ("pending" if now < self.expires_at else "expired")

    def part(self, name: str) -> Part | None:
        """By its ID, or by its block: Azure's example completes an upload with blocks, the openai client with IDs."""
        return self.parts.get(name) or next((each for each in self.parts.values() if each.block == name), None)
