"""What the tests of the catalogue's pages look up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.catalogue.support import id_of
from tests.factories import CastMember
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]


@pytest.fixture
def midback(app: Flask) -> str:
    """The address of the midback stretch."""
    return f"/catalogue/{id_of(app, 'midback-stretch')}"
