"""A clinic that is full: 2,000 exercises and patients, and lists that are as long as they get."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from flask import Flask
from sqlalchemy import insert

from app.accounts.models import Account
from app.catalogue.models import Exercise
from app.catalogue.rules import Grade
from app.catalogue.service import (
    add_condition,
    find_handout,
    list_exercises_by_slug,
    publish_handout,
    revise_exercise,
)
from app.clock import now
from app.database import db
from app.plans import rows, templates
from app.plans.rules import MAX_ROWS
from app.policy import Role
from benchmarks.crowd import account_row, add_patients
from benchmarks.exercises import fill_catalogue, made_texts
from tests.browser.pages import Opened
from tests.factories import Cast, find_cast
from tests.plans.made import Made, acting, make_plan

MANY = 2_000
SOME = 120
TOO_OFTEN = {"rows-39-repetitions_low": "300"}

# {…} are the keys of `places`.
CROWDED_PAGES = (
    Opened("home.caseload", "theo", "/patients"),
    Opened("plans.to_look_at", "theo", "/patients/to-look-at"),
    Opened("plans.superseded", "ada", "/catalogue/superseded"),
    Opened("home.audit", "ada", "/audit"),
    Opened("accounts.people", "ada", "/people"),
    Opened("patients.teams", "ada", "/people/care-teams"),
    Opened("patients.hand_over", "theo", "/patients/hand-over"),
    Opened("patients.conditions", "theo", "{pia}/conditions"),
    Opened("catalogue.index", "theo", "/catalogue"),
    Opened("catalogue.conditions", "ada", "/catalogue/conditions"),
    Opened("catalogue.tags", "ada", "/catalogue/tags"),
    Opened("catalogue.revisions", "ada", "{midback}/revisions"),
    Opened("home.exercise_use", "ada", "{midback}/use"),
    Opened("catalogue.handouts", "ada", "/handouts"),
    Opened("home.patient", "theo", "{pia}"),
    Opened("plans.new", "theo", "{pia}/plans/new"),
    Opened("plans.list_templates", "theo", "/templates"),
    Opened("plans.edit", "theo", "{draft}/edit?q=stretch"),
    Opened(
        "plans.edit error", "theo", "{draft}/edit", "Save draft", {"rows-39-repetitions_low": "300"}
    ),
    Opened("plans.plan", "pia", "{plan}"),
    Opened("plans.print_plan", "pia", "{plan}/print"),
    Opened("plans.today_page", "pia", "/today"),
)


class CrowdedClinic:
    """One full clinic for all pages; ``places`` are the addresses that the pages name."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            self.cast: Cast = find_cast()
            midback = self._fill()
            approved = self._longest_plan()
            approved.approve()
            self.places = {
                "pia": f"/patients/{self.cast.pia.patient_id}",
                "midback": f"/catalogue/{midback.id}",
                "plan": approved.path,
                "draft": self._longest_plan().path,
            }
            self._keep_lists(approved)

    def _fill(self) -> Exercise:
        """Gives an exercise that most plans have."""
        colleagues = [uuid4() for _ in range(SOME)]
        accounts = [
            account_row(id_, f"colleague{n}", Role.THERAPIST, now())
            for n, id_ in enumerate(colleagues)
        ]
        db.session.execute(insert(Account), accounts)
        team = [self.cast.theo.id, *colleagues[:5]]
        add_patients(team, MANY, now())
        fill_catalogue(made_texts(), MANY)
        (exercise,) = list_exercises_by_slug(["midback-stretch"])
        text = replace(exercise.text, purpose="Loosens the middle of your back.")
        by, grade = acting(self.cast.ada), Grade.SAFETY
        revise_exercise(exercise, text, based_on=1, by=by, now=now(), grade=grade)
        db.session.commit()
        return exercise

    def _longest_plan(self) -> Made:
        made = make_plan(self.cast.theo, self.cast.pia)
        slugs = [f"bench-{MANY - n}" for n in range(MAX_ROWS - len(made.draft_rows))]
        for exercise in list_exercises_by_slug(slugs):
            rows.assign_exercise(made.plan, made.draft, exercise, by=made.by, now=now())
        db.session.commit()
        made.save(reason="They have done it together.")
        return made

    def _keep_lists(self, plan: Made) -> None:
        ada = acting(self.cast.ada)
        handout = find_handout("T680")
        assert handout is not None
        threads = [row.thread_id for row in plan.rows]
        for n in range(SOME):
            add_condition(f"made up condition {n}", by=ada, now=now())
            text = replace(handout.text, title=f"Made up handout {n}")
            publish_handout(f"M{100 + n}", text, by=ada, now=now())
            templates.save_template(
                plan.plan, threads[: 1 + n % 8], f"Made up template {n}", for_clinic=bool(n % 2),
                template_id=uuid4(), by=plan.by, now=now(),
            )  # fmt: skip
        db.session.commit()
