"""What works once, used many times at the same moment, by both workers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from uuid import UUID, uuid4

from sqlalchemy import func, select

from app.accounts.invitations import add_invited
from app.accounts.links import make_link, token_of
from app.accounts.models import SignIn
from app.accounts.rules import Purpose
from app.accounts.second_factor import new_recovery_codes
from app.audit.service import Operator
from app.clock import now
from app.database import db
from app.policy import Role
from tests.attack.agent import Agent, Answer
from tests.attack.clinic import Clinic
from tests.factories import PASSWORD, CastMember, app_code

AT_ONCE = 8
"""Fewer than the tries that are allowed in five minutes."""


def all_at_once(agents: Sequence[Agent], send: Callable[[Agent], Answer]) -> list[Answer]:
    """Each has its page open already; they press at the same moment."""
    for agent in agents:
        assert agent.token
    together = Barrier(len(agents))

    def press(agent: Agent) -> Answer:
        together.wait()
        return send(agent)

    with ThreadPoolExecutor(len(agents)) as pool:
        return list(pool.map(press, agents))


def half_way(clinic: Clinic, member: CastMember) -> list[Agent]:
    """Several who know the password, and are asked for a code."""
    first = clinic.stranger()
    assert first.sign_in(member.email, PASSWORD).location == "/sign-in/code"
    return [first.twin() for _ in range(AT_ONCE)]


def sessions_of(clinic: Clinic, account_id: UUID) -> int:
    mine = select(func.count()).where(SignIn.account_id == account_id)
    with clinic.app.app_context():
        return db.session.scalar(mine) or 0


def check_one_got_in(clinic: Clinic, agents: list[Agent], answers: list[Answer]) -> None:
    assert sorted(answer.status for answer in answers) == [303] + [422] * (AT_ONCE - 1)
    assert sum(agent.is_let_in() for agent in agents) == 1


def test_one_recovery_code_lets_one_in(clinic: Clinic) -> None:
    theo = clinic.cast.theo
    with clinic.app.app_context():
        code = new_recovery_codes(theo.id, by=Operator(), now=now())[0]
        db.session.commit()
    agents, before = half_way(clinic, theo), sessions_of(clinic, theo.id)
    answers = all_at_once(agents, lambda one: one.post("/sign-in/code", {"code": code}))
    check_one_got_in(clinic, agents, answers)
    assert sessions_of(clinic, theo.id) == before + 1


def test_one_code_of_an_app_lets_one_in(clinic: Clinic) -> None:
    tess = clinic.cast.tess
    agents, before = half_way(clinic, tess), sessions_of(clinic, tess.id)
    code = app_code(datetime.now(UTC))
    answers = all_at_once(agents, lambda one: one.post("/sign-in/code", {"code": code}))
    check_one_got_in(clinic, agents, answers)
    assert sessions_of(clinic, tess.id) == before + 1


def test_one_invitation_sets_one_password(clinic: Clinic) -> None:
    with clinic.app.app_context():
        account = add_invited("once@example.org", "Once", {Role.PATIENT}, by=Operator(), now=now())
        link, _new = make_link(
            account, Purpose.INVITATION, account.email, id=uuid4(), by=None, now=now()
        )
        db.session.commit()
        path = f"/invitations/{token_of(link)}"
    agents = [clinic.stranger() for _ in range(AT_ONCE)]
    chosen = {id(agent): f"{word} horses in the {word} meadow" for agent, word in zip(
        agents, ("one", "grey", "brown", "white", "lame", "young", "old", "tall"), strict=True
    )}  # fmt: skip

    def accept(agent: Agent) -> Answer:
        words = chosen[id(agent)]
        return agent.post(path, {"password": words, "again": words})

    answers = all_at_once(agents, accept)
    assert sorted(answer.status for answer in answers) == [303] + [404] * (AT_ONCE - 1)
    (winner,) = [agent for agent in agents if agent.is_let_in()]
    assert clinic.stranger().get(path).status == 404
    good = [
        agent
        for agent in agents
        if clinic.stranger().sign_in("once@example.org", chosen[id(agent)]).status == 303
    ]
    assert good == [winner], "another password than that of whoever got in"
