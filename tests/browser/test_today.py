"""Each state of a patient's first page, as the patient comes to see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser import prepare
from tests.browser.inspection import inspect
from tests.browser.windows import Enter
from tests.factories import Cast
from tests.support import TestClock
from tests.visitor import Visitor

pytestmark = pytest.mark.looks

ALL_WITHHELD: dict[str, Any] = {f"rows-{n}-start": "withheld" for n in range(6)}
MONDAYS_FROM_NEXT_WEEK: dict[str, Any] = {
    f"rows-{n}-{field}": typed
    for n in range(6)
    for field, typed in (
        ("start", "dated"),
        ("start_on", "2026-03-09"),
        ("times_per_day", "1"),
        ("days", "chosen"),
        ("weekdays", "0"),
    )
}


def test_every_state_of_today_has_its_words_and_is_fit_for_everybody(
    cast: Cast, enter: Enter, visit: Callable[..., Visitor], clock: TestClock
) -> None:
    tess, paul = visit(cast.tess), enter(cast.paul)

    def sees(words: str) -> None:
        paul.open("/today")
        assert words in paul.text
        assert not inspect(paul.page), words

    plan = prepare.draft(tess, cast.paul)
    sees("You have no plan yet.")
    tess.open(f"{plan}/edit").submit("Approve the plan", **ALL_WITHHELD, **prepare.TWICE_DAILY)
    sees("Your therapist will tell you when you may start.")

    tess.open(plan).submit("Change the plan")
    tess.submit("Approve the plan", **MONDAYS_FROM_NEXT_WEEK)
    sees("Your exercises start on Monday, March 9")
    clock.move(days=7)
    tess, paul = visit(cast.tess), enter(cast.paul)
    sees("You have 6 exercises today.")
    clock.move(days=1)
    tess, paul = visit(cast.tess), enter(cast.paul)
    sees("Today is a rest day.")
    tess.open(f"{plan}/end").submit("End the plan", reason="Paul is well again.")
    sees("Your plan ended on")
