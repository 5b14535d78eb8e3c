"""Every id that one person meets, asked for by others: they learn nothing and change nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import pytest
from sqlalchemy import select

from app.database import Base, db
from tests.access_world import CANARY, COUNTED, audit_rows, digest, last_audit_seq
from tests.attack.agent import Answer
from tests.attack.clinic import Clinic
from tests.attack.crawl import UUID, Reached, Sent, crawl, ids_in
from tests.test_access import address

ATTACKERS = ("nobody", "paul", "tess", "dora", "rolf", "ada")
VICTIMS = ("theo", "pia")
PEOPLE = (*VICTIMS, *ATTACKERS)
"""Whose pages name what is Pia's; Tess and Paul are the others, and Ada is an administrator."""
REFUSED = {303, 401, 403, 404}
PUBLIC = ("/pictures/", "/handouts/")
PIAS = re.compile(f"{CANARY}pia", re.IGNORECASE)
ADMINS = re.compile("/(people|audit|catalogue)(/|$)|/patients/emergencies/[^/]+/seen$")
"""Where an administrator may name whatever there is: who treats whom, and what was done."""
OF_PATIENTS = {
    "patients", "patient_conditions", "plans", "plan_revisions", "prescriptions", "plan_events",
    "warning_answers", "approval_answers", "emergency_accesses",
}  # fmt: skip
"""Tables of what an administrator does not read."""
TOLD = re.compile(f"(?:Pia|Paul|Pain) {CANARY}p(?:ia|aul)", re.IGNORECASE)
"""What an administrator reads of patients: their names, and why there was an emergency."""
OWN_DATA = COUNTED | {"sessions"}


@dataclass
class Found:
    """What each person reached, the ids of all rows (``known``), and of patients' (``private``)."""

    reached: dict[str, Reached]
    known: set[str]
    private: set[str]

    def foreign_to(self, attacker: str) -> set[str]:
        """The victims' ids that the attacker did not meet, and an administrator who did, too."""
        theirs = set(chain.from_iterable(self.reached[name].ids for name in VICTIMS)) & self.known
        return theirs & self.private if attacker == "ada" else theirs - self.reached[attacker].ids


@pytest.fixture(scope="module")
def found(clinic: Clinic) -> Found:
    its, rules = clinic.things["pia"], clinic.app.url_map.iter_rules()
    every = [
        address(clinic.app, rule.rule, its)
        for rule in rules
        if "GET" in (rule.methods or ()) and "_id>" in rule.rule
    ]
    starts = dict.fromkeys(VICTIMS, ("/", *every))
    reached = {
        name: crawl(clinic.app, clinic.agent(name), starts.get(name, ("/",)), without=".pdf")
        for name in PEOPLE
    }
    kept = list(rows(clinic))
    private = set().union(*(row.ids for row in kept if row.table in OF_PATIENTS))
    others = {row.key for row in kept if row.table not in OF_PATIENTS}
    return Found(reached, set().union(*(row.ids for row in kept)), private - others)


def test_the_crawl_meets_what_is_worth_stealing(clinic: Clinic, found: Found) -> None:
    its = clinic.things["pia"]
    worth = {its.patient_id, its.plan_id, its.prescription_id, its.draft_id, its.noted_id}
    worth |= {its.withheld_thread, its.emergency_id}
    for attacker in ATTACKERS:
        assert set(map(str, worth)) <= found.foreign_to(attacker), attacker


@pytest.mark.parametrize("attacker", ATTACKERS)
def test_nobody_opens_what_is_anothers(attacker: str, clinic: Clinic, found: Found) -> None:
    foreign, agent = found.foreign_to(attacker), clinic.agent(attacker)
    before, refused = digest(clinic.app, without=OWN_DATA), 0
    seen = last_audit_seq(clinic.app)
    for path in sorted(set().union(*(found.reached[name].links for name in VICTIMS))):
        if not ids_in(path) & foreign or path.startswith(PUBLIC) or may(attacker, path):
            continue
        answer = agent.get(path)
        assert answer.status in REFUSED, f"{answer.status} {path}"
        assert answer.status != 303 or answer.location.startswith("/sign-in?"), path
        assert not PIAS.search(answer.text), path
        refused += answer.status != 303
    for sent in forms_with(foreign, *(found.reached[name] for name in VICTIMS)):
        if may(attacker, sent.path):
            continue
        answer = agent.post(sent.path, sent.fields)
        if ids_in(sent.path) & foreign:
            assert answer.status in REFUSED, f"{answer.status} POST {sent.path}"
            refused += 1
        assert answer.status < 500, sent
        # What somebody signed out typed is given back to them.
        assert answer.status == 401 or not PIAS.search(answer.text), sent
    assert refused > 30
    assert digest(clinic.app, without=OWN_DATA) == before
    if attacker in ("paul", "tess", "ada"):
        me = clinic.member(attacker).id
        rows = [row for row in audit_rows(clinic.app, seen) if row.outcome == "refused"]
        assert len([row for row in rows if row.actor_id == me]) >= refused


def may(attacker: str, path: str) -> bool:
    return attacker == "ada" and bool(ADMINS.match(path))


def test_an_administrator_reads_names_and_no_record(clinic: Clinic, found: Found) -> None:
    """On all their own pages, and in the file of the audit."""
    ada = clinic.agent("ada")
    pages = [(path, answer.text) for path, answer in found.reached["ada"].pages.items()]
    pages.append(("/audit.csv", ada.post("/audit.csv").text))
    told = [path for path, text in pages if TOLD.search(text)]
    assert {"/people/care-teams", "/audit", "/audit.csv"} <= set(told)
    for path, text in pages:
        assert CANARY.lower() not in TOLD.sub("", text).lower(), path


LEAST_SWAPS = {"paul": 20, "tess": 150, "ada": 100}


@pytest.mark.parametrize("attacker", LEAST_SWAPS)
def test_ones_own_with_anothers_within_touches_nothing_of_theirs(
    attacker: str, clinic: Clinic, found: Found
) -> None:
    """Own ids in the address, the victim's in the query and in the form."""
    agent, mine = clinic.agent(attacker), found.reached[attacker]
    victims = [found.reached[name] for name in VICTIMS]
    foreign = found.foreign_to(attacker)
    before, asked = set(rows(clinic)), 0
    for path in swapped_links(clinic, mine, foreign):
        answer = agent.get(path)
        assert answer.status < 500, path
        assert not PIAS.search(shown_to(attacker, answer)), path
        asked += 1
    for sent in swapped_forms(mine, victims, foreign):
        if may(attacker, sent.path):
            continue
        answer = agent.post(sent.path, sent.fields)
        assert answer.status < 500, sent
        assert not PIAS.search(shown_to(attacker, answer)), sent
        asked += 1
    assert asked > LEAST_SWAPS[attacker]
    after = set(rows(clinic))
    assert not {row for row in before - after if row.ids & foreign}, "altered or gone"
    # A new row may have the id of another kind of thing: it is none the less not that thing.
    theirs = {(row.table, row.key) for row in before if row.key in foreign}
    assert theirs
    assert not {row for row in after - before if row.names & theirs}, "made of theirs"


def shown_to(attacker: str, answer: Answer) -> str:
    """What it says, without what the attacker may know."""
    return TOLD.sub("", answer.text) if attacker == "ada" else answer.text


def forms_with(foreign: set[str], *reached: Reached) -> Iterator[Sent]:
    for one in reached:
        yield from (sent for sent in one.forms.values() if sent.ids & foreign)


def swapped_links(clinic: Clinic, mine: Reached, foreign: set[str]) -> Iterator[str]:
    """Each rule that names two things, and each query, with one of them somebody else's."""
    done = set()
    for path in sorted(mine.links):
        ids = UUID.findall(path)
        kind = UUID.sub("*", path)
        if ids and (kind not in done) and ("?" in path or len(ids) > 1):
            done.add(kind)
            for other in sorted(foreign):
                yield other.join(path.rsplit(ids[-1], 1))


def swapped_forms(mine: Reached, victims: list[Reached], foreign: set[str]) -> Iterator[Sent]:
    """Each form of one's own; each id in it, in turn, as each of the victim's of its kind.

    An id that is of no kind among the victim's (such as that of a new row) becomes each of the
    things that stand in their addresses.
    """
    kinds: dict[str, set[str]] = {}
    for sent in forms_with(foreign, *victims):
        for name, value in sent.fields:
            kinds.setdefault(kind_of(name, value), set()).update(ids_in(value) & foreign)
    named = {id for one in victims for path in one.pages for id in ids_in(path)} & foreign
    done = set()
    for sent in mine.forms.values():
        for at, (name, value) in enumerate(sent.fields):
            kind = kind_of(name, value)
            if not (ids := UUID.findall(value)) or (sent.rule, kind) in done:
                continue
            done.add((sent.rule, kind))
            others = named if name in ("new_id", "save_key") else kinds.get(kind, set()) | named
            for other in sorted(others):
                fields = list(sent.fields)
                fields[at] = name, value.replace(ids[0], other)
                yield Sent(sent.path, sent.rule, tuple(fields), sent.page)


def kind_of(name: str, value: str) -> str:
    """What an id is for: the field's name without row numbers, and what stands around the id."""
    return f"{re.sub(r'[0-9]+', 'N', name)}={UUID.sub('*', value)[:40]}"


@dataclass(frozen=True)
class KeptRow:
    """A row of the database. ``names`` are the rows that it points at, as (table, key)."""

    table: str
    key: str
    names: frozenset[tuple[str, str]]
    values: str

    @property
    def ids(self) -> set[str]:
        return ids_in(self.values)


def rows(clinic: Clinic) -> Iterator[KeptRow]:
    """Everything that is kept, but the audit and who is signed in."""
    with clinic.app.app_context():
        for table in Base.metadata.sorted_tables:
            if table.name in OWN_DATA:
                continue
            points = {
                column.name: key.column.table.name
                for column in table.columns
                for key in column.foreign_keys
            }
            for row in db.session.execute(select(table)).mappings():
                names = frozenset((points[name], str(row[name])) for name in points)
                yield KeptRow(table.name, str(row.get("id", "")), names, repr(dict(row)))
        db.session.rollback()
