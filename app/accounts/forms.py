"""Signing in, choosing a password, changing one's address, and looking after people."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.rules import MAX_EMAIL, MAX_NAME, MAX_PASSKEY_NAME, MAX_PASSWORD
from app.accounts.words import ROLES
from app.forms import Form, NewThing, choice, no_controls, text_field
from app.policy import Role

_MOST = _l("Use at most %(max)d characters.")


def _email_field(label: str, missing: str) -> StringField:
    checks = [InputRequired(missing), Length(max=MAX_EMAIL, message=_MOST), no_controls]
    return StringField(label, validators=checks)


def _passkey_field() -> HiddenField:
    """What the browser's passkey answers, as JSON; a script fills it in."""
    return HiddenField(validators=[Length(max=20_000, message=_MOST)])


def _password_field(label: str, missing: str) -> PasswordField:
    checks = [InputRequired(missing), Length(max=MAX_PASSWORD, message=_MOST)]
    return PasswordField(label, validators=checks)


class SignInForm(Form):
    email = _email_field(
        _l("E-mail address or sign-in name"), _l("Enter your e-mail address or sign-in name.")
    )
    password = _password_field(_l("Password"), _l("Enter your password."))
    own_device = BooleanField(_l("This is my own device. Keep me signed in for 30 days."))
    next = HiddenField()


class ConfirmForm(Form):
    """Asks somebody who is signed in once more who they are."""

    password = _password_field(_l("Password"), _l("Enter your password."))
    code = StringField(
        _l("Code of your app, or a recovery code"),
        validators=[Length(max=60, message=_MOST), no_controls],
    )
    passkey = _passkey_field()
    next = HiddenField()


class CodeForm(Form):
    code = StringField(
        _l("Code"),
        validators=[
            InputRequired(_l("Enter the code.")),
            Length(max=60, message=_MOST),
            no_controls,
        ],
    )


class PasskeyForm(Form):
    passkey = _passkey_field()


class AddPasskeyForm(PasskeyForm):
    name = text_field(_l("Name"), MAX_PASSKEY_NAME, required=_l("Enter a name."))


class ForgottenForm(Form):
    email = _email_field(_l("E-mail address"), _l("Enter your e-mail address."))


class ChoosePasswordForm(Form):
    password = _password_field(_l("New password"), _l("Enter a password."))
    again = _password_field(_l("The same password again"), _l("Enter the password again."))

    def validate(self, *args: object, **kwargs: object) -> bool:
        """Both have to be the same; each mistake has its own sentence."""
        if not super().validate(*args, **kwargs):
            return False
        if self.password.data != self.again.data:
            self.again.errors = [_l("The two passwords are not the same.")]
            return False
        return True


class NewEmailForm(NewThing):
    email = _email_field(_l("New e-mail address"), _l("Enter your new e-mail address."))


class SendInvitationForm(NewThing):
    email = _email_field(_l("E-mail address"), _l("Enter an e-mail address."))


class InvitePersonForm(SendInvitationForm):
    name = text_field(_l("Name"), MAX_NAME, required=_l("Enter a name."))
    roles = SelectMultipleField(
        _l("This person is"),
        choices=[choice(role.value, ROLES[role]) for role in (Role.THERAPIST, Role.ADMIN)],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class ManagePersonForm(Form):
    """What an administrator changes about somebody, and why."""

    roles = SelectMultipleField(
        _l("This person is"),
        choices=[choice(role.value, ROLES[role]) for role in Role],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    reason = text_field(_l("Why?"), 300, required=_l("Write why. It is kept with the change."))


class FindPersonForm(Form):
    words = text_field(_l("Name or e-mail address"), MAX_EMAIL)
