"""Images in examples: where they stand, how many, and what those that are sent along (data: URLs) are.

What an https address leads to is never fetched. The limits are those of Microsoft's page on fine-tuning with images
(fine-tuning-vision.md, 2026-07-31); an image that breaks one is left out of the training without a word.
"""

from __future__ import annotations

import binascii
import io
import struct
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from jobs.data.findings import Fault, Remark
from jobs.data.formats.tools import unknown_keys
from jobs.data.reading.json_line import shortened, type_word

if TYPE_CHECKING:
    # They import this module.
    from jobs.data.formats import Parts

MAX_IMAGES = 64
MAX_EXAMPLES_WITH_IMAGES = 50_000
MAX_IMAGE_BYTES = 10 * 1024 * 1024
FORMATS = ("JPEG", "PNG", "WEBP")
MODES = ("RGB", "RGBA")
DETAILS = ("low", "high", "auto")
_DECODED_PIXELS = 4_000_000
"""Of more an image is looked at, but not decoded: it would take 16 bytes a pixel, and more memory than a check may."""
_IMAGE_KEYS = frozenset({"url", "detail"})


def part_faults(where: str, role: str, part: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with one part of type image_url."""
    if role != "user":
        yield "image-place", f"{where} is an image, which only user messages have"
        return
    image = part.get("image_url")
    if not isinstance(image, dict) or not isinstance(image.get("url"), str):
        yield "schema-part", f"{where} has no url under image_url"
        return
    yield from unknown_keys(where, image, _IMAGE_KEYS)
    detail = image.get("detail", "auto")
    if detail not in DETAILS:
        given = shortened(detail) if isinstance(detail, str) else type_word(detail)
        yield "schema-part", f"{where} has the detail {given}: low, high or auto is expected"
    yield from _url_faults(where, image["url"])


def example_faults(messages: Iterable[Any], *, base: str | None, images: bool | None) -> Iterator[Fault]:
    """What is wrong with the images of an example together."""
    number = sum(map(_images_in, messages))
    if number > MAX_IMAGES:
        yield "image-count", f"has {number} images; at most {MAX_IMAGES} are used"
    if number and images is False:
        takers = _takers()
        instead = f": {' and '.join(takers)} are" if takers else ""
        yield "image-model", f"has an image, and {base or 'the base model'} is not tuned with images{instead}"


def _takers() -> list[str]:
    from contract import catalog

    return sorted(facts.id for facts in catalog.load().base_models if facts.images)


def image_urls(message: object) -> Iterator[str]:
    """The addresses of the images in one message."""
    content = message.get("content") if isinstance(message, dict) else None
    for part in content if isinstance(content, list) else ():
        if isinstance(part, dict) and part.get("type") == "image_url":
            image = part.get("image_url")
            url = image.get("url") if isinstance(image, dict) else None
            yield url if isinstance(url, str) else ""


def _images_in(message: object) -> int:
    return sum(1 for _ in image_urls(message))


def _url_faults(where: str, url: str) -> Iterator[Fault]:
    if url[:5].lower() == "data:":
        yield from _data_faults(where, url)
    elif url[:8].lower() != "https://":
        scheme = url.partition(":")[0] if ":" in url[:12] else "no scheme"
        yield "image-url", f"{where} has an address with {shortened(scheme, 12)}: https:// or data: is expected"
    elif len(url.split()) != 1 or not url[8:].strip("/"):
        yield "image-url", f"{where} has an address with a blank in it, or without a host"


def _data_faults(where: str, url: str) -> Iterator[Fault]:
    head, comma, encoded = url.partition(",")
    if not comma or not head.lower().endswith(";base64"):
        yield "image-broken", f"{where} is not of the form data:image/png;base64,…"
        return
    try:
        data = binascii.a2b_base64("".join(encoded.split()).encode("ascii"), strict_mode=True)
    except ValueError as error:  # binascii.Error and UnicodeEncodeError are ones.
        reason = "it has other characters" if isinstance(error, UnicodeEncodeError) else str(error).lower()
        yield "image-broken", f"{where} is not base64: {reason}"
        return
    if len(data) > MAX_IMAGE_BYTES:
        yield "image-size", f"{where} has {len(data) / 2**20:.1f} MB; images of up to 10 MB are used"
    yield from _picture_faults(where, data)


def _picture_faults(where: str, data: bytes) -> Iterator[Fault]:
    from PIL import Image, UnidentifiedImageError

    with warnings.catch_warnings():
        # Pillow warns of what might be a decompression bomb; nothing that large is decoded here.
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data)) as picture:
                kind, mode = str(picture.format), picture.mode
                if kind not in FORMATS:
                    yield "image-format", f"{where} is {kind}; JPEG, PNG and WEBP are used"
                    return
                if mode not in MODES:
                    yield "image-mode", f"{where} has the mode {mode}; RGB and RGBA are used"
                if (reason := _unreadable(picture, data)) is not None:
                    yield "image-broken", f"{where} cannot be read to its end: {reason}"
        except UnidentifiedImageError:
            given = "empty" if not data else "no image, or its beginning is lost"
            yield "image-broken", f"{where} is {given}"
        except Image.DecompressionBombError:
            yield "image-broken", f"{where} claims more pixels than any picture has"
        except Exception as error:  # noqa: BLE001  # Pillow's readers raise whatever broken bytes make them stumble over.
            yield "image-broken", f"{where} cannot be read ({type(error).__name__})"


def _unreadable(picture: Any, data: bytes) -> str | None:
    """Why the picture cannot be read to its end; None where it can, as far as was looked."""
    try:
        if picture.format == "PNG":
            picture.verify()  # Reads it all, by its checksums, without decoding.
        elif picture.format == "WEBP" and len(data) < 8 + struct.unpack("<I", data[4:8])[0]:
            return "it is cut off"
        elif _is_cheap(picture):
            picture.draft("RGB", (1, 1))  # A JPEG is decoded at an eighth of its width and height.
            picture.load()
        elif picture.format == "JPEG" and b"\xff\xd9" not in data[len(data) // 2 :]:
            return "it has no end"
    except Exception as error:  # noqa: BLE001  # As in _picture_faults.
        return "it is cut off" if "truncated" in str(error).lower() else f"{type(error).__name__}"
    return None


def _is_cheap(picture: Any) -> bool:
    """Whether decoding takes little memory: a JPEG that is no progressive one is decoded row by row."""
    by_row = picture.format == "JPEG" and "progressive" not in picture.info
    return by_row or picture.width * picture.height <= _DECODED_PIXELS


@dataclass
class ImageTally:
    """Observes how many examples of a file have images, and how many of these were not looked at."""

    examples: int = 0
    unseen: int = 0
    first_unseen: int | None = None

    def add(self, parts: Parts, example: Mapping[str, Any], line: int) -> None:
        """The next example. Images stand in its prompt."""
        del example
        urls = [url for message in parts.prompt for url in image_urls(message)]
        if not urls:
            return
        self.examples += 1
        unseen = sum(url[:8].lower() == "https://" for url in urls)
        if unseen and self.first_unseen is None:
            self.first_unseen = line
        self.unseen += unseen

    def add_plain(self, plain: object) -> None:
        """Plain examples have no images."""

    def merge(self, later: Self) -> None:
        """Takes in what was counted further down in the file."""
        self.examples += later.examples
        self.unseen += later.unseen
        self.first_unseen = self.first_unseen or later.first_unseen

    def findings(self, training: Self | None) -> Iterator[Remark]:
        """At the end of the file, whatever the training file has."""
        del training
        if self.examples > MAX_EXAMPLES_WITH_IMAGES:
            yield (
                "image-examples",
                None,
                f"has {self.examples:,} examples with images; at most {MAX_EXAMPLES_WITH_IMAGES:,} are used",
            )
        if self.unseen:
            number = "1 image is" if self.unseen == 1 else f"{self.unseen:,} images are"
            yield "image-unseen", self.first_unseen, f"{number} addresses, which were not fetched, from this line on"
