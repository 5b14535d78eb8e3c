"""Whether the time of a refused sign-in tells what kind of account there is."""

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
    """Wrong passwords for each kind in turn, over HTTP; the medians side by side."""
    kinds = [Kind(name) for name in KINDS]
    with app.app_context():
        _add_accounts(kinds)
    with served("app:create_app()", clinic.environ, "/health") as port:
        cookie, token = _open_page(port)
        for number in range(ROUNDS + WARM_UP):
            for kind in random.sample(kinds, len(kinds)):  # what ran before it slows each alike
                taken = _try(port, cookie, token, kind.address(number))
                if number >= WARM_UP:
                    kind.times.append(taken)
    for kind in kinds:
        kind.apart = statistics.median(map(sub, kind.times, kinds[0].times))
    return [
        {
            "wrong password": kind.name,
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


def _open_page(port: int) -> tuple[str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/sign-in")
    response = connection.getresponse()
    found = HIDDEN.search(response.read().decode())
    cookie = response.getheader("Set-Cookie")
    connection.close()
    if not (found and cookie):
        raise RuntimeError("the sign-in page has no token")
    return cookie.split(";")[0], found[1]


def _try(port: int, cookie: str, token: str, email: str) -> float:
    body = urlencode({"csrf_token": token, "email": email, "password": "not this one at all"})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection = http.client.HTTPConnection("127.0.0.1", port)
    began = time.perf_counter()
    connection.request("POST", "/sign-in", body, headers)
    response = connection.getresponse()
    response.read()
    taken = (time.perf_counter() - began) * 1000
    connection.close()
    if response.status != 422:
        raise RuntimeError(f"a wrong password answered {response.status}")
    return taken
