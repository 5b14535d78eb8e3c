"""The whole story as three people: a therapist, a patient and an admin."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.browser import prepare
from tests.browser.person import Person
from tests.browser.windows import Enter
from tests.factories import PASSWORD, Cast, app_code
from tests.support import NOON
from tests.visitor import Visitor

FIVE_MINUTES = 300


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_handout_to_paper_and_an_exercise_corrected_since(
    scripts: bool,
    cast: Cast,
    enter: Enter,
    visit: Callable[..., Visitor],
    record_property: Callable[[str, object], None],
) -> None:
    prepare.knee_pain(visit(cast.theo), cast.pia)
    theo, pia, ada = (enter(scripts=scripts) for _ in range(3))

    began = time.monotonic()
    theo.sign_in(cast.theo.email, PASSWORD, app_code(NOON))
    theo.follow("Pia")
    theo.press(prepare.FROM_HANDOUT)
    prescribe(theo)
    took = time.monotonic() - began
    record_property("six exercises prescribed", f"{theo.clicks} clicks, {took:.1f} s")
    print(f"\n{theo.clicks} clicks and boxes, {took:.1f} s from signing in to approval")
    assert took < FIVE_MINUTES
    assert theo.clicks <= 20
    plan = theo.path

    pia.sign_in(cast.pia.email, PASSWORD)
    assert pia.path == "/today"
    assert "You have 4 exercises today." in pia.text
    assert "Wall push-up Starts on Monday, March 9" in pia.text
    assert "Resisted rows Not yet." in pia.text
    step_through_all(pia)
    pia.follow("See the whole plan")
    assert pia.path == plan
    told = pia.text
    pia.follow("Print my plan")
    printed = pia.page.locator(".sheet").inner_text()
    assert "Pia" in printed
    assert "Keep your back straight" not in printed

    ada.sign_in(cast.ada.email, PASSWORD, app_code(NOON))
    correct_a_sentence(ada)

    pia.open(plan)
    assert pia.text == told
    pia.open(f"{plan}/print")
    assert pia.page.locator(".sheet").inner_text() == printed

    theo.open(plan)
    assert "was changed since" not in theo.text
    theo.press("Change the plan")
    row = theo.page.get_by_role("article", name="Shoulder rolls")
    assert "The text of this exercise was changed since you added it." in row.inner_text()
    theo.click(row.get_by_role("button", name="Take over the new text"))
    theo.page.get_by_text("The newest text is in the plan now.").wait_for()
    assert "was changed since you added it" not in theo.text
    theo.press("Approve the plan")
    theo.page.get_by_text("Approved. Pia sees revision 2 now.").wait_for()
    pia.open(plan)
    assert "Keep your back straight" in pia.text


def prescribe(theo: Person) -> None:
    """Doses and start dates; one later, one withheld, one kept with a reason."""
    theo.choose("#often-times_per_day", "2 times a day")
    theo.choose("#often-days", "Every day")
    theo.type("#start_on", "2026-03-02")
    theo.type("#rows-0-hold_low", "20")
    theo.choose("#rows-3-start", "On a date")
    theo.type("#rows-3-start_on", "2026-03-09")
    theo.choose("#rows-5-start", "Not yet: withheld")
    with theo.expecting(422):
        theo.press("Approve the plan")
        theo.page.get_by_role("heading", name="There is a problem").wait_for()
    assert theo.page.title().startswith("Error:")
    theo.follow("Midback stretch: remove it, or write why it is right for this patient.")
    assert theo.focus.evaluate("box => box.labels[0].innerText").startswith("Why it is right")
    theo.focus.fill("Knees are fine on a thick cushion; tried it together.")
    theo.press("Approve the plan")
    theo.page.get_by_text("Approved. Pia sees revision 1 now.").wait_for()


def step_through_all(pia: Person) -> None:
    pia.follow("Start with exercise 1")
    seen = []
    while pia.path != "/today":
        seen.append(pia.page.get_by_role("heading", level=1).inner_text())
        pia.click(pia.page.locator("a.button-primary"))
    assert [title.splitlines()[-1] for title in seen] == [
        title for title in prepare.SIX if title not in ("Wall push-up", "Resisted rows")
    ]


def correct_a_sentence(ada: Person) -> None:
    ada.follow("Catalogue")
    ada.follow("Shoulder rolls")
    ada.follow("Edit")
    step = ada.page.locator("textarea[name$=text]").first
    step.fill(step.input_value() + " Keep your back straight.")
    ada.press("Publish")
    ada.page.get_by_text("Keep your back straight.").first.wait_for()
