"""A place where words can be said, without database or pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel


@pytest.fixture(scope="module")
def words() -> Iterator[None]:
    """English, and a request to speak it in."""
    app = Flask("words")
    Babel(app, default_locale="en_US")
    with app.test_request_context():
        yield
