"""What all forms share."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict
from wtforms import Form, FormField, StringField

from app.forms import MOST_ROWS, RowList


class Inner(Form):
    word = StringField()


class Outer(Form):
    rows = RowList(FormField(Inner))
    few = RowList(FormField(Inner), max_entries=3)


def test_of_thousands_of_rows_no_more_are_read_than_a_list_holds() -> None:
    """Half a megabyte of the shortest names would else be many seconds of work."""
    sent = {f"{name}-{number}-word": "x" for name in ("rows", "few") for number in range(3000)}
    form = Outer(MultiDict(sent))
    assert (len(form.rows), len(form.few)) == (MOST_ROWS, 3)
