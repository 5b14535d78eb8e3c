"""The four words that somebody who chooses a password may take."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from importlib.resources import files

import pytest
from flask import Flask

from app.accounts.links import make_link, token_of
from app.accounts.models import Account
from app.accounts.passphrases import UNKIND, suggest_passphrase, words
from app.accounts.rules import Purpose, check_password
from app.clock import now
from app.database import db
from tests.factories import Cast, CastMember
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]


def test_four_words_have_48_bits_and_are_a_password() -> None:
    known = words()
    assert len(set(known)) == len(known)
    assert 4 * math.log2(len(known)) >= 48
    assert all(word.isascii() and word.isalpha() and word.islower() for word in known)
    shortest = " ".join(sorted(known, key=len)[:4])
    check_password(shortest, not_these=())
    assert not {"agony", "paralyze", "womb", "suffering", "junkie"} & set(known)
    assert {"gravel", "number"} <= set(known)
    assert all(any(word.startswith(stem) for word in all_listed()) for stem in UNKIND)


def all_listed() -> list[str]:
    return files("xkcdpass").joinpath("static", "eff-long").read_text("ascii").split()


def test_no_two_are_the_same() -> None:
    made = [suggest_passphrase() for _ in range(500)]
    assert len(set(made)) == 500
    assert {len(one.split()) for one in made} == {4}
    assert len({word for one in made for word in one.split()}) > 1000


@pytest.mark.parametrize("where", ["account", "invitation", "reset"])
def test_it_stands_where_a_password_is_chosen_and_in_no_log(
    app: Flask, visit: Visit, cast: Cast, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with app.app_context():
        pia = db.session.get_one(Account, cast.pia.id)
        purpose = Purpose(where) if where != "account" else Purpose.RESET
        token = token_of(make_link(pia, purpose, pia.email, id=pia.id, by=None, now=now())[0])
        db.session.commit()
    paths = {"account": "/account/password", "invitation": f"/invitations/{token}"}
    page = visit(cast.pia).open(paths.get(where, f"/reset/{token}"))
    first = page.tag("[data-passphrase]").get_text()
    page.follow("Another one")
    assert page.page.select("details[open]")
    second = page.tag("[data-passphrase]").get_text()
    assert first != second
    button = page.page.select("main form button")[-1].get_text(strip=True)
    page.submit(button, password="too short", again="too short", expect=422)
    third = page.tag("[data-passphrase]").get_text()
    page.submit(button, password=third, again=third)
    assert not [one for one in (first, second, third) if one in caplog.text]
