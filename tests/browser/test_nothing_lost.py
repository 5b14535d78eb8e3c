"""What was typed in the builder stays, whatever the network, the session or the fingers do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, expect

from tests.browser import prepare
from tests.browser.person import Person
from tests.browser.server import Server
from tests.browser.windows import Enter
from tests.factories import PASSWORD, Cast, app_code
from tests.support import TestClock
from tests.visitor import Visitor

pytestmark = pytest.mark.looks

NOTE = "#rows-0-note"
TYPED = "Do it on the carpet."


@pytest.fixture
def path(cast: Cast, visit: Callable[..., Visitor]) -> str:
    """A draft with the six exercises."""
    return prepare.draft(visit(cast.theo), cast.pia) + "/edit"


@pytest.fixture
def theo(cast: Cast, enter: Enter, path: str) -> Person:
    """In the builder."""
    theo = enter(cast.theo)
    theo.open(path)
    return theo


def type_a_note(theo: Person) -> None:
    theo.page.locator(".plan-row").first.locator("summary").click()
    theo.type(NOTE, TYPED)


def questions(theo: Person) -> list[str]:
    """The kinds of the dialogs that come up; each is answered with yes."""
    kinds: list[str] = []

    def answer(dialog: Dialog) -> None:
        kinds.append(dialog.type)
        dialog.accept()

    theo.page.on("dialog", answer)
    return kinds


def toast(theo: Person, words: str) -> None:
    theo.page.locator("[data-toast]").get_by_text(words).wait_for()


def test_leaving_asks_first_only_when_something_is_not_saved(theo: Person, path: str) -> None:
    asked = questions(theo)
    theo.follow("Patients")
    assert not asked, "nothing was typed"
    theo.open(path)
    theo.type("#q", "wall")
    theo.follow("Patients")
    assert not asked, "a search is nothing to lose"
    theo.open(path)
    type_a_note(theo)
    theo.press("Save draft")
    toast(theo, "Saved.")
    theo.follow("Patients")
    assert not asked, "it was saved"
    theo.open(path)
    theo.type(NOTE, "Something else.")
    theo.follow("Patients")
    assert asked == ["beforeunload"]


def test_leaving_for_the_preview_or_the_templates_saves_and_does_not_ask(theo: Person) -> None:
    asked = questions(theo)
    type_a_note(theo)
    theo.press("Preview as Pia sees it")
    theo.page.get_by_text("Nothing is approved yet.").wait_for()
    assert not asked
    theo.follow("Back to the draft")
    theo.press("Add from a template")
    theo.page.get_by_text("There are no templates yet.").wait_for()
    assert not asked
    theo.click(theo.page.locator("main .empty a"))
    assert theo.page.input_value(NOTE) == TYPED


@pytest.mark.parametrize("button", ["Save draft", "Preview as Pia sees it", "Approve the plan"])
def test_without_the_server_the_form_stays_as_it_was_typed(
    button: str, theo: Person, server: Server
) -> None:
    type_a_note(theo)
    with theo.offline():
        server.stop()
        theo.press(button)
        toast(theo, "We cannot reach the clinic’s server. Nothing is lost")
    assert theo.page.input_value(NOTE) == TYPED
    assert theo.focus.inner_text() == button
    server.start_again()
    theo.press("Save draft")
    toast(theo, "Saved.")
    assert theo.page.input_value(NOTE) == TYPED


def test_offline_the_form_stays_as_it_was_typed(theo: Person) -> None:
    type_a_note(theo)
    with theo.offline():
        theo.context.set_offline(True)
        theo.press("Move Wall push-up up")
        toast(theo, "We cannot reach the clinic’s server.")
        theo.context.set_offline(False)
    assert theo.page.input_value(NOTE) == TYPED
    theo.press("Move Wall push-up up")
    toast(theo, "is number 3 of")
    assert theo.page.input_value(NOTE) == TYPED


def test_a_failure_page_does_not_replace_what_was_typed(
    theo: Person, cast: Cast, visit: Callable[..., Visitor], path: str
) -> None:
    type_a_note(theo)
    visit(cast.theo).open(path.replace("edit", "discard")).submit("Discard the draft")
    with theo.expecting(422, 409, 404):
        theo.press("Save draft")
        toast(theo, "What you typed is still here.")
    assert theo.page.input_value(NOTE) == TYPED


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_after_the_session_ended_what_was_typed_is_sent_again(
    scripts: bool, cast: Cast, enter: Enter, path: str, clock: TestClock
) -> None:
    theo = enter(cast.theo, scripts=scripts)
    theo.open(path)
    type_a_note(theo)
    clock.move(hours=13)
    with theo.expecting(401):
        theo.press("Save draft")
        theo.page.get_by_role("heading", name="Please send this again").wait_for()
    with theo.context.expect_page() as opening:
        theo.page.get_by_role("link", name="Sign in again").click()
    other = opening.value
    other.fill("#email", cast.theo.email)
    other.fill("#password", PASSWORD)
    other.get_by_role("button", name="Sign in", exact=True).click()
    other.fill("#code", app_code(clock.instant))
    other.get_by_role("button", name="Sign in", exact=True).click()
    other.wait_for_url("**/patients")
    with theo.expecting(400):
        theo.press("Send it again")
        if theo.page.get_by_role("button", name="Send it again").count():
            theo.press("Send it again")
    theo.page.get_by_text("Saved.").wait_for()
    assert theo.page.input_value(NOTE) == TYPED


def test_somebody_elses_save_shows_both_texts(
    theo: Person, cast: Cast, visit: Callable[..., Visitor], path: str
) -> None:
    type_a_note(theo)
    visit(cast.theo).open(path).submit("Save draft", title="Their title")
    with theo.expecting(409):
        theo.press("Save draft")
        theo.page.get_by_role("heading", name="Somebody else saved this plan").wait_for()
    assert "Their title" in theo.text
    assert TYPED in theo.text
    assert not questions(theo)
    theo.press("Save mine over theirs")
    theo.page.get_by_text("Saved.").wait_for()
    assert theo.page.input_value(NOTE) == TYPED


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"#rows-1-hold_high": "400"}, "Midback stretch: Enter a whole number from 1 to 300."),
        ({"#rows-1-hold_low": "40"}, "Midback stretch: 40 is more than 30."),
        ({"#rows-1-repetitions_low": "many"}, "Midback stretch: Enter a whole number, like 3."),
    ],
    ids=["too long", "the wrong way round", "no number"],
)
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_error_is_in_focus_and_leads_to_its_box(
    scripts: bool, typed: dict[str, str], sentence: str, cast: Cast, enter: Enter, path: str
) -> None:
    theo = enter(cast.theo, scripts=scripts)
    theo.open(path)
    type_a_note(theo)
    for box, text in typed.items():
        theo.type(box, text)
    with theo.expecting(422):
        theo.press("Save draft")
        theo.page.get_by_role("heading", name="There is a problem").wait_for()
    assert theo.page.title().startswith("Error:")
    expect(theo.page.locator(".error-summary")).to_be_focused()
    link = theo.page.locator(".error-summary a")
    assert link.inner_text().startswith(sentence)
    link.click()
    assert theo.focus.get_attribute("aria-invalid") == "true"
    assert theo.page.input_value(NOTE) == TYPED
    for box, text in typed.items():
        assert theo.page.input_value(box) == text
