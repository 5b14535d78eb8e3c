"""Save a plan, or part of one, as a template; the list of templates."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow, allow_on, signed_in_person
from app.clock import now, today
from app.database import db
from app.errors import RuleBroken
from app.plans import handles, reads, templates
from app.plans.blueprint import pages
from app.plans.forms import AddTemplateForm, SaveTemplateForm
from app.plans.handles import PlanHandle
from app.wording import sentence_of


@pages.route("/plans/<uuid:plan_id>/template", methods=["GET", "POST"])
@allow_on(handles.find_plan, policy.can_write_plan)
def save_template(plan: PlanHandle) -> ResponseReturnValue:
    """All exercises are ticked at first."""
    revision = reads.find_draft(plan.id) or reads.find_in_force(plan.id)
    found = reads.list_rows(revision.id) if revision else ()
    titles = {str(row.thread_id): value.text.title for row, value in reversed(found)}
    titles = dict(reversed(titles.items()))
    form = SaveTemplateForm(data={"threads": list(titles), "title": revision and revision.title})
    form.offer(titles)
    if form.validate_on_submit():
        try:
            templates.save_template(
                plan,
                form.chosen,
                form.title.data or "",
                for_clinic=form.whose.data == "clinic",
                template_id=form.row_id,
                by=signed_in_person(),
                now=now(),
            )
        except RuleBroken as error:
            form.put_back(error, "title")
        else:
            db.session.commit()
            flash(_("The template is on the list. It holds no patient’s data."), "success")
            return redirect(url_for("plans.list_templates"), 303)
    page = render_template(
        "plans/save_template.html", plan=plan, template_form=form, form_errors=form.problems
    )
    return page, 422 if form.errors else 200


@pages.get("/plans/<uuid:plan_id>/add-template")
@allow_on(handles.find_plan, policy.can_write_plan)
def add_template(plan: PlanHandle) -> ResponseReturnValue:
    """Which template, and which exercises of it."""
    return _add_template(plan)


@pages.post("/plans/<uuid:plan_id>/draft/template")
@allow_on(handles.find_plan, policy.can_write_plan)
def add_template_rows(plan: PlanHandle) -> ResponseReturnValue:
    """The chosen exercises into the draft that there is."""
    return _add_template(plan)


def _add_template(plan: PlanHandle) -> ResponseReturnValue:
    if reads.find_draft(plan.id) is None:
        return redirect(url_for("plans.plan", plan_id=plan.id), 303)
    me = signed_in_person()
    offers = {str(offer.template.id): offer for offer in templates.list_offers(me.id)}
    wanted = request.values.get("template", "")
    offer = offers.get(wanted)
    if wanted and not offer:
        flash(_("This template is not there any more. Choose another one."), "warning")
    form = AddTemplateForm(data={"rows": [str(number) for number in offer.titles] if offer else ()})
    if offer:
        form.offer(offer.titles)
    if offer and form.validate_on_submit():
        try:
            templates.add_to_draft(
                plan, offer.template, form.chosen, save_key=form.row_id, by=me, now=now(),
                today=today(),
            )  # fmt: skip
        except RuleBroken as error:
            form.put_back(error, "rows")
        else:
            db.session.commit()
            flash(_("“%(title)s” is in the draft now.", title=offer.template.title), "success")
            return redirect(url_for("plans.edit", plan_id=plan.id), 303)
    page = render_template(
        "plans/add_template.html",
        plan=plan,
        offers=offers.values(),
        offer=offer,
        template_form=form,
        form_errors=form.problems,
    )
    return page, 422 if form.errors else 200


@pages.route("/templates", methods=["GET", "POST"])
@allow(policy.can_list_patients)
def list_templates() -> ResponseReturnValue:
    me = signed_in_person()
    if request.method == "POST":
        try:
            template = templates.find_template(UUID(request.form.get("template", "")), me.id)
        except ValueError:
            abort(400)
        if template:
            try:
                templates.retire_template(template, by=me, now=now())
            except RuleBroken as error:
                flash(sentence_of(error), "warning")
            db.session.commit()
        return redirect(url_for("plans.list_templates"), 303)
    return render_template(
        "plans/list_templates.html", found=templates.list_templates(me.id), me=me
    )
