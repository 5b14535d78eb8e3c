"""Where a clinic wants it, nobody publishes an exercise alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.accounts.service import add_person
from app.catalogue import service
from app.catalogue.models import Exercise, ExerciseRevision
from app.database import db
from app.policy import Role
from tests.catalogue.support import NEW, OPERATOR, audited, count, id_of, text_of, typed
from tests.databases import Databases
from tests.factories import PASSWORD, CastMember, sign_in_token
from tests.statements import statements
from tests.support import NOON, TestClock, make_settings
from tests.visitor import Visitor


@pytest.fixture
def app(template_database: str, databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """The tests' application with the setting on."""
    url = databases.create(template_database)
    app = create_app(make_settings(url, tmp_path, review_exercises=True), TestClock())
    app.testing = True
    yield app
    with app.app_context():
        db.engine.dispose()
    databases.drop(url)


@pytest.fixture
def second(app: Flask) -> Visitor:
    """Amir, another admin."""
    with app.app_context():
        roles = {Role.ADMIN}
        amir = add_person("amir@example.org", "Amir", roles, PASSWORD, by=OPERATOR, now=NOON)
        db.session.commit()
        member = CastMember(amir.id, amir.email, amir.name, amir.roles)
        return Visitor(app, sign_in_token(member))


def draft_of(ada: Visitor, address: str, **changes: Any) -> str:
    ada.open(f"{address}/edit").submit("Send for review", **changes)
    assert "The draft waits for another admin to publish it." in ada.text
    return ada.path


def test_what_one_admin_writes_another_one_publishes(
    app: Flask, ada: Visitor, second: Visitor, theo: Visitor, midback: str
) -> None:
    before = text_of(app, midback)
    draft = draft_of(ada, midback, purpose="Loosens your middle back.")
    assert text_of(app, midback) == before
    assert not ada.has_button("Publish")
    assert "by Ada, waits for another admin" in second.open("/catalogue").text
    assert "Drafts" not in theo.open("/catalogue").text
    theo.open(draft, expect=404)

    second.open("/catalogue").follow("Midback stretch")
    second.open(draft)
    names = [tag.get_text() for tag in second.page.select("#changes ~ dl dt")]
    assert names == ["Purpose"]
    sent = second.fields_of("Publish").to_dict()
    second.submit("Publish")
    assert (second.path, "Midback stretch is published." in second.text) == (midback, True)
    assert text_of(app, midback) == (2, replace(before[1], purpose="Loosens your middle back."))
    second.send(f"{draft}/publish", sent)
    assert second.path == midback
    assert text_of(app, midback)[0] == 2
    assert "Amir published it." in ada.open(draft).text
    assert "Drafts" not in ada.open("/catalogue").text
    with app.app_context():
        actions = ("submit-draft", "publish-draft", "revise-exercise")
        assert [len(audited(action)) for action in actions] == [1, 1, 1]


def test_the_authors_grade_stays_with_the_draft_and_the_publisher_may_change_it(
    app: Flask, ada: Visitor, second: Visitor, midback: str
) -> None:
    def chosen(visitor: Visitor) -> str:
        return str(visitor.tag("input[name=grade][checked]")["value"])

    draft = draft_of(ada, midback, purpose="Stop when it hurts.", grade="safety")
    assert "The author calls the change: Safety" in second.open(draft).text
    assert chosen(second) == "safety"
    second.submit("Send it back", remark="Say what hurts.")
    ada.open(draft).follow("Change the draft")
    assert chosen(ada) == "safety", "changing the words does not lose it"
    ada.submit("Send for review", purpose="Stop when your knee hurts.")
    second.open(draft).submit("Publish")
    other = draft_of(ada, midback, purpose="Stop when a knee hurts.", grade="safety")
    second.open(other).submit("Publish", grade="wording")
    third = draft_of(ada, midback, purpose="It loosens.")
    assert chosen(second.open(third)) == "wording"
    second.submit("Publish", grade="safety")
    with app.app_context():
        statement = select(ExerciseRevision.grade).where(ExerciseRevision.number > 1)
        found = db.session.scalars(statement.order_by(ExerciseRevision.number)).all()
    assert found == ["safety", "wording", "safety"]


def test_a_new_exercise_waits_too_and_is_made_once(
    app: Flask, ada: Visitor, second: Visitor
) -> None:
    ada.open("/catalogue/new")
    sent = typed(ada) | NEW | {"do": "publish"}
    first = ada.send("/catalogue/new", sent).path
    assert ada.send("/catalogue/new", sent).path == first
    assert count(app, Exercise) == 6
    second.open(first).submit("Publish")
    assert second.heading == "Chin tuck"
    assert count(app, Exercise) == 7


def test_the_id_of_another_draft_in_the_form_loses_no_text(
    app: Flask, ada: Visitor, second: Visitor
) -> None:
    """By Back and other words, or by somebody else's id: each text is a draft of its own."""
    ada.open("/catalogue/new")
    sent = typed(ada) | NEW | {"do": "publish"}
    first = ada.send("/catalogue/new", sent).path
    nod = sent | {"title": "Chin nod"}
    other = ada.send("/catalogue/new", nod).path
    assert ada.send("/catalogue/new", nod).path == other != first
    assert ada.heading.endswith("Chin nod")
    second.open("/catalogue/new")
    theirs = second.send("/catalogue/new", sent | {"csrf_token": second.csrf_token}).path
    assert theirs not in (first, other)


def test_a_draft_is_sent_back_with_words_changed_and_published(
    app: Flask, ada: Visitor, second: Visitor, midback: str
) -> None:
    draft = draft_of(ada, midback, purpose="Loosens.")
    second.open(draft).submit("Send it back", expect=422)
    assert second.errors == ["Write what to change, in at most 300 characters."]
    second.submit("Send it back", remark="Say what it loosens.")
    assert "sent back to Ada" in second.text
    stale = second.open(draft)
    stale_publish = stale.fields_of("Publish")
    ada.open(draft)
    assert "Amir sent it back: Say what it loosens." in ada.text
    ada.follow("Change the draft").submit("Send for review", purpose="Loosens your back.")
    assert "sent it back" not in ada.text
    second.send(f"{draft}/publish", stale_publish, expect=422)
    assert second.errors == ["This draft was changed meanwhile. Look at it again."]
    second.open(draft).submit("Publish")
    assert text_of(app, midback)[1].purpose == "Loosens your back."


def test_nobody_publishes_or_sends_back_their_own(
    app: Flask, ada: Visitor, second: Visitor, midback: str
) -> None:
    draft = draft_of(ada, midback, purpose="Loosens.")
    sent = {"csrf_token": ada.csrf_token, "version": "1", "remark": "Mine."}
    for verb in ("publish", "return"):
        ada.send(f"{draft}/{verb}", sent, expect=404)
    for verb in ("edit", "drop"):
        second.open(draft)
        second.send(f"{draft}/{verb}", sent | {"csrf_token": second.csrf_token}, expect=404)
    assert text_of(app, midback)[0] == 1
    ada.open(draft).submit("Drop the draft")
    assert "The draft is dropped." in ada.text
    assert "Its author dropped it." in second.open(draft).text
    token = {"csrf_token": second.csrf_token, "version": "1"}
    second.send(f"{draft}/publish", token, expect=422)
    assert second.errors == ["This draft was published or dropped meanwhile."]


def test_a_draft_of_a_text_that_was_revised_meanwhile_is_not_published(
    app: Flask, ada: Visitor, second: Visitor, midback: str
) -> None:
    one = draft_of(ada, midback, purpose="Loosens.")
    other = draft_of(second, midback, title="Middle back stretch")
    second.open(one).submit("Publish")
    ada.open(other).submit("Publish", expect=422)
    assert ada.errors == ["The exercise was revised meanwhile. Send the draft back to its author."]
    second.open(other).follow("Change the draft").submit("Send for review", expect=409)
    assert "Amir published revision 2" in second.text
    second.submit("Send for review")
    ada.open(other).submit("Publish")
    number, text = text_of(app, midback)
    assert (number, text.title) == (3, "Middle back stretch")


def test_the_editor_of_a_draft_keeps_what_cannot_be_sent(
    app: Flask, ada: Visitor, midback: str
) -> None:
    draft = draft_of(ada, midback, purpose="Loosens.")
    ada.open(f"{draft}/edit")
    other_window = typed(ada) | {"do": "publish", "purpose": "From the other window."}
    ada.submit("do=add:variants-0-steps", title="")
    ada.submit("Send for review", expect=422)
    assert ada.errors == ["Write a title."]
    assert typed(ada)["purpose"] == "Loosens."
    ada.submit("Send for review", title="Bow")
    ada.send(f"{draft}/edit", other_window, expect=422)
    assert ada.errors == ["This draft was changed meanwhile. Look at it again."]
    assert typed(ada)["purpose"] == "From the other window."


def test_the_same_wording_makes_no_draft_and_tags_leave_out_what_patients_read(
    app: Flask, ada: Visitor, midback: str
) -> None:
    ada.open(f"{midback}/edit").submit("Send for review")
    assert ("Nothing changed" in ada.text, ada.path) == (True, midback)
    ada.open("/catalogue/tags")
    assert [tag["value"] for tag in ada.page.select("[name=facet]")] == ["area", "goal"]
    wall = str(id_of(app, "wall-push-up"))
    sly = {"exercises": wall, "facet": "equipment", "value": "mat", "do": "add"}
    ada.send("/catalogue/tags", sly | {"csrf_token": ada.csrf_token}, expect=422)
    ada.open("/catalogue/tags").submit("Add the tag", exercises=wall, value="spine")
    with app.app_context():
        (exercise,) = service.list_exercises_by_slug(["wall-push-up"])
        assert (exercise.text.body_areas[-1], "mat" in exercise.text.equipment) == ("spine", False)


def test_the_catalogue_takes_five_statements_with_however_many_drafts(
    app: Flask, ada: Visitor, midback: str
) -> None:
    for purpose in ("Loosens.", "Loosens it.", "Loosens all."):
        draft_of(ada, midback, purpose=purpose)
    ada.open("/catalogue")
    with app.app_context(), statements() as seen:
        ada.open("/catalogue")
        db.session.remove()
    assert len(ada.page.select("section[aria-labelledby=drafts] li")) == 3
    assert len([one for one in seen if one.lstrip().startswith(("SELECT", "("))]) <= 5
