"""Care teams: the therapists' own page, the admin's for all teams, and the hand-over."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow, allow_on, shows, signed_in_person
from app.accounts.models import Account
from app.audit.service import About
from app.clock import now
from app.database import db
from app.errors import RuleBroken
from app.paging import Page, page_asked_for
from app.patients import reads, service, team
from app.patients.blueprint import pages, pressed
from app.patients.models import Patient
from app.patients.team_forms import AssignTeamForm, ChangeTeamForm, FindTeamForm
from app.policy import Role


@pages.route("/patients/<uuid:patient_id>/care-team", methods=["GET", "POST"])
@allow_on(service.find_patient, policy.can_keep_patient)
def care_team(patient: Patient) -> ResponseReturnValue:
    """Add a therapist to the team, or take one off it."""
    form = ChangeTeamForm()
    therapists = reads.list_therapists()
    form.offer(therapist for therapist in therapists if therapist.id not in patient.team)
    leaving = False
    if form.validate_on_submit():
        me = signed_in_person()
        do, member_id = pressed()
        leaving = do == "remove" and member_id == str(me.id) and "sure" not in request.form
        if not leaving and _change_team(patient, form, therapists):
            db.session.commit()
            if do == "remove" and member_id == str(me.id):
                flash(_("You are no longer on this patient’s care team."), "success")
                return redirect(url_for("home.caseload"), 303)
            return redirect(url_for("patients.care_team", patient_id=patient.id), 303)
    body = render_template(
        "patients/care_team.html",
        form=form,
        patient=patient,
        leaving=leaving,
        form_errors=form.problems,
    )
    return body, 422 if form.errors else 200


@pages.route("/people/care-teams", methods=["GET", "POST"])
@allow(policy.can_assign_teams)
def teams() -> ResponseReturnValue:
    """Everybody by name with their team, or one therapist's patients; a search comes by POST."""
    shows(About("teams"))
    form = FindTeamForm()
    archived = request.values.get("show") == "archived"
    of = therapist_asked_for()
    words = form.words.data if form.validate_on_submit() else ""
    page: Page[Patient]
    if words:
        found, more = reads.search_teams(words, archived=archived)
        page = Page(found, found[-1].id if more else None, is_first=True)
    else:
        page = reads.list_teams(
            archived=archived, therapist_id=of.id if of else None, after=page_asked_for()
        )
    body = render_template(
        "patients/teams.html",
        form=form,
        page=page,
        words=words,
        archived=archived,
        of=of,
        form_errors=form.problems,
    )
    return body, 422 if form.errors else 200


def therapist_asked_for() -> Account | None:
    """The therapist ``?of=<id>``, one who cannot sign in any more perhaps."""
    try:
        found = db.session.get(Account, UUID(request.args.get("of", "")))
    except ValueError:
        return None
    return found if found and Role.THERAPIST in found.roles else None


@pages.route("/people/care-teams/<uuid:patient_id>", methods=["GET", "POST"])
@allow_on(team.find_team, policy.can_assign_team)
def assign_team(patient: Patient) -> ResponseReturnValue:
    """An admin changes who treats a patient, with a reason, and reads nothing else of them."""
    form = AssignTeamForm()
    therapists = reads.list_therapists()
    form.offer(therapist for therapist in therapists if therapist.id not in patient.team)
    if form.validate_on_submit():
        reason = form.checked_reason()
        if reason and _change_team(patient, form, therapists, reason):
            db.session.commit()
            flash(_("The care team is changed."), "success")
            return redirect(url_for("patients.assign_team", patient_id=patient.id), 303)
    body = render_template(
        "patients/assign_team.html", form=form, patient=patient, form_errors=form.problems
    )
    return body, 422 if form.errors else 200


def _change_team(
    patient: Patient, form: ChangeTeamForm, therapists: list[Account], reason: str = ""
) -> bool:
    """Do what the button says; False where the form has to be shown again."""
    me = signed_in_person()
    do, member_id = pressed()
    if do == "add":
        chosen = next((t for t in therapists if str(t.id) == form.therapist.data), None)
        if chosen is None:
            form.therapist.errors = [_("Choose a therapist from the list.")]
            return False
        team.add_to_team(patient, chosen, by=me, now=now(), reason=reason)
        return True
    if do != "remove":
        abort(400)
    try:
        team.remove_from_team(patient, UUID(member_id), by=me, now=now(), reason=reason)
    except RuleBroken as error:
        form.put_back(error, "therapist")
        return False
    except ValueError:
        abort(404)
    return True
