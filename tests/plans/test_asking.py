"""How often the database is asked by the pages that patients wait for most."""

from __future__ import annotations

import pytest
from flask import Flask

from app.database import db
from tests.plans.conftest import Approve
from tests.statements import statements
from tests.visitor import Visitor


@pytest.mark.parametrize("has_read_texts", [True, False])
def test_a_plan_takes_three_statements_and_today_two(
    approved: Approve, pia: Visitor, app: Flask, has_read_texts: bool
) -> None:
    """Whether or not this process knows the exercises' texts."""
    made = approved()
    for path, most in ((f"/plans/{made.plan.id}", 3), ("/today", 2)):
        pia.open(path)  # the session's use is noted
        if not has_read_texts:
            app.extensions.pop("homestretch_exercise_texts")
        with app.app_context(), statements() as said:
            pia.open(path)
            db.session.remove()
        assert len(said) == most, said
