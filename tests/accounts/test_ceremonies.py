"""What a browser is asked for a passkey, and which answers are good ones: without a database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import ceremonies
from app.accounts.ceremonies import NotAccepted, Site
from tests.accounts.device import Device, decode, encode
from tests.support import make_settings

HERE = Site("localhost", "http://localhost:5000", "Homestretch Riverside Clinic")


@pytest.mark.parametrize(
    ("address", "id", "origin"),
    [
        ("https://plans.example.org", "plans.example.org", "https://plans.example.org"),
        ("https://example.org:8443", "example.org", "https://example.org:8443"),
        ("https://example.org:443", "example.org", "https://example.org"),
        ("https://klinik-münchen.example", "xn--klinik-mnchen-3ob.example", None),
        ("http://127.0.0.1:5000", "localhost", "http://localhost:5000"),
        ("http://[::1]:5000", "localhost", "http://localhost:5000"),
    ],
)
def test_the_site_is_the_configured_address(
    tmp_path: Path, address: str, id: str, origin: str | None
) -> None:
    site = Site.of(make_settings("", tmp_path, base_url=address))
    assert (site.id, site.origin) == (id, origin or f"https://{id}")


CHALLENGE = bytes(range(32))
QUESTION = {"challenge": encode(CHALLENGE), "rp": {"id": "localhost"}, "rpId": "localhost"}
KNOWN = Device()
NEW_ANSWER, ANSWER = KNOWN.make(QUESTION), KNOWN.use(QUESTION)
PUBLIC_KEY = ceremonies.check_new(HERE, CHALLENGE, NEW_ANSWER).public_key


@given(st.data())
def test_a_damaged_answer_is_not_accepted_and_breaks_nothing(data: st.DataObject) -> None:
    is_new = data.draw(st.booleans())
    said = json.loads(NEW_ANSWER if is_new else ANSWER)
    name = data.draw(st.sampled_from(sorted(said["response"])))
    whole = bytearray(decode(said["response"][name]))
    at = data.draw(st.integers(0, len(whole) - 1))
    how = data.draw(st.sampled_from(["flip", "cut", "nothing"]))
    if how == "flip":
        whole[at] ^= data.draw(st.integers(1, 255))
    said["response"][name] = {"flip": encode(bytes(whole)), "cut": encode(bytes(whole[:at]))}.get(
        how
    )
    if is_new and how == "flip":
        refused_or_another_key(json.dumps(said))
        return
    with pytest.raises(NotAccepted):
        check(is_new, json.dumps(said))


def refused_or_another_key(answer: str) -> None:
    """Nobody vouches for a new key: an altered one, and idle words around it, may be as good."""
    try:
        ceremonies.check_new(HERE, CHALLENGE, answer)
    except NotAccepted:
        return


def check(is_new: bool, answer: str) -> None:
    if is_new:
        ceremonies.check_new(HERE, CHALLENGE, answer)
    else:
        ceremonies.check_known(HERE, CHALLENGE, answer, PUBLIC_KEY)


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "[" * 20_000, '{"rawId": 5}', "\0"])
def test_what_is_no_answer_at_all_is_not_accepted(answer: str) -> None:
    assert ceremonies.key_named_in(answer) == b""
    for is_new in (True, False):
        with pytest.raises(NotAccepted):
            check(is_new, answer)
