"""The words by which a therapist finds a patient."""

from __future__ import annotations

from babel.dates import get_month_names
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from app.clock import today
from app.forms import Form, text_field
from app.patients.reads import Wanted
from app.patients.rules import (
    MAX_NAME,
)
from app.patients.search import days_meant
from app.text import search_key


class FindPatientForm(Form):
    words = text_field(_l("Name, record number or birth date"), MAX_NAME)

    @property
    def wanted(self) -> Wanted:
        """Whom the words mean: a date in the reader's own language is one, too."""
        words = self.words.data or ""
        months = {
            search_key(name).rstrip("."): number
            for width in ("wide", "abbreviated")
            for number, name in get_month_names(width, locale=get_locale()).items()
        }
        return Wanted(words, days_meant(words, months, today()))
