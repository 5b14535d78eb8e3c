"""What a test needs before its browser opens: made by the same pages, without a browser."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from bs4 import Tag
from flask import Flask

from app.catalogue.drafts import submit_draft
from app.catalogue.service import list_exercises_by_slug
from app.clock import now
from app.database import db
from tests.factories import Cast, CastMember
from tests.plans.made import acting
from tests.visitor import Visitor

FROM_HANDOUT = "Start from Healthy upper back: exercises (T680)"
TWICE_DAILY: dict[str, Any] = {"often-times_per_day": 2, "often-days": 7, "start_on": "2026-03-02"}
SIX = (
    "Lower neck and upper back stretch",
    "Midback stretch",
    "Shoulder rolls",
    "Wall push-up",
    "Resisted shoulder blade squeeze",
    "Resisted rows",
)
REVISED = "Resisted shoulder blade squeeze"
"""Its text changes for safety (see :func:`busy`)."""


def draft(theo: Visitor, patient: CastMember) -> str:
    """A draft with the six exercises of the handout; gives the plan's path."""
    theo.open(f"/patients/{patient.patient_id}/plans/new").submit(FROM_HANDOUT)
    return theo.path.removesuffix("/edit")


def empty_draft(theo: Visitor, patient: CastMember) -> str:
    theo.open(f"/patients/{patient.patient_id}/plans/new")
    theo.submit("Start an empty plan", title="Exercises for your back")
    return theo.path.removesuffix("/edit")


def approved(theo: Visitor, patient: CastMember, **typed: Any) -> str:
    """An approved plan: twice a day from today, resisted rows withheld unless ``typed`` says."""
    path = draft(theo, patient)
    theo.submit("Approve the plan", **(TWICE_DAILY | {"rows-5-start": "withheld"} | typed))
    return path


def busy(theo: Visitor, ada: Visitor) -> dict[str, str]:
    """A plan in phases, with a stop, a template and a text that changed for safety since; and
    where the template comes into its draft."""
    theo.open("/patients/new").submit("Add patient", name="Berta Busy")
    theo.open(f"{theo.path}/plans/new").submit(FROM_HANDOUT)
    path = theo.path.removesuffix("/edit")
    phases: dict[str, Any] = {"rows-3-start_on": "2026-03-16", "rows-5-start": "withheld"}
    theo.submit("Approve the plan", **TWICE_DAILY, **phases, review_on="2026-03-30")
    theo.open(path).submit("Change the plan")
    note: dict[str, Any] = {"rows-0-note": "Slowly."}
    theo.submit("Approve the plan", **note)
    theo.open(path).follow("Stop Shoulder rolls").submit("Stop it now", reason="It clicks.")
    theo.open(f"{path}/template").submit("Save the template", title="Upper back in phases")
    rungs = exercise_path(ada, "Wall push-up")
    ada.open(f"{rungs}/ladder").submit("Resisted rows is harder")
    ada.open(f"{exercise_path(ada, REVISED)}/edit")
    ada.submit("Publish", purpose="It holds your shoulders back.", grade="safety")
    theo.open(path).submit("Change the plan")
    template = theo.open(f"{path}/add-template").page.select_one("main .row-title")
    return {"busy": path, "template": str(template["href"]) if template else ""}


def knee_pain(theo: Visitor, patient: CastMember) -> None:
    """Put it on the record: the midback stretch must not be done with it."""
    theo.open(f"/patients/{patient.patient_id}/conditions")
    options = [option for option in theo.page.select("option") if option.text == "knee pain"]
    theo.submit("Add to the record", condition=value_of(options[0]))


def row_path(theo: Visitor, patient: CastMember, condition: str) -> str:
    """The address at which a condition of the record is corrected."""
    links = theo.open(f"/patients/{patient.patient_id}").page.select("#conditions a[href]")
    return str(next(link["href"] for link in links if condition in link.text))


def many_patients(therapist: Visitor, number: int = 30) -> str:
    """More than a page of long names, the last of them archived; gives that one's path."""
    for count in range(number):
        therapist.open("/patients/new").submit(
            "Add patient",
            name=f"Maximiliane {count} von Hohenstein-Wittgenstein",
            birth_date="1958-04-17",
            record_number=f"2026-0000-{count}",
        )
    therapist.follow("Archive").submit("Archive this patient")
    return therapist.path


def today_path(pia: Visitor, title: str) -> str:
    """The address of the exercise's own page."""
    rows = pia.open("/today").page.select("a.today-row")
    return str(next(row["href"] for row in rows if title in row.text))


def exercise_path(ada: Visitor, title: str) -> str:
    links = ada.open("/catalogue").page.select("main a[href]")
    return str(next(link["href"] for link in links if title in link.text))


def retired(ada: Visitor) -> str:
    """An exercise with two revisions of its pictures, retired with another one to take."""
    ada.open(f"{exercise_path(ada, 'Wall push-up')}/edit")
    ada.open(f"/catalogue/new?copy_of={ada.path.split('/')[2]}")
    ada.submit("Publish", title="Push-up at a table")
    path = ada.path
    pictures: dict[str, Any] = {"variants-0-steps-1-picture": ""}
    ada.follow("Edit").submit("Publish", purpose="It makes your arms strong.", **pictures)
    ada.follow("Retire it").submit("do=find", words="wall push-up", reason="Tables tip over.")
    other = value_of(ada.page.select("input[name=other]")[1])
    ada.submit("Retire this exercise", other=other)
    return path


def drafts(app: Flask, cast: Cast) -> dict[str, str]:
    """The addresses of a draft that Ada may review (``theirs``) and of one of hers (``mine``)."""
    with app.app_context():
        (exercise,) = list_exercises_by_slug(["midback-stretch"])
        text = replace(exercise.text, purpose="Loosens the middle of your back.")
        made = {
            name: submit_draft(uuid4(), text, exercise, based_on=1, by=acting(author), now=now()).id
            for name, author in (("theirs", cast.tess), ("mine", cast.ada))
        }
        db.session.commit()
    return {name: f"/catalogue/drafts/{id}" for name, id in made.items()}


def value_of(tag: Tag) -> str:
    return str(tag["value"])


def emergency(therapist: Visitor, name: str) -> None:
    """Open the record of another therapist's patient: the team and the admins are told."""
    therapist.open("/patients/emergency").submit("Find", words=name)
    found = therapist.tag("[name=patient]")["value"]
    reason = "Called with strong pain; her therapist is on leave."
    therapist.submit("Open the record for 60 minutes", patient=found, reason=reason)


def new_patient(therapist: Visitor, name: str) -> str:
    """The path of a new patient of ``therapist``."""
    return therapist.open("/patients/new").submit("Add patient", name=name).path
