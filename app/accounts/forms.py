"""Signing in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.accounts.rules import MAX_EMAIL, MAX_PASSWORD
from app.forms import Form, no_controls, text_field


class SignInForm(Form):
    email = StringField(
        _l("E-mail address"),
        validators=[
            InputRequired(_l("Enter your e-mail address.")),
            Length(max=MAX_EMAIL, message=_l("Use at most %(max)d characters.")),
            no_controls,
        ],
    )
    password = PasswordField(
        _l("Password"),
        validators=[
            InputRequired(_l("Enter your password.")),
            Length(max=MAX_PASSWORD, message=_l("Use at most %(max)d characters.")),
        ],
    )
    next = HiddenField()


class FindPersonForm(Form):
    words = text_field(_l("Name or e-mail address"), MAX_EMAIL)
