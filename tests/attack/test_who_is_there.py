"""Two hundred wrong sign-ins for existing, absent, disabled and invited people: one answer."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from app.accounts.invitations import add_invited
from app.accounts.managing import disable_account
from app.accounts.models import Account
from app.accounts.rules import MOST_TRIES
from app.audit.service import Operator
from app.clock import now
from app.database import db
from app.policy import Role
from tests.attack.agent import Agent
from tests.attack.clinic import Clinic
from tests.plans.made import acting

ROUNDS = 50
KINDS = ("existing", "absent", "disabled", "invited")


def test_no_answer_tells_who_is_there(clinic: Clinic) -> None:
    """In turn, so that none is first; how long it takes, `make bench` measures."""
    addresses = {kind: people(clinic, kind) for kind in KINDS}
    numbers = count()

    def ask(agent: Agent, kind: str, email: str) -> tuple[object, ...]:
        fields = {"email": email, "password": f"guess {next(numbers)}"}
        answer = agent.post("/sign-in", fields)
        body = answer.text.replace(email, "*").replace(answer.token, "*")
        return kind, answer.status, re.sub(r"value=\"[^\"]{40,}\"", "", body), *answer.headers

    def some(first: int) -> set[tuple[object, ...]]:
        agent = clinic.stranger()
        return {
            ask(agent, kind, addresses[kind][turn // MOST_TRIES])
            for turn in range(first, ROUNDS, 2)
            for kind in KINDS
        }

    with ThreadPoolExecutor(2) as pool:
        answers = set().union(*pool.map(some, range(2)))
    assert {status for _kind, status, *_rest in answers} == {422}
    assert {kind for kind, *_rest in answers} == set(KINDS)
    assert len({tuple(rest) for _kind, *rest in answers}) == 1


def people(clinic: Clinic, kind: str) -> list[str]:
    """So many of a kind that none is tried too often."""
    emails = [f"{kind}{number}@example.org" for number in range(ROUNDS // MOST_TRIES)]
    for email in emails:
        if kind in ("existing", "disabled"):
            member = clinic.add(email.partition("@")[0], Role.PATIENT)
        with clinic.app.app_context():
            if kind == "invited":
                add_invited(email, kind, {Role.PATIENT}, by=Operator(), now=now())
            elif kind == "disabled":
                account = db.session.get_one(Account, member.id)
                disable_account(account, "left", by=acting(clinic.cast.ada), now=now())
            db.session.commit()
    return emails
