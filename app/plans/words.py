"""Doses, days and dates in the reader's language: the same words on page and paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from babel.dates import format_skeleton
from flask_babel import format_date, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.catalogue.words import POSITIONS, seconds_words, times_words
from app.language import said_once
from app.plans.chart import ChartWeek
from app.plans.phases import Phase
from app.plans.record_entries import Entry
from app.plans.rules import Dose, Frequency, Side, Start
from app.plans.sheet import ItemState, PlanSheet, SheetItem

WEEKDAYS = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)
SIDES = {
    Side.BOTH: _l("Both sides together"),
    Side.EACH: _l("Each side in turn"),
    Side.LEFT: _l("Left side"),
    Side.RIGHT: _l("Right side"),
}


@said_once
def day_words(day: date) -> str:
    """With its weekday and year: "Tuesday, March 3, 2026"."""
    return str(format_date(day, "full"))


@said_once
def short_day(day: date) -> str:
    """Without its weekday: "March 3, 2026"."""
    return str(format_date(day, "long"))


@said_once
def dose_tiles(dose: Dose) -> tuple[tuple[str, str], ...]:
    """The dose as (label, value), what to do first and how often last."""
    words = []
    if dose.hold:
        words.append((_("Hold each time"), seconds_words(dose.hold)))
    if dose.repetitions:
        words.append((_("Repeat"), times_words(dose.repetitions)))
    if dose.sets > 1:
        words.append((_("Sets"), str(dose.sets)))
    if dose.rest:
        rest = ngettext("%(num)d second", "%(num)d seconds", dose.rest)
        words.append((_("Rest between"), rest))
    if dose.side is not Side.BOTH:
        words.append((_("Side"), str(SIDES[dose.side])))
    if dose.load:
        words.append((_("Load"), dose.load))
    if dose.frequency.complete:
        words.append((_("How often"), frequency_words(dose.frequency)))
    return tuple(words)


@said_once
def dose_line(dose: Dose) -> str:
    """The dose in one line, for a pill or a list: "Hold 15 to 30 seconds · Repeat 2 to 4 times"."""
    words = []
    if dose.hold:
        words.append(_("Hold %(seconds)s", seconds=seconds_words(dose.hold)))
    if dose.repetitions:
        words.append(_("Repeat %(times)s", times=times_words(dose.repetitions)))
    if dose.sets > 1:
        words.append(_("%(sets)s sets", sets=dose.sets))
    if dose.rest:
        words.append(
            ngettext("rest %(num)d second between", "rest %(num)d seconds between", dose.rest)
        )
    if dose.side is not Side.BOTH:
        words.append(SIDES[dose.side])
    if dose.load:
        words.append(dose.load)
    return " · ".join(map(str, words))


@said_once
def frequency_words(frequency: Frequency) -> str:
    """ "2 times a day, every day", "Once a day on Monday and Friday"."""
    times = frequency.times_per_day or 0
    often = ngettext("Once a day", "%(num)d times a day", times)
    if frequency.weekdays:
        names = [str(WEEKDAYS[day]) for day in frequency.weekdays]
        listed = _("%(days)s and %(last)s", days=", ".join(names[:-1]), last=names[-1])
        days = listed if len(names) > 1 else names[0]
        return str(_("%(often)s on %(days)s", often=often, days=days))
    if frequency.days_per_week == 7:
        return str(_("%(often)s, every day", often=often))
    each = ngettext("any 1 day a week", "any %(num)d days a week", frequency.days_per_week or 0)
    return str(_("%(often)s, %(days)s", often=often, days=each))


def state_words(item: SheetItem) -> str:
    """What stands at an exercise that may not be done today; empty for one that may."""
    match item.state:
        case ItemState.WITHHELD:
            return str(_("Not yet. Your therapist will tell you when."))
        case ItemState.STOPPED if item.stopped_on:
            day = short_day(item.stopped_on)
            return str(_("Stopped on %(day)s. Do not do it any more.", day=day))
        case ItemState.LATER if item.starts_on:
            day = day_words(item.starts_on)
            if item.follows:
                return str(_("In this new dose from %(day)s", day=day))
            return str(_("Starts on %(day)s", day=day))
        case _:
            return ""


def over_words(sheet: PlanSheet) -> str:
    """What stands above a plan that ended or was stopped."""
    if sheet.stopped_on:
        day = day_words(sheet.stopped_on)
        return str(_("This plan was stopped on %(day)s.", day=day))
    return str(_("This plan ended on %(day)s.", day=day_words(sheet.ended_on or sheet.day)))


def review_words(sheet: PlanSheet) -> str:
    """When the plan is looked at again; empty where nobody said so, and after its end."""
    if sheet.review_on is None or sheet.is_over:
        return ""
    day = short_day(sheet.review_on)
    if sheet.review_went_by:
        return str(_("Your therapist wanted to look at this plan again on %(day)s. "
                     "Ask about it at the clinic.", day=day))  # fmt: skip
    return str(_("Your therapist looks at this plan again on %(day)s.", day=day))


def phase_words(phase: Phase, sheet: PlanSheet) -> str:
    """When a part of the plan begins, and of what is withheld who decides, and when."""
    match phase.state:
        case ItemState.WITHHELD:
            name = sheet.told.therapist_name
            if sheet.review_on and not sheet.review_went_by:
                day = short_day(sheet.review_on)
                return str(_("Not yet: %(name)s decides on %(day)s", name=name, day=day))
            return str(_("Not yet: %(name)s decides when", name=name))
        case ItemState.LATER if phase.day and phase.week > 1:
            day = day_words(phase.day)
            return str(_("From week %(number)s: %(day)s", number=phase.week, day=day))
        case ItemState.LATER if phase.day:
            return str(_("From %(day)s", day=day_words(phase.day)))
        case _:
            return str(_("Now"))


def phase_line(phase: Phase, sheet: PlanSheet) -> tuple[str, str]:
    """A phase on paper: ("Now:", "Shoulder rolls, Wall push-up")."""
    return f"{phase_words(phase, sheet)}:", ", ".join(item.title for item in phase.items)


def start_words(start: Start) -> str:
    """ "From March 3, 2026", "Withheld"."""
    if start.day is None:
        return str(_("Withheld"))
    return str(_("From %(day)s", day=short_day(start.day)))


ENTRIES = {
    "started": _l("began the plan"),
    "answered": _l("answered a warning"),
    "taken-back": _l("took an answer back"),
    "ended": _l("ended"),
    "stopped": _l("stopped"),
    "reopened": _l("took the end or stop back"),
}


def entry_words(entry: Entry) -> str:
    """What somebody did: "approved revision 2", "stopped: Wall push-up"."""
    if entry.number:
        return str(_("approved revision %(number)s", number=entry.number))
    done = str(ENTRIES[entry.what])
    return f"{done}: {entry.exercise}" if entry.exercise else done


def subtitle(item: SheetItem) -> str:
    """The start position and the last day: "Sitting · Until March 5, 2026"."""
    return _joined(_position(item), until_words(item))


def until_words(item: SheetItem) -> str:
    """The last day on which it may be done; empty where there is none."""
    return str(_("Until %(day)s", day=short_day(item.last_day))) if item.last_day else ""


def print_start(item: SheetItem) -> str:
    """What paper says of a start: its date, or "not yet"."""
    if item.starts_on is None:
        return state_words(item)
    day = short_day(item.starts_on)
    return str(
        _("New dose from: %(day)s", day=day) if item.follows else _("Start: %(day)s", day=day)
    )


def print_position(item: SheetItem) -> str:
    """Start position, how often and until when, beside the start date."""
    return _joined(_position(item), how_often(item))


def how_often(item: SheetItem) -> str:
    """How often and until when: "2 times a day, every day · Until March 5, 2026"."""
    often = frequency_words(item.dose.frequency) if item.dose else ""
    return _joined(often, until_words(item))


def _position(item: SheetItem) -> str:
    return str(POSITIONS[item.position]) if item.position else ""


def _joined(*words: str) -> str:
    return " · ".join(filter(None, words))


def week_words(number: int, days: Sequence[date]) -> str:
    """The caption of one week of the chart."""
    first, last = (format_skeleton("MMMMd", days[n], locale=get_locale()) for n in (0, -1))
    return str(_("Week %(number)s: %(first)s to %(last)s", number=number, first=first, last=last))


def column_days(days: Sequence[date]) -> list[str]:
    """The heads of the chart's columns: "Mon 3"."""
    return [str(format_date(day, "EEE d")) for day in days]


def chart_rows(week: ChartWeek) -> list[tuple[str, tuple[int, ...]]]:
    """The chart's rows: the exercise with its number, and the boxes of each day."""
    return [(f"{row.number}. {row.title}", row.cells) for row in week.rows]
