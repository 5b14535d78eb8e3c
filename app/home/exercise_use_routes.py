"""What uses an exercise: handouts by name, patients' plans as a number and nothing else."""

from __future__ import annotations

from uuid import UUID

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import policy
from app.access import allow
from app.catalogue.retirement import list_merged_into
from app.catalogue.service import find_exercise, list_handouts
from app.home.blueprint import pages
from app.plans.use import count_use


@pages.get("/catalogue/<uuid:exercise_id>/use")
@allow(policy.can_edit_catalogue)
def exercise_use(exercise_id: UUID) -> ResponseReturnValue:
    exercise = find_exercise(exercise_id) or abort(404)
    if exercise.is_merged:
        return redirect(url_for("catalogue.exercise", exercise_id=exercise.id), 303)
    merged = list_merged_into(exercise)
    slugs = {one.slug for one in (exercise, *merged)}
    return render_template(
        "home/exercise_use.html",
        exercise=exercise,
        merged=merged,
        handouts=[one for one in list_handouts() if slugs & set(one.text.exercises)],
        plans=count_use([one.id for one in (exercise, *merged)]),
    )
