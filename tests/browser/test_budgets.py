"""How much a page may weigh, and how often it may ask. Bytes are those of gzip."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import prepare
from tests.browser.server import Server
from tests.browser.windows import Enter
from tests.factories import Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.looks

STATIC = Path(__file__).parents[2] / "static"
KILOBYTE = 1000


def compressed(body: bytes) -> int:
    return len(gzip.compress(body))


def test_styles_and_scripts_fit_in_20_kilobytes() -> None:
    files = [path for kind in ("*.css", "*.js") for path in STATIC.rglob(kind)]
    sizes = {path.name: compressed(path.read_bytes()) for path in files}
    print(f"\n{sum(sizes.values())} bytes: {sizes}")
    assert sum(sizes.values()) <= 20 * KILOBYTE


def test_today_is_light_and_asks_little_the_second_time(
    cast: Cast, enter: Enter, visit: Callable[..., Visitor], server: Server
) -> None:
    prepare.approved(visit(cast.theo), cast.pia)
    pia = enter(cast.pia)
    server.seen.clear()
    pia.open("/today")
    pia.page.wait_for_load_state("networkidle")
    first = list(server.seen)
    size = sum(compressed(answer.body()) for answer in pia.answers)
    pia.open("/today")
    pia.page.wait_for_load_state("networkidle")
    second = server.seen[len(first) :]
    print(f"\n{len(first)} requests, {size} bytes; again: {second}")
    assert len(first) <= 12
    assert size <= 60 * KILOBYTE
    assert len(second) <= 3
