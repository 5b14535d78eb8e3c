"""The builder by keyboard alone: Tab, Enter, arrows in selects, and typing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser import prepare
from tests.browser.person import Person
from tests.browser.windows import Enter
from tests.factories import Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.looks

MOST_STOPS = 120


def tab_to(person: Person, name: str, *, back: bool = False) -> None:
    """Press Tab until the control with this name has the focus, as a listener hears it."""
    for _stop in range(MOST_STOPS):
        person.page.keyboard.press("Shift+Tab" if back else "Tab")
        if spoken(person) == name:
            return
    raise AssertionError(f"Tab never comes to {name!r}")


def spoken(person: Person) -> str:
    """The name of what has the focus: its own text, or its labels'."""
    return str(
        person.page.evaluate(
            """() => {
                const at = document.activeElement;
                const label = at.labels?.length ? at.labels[0] : at;
                const group = at.closest("fieldset.span-field")?.querySelector("legend");
                const words = (part) => part ? part.textContent.replace(/\\s+/g, " ").trim() : "";
                return (words(group) + " " + words(label)).trim();
            }"""
        )
    )


def enter_at(person: Person, name: str, *, back: bool = False) -> None:
    tab_to(person, name, back=back)
    person.page.keyboard.press("Enter")


def said(person: Person, words: str) -> None:
    """The live region has spoken."""
    person.page.locator("[data-toast]").get_by_text(words).wait_for()


def type_at(person: Person, name: str, text: str) -> None:
    tab_to(person, name)
    person.page.keyboard.press("Control+A")
    person.page.keyboard.type(text)


def choose_at(person: Person, name: str, steps: int) -> None:
    """Arrow down in a select that says "Choose"."""
    tab_to(person, name)
    for _step in range(steps):
        person.page.keyboard.press("ArrowDown")


def test_a_plan_is_built_and_approved_without_a_mouse(
    cast: Cast, enter: Enter, visit: Callable[..., Visitor]
) -> None:
    visitor = visit(cast.theo)
    prepare.knee_pain(visitor, cast.pia)
    path = prepare.empty_draft(visitor, cast.pia)
    theo = enter(cast.theo)
    theo.open(f"{path}/edit")

    type_at(theo, "Search the catalogue", "stretch")
    theo.page.keyboard.press("Enter")
    said(theo, "2 exercises")
    assert spoken(theo) == "Search the catalogue"
    enter_at(theo, "Add Lower neck and upper back stretch")
    said(theo, "Lower neck and upper back stretch is in the plan now.")
    assert spoken(theo) == "In plan"
    enter_at(theo, "Add Midback stretch")
    said(theo, "1 warning to look at.")

    tab_to(theo, "Search the catalogue", back=True)
    theo.page.keyboard.press("Control+A")
    theo.page.keyboard.press("Delete")
    theo.page.keyboard.press("Enter")
    said(theo, "Saved.")
    enter_at(theo, "Add Wall push-up")
    said(theo, "Wall push-up is in the plan now.")

    choose_at(theo, "Times a day", 2)
    choose_at(theo, "Days", 1)
    tab_to(theo, "Start date (optional)")
    theo.page.keyboard.type("03022026")

    enter_at(theo, "Move Wall push-up up")
    said(theo, "is number 2 of")
    assert spoken(theo) == "Move Wall push-up up"
    theo.page.keyboard.press("Enter")
    said(theo, "is number 1 of")
    assert spoken(theo) == "Move Wall push-up down", "there is no way up any more"
    theo.page.keyboard.press("Enter")
    said(theo, "is number 2 of")
    assert spoken(theo) == "Move Wall push-up down"
    assert order_of(theo) == [
        "Lower neck and upper back stretch",
        "Wall push-up",
        "Midback stretch",
    ]

    enter_at(theo, "Remove Wall push-up")
    said(theo, "Removed")
    assert "Midback stretch" in spoken(theo), "the row that took its place"
    tab_to(theo, "Hold, seconds from", back=True)
    theo.page.keyboard.press("Control+A")
    theo.page.keyboard.type("20")
    assert theo.focus.get_attribute("id") == "rows-0-hold_low"

    with theo.expecting(422):
        enter_at(theo, "Approve the plan")
        theo.page.get_by_role("heading", name="There is a problem").wait_for()
    assert theo.focus.get_attribute("role") == "alert"
    enter_at(theo, "Midback stretch: remove it, or write why it is right for this patient.")
    assert spoken(theo).startswith("Why it is right for this patient")
    theo.page.keyboard.type("Without pain on a cushion.")
    enter_at(theo, "Approve the plan")
    theo.page.get_by_text("Approved. Pia sees revision 1 now.").wait_for()
    assert "20 to 30 seconds" in theo.text


def order_of(person: Person) -> list[str]:
    return person.page.locator(".plan-row h3").all_inner_texts()
