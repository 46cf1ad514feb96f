"""Images: where they stand, how many, and what they are (fine-tuning-vision.md)."""

from __future__ import annotations

import base64
import io
import pickle
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from jobs.data.formats import images, parts_of
from jobs.data.formats.images import ImageTally
from tests.jobs.data.formats.broken import rules, words
from tests.jobs.data.specimens import ANSWER, ASK


def _bytes(mode: str = "RGB", kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    stream = io.BytesIO()
    Image.new(mode, size).save(stream, kind)
    return stream.getvalue()


def _url(data: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _seen(url: Any, role: str = "user", **keys: Any) -> dict[str, Any]:
    part = {"type": "image_url", "image_url": {"url": url} | keys}
    message = {"role": role, "content": [{"type": "text", "text": "What is it?"}, part]}
    return {"messages": [message, ANSWER] if role == "user" else [message, ASK, ANSWER]}


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("JPEG", "RGB"), ("WEBP", "RGB"), ("WEBP", "RGBA")]
)
def test_documented_formats_and_modes_pass(kind: str, mode: str) -> None:
    """JPEG, PNG and WEBP; RGB and RGBA."""
    assert rules(_seen(_url(_bytes(mode, kind, (300, 200)), kind.lower()), detail="low")) == []


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (_bytes("P", "GIF"), "image-format"),
        (_bytes("RGB", "BMP"), "image-format"),
        (_bytes("L", "PNG"), "image-mode"),
        (_bytes("P", "PNG"), "image-mode"),
        (_bytes("CMYK", "JPEG"), "image-mode"),
        (_bytes("L", "JPEG"), "image-mode"),
        (b"", "image-broken"),
        (b"<svg/>", "image-broken"),
        *((_bytes("RGB", kind, (64, 64))[:-20], "image-broken") for kind in ("PNG", "JPEG", "WEBP")),
        (_bytes("RGB", "PNG")[:40], "image-broken"),
    ],
)
def test_what_is_sent_along_is_looked_at(data: bytes, rule: str) -> None:
    """Its bytes count, not what the address says."""
    assert rules(_seen(_url(data))) == [rule]


def test_an_image_that_claims_to_be_huge_is_not_decoded() -> None:
    """50,000 by 50,000 pixels in a hundred bytes: nothing of that size is held in memory."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))

    assert rules(_seen(_url(bomb))) == ["image-broken"]


@pytest.mark.parametrize(("kind", "options"), [("JPEG", {"progressive": True}), ("WEBP", {}), ("JPEG", {})])
def test_an_image_too_large_to_be_decoded_is_still_looked_at(
    kind: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its end, where decoding would take much memory; here from 100 pixels on."""
    monkeypatch.setattr(images, "_DECODED_PIXELS", 100)
    stream = io.BytesIO()
    Image.effect_noise((64, 64), 90).convert("RGB").save(stream, kind, **options)

    assert rules(_seen(_url(stream.getvalue()))) == []
    assert rules(_seen(_url(stream.getvalue()[:-50]))) == ["image-broken"]


def test_a_large_image_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more than 10 MB; here the limit is 100 bytes."""
    assert images.MAX_IMAGE_BYTES == 10 * 2**20
    monkeypatch.setattr(images, "MAX_IMAGE_BYTES", 100)

    assert rules(_seen(_url(_bytes(size=(100, 100))))) == ["image-size"]


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("https://example.com/lima.png", None),
        ("HTTPS://example.com/lima.png?sig=a%20b", None),
        ("http://example.com/lima.png", "image-url"),
        ("photos/lima.png", "image-url"),
        ("C:\\photos\\lima.png", "image-url"),
        ("file:///lima.png", "image-url"),
        ("https://", "image-url"),
        ("https://example.com/li ma.png", "image-url"),
        ("", "image-url"),
        ("data:image/png,abc", "image-broken"),
        ("data:image/png;base64,%%%", "image-broken"),
        ("data:image/png;base64,é", "image-broken"),
        ("data:", "image-broken"),
        (5, "schema-part"),
        (None, "schema-part"),
    ],
)
def test_an_address_is_https_or_the_image_itself(url: Any, rule: str | None) -> None:
    assert rules(_seen(url)) == ([] if rule is None else [rule])


@pytest.mark.parametrize(
    ("detail", "broken"), [("high", []), ("auto", []), ("original", ["schema-part"]), (None, ["schema-part"])]
)
def test_detail_is_low_high_or_auto(detail: Any, broken: list[str]) -> None:
    assert rules(_seen("https://example.com/lima.png", detail=detail)) == broken


@pytest.mark.parametrize("role", ["system", "assistant"])
def test_only_users_have_images(role: str) -> None:
    assert "image-place" in rules(_seen("https://example.com/lima.png", role))


def test_at_most_64_images_are_used_of_an_example() -> None:
    """Of all its messages together."""
    message = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://a.example/b.png"}}] * 32}

    assert rules({"messages": [message, message, ANSWER]}) == []
    assert rules({"messages": [message, message, message, ANSWER]}) == ["image-count"]


def test_a_model_that_takes_no_images_is_told_which_do() -> None:
    """gpt-4o 2024-08-06 and gpt-4.1 2025-04-14 (fine-tuning-vision.md)."""
    example = _seen("https://example.com/lima.png")

    said = words(example, base="gpt-4.1-mini-2025-04-14", images=False)
    assert "gpt-4.1-mini-2025-04-14 is not tuned with images: gpt-4.1-2025-04-14 and gpt-4o-2024-08-06 are" in said
    assert rules(example, images=True) == rules(example, images=None) == []


def test_images_that_were_not_looked_at_are_told_once_for_a_file() -> None:
    """With their number and the first line; also where two have read a piece of the file each."""
    one, other, none = ImageTally(), ImageTally(), ImageTally()
    one.add(parts_of({"messages": [ASK, ANSWER]}), {}, 1)
    one.add(parts_of(_seen("https://example.com/lima.png")), {}, 2)
    other.add(parts_of(_seen(_url(_bytes()))), {}, 3)
    other.add(parts_of(_seen("https://example.com/lima.png")), {}, 4)
    one.merge(pickle.loads(pickle.dumps(other)))  # noqa: S301  # Our own.

    ((rule, line, said),) = one.findings(None)
    assert (rule, line) == ("image-unseen", 2)
    assert "2 images" in said
    assert one.examples == 3
    assert list(none.findings(None)) == []


def test_at_most_50000_examples_with_images_are_used_of_a_file() -> None:
    assert list(ImageTally(examples=50_000).findings(None)) == []
    assert [finding[:2] for finding in ImageTally(examples=50_001).findings(None)] == [("image-examples", None)]
