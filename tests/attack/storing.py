"""Somebody of every role writes every payload into everything that a form keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.accounts.models import Account
from app.clock import today
from app.database import db
from app.policy import Role
from tests.accounts.device import Device
from tests.accounts.passkey_pages import asked
from tests.attack.agent import Agent
from tests.attack.clinic import Clinic
from tests.attack.payloads import PAYLOADS, Pen
from tests.attack.remote import Remote
from tests.attack.storing_texts import write_catalogue
from tests.factories import PASSWORD, CastMember

ROUNDS = len(PAYLOADS)
"""How often a form with a narrow box is sent, so that every payload comes into it."""


@dataclass
class Written:
    """With which pen, by whom, and where the reading of each begins.

    "half" knows a password and lacks the second factor; "new" has to set one up.
    """

    pen: Pen
    agents: dict[str, Agent]
    paths: dict[str, list[str]]


def write_everywhere(clinic: Clinic) -> Written:
    """A therapist, two admins and a patient, whose very names are payloads."""
    pen, people = Pen(clinic.app), _people(clinic)
    agents = {name: clinic.enter(member) for name, member in people.items()}
    sam, aud, bea, sia = (Remote(agents[name], pen, name) for name in people)
    record = f"/patients/{people['sia'].patient_id}"
    _sign_in_oddly(clinic, people["sia"])
    made = write_catalogue(clinic, aud, bea, people["aud"])
    plans = _write_plans(clinic, sam, record, made.handout)
    aud.open(f"{made.exercise}/edit").submit("Publish", grade="safety")
    sam.open(f"{plans[0]}/look").press("leave:")
    _write_about_people(sam, aud, people["sia"], clinic.cast.tess)
    _write_accounts(clinic, sam, sia)
    agents |= {"nobody": clinic.stranger(), "half": clinic.stranger(), "new": clinic.stranger()}
    for name, member in (("half", people["sam"]), ("new", people["bea"])):
        assert agents[name].sign_in(member.email, PASSWORD).status == 303
    its = clinic.things["pia"]
    staff = [
        "/patients",
        "/templates",
        "/patients/to-look-at",
        "/account/passkeys",
        "/account/confirm",
    ]
    admin = ["/people", "/audit", "/catalogue", "/catalogue/tags", "/catalogue/scenes"]
    paths = {
        "sam": ["/start", *staff, record, *plans],
        "aud": ["/start", *admin, *made.paths],
        "bea": made.drafts,
        "sia": ["/today", plans[0], "/account", "/account/confirm"],
        "half": ["/sign-in/code"],
        "new": ["/sign-in/set-up"],
        "nobody": [made.handout, "/", "/sign-in", "/forgotten", "/find",
                   f"/invitations/{its.invitation}", f"/reset/{its.reset}",
                   f"/new-address/{its.new_address}"],
    }  # fmt: skip
    return Written(pen, agents, paths)


def _people(clinic: Clinic) -> dict[str, CastMember]:
    sam = clinic.add("Sam", Role.THERAPIST)
    people = {
        "sam": sam,
        "aud": clinic.add("Aud", Role.ADMIN),
        "bea": clinic.add("Bea", Role.ADMIN),
        "sia": clinic.add_patient_of(sam, "Sia"),
    }
    clinic.add_patient_of(clinic.cast.tess, "Ned")
    with clinic.app.app_context():
        for n, member in enumerate(people.values()):
            account = db.session.get_one(Account, member.id)
            account.name = " ".join(PAYLOADS[n % ROUNDS].split())
        db.session.commit()
    return people


def _sign_in_oddly(clinic: Clinic, member: CastMember) -> None:
    """With a browser, and from a place, that is called like a payload."""
    for payload in PAYLOADS[:1]:
        named = payload.encode().decode("latin-1")
        headers = {"User-Agent": named, "X-Forwarded-For": named, "Accept-Language": named}
        stranger = clinic.stranger()
        fields = {"email": member.email, "password": PASSWORD}
        answer = stranger.post("/sign-in", fields, headers=headers)
        assert answer.status == 303


def _write_plans(clinic: Clinic, sam: Remote, record: str, handout: str) -> list[str]:
    with clinic.app.app_context():
        day = today().isoformat()
    dose: dict[str, Any] = {"often-times_per_day": 2, "often-days": 7, "start_on": day}
    withheld: dict[str, Any] = {"rows-5-start": "withheld"}
    for _ in range(ROUNDS):
        sam.open(f"{record}/edit").submit("Save")
    for kind in ("knee pain", "x onerror"):
        sam.open(f"{record}/conditions")
        (chosen,) = (tag for tag in sam.page.select("option") if kind in tag.text)
        sam.submit("Add to the record", condition=chosen["value"])
    plans = []
    code = handout.rpartition("/")[2]
    for _ in range(ROUNDS):
        sam.open(f"{record}/plans/new")
        (start,) = (tag for tag in sam.page.select("button") if f"({code})" in tag.text)
        sam.submit(" ".join(start.text.split()))
        plans.append(sam.path.removesuffix("/edit"))
        sam.press("preview", **dose)
        sam.open(f"{plans[-1]}/edit").submit("Approve the plan", **withheld)
        sam.open(f"{plans[-1]}/template").submit("Save the template")
    plan, stopped, ended = plans
    sam.open(f"{stopped}/stop").submit("Stop it now")
    sam.open(f"{stopped}/reopen").submit("Go on with it")
    sam.open(f"{stopped}/stop").submit("Stop it now")
    sam.open(f"{ended}/end").submit("End the plan")
    sam.open(plan)
    (link, *_more) = (a["href"] for a in sam.page.select("a[href*='stop?thread=']"))
    sam.open(str(link)).submit("Stop it now")
    sam.open(plan).submit("Change the plan").submit("Save draft").press("from-template")
    sam.open(str(sam.tag("a.row-title")["href"]))
    for _ in range(ROUNDS):
        sam.open(f"{record}/plans/new").submit("Start an empty plan")
    return [*plans, sam.path]


def _write_about_people(sam: Remote, aud: Remote, sia: CastMember, other: CastMember) -> None:
    for _ in range(ROUNDS):
        aud.open("/people/new").submit("Send the invitation", roles="therapist")
    aud.submit("Send again").submit("Disable the account")
    aud.open(f"/people/care-teams/{sia.patient_id}").submit("Add to the team", therapist=other.id)
    sam.open("/patients/emergency").submit("Find", words="Ned")
    found = str(sam.tag("[name=patient]")["value"])
    sam.submit("Open the record for 60 minutes", patient=found)
    patients = []
    for _ in range(ROUNDS):
        sam.open("/patients/new").submit("Add patient")
        if sam.path == "/patients/new":
            sam.submit()  # yes, a namesake
        patients.append(sam.path)
    sam.open(f"{patients[0]}/invitation").submit("Send the invitation")
    chosen = patients[1].rpartition("/")[2]
    sam.open("/patients/hand-over")
    sam.submit("Go on", taker=other.id, which="chosen", patients=chosen).submit("Yes, hand over")
    aud.open(f"/people/hand-over?of={other.id}")
    taker = next(tag["value"] for tag in aud.page.select("[name=taker] option") if tag["value"])
    aud.submit("Go on", taker=taker, which="chosen", patients=chosen).submit("Yes, hand over")


def _write_accounts(clinic: Clinic, sam: Remote, sia: Remote) -> None:
    origin = clinic.gate.origin.replace("127.0.0.1", "localhost")
    for _ in range(ROUNDS):
        sam.open("/account/passkeys")
        question = asked(sam, "/account/passkeys/new")
        sam.submit("Add a passkey", passkey=Device(origin).make(question))
    sia.open("/account/email").submit()
