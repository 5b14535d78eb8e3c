"""A page as a browser without scripts reads it, quickly: forms, buttons, what every page must have.

The tests look at a page with BeautifulSoup, which is easy to read and twenty times slower; what is
done to every page is done here.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import lxml.html
from werkzeug.datastructures import MultiDict

Element = Any  # lxml's, which has no types


def parse(html: str) -> Element:
    return lxml.html.document_fromstring(html or "<html></html>")


def words(element: Element) -> str:
    """The text in it, spaces single."""
    return " ".join(" ".join(element.itertext()).split())


def find_button(page: Element, wanted: str) -> Element | None:
    """A button by its visible text, by its spoken name, or by ``name=value``."""
    for tag in page.iter("button", "input"):
        if tag.tag == "input" and tag.get("type") != "submit":
            continue
        value = f"{tag.get('name')}={tag.get('value')}"
        if wanted in (value, tag.get("aria-label")) or wanted == words(tag):
            return tag
    return None


def form_of(element: Element) -> Element | None:
    return next(element.iterancestors("form"), None)


def form_fields(form: Element) -> MultiDict[str, str]:
    """What a browser would send of a form that nobody touched, whatever button is pressed."""
    fields: MultiDict[str, str] = MultiDict()
    for tag in form.iter("input", "textarea", "select"):
        name, kind = tag.get("name"), tag.get("type", "text")
        if name is None or tag.get("disabled") is not None or kind in ("submit", "button"):
            continue
        if tag.tag == "textarea":
            fields.add(name, (tag.text or "").removeprefix("\n"))
        elif tag.tag == "select":
            options = list(tag.iter("option"))
            chosen = [one for one in options if one.get("selected") is not None] or options[:1]
            for option in chosen:
                fields.add(name, option.get("value", option.text or ""))
        elif kind not in ("checkbox", "radio") or tag.get("checked") is not None:
            fields.add(name, tag.get("value", "on" if kind == "checkbox" else ""))
    return fields


def has_box(form: Element, name: str) -> bool:
    return any(tag.get("name") == name for tag in form.iter("input", "textarea", "select"))


def check_page(page: Element, path: str) -> None:
    """What holds for every page: a title, one h1, unique ids, no inline code, safe forms."""
    named: dict[str, list[Element]] = {}
    for tag in page.iter("*"):
        named.setdefault(tag.tag, []).append(tag)
    tags = [tag for some in named.values() for tag in some]
    title = words(named["title"][0]) if "title" in named else ""
    assert title.endswith("Homestretch"), f"{path}: title {title!r}"
    assert len(title) > len("– Homestretch"), f"{path}: an empty title"
    assert len(named["h1"]) == 1, f"{path}: {len(named['h1'])} h1"
    ids = Counter(tag.get("id") for tag in tags if "id" in tag.attrib)
    assert ids.total() == len(ids), f"{path}: ids twice: {ids.most_common(3)}"
    assert "style" not in named, f"{path}: inline style"
    assert all("src" in script.attrib for script in named.get("script", ())), f"{path}: inline code"
    inline = [n for tag in tags for n in tag.attrib if n == "style" or n.startswith("on")]
    assert not inline, f"{path}: {inline}"
    is_wrong = any("error-summary" in tag.get("class", "").split() for tag in tags)
    assert is_wrong == title.startswith("Error:"), path
    for form in named.get("form", ()):
        assert form.get("method", "get").lower() == "get" or has_box(form, "csrf_token"), (
            f"{path}: a form without a token"
        )
    labelled = {label.get("for") for label in named.get("label", ())}
    for box in (tag for name in ("input", "select", "textarea") for tag in named.get(name, ())):
        assert (
            box.get("type") in ("hidden", "submit")
            or box.get("id") in labelled
            or box.get("aria-label")
            or any(box.iterancestors("label"))
        ), f"{path}: a box without a label: {lxml.html.tostring(box)}"
    for link in named.get("a", ()):
        target = link.get("href", "")
        assert target[:1] != "#" or target[1:] in ids, f"{path}: a link to {target}: not there"
