"""The pages of people and their accounts; several modules add to them."""

from __future__ import annotations

from flask import Blueprint, request
from flask_babel import gettext as _

from app.accounts.passphrases import suggest_passphrase
from app.accounts.rules import device_of

pages = Blueprint("accounts", __name__)


@pages.app_template_filter("device")
def device(user_agent: str) -> str:
    """A browser in words: "Firefox on Windows"."""
    browser, system = device_of(user_agent)
    if browser and system:
        words: str = _("%(browser)s on %(system)s", browser=browser, system=system)
        return words
    return browser or system or str(_("An unknown device"))


@pages.app_template_global()
def suggested_passphrase() -> str:
    """Another one each time; it stands on the page and nowhere else."""
    return suggest_passphrase()


def device_words() -> str:
    """The browser that asks, in words."""
    return device(request.user_agent.string)
