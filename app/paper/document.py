"""One paper to be made: its template, its words and its pictures, as plain values."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import segno

from app.paper.rasters import size_of
from app.paper.text import printable

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
QR = "qr"
MAX_PICTURES = 12 * 1024 * 1024
"""Characters of pictures in one document; beyond them a picture's words stand in its place."""

PictureOf = Callable[[str], tuple[str, bytes] | None]
"""SHA-256 of a picture -> its media type and bytes; None where it cannot be had."""


def no_picture(sha: str) -> None:
    """The :data:`PictureOf` of papers without pictures."""


@dataclass
class Pictures:
    """The pictures of one document. Their bytes are asked for when it is made, not before."""

    picture_of: PictureOf = no_picture
    address: str = ""
    names: dict[str, str] = field(default_factory=dict)

    def add(self, sha: str | None) -> str:
        """The name under which the template finds the picture with this SHA-256."""
        return self.names.setdefault(sha, f"picture {len(self.names) + 1}") if sha else ""

    def add_qr(self, address: str) -> str:
        """The name of a QR code of ``address``."""
        self.address = address
        return QR

    def draw(self) -> str:
        """Those that can be had, by name, as JSON of SVG."""
        drawn = {QR: qr_svg(self.address)} if self.address else {}
        room = MAX_PICTURES
        for sha, name in self.names.items():
            found = self.picture_of(sha)
            drawing = as_svg(*found) if found else None
            if drawing and len(drawing) <= room:
                room -= len(drawing)
                drawn[name] = drawing
        return json.dumps(drawn, ensure_ascii=False)


def qr_svg(address: str) -> str:
    """Without the quiet zone: templates leave it."""
    drawn = BytesIO()
    # Any mask can be read; to look for the prettiest of eight takes five times as long.
    segno.make_qr(address, error="m", mask=4).save(
        drawn, kind="svg", border=0, scale=4, xmldecl=False
    )
    return drawn.getvalue().decode()


def as_svg(media_type: str, content: bytes) -> str | None:
    """A picture as SVG: drawn ones as they are, a PNG or a WebP inside a frame of its size.

    None for anything else, and for what is not what it is called.
    """
    if media_type == "image/svg+xml":
        with suppress(UnicodeDecodeError):
            return content.decode()
    if size := size_of(media_type, content):
        wide, high = size
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" '
            f'height="{high}"><image width="{wide}" height="{high}" '
            f'href="data:{media_type};base64,{b64encode(content).decode()}"/></svg>'
        )
    return None


@dataclass(frozen=True)
class Document:
    """``template`` under templates/, ``data`` for it, and the day that the PDF says it is of."""

    template: str
    data: Mapping[str, Any]
    day: date
    pictures: Pictures = field(default_factory=Pictures)

    @cached_property
    def words(self) -> str:
        """The data as JSON, without what no paper can show."""
        return json.dumps(printable(self.data), ensure_ascii=False, sort_keys=True)

    @cached_property
    def fingerprint(self) -> str:
        """Equal for equal documents of equal templates, whoever asks for them."""
        pictures = " ".join((self.pictures.address, *self.pictures.names))
        parts = (edition(), self.template, str(self.day), pictures, self.words)
        sums = [hashlib.sha256(part.encode()).digest() for part in parts]
        return hashlib.sha256(b"".join(sums)).hexdigest()[:32]


@cache
def sources() -> dict[str, bytes]:
    """Every template by its path under templates/; read once in the life of a process."""
    return {
        path.relative_to(TEMPLATES).as_posix(): path.read_bytes()
        for path in sorted(TEMPLATES.rglob("*.typ"))
    }


@cache
def edition() -> str:
    """Another one for other templates or another Typst."""
    seen = hashlib.sha256(version("typst").encode())
    for content in sources().values():
        seen.update(hashlib.sha256(content).digest())
    return seen.hexdigest()
