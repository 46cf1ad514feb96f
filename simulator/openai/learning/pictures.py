"""Pictures in training examples: where they may stand, how many, how large and of which form.

Source: MicrosoftDocs azure-ai-docs, foundry/openai/how-to/fine-tuning-vision.md. A picture named by its address on the
web can't be fetched here and is taken for good; people, faces and CAPTCHAs, which Azure skips, are not looked for.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

MOST_IN_EXAMPLE = 64
LARGEST = 10_000_000
MOST_EXAMPLES = 50_000
FORMATS = ("JPEG", "PNG", "WEBP")
MODES = ("RGB", "RGBA")
NOT_SUPPORTED = "images are not supported for provided model"
"""Words: a document of 2026 on troubleshooting."""
_DATA = re.compile(r"data:image/(?P<form>[a-z]+);base64,")


def shown(messages: Sequence[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each picture's part, with its message."""
    return [
        (message, part)
        for message in messages
        if isinstance(message.get("content"), list)
        for part in message["content"]
        if isinstance(part, dict) and part.get("type") == "image_url"
    ]


def faults(messages: Sequence[dict[str, Any]], *, images: bool) -> Iterator[str]:
    """What is wrong with the pictures of an example; `images`: whether the model sees any."""
    pictures = shown(messages)
    if pictures and not images:
        yield NOT_SUPPORTED
    if len(pictures) > MOST_IN_EXAMPLE:
        yield f"{len(pictures)} images, and at most {MOST_IN_EXAMPLE} are allowed in an example"
    for message, part in pictures:
        if message["role"] != "user":
            yield f"an image in a message from the {message['role']}: they are allowed from the user only"
        named = part.get("image_url")
        url = named.get("url") if isinstance(named, dict) else None
        if not isinstance(named, dict) or not isinstance(url, str):
            yield "an image without image_url.url"
            return
        if named.get("detail", "auto") not in ("low", "high", "auto"):
            yield "an image's detail must be low, high or auto"
        if not url.startswith(("https://", "http://")) and (wrong := _picture_fault(url)):
            yield wrong


def _picture_fault(url: str) -> str | None:
    if not (start := _DATA.match(url)):
        return "an image's url must begin with https:// or data:image/"
    if (len(url) - start.end()) // 4 * 3 > LARGEST + 3:
        return f"an image of more than {LARGEST // 1_000_000} MB"
    try:
        picture = base64.b64decode(url[start.end() :], validate=True)
    except (binascii.Error, ValueError):
        return "an image whose base64 is broken"
    if len(picture) > LARGEST:
        return f"an image of more than {LARGEST // 1_000_000} MB"
    from PIL import Image, UnidentifiedImageError  # here: few files have pictures

    try:
        with Image.open(io.BytesIO(picture)) as opened:
            form, mode = opened.format, opened.mode
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        form, mode = None, ""
    if form not in FORMATS:
        return f"an image that is none of {', '.join(FORMATS)}"
    return None if mode in MODES else f"an image in {mode}, which must be {' or '.join(MODES)}"
