"""The ceiling page: what Flask, the ORM and a signed-in person cost at the least.

A plan page as performance.md describes it: two prebuilt ORM statements (the person with the
session; the plan with its prescriptions and the texts of their exercises), and one template that
writes them out. Nothing else: no forms, no policy, no log, no headers, no translation.
``/ceiling?bytes=N`` fills its answer up with blanks to N bytes, so that a page of ours and the
ceiling carry the same load. ``/hello`` is performance.md's other page: signed in, and a name.
"""

from __future__ import annotations

import hashlib
import os

from flask import Flask, render_template, request
from flask_login import LoginManager, UserMixin, current_user, login_required
from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager

from app.accounts.models import Account, SignIn
from app.catalogue.models import ExerciseRevision
from app.config import Settings
from app.database import db, engine_options, reading_only, tune
from app.plans.models import Plan, PlanRevision, Prescription

PERSON = (
    select(Account)
    .join(SignIn, SignIn.account_id == Account.id)
    .where(SignIn.token_hash == bindparam("token_hash"))
)
PLAN = (
    select(PlanRevision, ExerciseRevision)
    .join(PlanRevision.plan)
    .join(PlanRevision.prescriptions)
    .join(ExerciseRevision, ExerciseRevision.id == Prescription.exercise_revision_id)
    .options(contains_eager(PlanRevision.plan), contains_eager(PlanRevision.prescriptions))
    .where(PlanRevision.number == 1)
    .order_by(Plan.created_at, Prescription.place)
)
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ revision.title }}</title></head><body>
<header><p>{{ person.name }}</p></header>
<main><h1>{{ revision.title }}</h1><p>{{ revision.plan.code }}</p>
{% for row in revision.prescriptions %}{% set text = texts[row.exercise_revision_id] %}
<article class="card" id="row-{{ row.id }}">
  <h2>{{ loop.index }}. {{ text.title }}</h2>
  <p class="purpose">{{ text.purpose }}</p>
  <dl>
    <dt>How many</dt><dd>{{ row.repetitions_low }} to {{ row.repetitions_high }} times</dd>
    {% if row.hold_low %}
    <dt>Hold</dt><dd>{{ row.hold_low }} to {{ row.hold_high }} seconds</dd>
    {% endif %}
    {% if row.sets > 1 %}<dt>Sets</dt><dd>{{ row.sets }}</dd>{% endif %}
    <dt>How often</dt>
    <dd>{{ row.times_per_day }} times a day, {{ row.days_per_week }} days a week</dd>
    <dt>From</dt><dd>{{ row.start_on }}{% if row.last_day %} to {{ row.last_day }}{% endif %}</dd>
  </dl>
  {% if row.note %}<p class="note">{{ row.note }}</p>{% endif %}
  {% for variant in text.variants if variant.position == row.position %}<ol>
    {% for step in variant.steps %}<li>
      {% if step.picture %}
      <img src="/pictures/{{ step.picture }}" alt="{{ step.picture_alt }}">
      {% endif %}
      <p>{{ step.text }}</p>
    </li>{% endfor %}
  </ol>{% endfor %}
  {% for note in text.safety_notes %}<p class="careful">{{ note }}</p>{% endfor %}
  <p class="credit">{{ text.attribution }}, {{ text.licence }}</p>
</article>{% endfor %}
</main></body></html>"""


class User(UserMixin):  # type: ignore[misc]  # Flask-Login has no type hints
    def __init__(self, account: Account) -> None:
        self.account = account


def create_ceiling() -> Flask:
    settings = Settings.load(os.environ)
    app = Flask("ceiling")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="homestretch",
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
    )
    db.init_app(app)
    with app.app_context():
        tune(db.engine)
    page = app.jinja_env.from_string(PAGE)
    manager = LoginManager(app)
    manager.session_protection = None

    def load_user(token: str) -> User | None:
        digest = hashlib.sha256(token.encode()).digest()
        account = db.session.scalar(PERSON, {"token_hash": digest})
        return User(account) if account else None

    manager.user_loader(load_user)

    def hello() -> str:
        with reading_only():
            return f"Hello {current_user.account.name}"

    def ceiling() -> str:
        with reading_only():
            person = current_user.account
            found = db.session.execute(PLAN).unique().all()
            revision = found[0].PlanRevision
            texts = {row.ExerciseRevision.id: row.ExerciseRevision.data for row in found}
            body = render_template(page, revision=revision, texts=texts, person=person)
        return body.ljust(request.args.get("bytes", 0, int))

    app.add_url_rule("/hello", view_func=login_required(hello))
    app.add_url_rule("/ceiling", view_func=login_required(ceiling))
    return app
