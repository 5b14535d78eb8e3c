"""A picture from outside, made harmless: looked at before it is decoded, then drawn anew.

What is kept is a new WebP file of the pixels alone. Nothing of the upload's own bytes, names or
metadata (where a photograph was taken, a script behind the pixels) comes with it.
"""

from __future__ import annotations

from io import BytesIO
from typing import IO

from app.catalogue.picture_store import NewPicture
from app.errors import N_, RuleBroken

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = {"JPEG": 12_500_000, "PNG": 8_500_000, "WEBP": 6_000_000}
"""What is decoded in less than 100 MB, at its worst: a JPEG is decoded small, a WebP three times
over. A telephone's photograph has 12.2 million, a large screen's picture 8.3 million."""

LONGEST_SIDE = 1200
"""Pixels of the stored picture: twice what the widest page shows."""

QUALITY = 85
MAX_TEXT = 1024 * 1024
"""Bytes to which the text and colour profile in a PNG may unpack."""

TOO_MANY = N_("This picture has too many pixels. Choose one of at most %(max)s million.")
KINDS = ((b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff", "JPEG"))


def read_upload(stream: IO[bytes]) -> NewPicture:
    """The picture in ``stream``. Raises RuleBroken with a sentence for whoever sent it."""
    content = stream.read(MAX_BYTES + 1)
    if not content:
        raise RuleBroken(N_("This file is empty. Choose another one."))
    if len(content) > MAX_BYTES:
        raise RuleBroken(N_("This file is too large. Choose one of at most 5 MiB."))
    kind = _kind(content)
    if kind is None:
        raise RuleBroken(
            N_("Choose a PNG, JPEG or WebP picture. Other files, SVG drawings too, are refused.")
        )
    return _redrawn(content, kind)


def _kind(content: bytes) -> str | None:
    """What the first bytes say, whatever the file's name says."""
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WEBP"
    return next((kind for start, kind in KINDS if content.startswith(start)), None)


def _redrawn(content: bytes, kind: str) -> NewPicture:
    # Here, not above: Pillow is large, and most workers never see an upload.
    from PIL import Image, ImageOps, PngImagePlugin

    PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY = MAX_TEXT
    try:
        with Image.open(BytesIO(content), formats=[kind]) as file:
            width, height = file.size
            if width * height > MAX_PIXELS[kind]:
                raise RuleBroken(TOO_MANY, max=MAX_PIXELS[kind] // 1_000_000)
            file.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded small at once
            image = file.convert("RGBA") if file.mode == "P" else file
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(image)
            pixels = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except RuleBroken:
        raise
    except Image.DecompressionBombError as error:
        raise RuleBroken(TOO_MANY, max=MAX_PIXELS[kind] // 1_000_000) from error
    except (OSError, SyntaxError, ValueError, ArithmeticError, LookupError, MemoryError,
            TypeError) as error:  # fmt: skip
        # Whatever Pillow stumbles over in somebody's bytes.
        raise RuleBroken(N_("This picture cannot be read. Choose another one.")) from error
    bare = Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())  # without its metadata
    clean = BytesIO()
    bare.save(clean, "WEBP", quality=QUALITY)
    return NewPicture(clean.getvalue(), "image/webp", *bare.size)
