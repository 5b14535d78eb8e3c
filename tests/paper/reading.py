"""Reads a PDF as its users do: its pages' words and where they stand, its tags, its QR code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

import pikepdf
import pypdfium2
import pypdfium2.raw as raw
import zxingcpp
from pypdfium2 import PdfDocument, PdfPage

PAINTS = {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Tj", "TJ", "'", '"', "Do", "BI"}
SPECIAL = "\u00ad\u200b\ufffe\ufeff\u0002"
"""What a reader sees nothing of, or a hyphen that a line break brought."""


@dataclass(frozen=True)
class Line:
    """A run of words with its box in points from the lower left corner of ``page``."""

    page: int
    words: str
    left: float
    bottom: float
    right: float
    top: float

    def holds(self, other: Line) -> bool:
        """Whether ``other`` lies within, as the lettering of a drawing does."""
        across = self.left - 1 <= other.left and other.right <= self.right + 1
        high = self.bottom - 1 <= other.bottom and other.top <= self.top + 1
        return self.page == other.page and across and high

    def covers(self, other: Line) -> bool:
        """Whether the two boxes share more than the edges that close lines share."""
        across = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.top, other.top) - max(self.bottom, other.bottom)
        return self.page == other.page and across > 1 and high > 2


class Pdf:
    """One PDF."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.file = pikepdf.open(BytesIO(content))
        self.rendered: PdfDocument = pypdfium2.PdfDocument(content)

    @cached_property
    def pages(self) -> list[str]:
        """The words of each page, spaces single."""
        return [_plain(page.get_textpage().get_text_range()) for page in self.rendered]

    @property
    def text(self) -> str:
        return " ".join(self.pages)

    def says(self, words: str, page: int) -> bool:
        """Whether ``words`` stand on ``page`` in one piece, wherever their lines break."""
        return _joined(words) in _joined(self.pages[page - 1])

    def page_of(self, words: str) -> int:
        """The one page on which these words stand, from 1."""
        found = [n for n, page in enumerate(self.pages, 1) if _plain(words) in page]
        assert len(found) == 1, f"{words!r} on pages {found}"
        return found[0]

    @cached_property
    def lines(self) -> list[Line]:
        """Everything written, with its place."""
        return [line for n, page in enumerate(self.rendered, 1) for line in _lines(n, page)]

    def sizes(self) -> dict[float, int]:
        """How many characters there are of each size in points."""
        counted: dict[float, int] = {}
        for page in self.rendered:
            words = page.get_textpage()
            for n in range(words.count_chars()):
                size = round(raw.FPDFText_GetFontSize(words.raw, n), 1)
                counted[size] = counted.get(size, 0) + 1
        return counted

    def size_of(self, words: str) -> float:
        """The size in points in which ``words`` begin."""
        for page in self.rendered:
            textpage = page.get_textpage()
            at = textpage.get_text_range().find(words)
            if at >= 0:
                return float(round(raw.FPDFText_GetFontSize(textpage.raw, at), 1))
        raise AssertionError(f"{words!r} is nowhere")

    def qr_codes(self) -> list[str]:
        """What a phone reads from the first page at the size of a screen."""
        picture = self.rendered[0].render(scale=2).to_pil().convert("L")
        return [code.text for code in zxingcpp.read_barcodes(picture)]

    def tags(self) -> list[tuple[str, pikepdf.Object]]:
        """The structure's elements in reading order: (type, element)."""
        return list(_elements(self.file.Root.StructTreeRoot.K))

    def headings(self) -> list[int]:
        return [int(name[1]) for name, _element in self.tags() if re.fullmatch(r"H[1-6]", name)]

    def alts(self) -> list[str]:
        """The words of every figure, in order."""
        return [str(element.get("/Alt", "")) for name, element in self.tags() if name == "Figure"]

    @cached_property
    def figures(self) -> list[Line]:
        """The words of each figure and where it stands; PDF/UA says so, and other papers do not."""
        pages = {page.obj.objgen: n for n, page in enumerate(self.file.pages, 1)}
        return [
            Line(pages[figure.Pg.objgen], str(figure.Alt), *_box(figure))
            for name, figure in self.tags()
            if name == "Figure" and "/Pg" in figure and _box(figure)
        ]

    def untagged(self) -> list[str]:
        """Painting outside of every tag and outside of what is marked as decoration."""
        return [
            f"page {n}: {op}" for n, page in enumerate(self.file.pages, 1) for op in _bare(page)
        ]


def _plain(words: str) -> str:
    for mark in SPECIAL:
        words = words.replace(mark, "")
    return " ".join(words.split())


def _joined(words: str) -> str:
    """Without spaces and dashes: at the end of a line a reader sees none of them."""
    return re.sub(r"[\s\u2010-\u2014-]", "", _plain(words))


def _lines(number: int, page: PdfPage) -> Iterator[Line]:
    words = page.get_textpage()
    for n in range(words.count_rects()):
        box = words.get_rect(n)
        said = words.get_text_bounded(*box)
        if said.strip():
            yield Line(number, _plain(said), *box)


def _box(figure: pikepdf.Object) -> list[float]:
    described = figure.A if isinstance(figure.A, pikepdf.Array) else [figure.A]
    return [float(edge) for one in described if "/BBox" in one for edge in one.BBox.as_list()]


def _elements(kids: pikepdf.Object) -> Iterator[tuple[str, pikepdf.Object]]:
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield str(kid.S).lstrip("/"), kid
            if "/K" in kid:
                yield from _elements(kid.K)


def _bare(page: pikepdf.Page) -> Iterator[str]:
    depth = 0
    for instruction in pikepdf.parse_content_stream(page):
        name = str(instruction.operator)
        if name in ("BMC", "BDC"):
            depth += 1
        elif name == "EMC":
            depth -= 1
        elif name in PAINTS and depth == 0:
            yield name
