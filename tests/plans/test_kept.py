"""What the builder keeps of its pieces is what it would make anew, whoever changed what where.

The changes are made beside the application that shows the page, as another process makes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from uuid import UUID

import pytest
from flask import Flask

from app.catalogue.favourites import set_favourite
from app.catalogue.ladder import link_exercises
from app.catalogue.retirement import retire_exercise
from app.catalogue.rules import Grade
from app.catalogue.service import list_exercises_by_slug
from app.clock import now, today
from app.database import Base, db
from app.patients.service import current_conditions, end_condition, find_patient
from app.plans import events, reads
from app.plans.handles import PlanHandle, find_plan
from app.plans.rules import Prescribed
from tests.factories import Cast
from tests.plans.desk import TYPED, Desk, button
from tests.plans.made import acting, note_knee_pain, revise_wall_push_up
from tests.support import TestClock

KEPT = ("homestretch_pieces", "homestretch_exercise_texts")
ONCE = re.compile(r'name="(?:csrf_token|save_key)" value="[^"]*"')
WARNED = "record says knee pain. This exercise must not be done with it."


def page(desk: Desk) -> str:
    answer = desk.visitor.client.get(f"{desk.path}/edit")
    assert answer.status_code == 200
    return ONCE.sub("", answer.get_data(as_text=True))


def page_made_anew(app: Flask, desk: Desk) -> str:
    """What a process shows that has just begun."""
    for name in KEPT:
        app.extensions.pop(name, None)
    return page(desk)


def note(cast: Cast, _plan: PlanHandle) -> None:
    note_knee_pain(cast.theo, cast.pia)


def end(cast: Cast, plan: PlanHandle) -> None:
    patient = find_patient(plan.patient.id)
    assert patient
    (noted,) = current_conditions(patient)
    end_condition(patient, noted, by=acting(cast.theo), now=now())


def revise(cast: Cast, _plan: PlanHandle) -> None:
    revise_wall_push_up(cast.ada, grade=Grade.SAFETY)


def retire(cast: Cast, _plan: PlanHandle) -> None:
    (exercise,) = list_exercises_by_slug(["wall-push-up"])
    retire_exercise(exercise, None, "It squeaks.", by=acting(cast.ada), now=now())


def stop(cast: Cast, plan: PlanHandle) -> None:
    thread = reads.list_rows_in_force(plan.id)[2][1].thread_id
    events.stop(plan, thread, "It clicks.", by=acting(cast.theo), now=now(), today=today())


def take_back(cast: Cast, plan: PlanHandle) -> None:
    thread = reads.list_rows_in_force(plan.id)[2][1].thread_id
    events.reopen(plan, thread, "Quiet now.", by=acting(cast.theo), now=now(), today=today())


def like(cast: Cast, _plan: PlanHandle | None) -> None:
    (exercise,) = list_exercises_by_slug(["wall-push-up"])
    set_favourite(cast.theo.id, exercise, True, by=acting(cast.theo), now=now())


def link(cast: Cast, _plan: PlanHandle) -> None:
    easier, harder = list_exercises_by_slug(["shoulder-rolls", "wall-push-up"])
    link_exercises(easier, harder, by=acting(cast.ada), now=now())


CHANGES: list[tuple[Callable[[Cast, PlanHandle], None], str, bool]] = [
    (note, WARNED, True),
    (end, WARNED, False),
    (revise, "was changed for safety since you added it", True),
    (retire, "no longer offers this exercise", True),
    (stop, "Stopped by Theo", True),
    (take_back, "Stopped by Theo", False),
    (like, "1 favourite", True),
    (link, "Wall push-up in place of Shoulder rolls", True),
]


def test_what_another_process_changed_is_shown_at_once(app: Flask, desk: Desk, cast: Cast) -> None:
    desk.open().approve()
    desk.visitor.open(desk.path).submit("Change the plan")
    plan_id = desk.path.rpartition("/")[2]
    for change, words, is_said in CHANGES:
        page(desk)
        with app.app_context():
            plan = find_plan(UUID(plan_id))
            assert plan
            change(cast, plan)
            db.session.commit()
        found = page(desk)
        assert (words in found) is is_said, change.__name__
        assert found == page_made_anew(app, desk), change.__name__


@pytest.mark.parametrize("do", ["up:3", "down:0", "duplicate:2", "remove:5", "later:1"])
def test_each_button_shows_what_it_did(app: Flask, desk: Desk, do: str) -> None:
    page(desk)
    desk.open().save(**TYPED)
    assert page(desk) == page_made_anew(app, desk)
    desk.open().press(button(desk, do))
    assert page(desk) == page_made_anew(app, desk)


def test_what_is_wrong_is_never_kept(app: Flask, desk: Desk) -> None:
    before = page(desk)
    desk.open().press("Save draft", expect=422, **{"rows-0-hold_low": "three", "title": ""})
    assert page(desk) == before


def parts_of(value: object) -> Iterator[object]:
    """``value`` and all that it holds."""
    yield value
    inside: Iterable[object] = ()
    if isinstance(value, Mapping):
        inside = (*value, *value.values())
    elif isinstance(value, tuple | list | frozenset):
        inside = value
    elif is_dataclass(value) and not isinstance(value, type):
        inside = [getattr(value, part.name) for part in fields(value)]
    for part in inside:
        yield from parts_of(part)


def test_no_row_of_the_database_is_kept(app: Flask, desk: Desk, cast: Cast) -> None:
    with app.app_context():
        note_knee_pain(cast.theo, cast.pia)
        like(cast, None)
        db.session.commit()
    page(desk)
    known = {name: app.extensions[name] for name in KEPT}
    assert len(known["homestretch_pieces"]) > 10
    found = list(parts_of(known))
    assert any(isinstance(part, Prescribed) for part in found)
    assert not [part for part in found if isinstance(part, Base)]


def test_a_piece_follows_from_its_values_alone(
    app: Flask, desk: Desk, clock: TestClock, cast: Cast
) -> None:
    """On another day, for nobody, at an address that has no page, it would be the same."""
    desk.open().approve()
    desk.visitor.open(desk.path).submit("Change the plan")
    with app.app_context():
        note_knee_pain(cast.theo, cast.pia)
        like(cast, None)
        db.session.commit()
    page(desk)
    for path in ("/catalogue", "/catalogue?q=rows", "/patients", desk.path, f"{desk.path}/print"):
        assert desk.visitor.client.get(path).status_code == 200
    pieces = app.extensions["homestretch_pieces"]
    clock.move(days=400)
    with app.test_request_context("/nowhere"):
        for (macro, _language, *said), piece in pieces.items():
            assert macro(*said) == piece, macro.name
    assert len({macro.name for macro, *_rest in pieces}) > 10
