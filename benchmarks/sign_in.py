"""Whether the time of an answer tells what kind of account there is: of a wrong password, and of
somebody who forgot theirs."""

from __future__ import annotations

import http.client
import random
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import sub
from urllib.parse import urlencode
from uuid import uuid4

from flask import Flask

from app.accounts.models import Account
from app.accounts.passwords import hash_password
from app.clock import now
from app.database import db
from app.policy import Role
from benchmarks.clinic import Clinic
from benchmarks.measure import served

ROUNDS = 200
TRIES_EACH = 8  # fewer than would be refused unseen
WARM_UP = 8
GOAL_MS = 10
HIDDEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')

KINDS: dict[str, Callable[[Account], None] | None] = {
    "existing": lambda account: None,
    "absent": None,
    "disabled": lambda account: setattr(account, "disabled_at", now()),
    "invited": lambda account: setattr(account, "password_hash", ""),
}


@dataclass(frozen=True)
class Door:
    """A form that anybody may send, and the one status that it answers."""

    name: str
    path: str
    status: int


DOORS = (Door("wrong password", "/sign-in", 422), Door("forgotten", "/forgotten", 303))


@dataclass
class Kind:
    """Addresses of one kind, and how long each refusal took, in milliseconds.

    ``apart`` is the median of what it took longer than the existing kind in the same round.
    """

    name: str
    times: list[float] = field(default_factory=list)
    apart: float = 0

    def address(self, number: int) -> str:
        return f"{self.name}-{number // TRIES_EACH}@example.org"

    @property
    def p50(self) -> float:
        return statistics.median(self.times)


def measure_sign_in(app: Flask, clinic: Clinic) -> list[dict[str, object]]:
    """Each kind in turn, over HTTP; the medians side by side."""
    with app.app_context():
        _add_accounts([Kind(name) for name in KINDS])
    with served("app:create_app()", clinic.environ, "/health") as port:
        return [row for door in DOORS for row in _measure(door, port)]


def _measure(door: Door, port: int) -> list[dict[str, object]]:
    kinds = [Kind(name) for name in KINDS]
    cookie, token = _open_page(door, port)
    for number in range(ROUNDS + WARM_UP):
        for kind in random.sample(kinds, len(kinds)):  # what ran before it slows each alike
            taken = _try(door, port, cookie, token, kind.address(number))
            if number >= WARM_UP:
                kind.times.append(taken)
    for kind in kinds:
        kind.apart = statistics.median(map(sub, kind.times, kinds[0].times))
    return [
        {
            "answer to": door.name,
            "account": kind.name,
            "p50 ms": round(kind.p50, 1),
            "median difference": f"{kind.apart:+.1f}",
            "goal": f"within {GOAL_MS}",
            "met": "yes" if abs(kind.apart) <= GOAL_MS else "NO",
        }
        for kind in kinds
    ]


def _add_accounts(kinds: list[Kind]) -> None:
    stored = hash_password("a password that nobody tries here")
    for kind in kinds:
        change = KINDS[kind.name]
        if change is None:
            continue
        for number in range(0, ROUNDS + WARM_UP, TRIES_EACH):
            email = kind.address(number)
            account = Account(
                id=uuid4(), email=email, name=email, name_key=email, password_hash=stored,
                roles=frozenset({Role.PATIENT}), created_at=now(),
            )  # fmt: skip
            change(account)
            db.session.add(account)
    db.session.commit()


def _open_page(door: Door, port: int) -> tuple[str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", door.path)
    response = connection.getresponse()
    found = HIDDEN.search(response.read().decode())
    cookie = response.getheader("Set-Cookie")
    connection.close()
    if not (found and cookie):
        raise RuntimeError(f"{door.path} has no token")
    return cookie.split(";")[0], found[1]


def _try(door: Door, port: int, cookie: str, token: str, email: str) -> float:
    body = urlencode({"csrf_token": token, "email": email, "password": "not this one at all"})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection = http.client.HTTPConnection("127.0.0.1", port)
    began = time.perf_counter()
    connection.request("POST", door.path, body, headers)
    response = connection.getresponse()
    response.read()
    taken = (time.perf_counter() - began) * 1000
    connection.close()
    if response.status != door.status:
        raise RuntimeError(f"{door.path} answered {response.status}")
    return taken
