"""Buttons that add, remove and move the rows of a form, without JavaScript and nothing lost.

A button's value is a verb and the place of the row: ``add:variants-0-steps``,
``up:variants-0-steps-2``. The form's values are changed and the form is drawn again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

_CLICK = re.compile(r"(add|remove|up|down):([a-z]+(?:-(?:[a-z]+|\d{1,3}))*)")

Blanks = Mapping[str, tuple[Any, int, int]]
"""For each list of rows by its name: an empty row, the least and the most rows."""


def click(data: dict[str, Any], button: str, blanks: Blanks) -> str | None:
    """Do to ``data`` what the button says.

    Returns the place to look at next: of a row, which is the id of its field, or of the list
    where no row is left. None where ``button`` is no such button or its row is not there.
    """
    clicked = _CLICK.fullmatch(button)
    if not clicked:
        return None
    verb, place = clicked.groups()
    path = place.split("-")
    at = -1 if verb == "add" else int(path.pop()) if path[-1].isdigit() else None
    rows = _find(data, path)
    if at is None or path[-1] not in blanks or not isinstance(rows, list) or at >= len(rows):
        return None
    blank, least, most = blanks[path[-1]]
    match verb:
        case "add" if len(rows) < most:
            rows.append(deepcopy(blank))
            at = len(rows) - 1
        case "remove":
            del rows[at]
            rows.extend(deepcopy(blank) for _missing in range(least - len(rows)))
        case "up" | "down":
            to = at + (1 if verb == "down" else -1)
            if 0 <= to < len(rows):
                rows[at], rows[to] = rows[to], rows[at]
                at = to
    return "-".join((*path, str(min(at, len(rows) - 1))) if rows else path)


def _find(data: Any, path: list[str]) -> Any:
    """What stands at ``path``, None where nothing does."""
    for part in path:
        try:
            data = data[int(part) if part.isdigit() else part]
        except (KeyError, IndexError, TypeError):
            return None
    return data
