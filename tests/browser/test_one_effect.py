"""A double click is one click, and "back" never shows an older draft."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser import prepare
from tests.browser.person import Person
from tests.browser.server import Server
from tests.browser.windows import Enter
from tests.factories import Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.looks

Visit = Callable[..., Visitor]
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


def titles(person: Person) -> list[str]:
    return person.page.locator(".plan-row h3").all_inner_texts()


def double_click(person: Person, name: str) -> None:
    """Two clicks as fast as fingers are; the second may come before or after the answer."""
    button = person.button(name)
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box
    person.page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, delay=30)


@SCRIPTS
def test_double_clicks_in_the_builder_have_one_effect(
    scripts: bool, cast: Cast, enter: Enter, visit: Visit
) -> None:
    path = prepare.empty_draft(visit(cast.theo), cast.pia)
    theo = enter(cast.theo, scripts=scripts)
    theo.open(f"{path}/edit")
    double_click(theo, "Add Shoulder rolls")
    theo.page.get_by_role("button", name="Remove Shoulder rolls").wait_for()
    theo.open(f"{path}/edit")
    assert titles(theo) == ["Shoulder rolls"]

    for title in ("Midback stretch", "Wall push-up", "Resisted rows"):
        theo.press(f"Add {title}")
        theo.page.get_by_text(f"{title} is in the plan now.").wait_for()
    double_click(theo, "Move Shoulder rolls down")
    theo.page.get_by_role("button", name="Move Shoulder rolls up").wait_for()
    theo.open(f"{path}/edit")
    assert titles(theo)[:2] == ["Midback stretch", "Shoulder rolls"]

    double_click(theo, "Remove Midback stretch")
    theo.button("Remove Midback stretch").wait_for(state="detached")
    theo.open(f"{path}/edit")
    assert titles(theo) == ["Shoulder rolls", "Wall push-up", "Resisted rows"]


@SCRIPTS
def test_double_clicks_on_the_way_have_one_effect(
    scripts: bool, cast: Cast, enter: Enter, visit: Visit
) -> None:
    theo = enter(cast.theo, scripts=scripts)
    theo.open(f"/patients/{cast.pia.patient_id}")
    double_click(theo, prepare.FROM_HANDOUT)
    # Not wait_for_url: the second click aborts the navigation of the first.
    builder = theo.page.locator("form.builder")
    builder.wait_for()
    plan = theo.path.removesuffix("/edit")
    theo.choose("#often-times_per_day", "2 times a day")
    theo.choose("#often-days", "Every day")
    theo.type("#start_on", "2026-03-02")
    double_click(theo, "Approve the plan")
    theo.page.get_by_role("button", name="Change the plan").wait_for()
    double_click(theo, "Change the plan")
    builder.wait_for()

    theo.open(f"/patients/{cast.pia.patient_id}")
    assert theo.page.locator("#plans .row").count() == 1
    theo.open(f"{plan}/revisions")
    assert theo.page.locator("main tbody a").all_inner_texts() == ["Draft", "Revision 1"]


def test_a_key_held_down_removes_one_exercise(
    cast: Cast, enter: Enter, visit: Visit, server: Server
) -> None:
    path = prepare.draft(visit(cast.theo), cast.pia)
    theo = enter(cast.theo)
    theo.open(f"{path}/edit")
    theo.button("Remove Midback stretch").focus()
    for _repeat in range(12):
        theo.page.keyboard.down("Enter")
    theo.page.keyboard.up("Enter")
    theo.page.get_by_text("Removed from the plan.").wait_for()
    assert len(titles(theo)) == 5
    assert server.count("POST", "/edit") == 1


@SCRIPTS
def test_back_from_the_preview_shows_the_draft_as_it_was_saved(
    scripts: bool, cast: Cast, enter: Enter, visit: Visit
) -> None:
    path = prepare.draft(visit(cast.theo), cast.pia)
    theo = enter(cast.theo, scripts=scripts)
    theo.open(f"{path}/edit")
    theo.type("#title", "Exercises for the garden")
    theo.press("Preview as Pia sees it")
    theo.page.get_by_text("Nothing is approved yet.").wait_for()
    theo.page.go_back()
    theo.page.wait_for_url("**/edit**")
    assert theo.page.input_value("#title") == "Exercises for the garden"
    theo.press("Save draft")
    theo.page.get_by_text("Saved.").wait_for()


@SCRIPTS
def test_back_after_approval_does_not_open_the_old_draft(
    scripts: bool, cast: Cast, enter: Enter, visit: Visit
) -> None:
    visitor = visit(cast.theo)
    path = prepare.draft(visitor, cast.pia)
    visitor.submit("Save draft", **prepare.TWICE_DAILY)
    theo = enter(cast.theo, scripts=scripts)
    theo.open(f"{path}/edit")
    theo.press("Approve the plan")
    theo.page.get_by_text("Approved. Pia sees revision 1 now.").wait_for()
    theo.page.go_back()
    theo.page.wait_for_url(f"**{path}")
    assert "Change the plan" in theo.text
