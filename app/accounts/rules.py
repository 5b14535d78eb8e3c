"""E-mail addresses, passwords and how long a session lives."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from app.errors import N_, RuleBroken
from app.policy import Role
from app.text import has_controls, search_key

MIN_PASSWORD = 15
MAX_PASSWORD = 256
MAX_EMAIL = 254
MAX_NAME = 100

STAFF_IDLE = timedelta(minutes=30)
STAFF_ABSOLUTE = timedelta(hours=12)
PATIENT_IDLE = timedelta(hours=12)
PATIENT_ABSOLUTE = timedelta(days=30)
TOUCH_EVERY = timedelta(minutes=1)

MOST_TRIES = 10
TRIES_WITHIN = timedelta(minutes=5)

ASK_AGAIN_AFTER = timedelta(minutes=10)
ASK_WHO_SENDS_AFTER = timedelta(minutes=30)


class Purpose(StrEnum):
    """What a link is good for, and nothing else."""

    INVITATION = "invitation"
    RESET = "reset"
    NEW_EMAIL = "new-email"


LIFETIMES = {
    Purpose.INVITATION: timedelta(hours=72),
    Purpose.RESET: timedelta(hours=1),
    Purpose.NEW_EMAIL: timedelta(hours=24),
}


class TooManyTries(Exception):
    """It was tried as often as it may be; waiting :data:`TRIES_WITHIN` helps."""


CODE_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without what looks alike: 0 o, 1 i l
CODE_LETTERS = 24  # 118 bits, so that a plain hash keeps them (ASVS 6.5.2)
CODES_AT_ONCE = 10
SECONDS_OF_STEP = 30
HALF_WAY_FOR = timedelta(minutes=10)
"""How long a right password waits for the second factor."""
CHALLENGE_FOR = timedelta(minutes=5)
MAX_PASSKEY_NAME = 60
MAX_PASSKEYS = 20


class Asked(StrEnum):
    """What a passkey is asked for; the answer to one is no answer to another."""

    NEW = "new"
    SIGN_IN = "sign-in"
    CONFIRM = "confirm"


def step_of(now: datetime) -> int:
    """The number of the half minute that codes of authenticator apps change with (RFC 6238)."""
    return int(now.timestamp()) // SECONDS_OF_STEP


def normal_code(typed: str) -> str:
    """A code as it is compared: spaces, hyphens and case do not matter."""
    return re.sub(r"[\s-]", "", typed).lower()


def shown_code(code: str) -> str:
    """A recovery code as people copy it: in groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def count_try(tries: Sequence[float], now: datetime) -> list[float]:
    """The tries (POSIX times) that count, and one more; never more than MOST_TRIES in any span."""
    counting = [at for at in tries if at > (now - TRIES_WITHIN).timestamp()]
    if len(counting) >= MOST_TRIES:
        raise TooManyTries
    return [*counting, now.timestamp()]


def normal_email(typed: str) -> str:
    """An address as it is stored and compared: NFKC, case folded, no spaces around it."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


_SPECIAL = r"\s@()<>\[\]:;\\,\""
"""What parts the addresses in a mail's head from one another, from names and from remarks."""
_ADDRESS = re.compile(rf"[^{_SPECIAL}]+@[^{_SPECIAL}.]+(\.[^{_SPECIAL}.]+)*")


def check_email(email: str) -> None:
    """Refuse what cannot be an address (RFC 5321 lengths; whether it exists, mail will tell), and
    what a mail's head would read as another one, or as several: quotes, lists, encoded words."""
    is_one = _ADDRESS.fullmatch(email) and "=?" not in email
    if len(email) > MAX_EMAIL or has_controls(email) or not is_one:
        raise RuleBroken(N_("Enter an e-mail address, like name@example.org."), field="email")


def sign_in_name(name: str, number: int) -> str:
    """What somebody without e-mail signs in with: their first name and a number, "pia-4821"."""
    first = re.sub(r"[^a-z]", "", search_key(name).partition(" ")[0])[:20]
    return f"{first or 'patient'}-{number:04}"


def check_name(name: str) -> None:
    if not 0 < len(name) <= MAX_NAME or has_controls(name):
        raise RuleBroken(
            N_("Enter a name of at most %(most)s characters."), field="name", most=MAX_NAME
        )


def check_password(password: str, *, not_these: Iterable[str]) -> None:
    """Length, and not made of what anybody can guess (NIST SP 800-63B-4, 3.1.1.2)."""
    if len(password) < MIN_PASSWORD:
        raise RuleBroken(
            N_("Use at least %(length)s characters. A few words in a row work well."),
            field="password",
            length=MIN_PASSWORD,
        )
    if len(password) > MAX_PASSWORD:
        raise RuleBroken(
            N_("Use at most %(length)s characters."), field="password", length=MAX_PASSWORD
        )
    plain = re.sub(r"\W", "", password.casefold())
    known = {re.sub(r"\W", "", word.casefold()) for word in not_these}
    if plain in known or len(set(plain)) < 5 or _is_common(plain):
        raise RuleBroken(N_("This password is too easy to guess."), field="password")


_COMMON = (
    *("password", "passwort", "passphrase", "homestretch", "exercise", "clinic", "therapist"),
    *(
        "welcome",
        "letmein",
        "iloveyou",
        "changeme",
        "administrator",
        "admin",
        "sunshine",
        "football",
    ),
    *("monkey", "dragon", "princess", "summer", "winter", "spring", "autumn", "secret", "login"),
    *("qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm", "qwerty", "qwertz", "asdf"),
    *("abcdefghijklmnopqrstuvwxyz", "abcdef", "abc", "01234567890", "1234567890", "12345", "123"),
)
"""What long passwords that everybody tries first are put together from."""
_LEAST_OF_ONES_OWN = 8


def _is_common(plain: str) -> bool:
    """Whether too little is left without what everybody uses, and without repetitions."""
    for word in _COMMON:
        plain = plain.replace(word, "")
    once = re.sub(r"(.+?)\1+", r"\1", plain)
    return len(once) < _LEAST_OF_ONES_OWN


def is_fresh(verified_at: datetime, now: datetime, *, sending: bool) -> bool:
    """Whether somebody showed lately who they are.

    A form may be sent for longer than it may be opened, so that what was typed is not in vain.
    """
    return now - verified_at < (ASK_WHO_SENDS_AFTER if sending else ASK_AGAIN_AFTER)


def is_staff(roles: frozenset[Role]) -> bool:
    return bool(roles & {Role.ADMIN, Role.THERAPIST})


def is_alive(
    roles: frozenset[Role],
    created_at: datetime,
    seen_at: datetime,
    now: datetime,
    *,
    own_device: bool = False,
) -> bool:
    """Whether a session still counts. Whoever has a staff role has the staff's shorter limits.

    A patient's own device is not asked again because it was not used.
    """
    staff = is_staff(roles)
    idle = STAFF_IDLE if staff else PATIENT_ABSOLUTE if own_device else PATIENT_IDLE
    absolute = STAFF_ABSOLUTE if staff else PATIENT_ABSOLUTE
    return now - seen_at < idle and now - created_at < absolute


_BROWSERS = (
    # in this order, because most say that they are all the others, too
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> tuple[str, str]:
    """Browser and system by name, from a ``User-Agent`` header; "" where it tells neither."""

    def first(known: Sequence[tuple[str, str]]) -> str:
        return next((name for mark, name in known if mark in user_agent), "")

    return first(_BROWSERS), first(_SYSTEMS)
