"""Text as it is kept, searched and sorted."""

from __future__ import annotations

import re
import unicodedata

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def has_controls(text: str) -> bool:
    """Whether it has a character that no keyboard makes and no database keeps (NUL, its kin)."""
    return _CONTROLS.search(text) is not None


def search_key(text: str) -> str:
    """Case folded, accents gone, spaces single: "José  Ruiz" and "jose ruiz" are equal."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def safe_cell(text: str) -> str:
    """A cell of a CSV file that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    first = unicodedata.normalize("NFKC", text[:1])  # wide signs count, too
    return f"'{text}" if first in ("=", "+", "-", "@", "\t", "\r", "\n") else text
