"""What our mails say."""

from __future__ import annotations

from flask_babel import format_datetime, ngettext
from flask_babel import gettext as _

from app.accounts.models import Link
from app.accounts.rules import LIFETIMES, Purpose
from app.config import Settings
from app.mail import Mail


def invitation_mail(link: Link, address: str, settings: Settings) -> Mail:
    """The invitation, for somebody who has an e-mail address."""
    return _mail(
        link.email,
        _("Your account at %(clinic)s", clinic=settings.clinic_name),
        _("%(clinic)s invites you to Homestretch, the web page for home exercises.",
          clinic=settings.clinic_name),
        _("Open this link and choose a password:"),
        address,
        _("The link works once, until %(moment)s.", moment=_moment(link)),
        settings=settings,
    )  # fmt: skip


def reset_mail(link: Link, address: str, settings: Settings) -> Mail:
    hours = int(LIFETIMES[Purpose.RESET].total_seconds() // 3600)
    return _mail(
        link.email,
        _("A new password for Homestretch"),
        _("Somebody, most likely you, asked for a new password. Open this link and choose it:"),
        address,
        ngettext("The link works once, for %(num)d hour.",
                 "The link works once, for %(num)d hours.", hours),
        _("Was it not you? Then do nothing. Your password stays as it is."),
        settings=settings,
    )  # fmt: skip


def new_email_mail(link: Link, address: str, settings: Settings) -> Mail:
    return _mail(
        link.email,
        _("Is this your new e-mail address?"),
        _("Somebody, most likely you, wants to sign in to Homestretch with this address. "
          "Open this link to say yes:"),
        address,
        _("The link works once, until %(moment)s.", moment=_moment(link)),
        _("Was it not you? Then do nothing."),
        settings=settings,
    )  # fmt: skip


def taken_email_mail(email: str, settings: Settings) -> Mail:
    """To the owner of an address that somebody wanted for another account."""
    return _mail(
        email,
        _("This address is in use already"),
        _("Somebody asked to use this e-mail address for another account of Homestretch. "
          "It belongs to yours, so nothing was changed."),
        settings=settings,
    )  # fmt: skip


def email_changed_mail(former: str, settings: Settings) -> Mail:
    return _mail(
        former,
        _("Your e-mail address was changed"),
        _("From now on another e-mail address is used to sign in to your account."),
        _("Was it not you? Then call us at once."),
        settings=settings,
    )


def password_changed_mail(email: str, settings: Settings) -> Mail:
    return _mail(
        email,
        _("Your password was changed"),
        _("The password of your account was changed, and every other device was signed out."),
        _("Was it not you? Then call us at once."),
        settings=settings,
    )


def second_step_changed_mail(email: str, settings: Settings) -> Mail:
    return _mail(
        email,
        _("The second step of your sign in was changed"),
        _("A passkey or an app was added to your account or taken from it, or there are new "
          "recovery codes."),
        _("Was it not you? Then call us at once."),
        settings=settings,
    )  # fmt: skip


def _mail(to: str, subject: str, *paragraphs: str, settings: Settings) -> Mail:
    signature = f"{settings.clinic_name}\n{settings.clinic_phone}"
    return Mail(to, subject, "\n\n".join([*paragraphs, signature]) + "\n")


def _moment(link: Link) -> str:
    """In the clinic's own time."""
    moment: str = format_datetime(link.expires_at, "EEEE d MMMM y, H:mm")
    return moment
