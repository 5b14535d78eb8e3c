"""The files: the same bytes every time, small, and harmless."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from app.figures import contact_sheet, draw_all, draw_frame
from app.figures.palette import PEOPLE
from app.figures.sheet import grey_of
from tests.figures.pictures import ROOT, SCENES, SLUGS

DRAWN = {slug: draw_all(SCENES[slug]) for slug in SLUGS}
FILES = [(slug, name) for slug in SLUGS for name in DRAWN[slug]]
SVG = "{http://www.w3.org/2000/svg}"
HARMLESS = {"svg", "title", "g", "path", "circle", "animate"}


@pytest.mark.parametrize("slug", SLUGS)
def test_what_is_committed_is_what_is_drawn(slug: str) -> None:
    folder = ROOT / "static" / "pictures" / slug
    committed = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert committed == {name: text.encode() for name, text in DRAWN[slug].items()}


@pytest.mark.parametrize("slug", SLUGS)
def test_drawing_twice_gives_the_same_bytes(slug: str) -> None:
    assert draw_all(SCENES[slug]) == DRAWN[slug]


@pytest.mark.parametrize(("slug", "name"), FILES)
def test_a_picture_is_small(slug: str, name: str) -> None:
    raw = DRAWN[slug][name].encode()
    if name.startswith("film"):
        assert len(gzip.compress(raw, 9)) <= 25_000
    else:
        assert len(raw) <= 14_000


@pytest.mark.parametrize(("slug", "name"), FILES)
def test_a_picture_holds_nothing_that_could_do_harm(slug: str, name: str) -> None:
    text = DRAWN[slug][name]
    for element in ElementTree.fromstring(text).iter():
        assert element.tag.removeprefix(SVG) in HARMLESS
        for attribute in element.attrib:
            assert not attribute.lower().startswith("on")
            assert attribute not in ("style", "class", "id")
            assert "href" not in attribute.lower()
    assert "url(" not in text
    assert "http" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")


@pytest.mark.parametrize(("slug", "name"), FILES)
def test_a_picture_carries_its_size_and_its_words(slug: str, name: str) -> None:
    root = ElementTree.fromstring(DRAWN[slug][name])
    scene = SCENES[slug]
    assert (root.get("width"), root.get("height")) == (str(scene.width), str(scene.height))
    assert root.get("viewBox") == f"0 0 {scene.width} {scene.height}"
    assert root.get("role") == "img"
    assert (root.findtext(f"{SVG}title") or "").strip()


FILMS = [(slug, name) for slug, name in FILES if name.startswith("film")]


@pytest.mark.parametrize(("slug", "name"), FILMS)
def test_a_film_has_the_same_structure_in_all_its_moments(slug: str, name: str) -> None:
    """A browser can go from one value to the next only where their commands agree."""
    for animation in ElementTree.fromstring(DRAWN[slug][name]).iter(f"{SVG}animate"):
        values = (animation.get("values") or "").split(";")
        assert len({"".join(c for c in v if c.isalpha()) for v in values}) == 1
        assert len({len(re.findall(r"[\d.]+", v)) for v in values}) == 1


@pytest.mark.parametrize(("slug", "name"), FILMS)
def test_a_film_moves_and_ends_where_it_begins(slug: str, name: str) -> None:
    animations = list(ElementTree.fromstring(DRAWN[slug][name]).iter(f"{SVG}animate"))
    assert len(animations) > 10
    for animation in animations:
        values = (animation.get("values") or "").split(";")
        assert values[0] == values[-1]


def test_a_film_shows_its_first_moment_where_nothing_moves() -> None:
    root = ElementTree.fromstring(DRAWN["wall-push-up"]["film.svg"])
    for parent in root.iter():
        for animation in parent.findall(f"{SVG}animate"):
            name = animation.get("attributeName") or ""
            assert parent.get(name) == (animation.get("values") or "").split(";")[0]


def brightness(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", PEOPLE)
def test_skin_and_shirt_can_be_told_apart_also_in_grey(name: str) -> None:
    person = PEOPLE[name]
    for skin, shirt in ((person.skin, person.shirt), (person.skin_far, person.shirt_far)):
        assert contrast(skin, shirt) >= 1.7
        assert contrast(grey_of(skin), grey_of(shirt)) >= 1.7


def test_the_people_differ_in_skin_hair_and_shirt() -> None:
    for part in ("skin", "hair", "shirt"):
        shades = sorted(brightness(getattr(person, part)) for person in PEOPLE.values())
        assert all(b > a for a, b in pairwise(shades))


def test_a_grey_sheet_has_no_colour_left() -> None:
    sheet = contact_sheet(SCENES.values(), grey=True)
    for element in ElementTree.fromstring(sheet).iter():
        for value in element.attrib.values():
            if value.startswith("#"):
                assert value[1:3] == value[3:5] == value[5:7]


def test_a_sheet_shows_every_step_36_mm_wide() -> None:
    root = ElementTree.fromstring(contact_sheet(SCENES.values()))
    steps = sum(len(n) for scene in SCENES.values() for n in scene.variants.values())
    assert len(root.findall(f"{SVG}svg")) == steps
    millimetres = float((root.get("width") or "").removesuffix("mm"))
    units = float((root.get("viewBox") or "").split()[2])
    assert 300 * millimetres / units == pytest.approx(36, abs=0.1)


def test_words_in_a_title_cannot_break_out() -> None:
    scene = SCENES["wall-push-up"]
    frame = replace(scene.frames[0], alt='</title><script>"&')
    picture = draw_frame(replace(scene, frames=(frame,)), 1)
    assert "<script" not in picture
    assert ElementTree.fromstring(picture).findtext(f"{SVG}title") == '</title><script>"&'
