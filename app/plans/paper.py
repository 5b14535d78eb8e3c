"""A plan's sheet as paper: the words of the print page (templates/plans/print.html) as data."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from app.paper import parts
from app.paper.document import Document, PictureOf, Pictures
from app.paper.parts import Part
from app.paper.text import Runs, rich
from app.plans import words
from app.plans.chart import ChartWeek, make_chart
from app.plans.phases import find_phases
from app.plans.sheet import ItemState, PlanSheet, SheetItem


def plan_document(
    sheet: PlanSheet,
    *,
    address: str,
    paper: str,
    large: bool,
    is_record: bool,
    picture_of: PictureOf,
) -> Document:
    """The sheet for the fridge. ``address`` is what its QR code leads to."""
    pictures = Pictures(picture_of)
    told, safety = sheet.told, sheet.safety
    chart = make_chart(sheet)
    data = {
        **_frame(sheet, sheet.title, paper=paper, large=large, is_record=is_record),
        "lines": [_who(sheet), _phones(sheet), _days(sheet), _which(sheet)],
        "code": parts.qr_code(
            pictures.add_qr(address),
            _("QR code of this plan"),
            [(_("Scan it to open this plan:") + " ", False), (sheet.shown_code, True)],
        ),
        "introduction": told.introduction,
        "stop": told.stop_rule,
        "phases": _phases(sheet),
        "exercises": [_exercise(item, pictures) for item in sheet.items],
        "needs": parts.labelled(_("For the whole plan you need:"), ", ".join(sheet.equipment)),
        "chart": _chart(chart) if chart and chart[0].rows else None,
        "follow-up": parts.section(_("Follow-up care"), told.follow_up),
        "learn-more": parts.section(_("Where to learn more"), told.learn_more),
        "questions": parts.questions(
            told.clinic_name, safety.clinic_phone, safety.emergency_number
        ),
        "owner": parts.section(_("Who answers for this text"), told.owner),
        "credits": _("Exercises and pictures: %(names)s.", names="; ".join(sheet.credits))
        if sheet.credits
        else "",
    }
    return Document("plans/plan.typ", data, sheet.day, pictures)


def summary_document(sheet: PlanSheet, *, paper: str, is_record: bool) -> Document:
    """One page for the doctor who referred the patient: what was prescribed, since when."""
    told = sheet.told
    columns = (_("Exercise"), _("How much"), _("How often"), _("Start"))
    data = {
        **_frame(
            sheet,
            _("Home exercises of %(patient)s", patient=told.patient_name),
            paper=paper,
            large=False,
            is_record=is_record,
        ),
        "lines": [
            rich(
                _("For the referring doctor. From <strong>%(therapist)s</strong>, %(clinic)s."),
                therapist=told.therapist_name,
                clinic=told.clinic_name,
            ),
            rich(_("Clinic phone: <strong>%(phone)s</strong>."), phone=sheet.safety.clinic_phone),
            rich(_("Plan: <strong>%(title)s</strong>."), title=sheet.title),
            [(_approved(sheet), False)],
            _which(sheet),
        ],
        "caption": _("What was prescribed"),
        "columns": columns,
        "rows": [_summary_row(item) for item in sheet.items],
        "notes": [
            _("Each exercise and its start date was approved by the therapist named above."),
            *_end(sheet),
        ],
    }
    return Document("plans/summary.typ", data, sheet.day)


def _frame(
    sheet: PlanSheet, title: str, *, paper: str, large: bool, is_record: bool
) -> dict[str, object]:
    foot = (
        sheet.told.patient_name,
        _("plan %(code)s", code=sheet.shown_code),
        _("revision %(number)s", number=sheet.revision),
        _("printed %(day)s", day=words.short_day(sheet.day)),
    )
    clinic = sheet.told.clinic_name
    return parts.frame(
        title=title, clinic=clinic, foot=foot, paper=paper, large=large, record=is_record
    )


def _who(sheet: PlanSheet) -> Runs:
    return rich(
        _(
            "For <strong>%(patient)s</strong>. From <strong>%(therapist)s</strong>, %(clinic)s.",
        ),
        patient=sheet.told.patient_name,
        therapist=sheet.told.therapist_name,
        clinic=sheet.told.clinic_name,
    )


def _phones(sheet: PlanSheet) -> Runs:
    return rich(
        _(
            "Clinic phone: <strong>%(phone)s</strong>. "
            "In an emergency, call <strong>%(emergency)s</strong>."
        ),
        phone=sheet.safety.clinic_phone,
        emergency=sheet.safety.emergency_number,
    )


def _days(sheet: PlanSheet) -> Runs:
    first: date | None = sheet.first_start
    start = _("First start: %(day)s.", day=words.short_day(first)) + " " if first else ""
    review = " " + words.review_words(sheet) if sheet.review_on else ""
    return [((start + _approved(sheet) + review).strip(), False)]


def _approved(sheet: PlanSheet) -> str:
    return str(_("Approved on %(day)s.", day=words.short_day(sheet.approved_on)))


def _which(sheet: PlanSheet) -> Runs:
    said = _(
        "Plan %(code)s, revision %(number)s. Printed on %(day)s.",
        code=sheet.shown_code,
        number=sheet.revision,
        day=words.short_day(sheet.day),
    )
    return [(said, False)]


def _phases(sheet: PlanSheet) -> Part | None:
    phases = find_phases(sheet)
    if len(phases) < 2:
        return None
    lines = [parts.labelled(*words.phase_line(phase, sheet)) for phase in phases]
    return {"title": _("Your plan step by step"), "lines": lines}


def _exercise(item: SheetItem, pictures: Pictures) -> Part:
    return parts.exercise(
        item.number,
        item.title,
        withheld=item.state in (ItemState.WITHHELD, ItemState.STOPPED),
        late=item.state is ItemState.LATER,
        dose=words.dose_line(item.dose) if item.dose else "",
        when=words.print_start(item),
        position=words.print_position(item),
        needs=parts.needs(item.equipment),
        warnings=[parts.warning(sentence) for sentence in item.cautions],
        variants=[parts.variant("", item.steps, pictures.add)],
        note=parts.labelled(_("From your therapist:"), item.note),
    )


def _chart(chart: tuple[ChartWeek, ...]) -> Part:
    return {
        "title": _("My chart"),
        "words": _(
            "Put one mark in a box each time you do the exercise. "
            "Bring this page to your next visit."
        ),
        "weeks": [
            {
                "caption": words.week_words(number, week.days),
                "corner": _("Exercise"),
                "days": words.column_days(week.days),
                "rows": [
                    {"title": title, "cells": [_cell(boxes) for boxes in cells]}
                    for title, cells in words.chart_rows(week)
                ],
                "pain": _("My pain, 0 to 10"),
            }
            for number, week in enumerate(chart, start=1)
        ],
    }


def _cell(boxes: int) -> Part:
    times = ngettext("%(num)s time", "%(num)s times", boxes)
    return {"boxes": boxes, "words": times if boxes else _("not on this day")}


def _summary_row(item: SheetItem) -> list[str]:
    name = f"{item.number}. {item.title}"
    if item.dose is None or item.starts_on is None:
        return [name, "", "", _("Stopped") if item.stopped_on else _("Not yet")]
    start = words.short_day(item.starts_on)
    return [name, words.dose_line(item.dose), words.how_often(item), start]


def _end(sheet: PlanSheet) -> list[str]:
    if sheet.stopped_on:
        return [_("This plan was stopped on %(day)s.", day=words.short_day(sheet.stopped_on))]
    if sheet.ended_on is None:
        return []
    return [_("This plan ended on %(day)s.", day=words.short_day(sheet.ended_on))]
