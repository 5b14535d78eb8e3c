"""What each button of the builder does to the draft, after all that was typed is saved."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, request
from flask_babel import gettext as _

from app.access import signed_in_person
from app.catalogue.service import find_exercise
from app.clock import now, today
from app.errors import RuleBroken
from app.plans import progress, rows
from app.plans.handles import PlanHandle
from app.plans.models import PlanRevision
from app.plans.review import carried_into
from app.plans.steps import Way

STEPS: dict[str, Callable[[int], int]] = {
    "up": lambda number: number - 1,
    "down": lambda number: number + 1,
}


def press(plan: PlanHandle, draft: PlanRevision, do: str) -> str:
    """Do what ``do`` says, a verb and what it is about; gives the id of the control to go to."""
    verb, _colon, about = do.partition(":")
    by, instant = signed_in_person(), now()
    match verb:
        case "add":
            exercise = find_exercise(_id(about))
            if exercise is None or not exercise.is_offered:
                raise RuleBroken(_("This exercise is not in the catalogue any more."))
            row = rows.assign_exercise(plan, draft, exercise, by=by, now=instant)
            title = exercise.text.title
            flash(_("%(exercise)s is in the plan now.", exercise=title), "success")
            return f"row-{row.id}"
        case "up" | "down" | "to":
            about, _colon, place = about.partition(":")
            to = STEPS.get(verb) or (lambda number: _number(place) or number)
            moved = rows.move_prescription(plan, draft, _id(about), to, by=by, now=instant)
            where = {"exercise": moved.title, "number": moved.number, "count": moved.count}
            flash(_("%(exercise)s is number %(number)s of %(count)s now.", **where), "success")
            return f"row-{about}" if verb == "to" else f"{verb}-{about}"
        case "duplicate":
            row = rows.duplicate_prescription(plan, draft, _id(about), by=by, now=instant)
            flash(_("It is in the plan twice now. Set what is different."), "success")
            return f"row-{row.id}"
        case "remove":
            rows.remove_prescription(plan, draft, _id(about), by=by, now=instant)
            flash(_("Removed from the plan. You can put it back."), "success")
        case "put-back":
            back = rows.put_back(plan, draft, by=by, now=instant)
            if back is None:
                raise RuleBroken(_("There is nothing to put back."))
            flash(_("It is back in the plan."), "success")
            return f"row-{back.id}"
        case "later":
            row = rows.change_later(plan, draft, _id(about), by=by, now=instant)
            flash(_("Set the new dose and the day from which it holds."), "success")
            return f"row-{row.id}"
        case "step":
            about, _colon, way = about.partition(":")
            stepped = progress.step_dose(
                plan, draft, _id(about), _way(way), by=by, now=instant, today=today()
            )
            flash(_("The next dose is in the plan. Look at it, and at its start date."), "success")
            return f"row-{stepped.id}"
        case "swap":
            about, _colon, other = about.partition(":")
            exercise = find_exercise(_id(other))
            if exercise is None:
                raise RuleBroken(_("This exercise is not in the catalogue any more."))
            swapped = progress.swap_exercise(
                plan, draft, _id(about), exercise, by=by, now=instant, today=today()
            )
            title = exercise.text.title
            flash(_("%(exercise)s is in the plan now.", exercise=title), "success")
            return f"row-{swapped.id}"
        case "take-over":
            rows.take_over_text(plan, draft, _id(about), by=by, now=instant)
            flash(_("The newest text is in the plan now."), "success")
            return f"row-{about}"
        case "today":
            carried = carried_into(plan.id)
            rows.move_starts_to(plan, draft, today(), carried, by=by, now=instant)
            flash(_("The start dates that had passed are today now."), "success")
        case _:
            if not request.form.get("q"):
                flash(_("Saved."), "success")
    return ""


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise RuleBroken(_("This exercise is not in the plan any more.")) from None


def _way(text: str) -> Way:
    return Way.EASIER if text == Way.EASIER else Way.HARDER


def _number(text: str) -> int:
    """A row's number; 0 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
