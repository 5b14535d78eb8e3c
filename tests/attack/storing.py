"""Somebody of every role writes one payload into everything that a form keeps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from app.clock import today
from app.policy import Role
from tests.attack.clinic import Clinic
from tests.attack.remote import Remote
from tests.browser.prepare import FROM_HANDOUT, exercise_path
from tests.factories import CastMember

PAYLOADS = (
    "=1+\"'><img src=//e.test/x onerror=alert(1)>{{7*191}}#panic()<x-attack>",
    '@\u202e\u200b<script>alert(1)</script>#read("/etc/passwd")../%(n)s\r\nBcc: e@e.test',
    '\t-<svg/onload=alert(1)>javascript:alert(1)#image("//e.test/x.png")${7*191}',
)
"""HTML, scripts, Typst, formulas, lines of headers, braces, paths, letters that turn or hide. Of at
most eighty characters, so that nearly every box takes them whole."""
MARK = re.compile(r"onerror=alert|script&gt;alert|onload=alert")
"""What shows that a page holds one of them."""


@dataclass
class Written:
    """Where it was written, and by whom."""

    people: dict[str, CastMember]
    paths: dict[str, list[str]]
    filled: set[str]


def write_everywhere(clinic: Clinic, number: int, payload: str) -> Written:
    """One round, with people of its own."""
    sam = clinic.add(f"Sam{number}", Role.THERAPIST)
    aud = clinic.add(f"Aud{number}", Role.ADMIN)
    sia = clinic.add_patient_of(sam, f"Sia{number}")
    staff, admin = Remote(clinic.enter(sam), payload), Remote(clinic.enter(aud), payload)
    record = f"/patients/{sia.patient_id}"
    plans = _write_plans(clinic, staff, record)
    clinic.add_patient_of(clinic.cast.tess, f"Ned{number}")
    _write_about_people(staff, admin, sia, clinic.cast.tess, number)
    catalogue = _write_catalogue(admin, f"Z{number}99")
    staff_paths = ["/patients", "/templates", "/patients/to-look-at", *plans, record]
    return Written(
        {"sam": sam, "aud": aud, "sia": sia},
        {"sam": staff_paths, "sia": ["/today", *plans[:1]], "aud": catalogue},
        staff.filled | admin.filled,
    )


def _write_plans(clinic: Clinic, staff: Remote, record: str) -> list[str]:
    with clinic.app.app_context():
        day = today().isoformat()
    dose: dict[str, Any] = {
        "often-times_per_day": 2,
        "often-days": 7,
        "start_on": day,
        "rows-5-start": "withheld",
    }
    staff.open(f"{record}/edit").submit("Save")
    found = []
    for _ in range(3):
        staff.open(f"{record}/plans/new").submit(FROM_HANDOUT)
        found.append(staff.path.removesuffix("/edit"))
        staff.submit("Save draft", **dose)
        staff.submit("Approve the plan")
    stopped, ended, plan = found
    staff.open(f"{stopped}/stop").submit("Stop it now")
    staff.open(f"{stopped}/reopen").submit("Go on with it")
    staff.open(f"{stopped}/stop").submit("Stop it now")
    staff.open(f"{ended}/end").submit("End the plan")
    staff.open(plan).follow("Stop Shoulder rolls").submit("Stop it now")
    staff.open(f"{plan}/template").submit("Save the template")
    staff.open(plan).submit("Change the plan").submit("Save draft")
    staff.open(f"{record}/plans/new").submit("Start an empty plan")
    return [plan, stopped, ended, staff.path.removesuffix("/edit")]


def _write_about_people(
    staff: Remote, admin: Remote, sia: CastMember, other: CastMember, number: int
) -> None:
    admin.open("/people/new").submit(
        "Send the invitation", email=f"n{number}@example.org", roles="therapist"
    )
    admin.submit("Disable the account")
    admin.open(f"/people/care-teams/{sia.patient_id}").submit("Add to the team", therapist=other.id)
    staff.open("/patients/emergency").submit("Find", words=f"Ned{number}")
    found = str(staff.tag("[name=patient]")["value"])
    staff.submit("Open the record for 60 minutes", patient=found)
    staff.open("/patients/new").submit("Add patient")
    staff.submit()  # yes, a namesake
    patient = staff.path.rsplit("/", 1)[1]
    staff.open("/patients/hand-over")
    staff.submit("Go on", taker=other.id, which="chosen", patients=patient)
    staff.submit("Yes, hand over")


def _write_catalogue(admin: Remote, code: str) -> list[str]:
    copied = exercise_path(admin, "Wall push-up").rsplit("/", 1)[1]
    admin.open(f"/catalogue/new?copy_of={copied}").submit("do=add:cautions")
    caution = "cautions-0-condition"
    condition = admin.tag(f"[name={caution}] option[value]:not([value=''])")["value"]
    level: dict[str, Any] = {caution: condition, "cautions-0-level": "precaution"}
    admin.submit("do=publish", **level)
    exercise = admin.path
    admin.open("/catalogue/tags").submit(
        "Add the tag", facet="area", exercises=exercise.rsplit("/", 1)[1]
    )
    admin.open("/catalogue/conditions").submit("Add")
    admin.open("/handouts/new?copy_of=T680").submit("do=publish", code=code, readers="public")
    admin.open("/catalogue/scenes/resisted-rows?picture=2").submit("Save as a new version")
    admin.open(f"{exercise}/retire").submit("Retire this exercise")
    return [exercise, f"/handouts/{code}", "/catalogue", "/catalogue/tags", "/people", "/audit"]
