"""Two hundred wrong passwords from everywhere at once, to both workers, across a restart."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from app.accounts.rules import MOST_TRIES
from app.policy import Role
from tests.access_world import audit_rows, last_audit_seq
from tests.attack.agent import Agent
from tests.attack.clinic import Clinic
from tests.factories import PASSWORD

GUESSES = 200
AT_ONCE = 8


def guess(clinic: Clinic, email: str, numbers: range) -> Counter[int]:
    """How each wrong password was answered; each says that it comes from somewhere else."""

    def some(first: int) -> list[int]:
        agent = clinic.stranger()
        return [_try(agent, email, n) for n in numbers if n % AT_ONCE == first]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(status for part in pool.map(some, range(AT_ONCE)) for status in part)


def _try(agent: Agent, email: str, number: int) -> int:
    there = f"203.0.113.{number}"
    headers = {
        "X-Forwarded-For": there if number % 2 else f"{there}, 198.51.100.{number}",
        "Forwarded": f"for={there}",
        "X-Real-IP": there,
        "X-Client-IP": there,
        "True-Client-IP": there,
    }
    spelled = email.upper() if number % 3 else f" {email} "
    fields = {"email": spelled, "password": f"guess number {number}"}
    return agent.post("/sign-in", fields, headers=headers).status


def test_ten_of_two_hundred_guesses_are_looked_at(clinic: Clinic) -> None:
    owner, member = clinic.stranger(), clinic.add("Guessed", Role.PATIENT)
    assert owner.sign_in(member.email, PASSWORD).status == 303
    assert owner.post("/sign-out").status == 303
    seen = last_audit_seq(clinic.app)
    answers = guess(clinic, member.email, range(GUESSES // 2))
    clinic.server.stop()
    clinic.server.start()
    answers += guess(clinic, member.email, range(GUESSES // 2, GUESSES))
    assert answers == {422: MOST_TRIES, 429: GUESSES - MOST_TRIES}
    assert clinic.stranger().sign_in(member.email, PASSWORD).status == 429
    assert owner.sign_in(member.email, PASSWORD).location == "/start"
    rows = [row for row in audit_rows(clinic.app, seen) if row.action == "sign-in"]
    assert {row.ip for row in rows} == {"127.0.0.1"}, "an address that somebody made up"


def test_the_owner_of_a_known_device_has_ten_tries_of_their_own(clinic: Clinic) -> None:
    """A device that is known is no way round the limit: whoever holds it gets ten, too."""
    owner, member = clinic.stranger(), clinic.add("Known", Role.PATIENT)
    assert owner.sign_in(member.email, PASSWORD).status == 303
    devices = [owner.twin() for _ in range(3)]
    with ThreadPoolExecutor(len(devices)) as pool:
        tried = pool.map(lambda one: [_try(one, member.email, n) for n in range(10)], devices)
        answers = Counter(status for part in tried for status in part)
    assert answers == {422: MOST_TRIES, 429: 30 - MOST_TRIES}
