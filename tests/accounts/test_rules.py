"""Addresses, names, passwords, and how long a session lives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from app.accounts import rules
from app.errors import RuleBroken
from app.policy import Role

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Maria@Example.ORG ", "maria@example.org"),
        ("ｍaria@example.org", "maria@example.org"),
        ("STRASSE@example.org", "strasse@example.org"),
    ],
)
def test_one_address_is_kept_in_one_way(typed: str, kept: str) -> None:
    assert rules.normal_email(typed) == kept


@pytest.mark.parametrize(
    "email",
    [
        "", "maria", "@example.org", "maria@", "a@b@c", "a b@c", "a\0@b", "a@b\x7f", "a@\udcff",
        "a,b@c", "a;b@c", "a<b@c>", "g:a@c", "a(b)@c", '"a@c', "a\\@c", "a@c.", "a@.c",
        "a@[1.2.3.4]", "=?utf-8?q?a=0d=0abcc:b=40c?=@c",
    ],
)  # fmt: skip
def test_what_can_be_no_address_is_refused(email: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_email(email)
    assert refused.value.field == "email"


@pytest.mark.parametrize("email", ["a..b@c", ".a@c", "o'b+x=y/z{1}|`~!#$%^&*?_-@c-d.e_f", "ü@b.ü"])
def test_what_a_mail_can_be_sent_to_is_taken(email: str) -> None:
    rules.check_email(email)
    message = EmailMessage()
    message["To"] = email
    assert [address.addr_spec for address in message["To"].addresses] == [email]


def test_an_address_has_at_most_254_characters() -> None:
    rules.check_email("a@" + "b" * 252)
    with pytest.raises(RuleBroken):
        rules.check_email("a@" + "b" * 253)


@pytest.mark.parametrize("name", ["", "x" * 101, "Ma\0ria", "Ma\udcffria"])
def test_a_name_that_cannot_be_kept_is_refused(name: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_name(name)
    assert refused.value.field == "name"


@pytest.mark.parametrize(
    "password",
    [
        "fourteen chars",
        "x" * 257,
        "a" * 30,
        "abcdabcdabcdabcd",
        "Maria@Example.org",
        "maria example org",
    ],
)
def test_a_short_or_guessable_password_is_refused(password: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_password(password, not_these=("maria@example.org", "Maria"))
    assert refused.value.field == "password"


@pytest.mark.parametrize("password", ["fifteen letters", "пароль из слов здесь", "x1y2z3w4" * 30])
def test_any_long_password_of_any_characters_will_do(password: str) -> None:
    rules.check_password(password, not_these=("maria@example.org", "Maria"))


@pytest.mark.parametrize(
    ("roles", "idle", "age", "alive"),
    [
        ({Role.PATIENT}, 11.9, 200, True),
        ({Role.PATIENT}, 12, 12, False),
        ({Role.PATIENT}, 1, 30 * 24, False),
        ({Role.THERAPIST}, 0.49, 11, True),
        ({Role.THERAPIST}, 0.5, 0.5, False),
        ({Role.ADMIN}, 0.1, 12, False),
        ({Role.PATIENT, Role.THERAPIST}, 1, 1, False),
    ],
)
def test_staff_are_signed_out_sooner_than_patients(
    roles: set[Role], idle: float, age: float, alive: bool
) -> None:
    assert rules.is_alive(frozenset(roles), NOW - age * HOUR, NOW - idle * HOUR, NOW) == alive


@pytest.mark.parametrize(
    "password",
    [
        "PasswordPassword1!",
        "Welcome-Homestretch-2026",
        "qwertyuiopasdfghjkl",
        "1234567890 1234567890",
        "tulip tulip tulip tulip",
        "Summer2026Summer2026",
    ],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    with pytest.raises(RuleBroken, match="too easy to guess"):
        rules.check_password(password, not_these=())


@pytest.mark.parametrize(
    "password",
    ["correct horse battery staple", "gentle-stretch-every-day", "mein Passwort ist ein Geheimnis",
     "дом собака окно вода", "9f8e7d6c5b4a3f2e1d"],
)  # fmt: skip
def test_a_few_words_of_ones_own_are_fine(password: str) -> None:
    rules.check_password(password, not_these=("pia@example.org", "Pia"))
