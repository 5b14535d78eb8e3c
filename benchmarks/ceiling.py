"""The ceiling page: what Flask, the ORM and a signed-in person cost at the least.

A plan page with two prebuilt ORM statements (the person with the session; the plan with its
prescriptions), one short template, and nothing else: no forms, no policy, no log, no headers,
no translation. ``/ceiling?bytes=N`` pads its answer to N bytes, so that a page of ours and the
ceiling carry the same load.
"""

from __future__ import annotations

import hashlib
import os

from flask import Flask, render_template, request
from flask_login import LoginManager, UserMixin, current_user, login_required
from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager

from app.accounts.models import Account, SignIn
from app.config import Settings
from app.database import db, engine_options, reading_only, tune
from app.plans.models import Plan, PlanRevision, Prescription

PERSON = (
    select(Account)
    .join(SignIn, SignIn.account_id == Account.id)
    .where(SignIn.token_hash == bindparam("token_hash"))
)
PLAN = (
    select(PlanRevision)
    .join(PlanRevision.plan)
    .join(PlanRevision.prescriptions)
    .options(contains_eager(PlanRevision.plan), contains_eager(PlanRevision.prescriptions))
    .where(PlanRevision.number == 1)
    .order_by(Plan.created_at, Prescription.place)
)
PAGE = """<!doctype html><title>{{ revision.title }}</title><h1>{{ revision.title }}</h1>
<p>{{ person.name }}, {{ revision.plan.code }}</p>
{% for row in revision.prescriptions %}<h2>{{ loop.index }}</h2>
<p>{{ row.repetitions_low }} to {{ row.repetitions_high }} times, {{ row.times_per_day }} a day
from {{ row.start_on }}</p><p>{{ row.note }}</p>{% endfor %}"""


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

    def ceiling() -> str:
        with reading_only():
            person = current_user.account
            revision = db.session.scalars(PLAN).unique().first()
            body = render_template(page, revision=revision, person=person)
        return body.ljust(request.args.get("bytes", 0, int))

    app.add_url_rule("/ceiling", view_func=login_required(ceiling))
    return app
