"""One filled clinic, for looking at all its pages."""

from __future__ import annotations

from uuid import uuid4

from flask import Flask

from app.accounts.invitations import add_invited
from app.accounts.links import make_link, token_of
from app.accounts.models import Account
from app.accounts.rules import Purpose
from app.accounts.service import add_person
from app.audit.service import Operator
from app.clock import now
from app.database import db
from app.policy import Role
from tests.browser import prepare
from tests.factories import PASSWORD, Cast, CastMember, find_cast, sign_in_token
from tests.visitor import Visitor


class Clinic:
    """One filled clinic for all pages. ``places`` are the addresses that the pages name."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            self.cast: Cast = find_cast()
        theo, pia = self.visit(self.cast.theo), self.cast.pia
        prepare.knee_pain(theo, pia)
        reason = {"rows-1-answers-0-text": "Tried it together on a cushion."}
        ended = prepare.approved(theo, pia, **reason)
        theo.open(f"{ended}/end").submit("End the plan", reason="Moved to another plan.")
        stopped = prepare.approved(theo, pia, **reason)
        theo.open(f"{stopped}/stop").submit("Stop it now", reason="The wrist is swollen.")
        plan = prepare.approved(theo, pia, **reason)
        theo.open(plan).submit("Change the plan").submit("Approve the plan")
        theo.open(plan).submit("Change the plan").submit("Save draft")
        prepare.emergency(self.visit(self.cast.tess), "Pia")
        self.places = {
            "plan": plan,
            "ended": ended,
            "stopped": stopped,
            **prepare.busy(theo, self.visit(self.cast.ada)),
            "linked": prepare.exercise_path(self.visit(self.cast.ada), "Wall push-up"),
            "empty": prepare.empty_draft(theo, pia),
            "pia": f"/patients/{pia.patient_id}",
            "paul": f"/patients/{self.cast.paul.patient_id}",
            "knee": prepare.row_path(theo, pia, "knee pain"),
            "archived": prepare.many_patients(self.visit(self.cast.tess)),
            "theo": str(self.cast.theo.id),
            "maria": prepare.new_patient(theo, "Maria Ruiz"),
            **self._links(),
            "team": f"/people/care-teams/{pia.patient_id}",
            "exercise": prepare.exercise_path(self.visit(self.cast.ada), "Shoulder rolls"),
            "retired": prepare.retired(self.visit(self.cast.ada)),
            **prepare.drafts(app, self.cast),
            "today": prepare.today_path(self.visit(pia), "Midback stretch"),
        }

    def _links(self) -> dict[str, str]:
        """Kim has no app yet, Lou is invited; links for Lou and for Paul."""
        paths = {Purpose.INVITATION: "invitations", Purpose.RESET: "reset",
                 Purpose.NEW_EMAIL: "new-address"}  # fmt: skip
        by = Operator()
        with self.app.app_context():
            add_person("kim@example.org", "Kim", {Role.THERAPIST}, PASSWORD, by=by, now=now())
            lou = add_invited("lou@example.org", "Lou", {Role.ADMIN}, by=by, now=now())
            paul = db.session.get_one(Account, self.cast.paul.id)
            found = {"invited": str(lou.id)}
            for purpose, folder in paths.items():
                account = lou if purpose is Purpose.INVITATION else paul
                link, _new = make_link(
                    account, purpose, account.email, id=uuid4(), by=by, now=now()
                )
                found[purpose.replace("-email", "_address")] = f"/{folder}/{token_of(link)}"
            db.session.commit()
        return found

    def visit(self, member: CastMember) -> Visitor:
        with self.app.app_context():
            return Visitor(self.app, sign_in_token(member))
