"""Text on its way out of the database."""

from __future__ import annotations

import pytest

from app.text import safe_cell


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_begins_a_formula_in_any_width(mark: str) -> None:
    """Spreadsheets of East Asia take the wide signs for the narrow ones."""
    assert safe_cell(f"{mark}1+1") == f"'{mark}1+1"
    assert safe_cell(f"1{mark}1") == f"1{mark}1"
    assert safe_cell("") == ""
