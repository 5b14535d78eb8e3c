"""What nobody should send: a sentence at the field with what was typed, or 400, 404, 409, 413."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from app.database import db
from app.plans.models import PlanRevision, Prescription
from app.plans.rows import copy_of
from tests.factories import Cast
from tests.plans.desk import STARTS, Desk, at
from tests.plans.made import make_plan, note_knee_pain

NUL = "a\0b"
HUGE = str(10**30)
WHOLE = "Enter a whole number"
SIGN = "This has a character that we cannot store."
DATE = "Enter a date: year, month and day"
YEAR = "Check the year."
CHOICE = "Not a valid choice"
LONG = "Use at most"

WRONG = [
    *(
        (name, typed, WHOLE)
        for name, most in (("repetitions_low", 100), ("sets", 10), ("rest", 600))
        for typed in (str(most + 1), HUGE, "-1", "many", "1.5", "9" * 5000)
    ),
    *(
        (name, typed, sentence)
        for name in ("start_on", "last_day")
        for typed, sentence in (
            ("tomorrow", DATE),
            ("2026-02-30", DATE),
            ("2026-03-31T10:00", DATE),
            (HUGE, DATE),
            ("9999-12-31", YEAR),
            ("0001-01-01", YEAR),
        )
    ),
    ("note", "x" * 501, LONG),
    ("load", "x" * 61, LONG),
]
CHOICES = ["times_per_day", "days", "weekdays", "side", "position", "start"]
WITH_NUL = [("repetitions_low", WHOLE), ("start_on", DATE), ("note", SIGN), ("load", SIGN)]


def test_a_wrong_value_has_its_sentence_and_stays_in_its_box(desk: Desk) -> None:
    """Several rows of one form are wrong at once, each box in its own way."""
    typed: dict[str, str] = {f"rows-{row}-start": "dated" for row in range(6)}
    sentences: dict[str, str] = {}
    for name, value, sentence in WRONG:
        row = next(n for n in range(6) if f"rows-{n}-{name}" not in typed)
        typed[f"rows-{row}-{name}"] = value
        sentences[f"rows-{row}-{name}"] = sentence
    desk.press("Save draft", 422, **typed, title="Kept")
    for box, sentence in sentences.items():
        assert sentence in desk.said_at(box), box
        title = desk.titles[int(box.split("-")[1])]
        assert any(e.startswith(f"{title}: {sentence}") for e in desk.visitor.errors), box
    assert desk.boxes.items() >= typed.items()
    assert desk.boxes["title"] == "Kept"
    assert desk.open().boxes["title"] != "Kept"


def test_a_nul_is_told_at_its_box(desk: Desk) -> None:
    wrong = {f"rows-{row}-{name}": NUL for row, (name, _said) in enumerate(WITH_NUL)}
    desk.press("Save draft", 422, **wrong)
    for row, (name, sentence) in enumerate(WITH_NUL):
        assert sentence in desk.said_at(f"rows-{row}-{name}")


def test_a_range_the_wrong_way_round_is_told_at_its_boxes(desk: Desk) -> None:
    wrong = {"rows-0-repetitions_low": "50", "rows-0-hold_low": "90", "rows-3-sets": "0"}
    desk.press("Save draft", 422, **wrong)
    assert "50 is more than 4." in desk.said_at("rows-0-repetitions_low")
    assert "90 is more than 30." in desk.said_at("rows-0-hold_low")
    assert WHOLE in desk.said_at("rows-3-sets")
    assert desk.boxes.items() >= wrong.items()


def test_a_wrong_value_for_the_whole_plan_has_its_sentence_too(desk: Desk) -> None:
    for wrong in (
        {
            "title": ("   ", "Give the plan a title."),
            "start_on": ("soon", DATE),
            "often-times_per_day": ("99", CHOICE),
            "q": ("x" * 101, LONG),
        },
        {
            "title": ("x" * 121, LONG),
            "start_on": ("9999-12-31", YEAR),
            "often-days": ("8", CHOICE),
            "q": (NUL, SIGN),
        },
        {"title": (NUL, SIGN)},
    ):
        typed = {box: value for box, (value, _sentence) in wrong.items()}
        desk.open().press("Save draft", 422, **typed, **{"rows-3-note": "Kept"})
        for box, (value, sentence) in wrong.items():
            assert sentence in desk.said_at(box), (box, value)
        assert desk.boxes["rows-3-note"] == "Kept"


def test_a_choice_that_is_not_offered_is_refused(desk: Desk) -> None:
    for typed in ("other", HUGE, NUL):
        wrong = {f"rows-{row}-{name}": typed for row, name in enumerate(CHOICES)}
        desk.open().press("Save draft", 422, **wrong)
        for row, title in enumerate(desk.titles):
            assert any(e.startswith(title) for e in desk.visitor.errors), (typed, CHOICES[row])
    desk.open().press("Save draft", 422, **{"rows-2-position": "kneeling"})


def test_chosen_weekdays_need_one(desk: Desk) -> None:
    desk.press("Save draft", 422, **{"rows-0-days": "chosen"})
    assert "Choose at least one weekday." in desk.visitor.text


def test_a_date_that_was_chosen_has_to_be_entered(desk: Desk) -> None:
    desk.press("Save draft", 422, **{"rows-0-start": "dated", "rows-0-start_on": ""})
    assert desk.said_at("rows-0-start_on").endswith("Enter the start date.")


def test_a_wrong_row_does_not_hinder_removing_it(desk: Desk) -> None:
    wrong = at(0, {"sets": "many", "start_on": "soon", "note": "x" * 600})
    desk.press(f"do=remove:{desk.ids[0]}", **wrong, title="Shoulders")
    assert len(desk.ids) == 5
    assert desk.boxes["title"] == "Shoulders"


def test_removing_a_row_keeps_it_while_another_one_is_wrong(desk: Desk) -> None:
    typed = at(0, {"note": "Mine"}) | at(1, {"sets": "many"})
    desk.press(f"do=remove:{desk.ids[0]}", 422, **typed)
    assert len(desk.ids) == 6
    assert desk.boxes["rows-0-note"] == "Mine"
    assert len(desk.visitor.errors) == 1


def test_a_form_with_nothing_in_it_saves_nothing(desk: Desk) -> None:
    desk.visitor.send(f"{desk.path}/edit", {"csrf_token": desk.visitor.csrf_token}, 422)
    assert desk.open().boxes["title"] == "Healthy upper back"


def test_a_form_that_says_not_what_it_is_based_on_is_a_conflict(desk: Desk) -> None:
    boxes = desk.boxes
    for wrong in ({"based_on": HUGE}, {"based_on": "-1"}, {"based_on": NUL}, {"draft": "x"}):
        desk.visitor.send(f"{desk.path}/edit", boxes | {"title": "Mine"} | wrong, 409)
    assert desk.open().boxes["title"] == "Healthy upper back"


def test_one_number_alone_stands_for_both(desk: Desk) -> None:
    desk.save(**at(0, {"repetitions_low": "", "repetitions_high": "3"}))
    row = desk.row(desk.ids[0])
    assert (row["repetitions_low"], row["repetitions_high"]) == ("3", "3")


def test_a_row_of_another_plan_is_left_alone(desk: Desk, app: Flask, cast: Cast) -> None:
    with app.app_context():
        foreign = make_plan(cast.tess, cast.paul).rows[0].id
        db.session.remove()
    for do in ("save", f"remove:{foreign}", f"up:{foreign}", f"later:{foreign}"):
        typed = {**desk.open().boxes, "rows-0-id": str(foreign), "rows-0-note": "Mine", "do": do}
        desk.visitor.send(f"{desk.path}/edit", typed)
    with app.app_context():
        row = db.session.get_one(Prescription, foreign)
        assert (row.note, row.place) == ("", 0)


def test_unknown_ids_and_odd_field_names_do_no_harm(desk: Desk) -> None:
    for odd in (
        {"rows-0-id": "x"},
        {"rows-0-id": str(uuid4())},
        {"rows-0-id": NUL},
        {"rows-²-id": "1"},
        {f"rows-{'9' * 5000}-id": "1"},
        {"rows-9999-id": str(uuid4()), "rows-9999-sets": "many"},
        {"rows-0-answers-²-key": "x"},
        {"rows-0-answers-7-key": NUL, "rows-0-answers-7-text": "x"},
        {"rows": "x", "rows-": "x", "rows-x-id": "x"},
        {"save_key": "x"},
        {"do": "x"},
        {"do": NUL},
        {"unknown": "x" * 5000},
    ):
        desk.visitor.send(f"{desk.path}/edit", {**desk.open().boxes, **odd})
    assert len(desk.open().ids) == 6


def test_a_reason_is_checked_like_any_text(desk: Desk, app: Flask, cast: Cast) -> None:
    with app.app_context():
        note_knee_pain(cast.theo, cast.pia)
    for typed, sentence in (("x" * 501, LONG), (NUL, SIGN)):
        desk.open().press("Save draft", 422, **{"rows-1-answers-0-text": typed})
        assert sentence in desk.said_at("rows-1-answers-0-text")


def test_a_reason_for_a_warning_that_there_is_not_is_let_go(desk: Desk) -> None:
    answer = {"rows-0-answers-0-key": "x", "rows-0-answers-0-text": "x" * 501}
    desk.visitor.send(f"{desk.path}/edit", {**desk.boxes, **answer})


def test_a_date_counts_though_nobody_said_on_a_date(desk: Desk) -> None:
    desk.save(**at(0, {"start": "unset", "start_on": "2026-03-09"}))
    row = desk.row(desk.ids[0])
    assert (row["start"], row["start_on"]) == ("dated", "2026-03-09")


def test_forty_one_rows_are_refused_with_a_sentence(desk: Desk, app: Flask) -> None:
    with app.app_context():
        first = db.session.get_one(Prescription, UUID(desk.ids[0]))
        draft = db.session.get_one(PlanRevision, first.revision_id)
        for place in range(6, 40):
            copy = copy_of(first, draft)
            copy.place = place
            db.session.add(copy)
        db.session.commit()
    desk.open()
    assert len(desk.ids) == 40
    desk.press(f"do=later:{desk.ids[0]}", title="Kept")
    assert "A plan holds at most 40 exercises." in desk.visitor.page.get_text()
    assert len(desk.ids) == 40
    assert desk.boxes["title"] == "Kept"
    extra = {**desk.boxes, "rows-40-id": desk.ids[0], "rows-40-note": "x"}
    desk.visitor.send(f"{desk.path}/edit", extra)
    assert len(desk.ids) == 40


def test_a_note_of_a_megabyte_is_too_much(desk: Desk) -> None:
    note = {"rows-0-note": "x" * 1024 * 1024}
    desk.visitor.send(f"{desk.path}/edit", {**desk.boxes, **note}, 413)
    assert "Send a shorter text" in desk.visitor.text


def test_a_long_note_is_refused_with_its_sentence(desk: Desk) -> None:
    desk.press("Save draft", 422, **{"rows-0-note": "x" * 400_000})
    assert LONG in desk.said_at("rows-0-note")


def test_half_a_character_does_no_harm(desk: Desk) -> None:
    fields = {**desk.boxes, "title": "half", "do": "save"}
    body = "&".join(f"{name}={value}" for name, value in fields.items())
    desk.visitor.send(
        f"{desk.path}/edit",
        body.replace("title=half", "title=half%ED%A0%80"),
        content_type="application/x-www-form-urlencoded",
    )
    assert desk.open().boxes["title"].startswith("half")


def test_a_part_without_a_name_is_left_out(desk: Desk) -> None:
    boxes = {**desk.boxes, "title": "With a nameless part", "do": "save"}
    mark, whole = encode_multipart(MultiDict([*boxes.items(), ("file", FileStorage())]))
    body = whole.replace(b'name="q"', b"odd").replace(b'name="file"', b"odd")
    said = f"multipart/form-data; boundary={mark}"
    desk.visitor.send(f"{desk.path}/edit", body, content_type=said)
    assert desk.open().boxes["title"] == "With a nameless part"


def test_an_address_with_odd_words_does_no_harm(desk: Desk) -> None:
    for query in ("q=%00", "q=" + "x" * 9000, "q=%ED%A0%80", "at=%00%22%3E", "q=%25_%25"):
        desk.visitor.open(f"{desk.path}/edit?{query}")


def test_a_plan_or_revision_that_there_is_not_is_not_found(desk: Desk) -> None:
    for path in (
        "/plans/x/edit",
        f"/plans/{uuid4()}/edit",
        f"{desk.path}/revisions/1",
        f"{desk.path}/revisions/0",
        f"{desk.path}/revisions/{HUGE}",
        f"{desk.path}/revisions/-1",
        f"/today/{uuid4()}",
    ):
        desk.visitor.open(path, expect=404)


def test_a_release_of_nothing_is_refused(desk: Desk) -> None:
    desk.approve(**{"rows-5-start": "withheld"})
    token = {"csrf_token": desk.visitor.csrf_token}
    for thread, status in (("", 400), ("x", 400), (NUL, 400), (str(uuid4()), 422)):
        desk.visitor.send(f"{desk.path}/release", token | {"thread": thread}, status)
    desk.visitor.open(f"{desk.path}/edit")
    assert desk.visitor.path == desk.path  # no draft was opened for it


def test_wrong_input_of_an_end_and_a_start(desk: Desk, cast: Cast) -> None:
    desk.approve(**STARTS)
    visitor = desk.visitor
    for reason, sentence in (("", "Write a reason."), (NUL, SIGN), ("x" * 501, LONG)):
        visitor.open(f"{desk.path}/end").submit("End the plan", expect=422, reason=reason)
        assert sentence in visitor.errors[0]
    for title, sentence in (("", "Give the plan a title."), (NUL, SIGN), ("x" * 121, LONG)):
        visitor.open(f"/patients/{cast.pia.patient_id}/plans/new")
        visitor.submit("Start an empty plan", expect=422, title=title)
        assert sentence in visitor.errors[0]
