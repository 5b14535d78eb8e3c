"""Makes PDFs with Typst: tagged, PDF/UA-1, from memory alone, and only a few at once."""

from __future__ import annotations

import ctypes
import logging
import re
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any

from app.paper.document import Document, Pictures, sources

if TYPE_CHECKING:
    import typst

AT_ONCE = 2
"""Documents in the making in one process."""
PATIENCE = 1.0
"""Seconds that a further one waits for its turn."""
KEPT_BYTES = 4 * 1024 * 1024
"""Finished documents kept in memory, together."""

LETTERS_REMEMBERED = 25_000
"""Letters of data after which Typst is made to forget (see :func:`_forget`)."""
MEMORY_OF_TYPST = 11
"""It drops what none of its last ten documents used."""
LACKS_A_GLYPH = "could not be displayed with font"

log = logging.getLogger("homestretch.paper")


class Busy(Exception):
    """Too many documents are being made; ask again after ``seconds``."""

    seconds = 2


class Press:
    """The one press of a process. Safe to use from several threads."""

    def __init__(
        self, at_once: int = AT_ONCE, patience: float = PATIENCE, kept_bytes: int = KEPT_BYTES
    ) -> None:
        self.places = BoundedSemaphore(at_once)
        self.patience = patience
        self.shelf = _Shelf(kept_bytes)
        self.letters = 0

    def print(self, document: Document) -> bytes:
        """The PDF; an unchanged document is not made twice. Raises :class:`Busy`."""
        done = self.shelf.find(document.fingerprint)
        if done is not None:
            return done
        if not self.places.acquire(timeout=self.patience):
            raise Busy
        try:
            made = make_pdf(document)
            self.letters += len(document.words)
            if self.letters >= LETTERS_REMEMBERED:
                self.letters = 0
                _forget()
        finally:
            self.places.release()
        self.shelf.put(document.fingerprint, made)
        return made


class _Shelf:
    """The documents asked for last, up to a number of bytes."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self.lock = Lock()
        self.kept: OrderedDict[str, bytes] = OrderedDict()

    def find(self, key: str) -> bytes | None:
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
            return self.kept.get(key)

    def put(self, key: str, content: bytes) -> None:
        with self.lock:
            self.size += len(content) - len(self.kept.pop(key, b""))
            self.kept[key] = content
            while self.size > self.most:
                self.size -= len(self.kept.popitem(last=False)[1])


def make_pdf(document: Document) -> bytes:
    """The document as PDF/UA-1.

    What UA forbids is no reason to leave a patient without paper: a character that no font has
    costs the UA mark, a picture that cannot be read costs the pictures. Both leave a log line.
    """
    import typst  # some 80 MB of library: only processes that print pay for it

    drawings = document.pictures.draw()
    with_all = True
    standards: list[typst.PDFStandard] = ["ua-1"]
    while True:
        try:
            return _compile(document, drawings, standards)
        except typst.TypstError as error:
            if LACKS_A_GLYPH in error.diagnostic and standards:
                standards = []
                missing = _missing(error.diagnostic)
                log.warning("%s: made without PDF/UA: no font has %s", document.template, missing)
            elif with_all:
                drawings, with_all = Pictures(address=document.pictures.address).draw(), False
                log.warning("%s: made without pictures: %s", document.template, error.message)
            else:
                raise


def _compile(document: Document, drawings: str, standards: list[typst.PDFStandard]) -> bytes:
    import typst

    # All that Typst may open is in this mapping: the folder it would look into is none.
    # A mapping of files is documented, but not in its types.
    files: Any = {"main.typ": f'#include "/{document.template}"'.encode(), **sources()}
    made: bytes = typst.compile(
        files,
        format="pdf",
        root="/dev/null",
        font_paths=_fonts(),
        sys_inputs={"data": document.words, "drawings": drawings},
        pdf_standards=standards,
        timestamp=datetime.combine(document.day, time(), UTC),
    )
    return made


def _forget() -> None:
    """Give the memory of finished documents back, by as many empty ones as Typst remembers.

    It keeps what it laid out, 5 MB for a plan and 35 for the longest, in case the next document
    is the same. Ours never are: an unchanged one comes from the shelf. What it lets go lies in
    pieces among what stays; so the C library is told to hand whole pages back to the machine.
    """
    import typst

    empty = typst.Compiler(b"", font_paths=_no_fonts())
    for _ in range(MEMORY_OF_TYPST):
        empty.compile(b"", format="svg")
    _trim()(0)


@cache
def _trim() -> Callable[[int], object]:
    """glibc's ``malloc_trim``; with another C library, nothing."""
    found: Callable[[int], object] = getattr(ctypes.CDLL(None), "malloc_trim", lambda _keep: None)
    return found


@cache
def _no_fonts() -> typst.Fonts:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)


@cache
def _fonts() -> typst.Fonts:
    """Source Sans and what Typst brings along; never the machine's: paper is the same anywhere."""
    import font_source_sans_pro
    import typst

    folder = Path(font_source_sans_pro.__file__).parent / "files"
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


def _missing(diagnostic: str) -> str:
    """The characters by their numbers: a log holds no names, not even in pieces."""
    found = "".join(re.findall(r'the text `"(.*?)"`', diagnostic))
    return ", ".join(sorted({f"U+{ord(mark):04X}" for mark in found})[:8])
