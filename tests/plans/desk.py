"""A therapist at the builder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

from bs4 import Tag

from tests.visitor import Visitor

STARTS = {"often-times_per_day": "2", "often-days": "7", "start_on": "2026-03-02"}
"""Twice a day, every day, from today: with it the handout's draft may be approved."""


class Desk:
    """``visitor`` at the builder of the plan at ``path``."""

    def __init__(self, visitor: Visitor, path: str) -> None:
        self.visitor = visitor
        self.path = path

    def open(self) -> Self:
        self.visitor.open(f"{self.path}/edit")
        return self

    def press(self, button: str, expect: Any = 200, **typed: Any) -> Visitor:
        """Type and press; ``expect`` 303 leaves the page as it is, to press again."""
        return self.visitor.submit(button, expect=expect, **typed)

    def save(self, **typed: Any) -> Visitor:
        return self.press("Save draft", **typed)

    def approve(self, expect: Any = 200, **typed: Any) -> Visitor:
        return self.press("Approve the plan", expect, **(STARTS | typed))

    @property
    def boxes(self) -> dict[str, str]:
        """What stands in every box of the page."""
        return self.visitor.fields(f"{self.path}/edit").to_dict()

    @property
    def titles(self) -> list[str]:
        """The exercises of the plan in their order."""
        return [h3.get_text() for h3 in self._form.select(".plan-row h3")]

    @property
    def ids(self) -> list[str]:
        """Ids of the prescriptions in their order."""
        return [str(box["value"]) for box in self._form.select(".plan-row input[name$='-id']")]

    def row(self, row_id: str) -> dict[str, str]:
        """What stands in the boxes of one prescription, by the short name of each box."""
        prefix = f"rows-{self.ids.index(row_id)}-"
        boxes = self.boxes
        return {k.removeprefix(prefix): v for k, v in boxes.items() if k.startswith(prefix)}

    def box(self, name: str) -> Tag:
        found = self._form.select_one(f"[name='{name}']")
        assert isinstance(found, Tag), name
        return found

    def said_at(self, name: str) -> str:
        """The sentence that stands beside a box."""
        box = self.box(name)
        beside = str(box.get("aria-describedby", "")).split()
        said = [self._form.find(id=i) for i in beside if i.endswith("-error")]
        return " ".join(" ".join(tag.get_text(" ").split()) for tag in said if tag)

    @property
    def _form(self) -> Tag:
        found = self.visitor.page.select_one("form.builder")
        assert isinstance(found, Tag), f"no builder on {self.visitor.path}"
        return found


ComeBack = Callable[[Desk, float], Desk]
"""``come_back(desk, 3)``: the same therapist at the same plan, three days later."""


def at(row: int, values: Mapping[str, object]) -> dict[str, object]:
    """Names of the boxes of the row at this place."""
    return {f"rows-{row}-{name}": value for name, value in values.items()}


FIRST = {
    "hold_low": "20",
    "hold_high": "25",
    "repetitions_low": "3",
    "repetitions_high": "4",
    "times_per_day": "3",
    "days": "chosen",
    "note": "Breathe.\nSlowly.",
    "start": "withheld",
}
FOURTH = {
    "repetitions_low": "9",
    "repetitions_high": "10",
    "sets": "2",
    "rest": "30",
    "side": "each",
    "load": "red band",
    "last_day": "2026-05-01",
    "start": "dated",
    "start_on": "2026-04-01",
}
TYPED = at(0, FIRST) | at(3, FOURTH) | {"title": "Shoulders", "rows-0-weekdays": ["0", "3"]}


def button(desk: Desk, do: str) -> str:
    """``up:3`` is "up" of the row in place 3."""
    verb, colon, place = do.partition(":")
    return f"do={verb}:{desk.ids[int(place)]}" if colon else f"do={do}"
