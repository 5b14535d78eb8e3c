"""What was approved never changes, whatever changes around it, but for today's safety numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from flask import Flask

from app.accounts.models import Account
from app.catalogue.rules import Caution, Level, Span, Step
from app.catalogue.service import (
    find_handout,
    list_exercises_by_slug,
    revise_exercise,
    revise_handout,
)
from app.clock import now
from app.database import db
from app.patients.service import edit_patient, find_patient
from app.plans import reads
from app.plans.reads import Moment
from app.plans.rules import Start
from app.plans.sheet import PlanSheet, Safety
from tests.factories import Cast
from tests.plans.conftest import Approve, Visit
from tests.plans.desk import Desk
from tests.plans.made import Made, acting, starting
from tests.visitor import Visitor

NEW_PHONE, NEW_EMERGENCY = "555-0199", "112"


@dataclass(frozen=True)
class Seen:
    """All that there is to see of one approved revision."""

    sheet: PlanSheet
    pictures: tuple[str | None, ...]
    texts: tuple[str, ...]
    svgs: tuple[str, ...]


def look(app: Flask, made: Made, pia: Visitor, theo: Visitor) -> Seen:
    with app.app_context():
        settings = app.extensions["homestretch_settings"]
        safety = Safety(settings.clinic_phone, settings.emergency_number)
        sheet = reads.read_sheet(made.id, Moment(now(), settings.time_zone, safety))
        assert sheet is not None
        assert sheet == reads.read_revision_sheet(
            made.id, 1, Moment(now(), settings.time_zone, safety)
        )
        db.session.rollback()
    texts, pictures = [], []
    for visitor, path in (
        (pia, made.path),
        (pia, f"{made.path}/print"),
        (pia, f"{made.path}/print?print=large&size=letter"),
        (theo, f"{made.path}/revisions/1"),
        (theo, f"{made.path}/revisions/1/print"),
    ):
        texts.append(visitor.open(path).text)
        pictures += [str(tag) for tag in visitor.page.select("main img, main .qr svg")]
    hashes = tuple(step.picture for item in sheet.items for step in item.steps)
    return Seen(sheet, hashes, tuple(texts), tuple(pictures))


def change_everything(app: Flask, cast: Cast) -> None:
    """An admin edits every exercise and the handout, people get other names, the clinic too."""
    with app.app_context():
        ada, theo = acting(cast.ada), acting(cast.theo)
        handout = find_handout("T680")
        assert handout is not None
        for exercise in list_exercises_by_slug(handout.text.exercises):
            text = exercise.text
            steps = (Step("Do something else.", "0" * 64, "Another picture"),)
            new = replace(
                text,
                title=f"New {text.title}",
                purpose="It is new.",
                variants=tuple(replace(v, steps=steps) for v in text.variants),
                dose=replace(text.dose, repetitions=Span(1, 2)),
                equipment=("Nothing",),
                cautions=(Caution("hip-pain", Level.PRECAUTION, "Be careful."),),
                safety_notes=("New note.",),
                attribution="Somebody else",
            )
            revise_exercise(exercise, new, based_on=exercise.current_number, by=ada, now=now())
        words = ("Something new.",)
        changed = replace(
            handout.text,
            title="New",
            introduction=words,
            follow_up=words,
            learn_more=words,
            owner=words,
        )
        revise_handout(handout, changed, based_on=handout.current_number, by=ada, now=now())
        assert cast.pia.patient_id is not None
        patient = find_patient(cast.pia.patient_id)
        assert patient is not None
        edit_patient(patient, "Pia New", None, "", based_on=patient.version, by=theo, now=now())
        db.session.get_one(Account, cast.theo.id).name = "Theo New"
        db.session.commit()
    settings = app.extensions["homestretch_settings"]
    app.extensions["homestretch_settings"] = replace(
        settings,
        clinic_name="New Clinic",
        clinic_phone=NEW_PHONE,
        emergency_number=NEW_EMERGENCY,
    )


def with_old_numbers(text: str) -> str:
    return text.replace(NEW_PHONE, "555-0100").replace(NEW_EMERGENCY, "911")


def test_an_approved_plan_says_the_same_after_everything_around_it_changed(
    app: Flask, cast: Cast, approved: Approve, visit: Visit
) -> None:
    made = approved(starting({"Resisted rows": Start.withheld()}))
    pia, theo = visit(cast.pia), visit(cast.theo)
    before = look(app, made, pia, theo)
    change_everything(app, cast)
    after = look(app, made, pia, theo)

    assert after.sheet.told == before.sheet.told
    assert after.sheet.items == before.sheet.items
    safety = Safety(NEW_PHONE, NEW_EMERGENCY)
    assert after.sheet == replace(before.sheet, safety=safety)
    assert after.pictures == before.pictures
    assert after.svgs == before.svgs
    for old, new in zip(before.texts, after.texts, strict=True):
        assert with_old_numbers(new) == old
    assert NEW_PHONE in after.texts[1]
    assert "555-0100" not in after.texts[1]


def test_todays_list_says_the_same_too(
    app: Flask, cast: Cast, approved: Approve, visit: Visit
) -> None:
    made = approved()
    pia = visit(cast.pia)
    with app.app_context():
        first = made.rows[0].id
    before = [pia.open(path).text for path in ("/today", f"/today/{first}")]
    change_everything(app, cast)
    after = [pia.open(path).text for path in ("/today", f"/today/{first}")]
    assert after == before


def test_a_second_revision_leaves_the_first_as_it_was(
    app: Flask, approved: Approve, theo: Visitor
) -> None:
    made = approved()
    before = theo.open(f"{made.path}/revisions/1").text
    theo.open(made.path).submit("Change the plan")
    Desk(theo, made.path).press("Approve the plan", title="Other", **{"rows-0-note": "Slowly."})
    after = theo.open(f"{made.path}/revisions/1").text
    notice = "Warning: Record copy, not for use. This revision is not in force. "
    assert after.replace(notice, "") == before


@pytest.mark.parametrize("handout_is_changed", [True, False])
def test_the_next_revision_is_told_the_new_words(
    app: Flask, cast: Cast, approved: Approve, theo: Visitor, handout_is_changed: bool
) -> None:
    """The other side: what is copied is copied at approval, and not before."""
    made = approved()
    if handout_is_changed:
        change_everything(app, cast)
    theo.open(made.path).submit("Change the plan")
    while stale := theo.page.select("button[value^='take-over:']"):
        theo.submit(f"do={stale[0]['value']}")
    boxes = theo.page.select("textarea[name$='-text']")
    reasons = {str(box["name"]): "Right for her." for box in boxes}
    Desk(theo, made.path).press("Approve the plan", **reasons)
    text = theo.open(f"{made.path}/print").text
    assert ("Something new." in text) is handout_is_changed
    assert ("New Wall push-up" in text) is handout_is_changed
    assert ("New Clinic" in text) is handout_is_changed
    assert "revision 2." in text
