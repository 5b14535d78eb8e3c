"""One paper to be made: its template, its words and its pictures, as plain values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import segno

from app.paper.text import printable

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
ENDINGS = {
    "image/svg+xml": "svg",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
}
MAX_PICTURES = 12 * 1024 * 1024
"""Bytes of pictures in one document; beyond them a picture's words stand in its place."""

PictureOf = Callable[[str], tuple[str, bytes] | None]
"""SHA-256 of a picture -> its media type and bytes; None where there is none."""


def no_picture(sha: str) -> None:
    """The :data:`PictureOf` of a site without pictures."""


@dataclass
class Pictures:
    """The pictures of one document. Typst sees them as files with the names given here."""

    picture_of: PictureOf = no_picture
    files: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, str | None] = field(default_factory=dict)

    def add(self, sha: str | None) -> str | None:
        """The file name of the picture with this SHA-256, or None where it cannot be had."""
        if sha is None:
            return None
        if sha not in self.names:
            self.names[sha] = self._keep(self.picture_of(sha))
        return self.names[sha]

    def _keep(self, found: tuple[str, bytes] | None) -> str | None:
        if found is None or found[0] not in ENDINGS:
            return None
        if sum(map(len, self.files.values())) + len(found[1]) > MAX_PICTURES:
            return None
        name = f"/picture-{len(self.files)}.{ENDINGS[found[0]]}"
        self.files[name] = found[1]
        return name

    def add_qr(self, address: str) -> str:
        """The file name of a QR code of ``address``."""
        drawn = BytesIO()
        segno.make_qr(address, error="m").save(drawn, kind="svg", border=0, svgns=True, scale=4)
        self.files["/qr.svg"] = drawn.getvalue()
        return "/qr.svg"


@dataclass(frozen=True)
class Document:
    """``template`` under templates/, ``data`` for it, and the day that the PDF says it is of."""

    template: str
    data: Mapping[str, Any]
    day: date
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def words(self) -> str:
        """The data as JSON, without what no paper can show."""
        return json.dumps(printable(self.data), ensure_ascii=False, sort_keys=True)

    @cached_property
    def fingerprint(self) -> str:
        """Equal for equal documents of equal templates, whoever asks for them."""
        seen = hashlib.sha256(f"{version('typst')} {self.template} {self.day}".encode())
        for name, content in sorted({**sources(), **self.pictures}.items()):
            seen.update(hashlib.sha256(name.encode()).digest())
            seen.update(hashlib.sha256(content).digest())
        seen.update(self.words.encode())
        return seen.hexdigest()[:32]


@cache
def sources() -> dict[str, bytes]:
    """Every template by its path; read once in the life of a process."""
    return {
        f"/{path.relative_to(TEMPLATES).as_posix()}": path.read_bytes()
        for path in sorted(TEMPLATES.rglob("*.typ"))
    }
