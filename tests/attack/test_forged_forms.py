"""Forms that no page of this person's session gave them: refused, before anything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.access_table import FORMS, read_table
from tests.access_world import CANARY, COUNTED, audit_rows, digest, last_audit_seq
from tests.attack.agent import Agent
from tests.attack.clinic import Clinic
from tests.factories import Cast
from tests.test_access import REFUSALS, address, columns

UNSAFE = [row for row in read_table() if row.method != "GET"]
TOUCHED = COUNTED | {"sessions"}


@dataclass(frozen=True)
class Sender:
    """Somebody who may send forms, and what an attacker could put into them.

    ``former`` is from an earlier session of the same person, ``anothers`` from another person's.
    """

    agent: Agent
    former: str
    anothers: str
    strangers: str


TOKENS: dict[str, Callable[[Sender], str]] = {
    "none": lambda sender: "",
    "altered": lambda sender: (
        ("J" if sender.agent.token[0] == "I" else "I") + sender.agent.token[1:]
    ),
    "unsigned": lambda sender: sender.agent.token.partition(".")[0],
    "another person's": lambda sender: sender.anothers,
    "of a session that ended": lambda sender: sender.former,
    "a stranger's": lambda sender: sender.strangers,
}
REFERERS = {
    "another site's": "https://evil.example/form",
    "none": "",
    "that of plain HTTP": "http://127.0.0.1/",
}


@pytest.fixture(scope="module")
def senders(clinic: Clinic) -> dict[str, Sender]:
    return {name: make_sender(clinic, name) for name in (*Cast.__dataclass_fields__, "nobody")}


def make_sender(clinic: Clinic, name: str) -> Sender:
    if name == "nobody":
        former = clinic.stranger().token
    else:
        earlier = clinic.enter(clinic.member(name))
        former = earlier.token
        assert earlier.post("/sign-out").status == 303
    other = clinic.agent("paul" if name == "pia" else "pia")
    return Sender(clinic.agent(name), former, other.token, clinic.stranger().token)


@pytest.mark.parametrize("kind", TOKENS)
def test_a_form_without_a_token_of_this_session_does_nothing(
    kind: str, clinic: Clinic, senders: dict[str, Sender]
) -> None:
    before, seen = digest(clinic.app, without=TOUCHED), last_audit_seq(clinic.app)
    signed_in = 0
    for path, form, name in forms(clinic):
        sender = senders[name]
        answer = sender.agent.post(path, form, token=TOKENS[kind](sender))
        assert answer.status == 400, f"{answer.status} {name} {path}"
        assert CANARY not in answer.text, path
        signed_in += name != "nobody"
    assert digest(clinic.app, without=TOUCHED) == before
    refused = [row for row in audit_rows(clinic.app, seen) if row.reason == "not of our page"]
    assert len([row for row in refused if row.actor_id]) == signed_in, "a row for each"


@pytest.mark.parametrize("referer", REFERERS)
def test_a_form_that_another_site_sends_does_nothing(
    referer: str, clinic: Clinic, senders: dict[str, Sender]
) -> None:
    """Even with a token that is good: over HTTPS, browsers say which page a form is of."""
    before = digest(clinic.app, without=TOUCHED)
    headers = {"Referer": REFERERS[referer], "Origin": "https://evil.example"}
    for path, form, name in forms(clinic):
        answer = senders[name].agent.post(path, form, headers=headers)
        assert answer.status == 400, f"{answer.status} {name} {path}"
        assert "Send it again" not in answer.text, path
    assert digest(clinic.app, without=TOUCHED) == before


def test_the_same_forms_are_taken_from_our_own_pages(clinic: Clinic) -> None:
    """So that it is the token and nothing else that the others lack."""
    assert clinic.agent("theo").post("/text-size", {"size": "large"}).status == 303


def forms(clinic: Clinic) -> Iterator[tuple[str, dict[str, object], str]]:
    """Every form of the access table: its address, its fields, and somebody who may send it."""
    names, its = columns("pia"), clinic.things["pia"]
    for row in UNSAFE:
        allowed = [column for column in names if row.cells[column] not in REFUSALS]
        who = names[(allowed or ["own therapist"])[0]]
        yield address(clinic.app, row.rule, its), FORMS[row.rule](its), who
