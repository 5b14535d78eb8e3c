"""One therapist's patients, all or some, to another: chosen, counted, confirmed."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import policy
from app.access import allow, shows, signed_in_person
from app.accounts.models import Account
from app.audit.service import About
from app.clock import now
from app.database import db
from app.patients import reads, team
from app.patients.blueprint import pages
from app.patients.team_forms import HandOverForm
from app.patients.team_routes import therapist_asked_for


@pages.route("/patients/hand-over", methods=["GET", "POST"])
@allow(policy.can_hand_over)
def hand_over() -> ResponseReturnValue:
    """A therapist hands over patients of their own."""
    me = db.session.get(Account, signed_in_person().id)
    return _hand_over(me, url_for("home.caseload"))


@pages.route("/people/hand-over", methods=["GET", "POST"])
@allow(policy.can_assign_teams)
def hand_over_for() -> ResponseReturnValue:
    """An admin hands over the patients of the therapist ``?of=<id>``, one who left perhaps."""
    return _hand_over(therapist_asked_for(), url_for("patients.teams"))


def _hand_over(giver: Account | None, back: str) -> ResponseReturnValue:
    """The form; after it, the confirm page with the number; after that, the deed."""
    if giver is None:
        return redirect(back, 303)
    shows(About("caseload", giver.id))
    form = HandOverForm()
    takers = [one for one in reads.list_therapists() if one.id != giver.id]
    form.offer(takers, reads.list_to_choose(giver.id), team.count_caseload(giver.id).patients)
    if form.validate_on_submit() and (asked := _asked(form, takers)):
        taker, reason = asked
        chosen = form.chosen()
        load = team.count_caseload(giver.id, chosen)
        sure = request.form.get("do") == "hand-over"
        if sure and load.patients in (0, _number(request.form.get("count", ""))):
            me = signed_in_person()
            done = team.hand_over(giver.id, taker, chosen, reason=reason, by=me, now=now())
            db.session.commit()
            _say(done, taker)
            return redirect(back, 303)
        if load.patients:
            return render_template(
                "patients/hand_over_sure.html",
                form=form,
                giver=giver,
                taker=taker,
                load=load,
                again=sure,
                back=back,
                form_errors=(),
            )
        form.patients.errors = [_("Tick at least one patient.")]
    body = render_template(
        "patients/hand_over.html", form=form, giver=giver, back=back, form_errors=form.problems
    )
    return body, 422 if form.errors else 200


def _asked(form: HandOverForm, takers: list[Account]) -> tuple[Account, str] | None:
    """Who takes over, and why; None where the form has to be shown again."""
    taker = next((one for one in takers if str(one.id) == form.taker.data), None)
    if taker is None:
        form.taker.errors = [_("Choose a therapist from the list.")]
    reason = form.checked_reason()
    return (taker, reason) if taker and reason else None


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def _say(done: int, taker: Account) -> None:
    if done:
        words = ngettext(
            "%(num)d patient is handed over to %(name)s.",
            "%(num)d patients are handed over to %(name)s.",
            done,
            name=taker.name,
        )
        flash(words, "success")
