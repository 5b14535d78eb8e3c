"""Who invites whom, Theo's passkey, and a browser on which only the password was right so far."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.accounts.device import Device
from tests.accounts.passkey_pages import add, with_password
from tests.factories import Cast, CastMember
from tests.visitor import Visitor

Visit = Callable[[CastMember | None], Visitor]


@pytest.fixture
def device(visit: Visit, cast: Cast) -> Device:
    """Theo's."""
    device = Device()
    add(visit(cast.theo), device)
    return device


@pytest.fixture
def half(visit: Visit, cast: Cast, device: Device) -> Visitor:
    """A browser on which Theo's password was right."""
    return with_password(visit(None), cast.theo.email)


@pytest.fixture
def maria(theo: Visitor) -> str:
    """The path of a patient who cannot sign in yet."""
    theo.open("/patients/new").submit("Add patient", name="Maria Ruiz")
    return theo.path
