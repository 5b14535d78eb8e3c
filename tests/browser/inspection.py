"""What must hold of every page as it is shown: for axe, for thumbs, for poor sight."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

from tests.html import check_page, parse

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
PHONE, DESK, NARROWEST = 390, 1280, 320

# Controls that are smaller than a fingertip. A row's title is as large as its row, and a box
# for a tick as the words beside it.
SMALL = """(least) => [...document.querySelectorAll(
        "button, input:not([type=hidden]), select, textarea, summary, a.button, nav a, .choice")]
    .filter((part) => part.checkVisibility() && !part.closest(".hidden"))
    .filter((part) => !(part.matches("input") && part.closest(".choice")))
    .filter((part) => part.getBoundingClientRect().height < least - .5
        || part.getBoundingClientRect().width < least - .5)
    .map((part) => part.outerHTML.slice(0, 120))"""
FINE_PRINT = """() => [...document.querySelectorAll("body *")]
    .filter((part) => part.checkVisibility() && !part.closest(".hidden, svg"))
    .filter((part) => [...part.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
    .filter((part) => parseFloat(getComputedStyle(part).fontSize) < 13.9)
    .map((part) => part.outerHTML.slice(0, 120))"""
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll("body *")]
    .filter((part) => !part.closest(".hidden") && part.getBoundingClientRect().right > innerWidth)
    .map((part) => part.outerHTML.slice(0, 120)).slice(0, 5)"""
FILLED = """() => [...document.querySelectorAll(".button-primary")]
    .filter((button) => button.checkVisibility()).map((button) => button.innerText)"""
BODY_TEXT = "() => parseFloat(getComputedStyle(document.body).fontSize)"
# Colours are the same at every width, and slow to compare: they are looked at once.
AXE = """([tags, colours]) => axe.run({
        runOnly: {type: "tag", values: tags},
        rules: {"color-contrast": {enabled: colours}},
        resultTypes: ["violations"]})
    .then((found) => found.violations)
    .then((rules) => rules.map(({ id, nodes }) => [id, nodes.map((n) => n.html.slice(0, 160))]))"""


@cache
def axe_script() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def inspect(page: Page) -> list[str]:
    """Every fault of the page that is open, on a phone, at a desk, and at the largest text."""
    faults = []

    def look(at: str, script: str, argument: Any = None) -> None:
        found = page.evaluate(script, argument)
        if found:
            faults.append(f"{at}: {found}")

    check_page(parse(page.content()), page.url)
    is_staff = page.locator("body.staff").count() > 0
    text, least = (17, 44) if is_staff else (18, 48)
    if page.evaluate(BODY_TEXT) < text:
        faults.append(f"body text is smaller than {text} px")
    if len(filled := page.evaluate(FILLED)) > 1:
        faults.append(f"more than one filled button: {filled}")
    page.evaluate(axe_script())
    for size, widths in (("normal", (DESK, PHONE, NARROWEST)), ("largest", (NARROWEST, PHONE))):
        page.evaluate("(size) => { document.documentElement.className = `text-${size}` }", size)
        for width in widths:
            at = f"{width} px, {size} text"
            page.set_viewport_size({"width": width, "height": 900})
            look(f"sideways scroll at {at}", TOO_WIDE)
            if width != NARROWEST:
                look(f"too small to press at {at}", SMALL, least)
                look(f"too small to read at {at}", FINE_PRINT)
            if width != NARROWEST and size == "normal":
                look(f"axe at {at}", AXE, [TAGS, width == DESK])
    return faults
