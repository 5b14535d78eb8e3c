"""What is true of a patient: note it, correct it, end it, put it back."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow_on, signed_in_person
from app.catalogue.models import Condition
from app.catalogue.service import list_conditions
from app.clock import now
from app.database import db
from app.errors import Conflict
from app.patients import service
from app.patients.blueprint import pages, pressed
from app.patients.conditions import change_condition
from app.patients.forms import ChangeConditionForm, NoteConditionForm
from app.patients.models import Patient, PatientCondition
from app.patients.rules import ConditionFacts


@pages.route("/patients/<uuid:patient_id>/conditions", methods=["GET", "POST"])
@allow_on(service.find_patient, policy.can_edit_patient)
def conditions(patient: Patient) -> ResponseReturnValue:
    """All of them; ``?row=<id>`` opens one for correction."""
    do, row_id = pressed()
    if do == "change" or request.args.get("row"):
        return _change(patient, _row(patient, row_id or request.args["row"]))
    form = NoteConditionForm()
    known = list_conditions()
    current = {noted.condition_id for noted in service.current_conditions(patient)}
    form.offer(condition for condition in known if condition.id not in current)
    if form.validate_on_submit() and _press(patient, form, known):
        db.session.commit()
        return _back(patient)
    body = render_template(
        "patients/conditions.html",
        form=form,
        patient=patient,
        current=service.current_conditions(patient),
        past=service.past_conditions(patient),
        form_errors=form.problems,
    )
    return body, 422 if form.errors else 200


def _press(patient: Patient, form: NoteConditionForm, known: list[Condition]) -> bool:
    """Do what the button says; False where the form has to be shown again."""
    me = signed_in_person()
    do, row_id = pressed()
    if do == "note":
        chosen = next((c for c in known if str(c.id) == form.condition.data), None)
        if chosen is None:
            form.condition.errors = [_("Choose a condition from the list.")]
        if not form.check_facts() or chosen is None:
            return False
        service.note_condition(patient, chosen, facts=form.facts, by=me, now=now())
        return True
    noted = _row(patient, row_id)
    if do == "end":
        service.end_condition(patient, noted, by=me, now=now())
        flash(_("Ended. You can put it back below."), "success")
    elif do == "put-back":
        facts = ConditionFacts(noted.facts.side, noted.since)
        service.note_condition(patient, noted.condition, facts=facts, by=me, now=now())
    else:
        abort(400)
    return True


def _change(patient: Patient, noted: PatientCondition) -> ResponseReturnValue:
    """The form of one condition. One that was changed meanwhile shows what stands now, too."""
    form = ChangeConditionForm.of(noted)
    theirs = None
    if form.validate_on_submit() and form.check_facts():
        try:
            change_condition(patient, noted, form.facts, by=signed_in_person(), now=now())
        except Conflict as conflict:
            theirs = conflict.theirs
        else:
            db.session.commit()
            return _back(patient)
    body = render_template(
        "patients/condition.html",
        form=form,
        patient=patient,
        noted=noted,
        theirs=theirs,
        form_errors=form.problems,
    )
    return body, 409 if theirs else 422 if form.errors else 200


def _row(patient: Patient, row_id: str) -> PatientCondition:
    """The row of this patient with this id; anything else is not there."""
    found = (noted for noted in patient.conditions if str(noted.id) == row_id)
    return next(found, None) or abort(404)


def _back(patient: Patient) -> ResponseReturnValue:
    return redirect(url_for("home.patient", patient_id=patient.id) + "#conditions", 303)
