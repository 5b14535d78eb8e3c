"""What all forms share: clean text, a key against double clicks, and words for what is wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import IO, Any
from uuid import UUID, uuid4

import flask
import wtforms
from babel.support import NullTranslations, Translations
from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.formparser import FormDataParser
from wtforms import (
    DateField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.form import BaseForm
from wtforms.i18n import messages_path
from wtforms.validators import DataRequired, Length, Optional, StopValidation, ValidationError

from app.errors import RuleBroken
from app.language import language
from app.text import has_controls
from app.wording import sentence_of


def no_controls(form: PlainForm, field: Field) -> None:
    """Refuse characters that no keyboard makes and no database keeps (NUL and its kin)."""
    if isinstance(field.data, str) and has_controls(field.data):
        raise ValidationError(_l("This has a character that we cannot store. Type it again."))


def one_line(text: str | None) -> str:
    """Spaces and line ends made single, none at the ends."""
    return " ".join((text or "").split())


def lines(text: str | None) -> str:
    """Line ends made ``\\n``, no blanks around the whole."""
    return re.sub(r"\r\n?", "\n", text or "").strip()


def text_field(label: str, most: int, *, required: str = "", optional: bool = False) -> StringField:
    """One line of at most ``most`` characters; ``required`` is the sentence where it is missing.

    ``optional``: its label says so.
    """
    checks = [*([Optional()] if optional else []), *_checks(most, required)]
    return StringField(label, filters=[one_line], validators=checks)


def area_field(label: str, most: int, *, required: str = "") -> TextAreaField:
    """Several lines of at most ``most`` characters in all."""
    return TextAreaField(label, filters=[lines], validators=_checks(most, required))


def _checks(most: int, required: str) -> list[object]:
    length = Length(max=most, message=_l("Use at most %(max)d characters."))
    return [*([DataRequired(required)] if required else []), length, no_controls]


def choice(value: str, label: object) -> Any:
    """One option of a SelectField; Any, because WTForms' type hints do not know it yet."""
    return wtforms.SelectChoice(value, label)  # type: ignore[attr-defined]  # newer than its hints


MOST_ROWS = 100
"""More than any list of ours has: each row that is sent costs a form."""


class RowList(FieldList):  # type: ignore[type-arg]  # generic in its type hints only
    """A FieldList that no field name can break: a row's index is a short plain number, and what
    is more than it holds is not read."""

    def __init__(self, row: Any, *, max_entries: int = MOST_ROWS, **named: Any) -> None:
        super().__init__(row, max_entries=max_entries, **named)

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        index = re.compile(re.escape(prefix) + r"-([0-9]{1,4})(?:-|$)")
        return (int(found[1]) for name in formdata if (found := index.match(name)))


class WholeNumberField(IntegerField):
    """Like IntegerField, with words of ours for what is no whole number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not any(typed.strip() for typed in valuelist):
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Enter a whole number, like 3.")) from None

    def pre_validate(self, form: BaseForm) -> None:
        is_blank = not self.raw_data or not str(self.raw_data[0]).strip()
        if self.process_errors and not is_blank:  # of what is no number, no range need be told
            raise StopValidation


class DayField(DateField):
    """Like DateField, with words of ours for what is no date."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Enter a date: year, month and day, like 2026-03-31.")) from None


def typed_fields(without: Collection[str]) -> list[tuple[str, str]]:
    """Everything that the request's form says, to be sent again; never its old CSRF token."""
    return [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if name != "csrf_token" and name not in without
    ]


class _NamedParts(FormDataParser):
    """Leaves out what has no name: no browser sends such a part, and no form has a box for it."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        rest, form, files = super().parse(stream, mimetype, content_length, options)
        return rest, self._named(form), self._named(files)

    def _named(self, parts: MultiDict[str, Any]) -> MultiDict[str, Any]:
        if None not in parts:
            return parts
        return self.cls((name, value) for name, value in parts.items(multi=True) if name)


class FormRequest(flask.Request):
    """A request whose form and files all have names."""

    form_data_parser_class = _NamedParts


class FormsProtection(CSRFProtect):  # type: ignore[misc]  # Flask-WTF has no type hints
    """Refuses every form that has no token of this session, or comes from another site's page."""

    def protect(self, **options: bool) -> None:
        try:
            super().protect(**options)
        except ValueError as error:  # a Referer that is no address, which Flask-WTF does not expect
            raise CSRFError("The referrer does not match the host.") from error


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no type hints
    """A form of a page; :attr:`problems` lists what is wrong for the page's summary."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF has no type hints
        csrf = False  # FormsProtection has asked for the token before any view

        def get_translations(self, form: BaseForm) -> NullTranslations:
            """Of WTForms' own sentences. Flask-WTF reads its file again for each request."""
            return _sentences_of_wtforms(language())

    @property
    def problems(self) -> list[tuple[str, str]]:
        """(field id, sentence) in the order of the page, fields of fields included."""
        return [problem for field in self for problem in _problems_of(field)]

    def put_back(self, error: RuleBroken, default: str) -> None:
        """Show a rule's refusal beside the field it names (else beside ``default``)."""
        name = error.field if error.field in self._fields else default
        field = self._fields[name]
        field.errors = [*field.errors, sentence_of(error)]


@cache
def _sentences_of_wtforms(language: str) -> NullTranslations:
    return Translations.load(messages_path(), [language], domain="wtforms")


def _problems_of(field: Field) -> list[tuple[str, str]]:
    if isinstance(field, FormField):
        return [problem for part in field.form for problem in _problems_of(part)]
    if isinstance(field, FieldList):
        return [problem for part in field for problem in _problems_of(part)]
    return [(field.id, str(sentence)) for sentence in field.errors]


class NewThing(Form):
    """A form that makes one row however often it is sent: the row's id is in the form."""

    new_id = HiddenField(default=lambda: str(uuid4()))

    @staticmethod
    def fresh_id() -> str:
        """The id for one more form of the same kind on the page."""
        return str(uuid4())

    @property
    def row_id(self) -> UUID:
        """The id of the row to make; a new one where somebody altered the field."""
        try:
            return UUID(self.new_id.data or "")
        except ValueError:
            return uuid4()
