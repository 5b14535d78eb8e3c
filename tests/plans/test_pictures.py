"""Pictures where patients and therapists look: each with its words, its size and its maker."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import Tag

from tests.browser import prepare
from tests.factories import Cast, CastMember
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]
CREDIT = "Homestretch contributors, CC BY 4.0"


@pytest.fixture
def plan(visit: Visit, cast: Cast) -> str:
    """Pia's approved plan: five exercises from today, resisted rows withheld."""
    return prepare.approved(visit(cast.theo), cast.pia)


def pictures(visitor: Visitor, path: str, selector: str = "main img") -> list[Tag]:
    """The pictures of a page; every one of them keeps its place and is one of ours."""
    found = visitor.open(path).page.select(selector)
    for tag in found:
        assert str(tag["src"]).startswith("/pictures/")
        assert int(str(tag["width"])) > 100
        assert int(str(tag["height"])) > 100
        assert tag.has_attr("alt")
    return found


def test_today_shows_a_small_picture_of_each_exercise_that_may_be_done(
    visit: Visit, cast: Cast, plan: str
) -> None:
    shown = pictures(visit(cast.pia), "/today")
    assert [tag["class"] for tag in shown] == [["thumb"]] * 5
    assert len({str(tag["src"]) for tag in shown}) == 5
    assert {tag["alt"] for tag in shown} == {""}  # the title stands beside it
    assert [tag.has_attr("loading") for tag in shown] == [False] * 3 + [True] * 2


def test_one_exercise_has_a_described_picture_at_each_step_its_film_and_its_maker(
    visit: Visit, cast: Cast, plan: str
) -> None:
    pia = visit(cast.pia).open("/today")
    path = str(pia.page.select("a.today-row")[3]["href"])
    shown = pictures(pia, path)
    assert "Wall push-up" in pia.heading
    assert len(shown) == len(pia.page.select(".step")) == 4
    assert all(len(str(tag["alt"])) > 20 for tag in shown)
    film = pia.tag("a[data-movement]")
    assert film.get_text(strip=True) == "Show me the movement"
    answer = pia.client.get(str(film["href"]))
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert CREDIT in pia.text


def test_pictures_follow_the_start_position(visit: Visit, cast: Cast) -> None:
    def rolls(position: str) -> list[str]:
        theo = visit(cast.theo)
        path = prepare.approved(theo, cast.pia, **{"rows-2-position": position})
        card = visit(cast.pia).open(path).page.select("article.exercise")[2]
        theo.open(f"{path}/end").submit("End the plan", reason="The next one begins.")
        return [
            str(tag.get("src") or tag.get("href")) for tag in card.select("img, a[data-movement]")
        ]

    sitting, standing = rolls("sitting"), rolls("standing")
    assert len(sitting) == len(standing) == 5
    assert not set(sitting) & set(standing)


@pytest.mark.parametrize("page", ["", "/print", "/revisions/1", "/preview"])
def test_the_whole_plan_shows_every_step_but_nothing_of_what_is_withheld(
    page: str, visit: Visit, cast: Cast, plan: str
) -> None:
    theo = visit(cast.theo)
    if page == "/preview":
        theo.open(plan).submit("Change the plan")
    shown = pictures(theo, plan + page)
    steps = {"neck": 3, "midback": 3, "rolls": 4, "push-up": 4, "squeeze": 4}
    assert len(shown) == sum(steps.values())
    assert all(tag["alt"] for tag in shown)
    assert CREDIT in theo.text
    assert "bed" not in " ".join(str(tag["alt"]) for tag in shown)


def test_the_builder_shows_a_small_picture_at_each_row_and_each_hit(
    visit: Visit, cast: Cast, plan: str
) -> None:
    theo = visit(cast.theo).open(plan).submit("Change the plan")
    assert len(pictures(theo, theo.path, ".plan-row img.thumb")) == 6
    assert len(pictures(theo, theo.path, ".found-row img.thumb")) == 6


def test_an_approved_plan_keeps_its_picture_when_the_exercise_gets_another(
    visit: Visit, cast: Cast, plan: str
) -> None:
    before = [str(tag["src"]) for tag in pictures(visit(cast.pia), plan)]
    ada = visit(cast.ada).open("/catalogue").follow("Wall push-up").follow("Edit")
    ada.submit("do=up:variants-0-steps-1").submit("do=publish")
    assert [str(tag["src"]) for tag in pictures(visit(cast.pia), plan)] == before
    theo = visit(cast.theo).open(plan).submit("Change the plan")
    theo.submit("Take over the new text").submit("Approve the plan")
    after = [str(tag["src"]) for tag in pictures(visit(cast.pia), plan)]
    assert after != before
    assert sorted(after) == sorted(before)
