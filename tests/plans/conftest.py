"""Theo at the builder of Pia's plan, and Pia."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.database import db
from app.plans.rules import RowValues
from tests.factories import Cast, CastMember
from tests.plans.desk import ComeBack, Desk
from tests.plans.made import Change, Made, make_approved, make_plan
from tests.support import TestClock
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
Approve = Callable[..., Made]


@pytest.fixture
def pia(visit: Visit, cast: Cast) -> Visitor:
    return visit(cast.pia)


@pytest.fixture
def approved(app: Flask, cast: Cast) -> Approve:
    """``approved(change)``: Pia's approved plan of the handout's six exercises."""

    def make(change: Change = RowValues.of, title: str = "Healthy upper back") -> Made:
        with app.app_context():
            made = make_approved(cast.theo, cast.pia, change, title)
            db.session.remove()
            return made

    return make


@pytest.fixture
def desk(app: Flask, cast: Cast, theo: Visitor) -> Desk:
    """Theo at the builder: a fresh draft with the handout's six exercises."""
    with app.app_context():
        made = make_plan(cast.theo, cast.pia)
        db.session.remove()
    return Desk(theo, made.path).open()


@pytest.fixture
def come_back(visit: Visit, cast: Cast, clock: TestClock) -> ComeBack:
    def later(desk: Desk, days: float) -> Desk:
        clock.move(days=days)
        return Desk(visit(cast.theo), desk.path).open()

    return later
