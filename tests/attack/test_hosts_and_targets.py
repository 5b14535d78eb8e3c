"""Names that are not ours, and addresses that somebody wants people sent to."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page

from app.policy import Role
from tests.accounts.posted import posted
from tests.attack.agent import hidden, say
from tests.attack.clinic import Clinic
from tests.factories import PASSWORD

EVIL = "evil.example"
HOSTS = (
    EVIL, f"127.0.0.1.{EVIL}", f"127.0.0.1@{EVIL}", f"{EVIL}:443", f"{EVIL}#127.0.0.1",
    f"127.0.0.1:80@{EVIL}", f"127.0.0.1 {EVIL}", f"{EVIL}/127.0.0.1", "[::1", "", "xn--e1awd7f.com",
)  # fmt: skip
TARGETS = (
    "//e", "///e", "////e", "/\\e", "\\/e", "\\\\e", "/\\/e", "/\\\\e", "//\\e", "\\e",
    "/\t/e", "/\n/e", "/\r/e", "/\r\n/e", "\t//e", "\n//e", " //e", "\x00//e", "/\x00/e", "\x0b//e",
    "\x1f//e", "\x85//e", "\xa0//e", "\u2028//e", "\u200b//e", "\ufeff//e", "\u3000//e",
    "/\u200b/e",
    "/%09/e", "/%0a/e", "/%0d%0a/e", "/%2fe", "/%5ce", "%2f%2fe", "%5c%5ce", "/%2e%2e//e", "/..//e",
    "/.//e", "/./\\e", "/a/..//e", "/;//e", "/?//e/../", "/today//e", "/today/../..//e",
    "\u2044\u2044e", "/\u2044e", "\uff0f\uff0fe", "/\uff0fe", "/\u2215e", "\u29f8\u29f8e",
    "/\uff3ce",
    "/\ufe68e", "\u3002", "//e\u3002com", "https:e", "https:/e", "https://e", "https:\\e",
    "https:///e",
    "HTTPS://e", "http:e", "http://e", "ht\ttps://e", "https\x00://e", "https://127.0.0.1@e",
    "https://127.0.0.1:1@e", "https://127.0.0.1.e", "https://e#127.0.0.1", "//127.0.0.1@e",
    "//e:443",
    "//[::1]", "//0x7f000001", "//e%00.127.0.0.1", "javascript:alert(1)", "java\tscript:alert(1)",
    "JavaScript:alert(1)//", "\x01javascript:alert(1)", "javascript://%0aalert(1)", "vbscript:x",
    "data:text/html,<script>alert(1)</script>", "blob:https://e/x", "file:///etc/passwd",
    "about:blank",
    "ftp://e", "ws://e", "mailto:a@e", "tel:1", "e", "e.com", "@e", ":e", "?//e", "#//e", "*",
    "/.e//f",
    "/today\r\nLocation: https://e", "/today\r\nSet-Cookie: a=b", "/today%0d%0aX: y", "/\ud800/e",
)  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_another_name_is_answered_by_nobody(host: str, clinic: Clinic) -> None:
    for line in (f"Host: {host}", f"Host: {clinic.gate.host}\r\nHost: {host}"):
        for path in ("/", "/today", "/sign-in"):
            status, said = say(clinic.gate, f"GET {path} HTTP/1.1\r\n{line}\r\n\r\n")
            assert status == 400, line
            assert EVIL not in said, line


def test_other_ways_to_name_another_site_are_not_believed(clinic: Clinic) -> None:
    """The proxy's word counts, not the client's; and what a page leads to is a path."""
    host = f"Host: {clinic.gate.host}\r\n"
    for asked in (
        f"GET / HTTP/1.1\r\n{host}X-Forwarded-Host: {EVIL}\r\n\r\n",
        f"GET / HTTP/1.1\r\n{host}X-Forwarded-Host: {EVIL}\r\nX-Forwarded-Proto: http\r\n\r\n",
        f"GET /today HTTP/1.1\r\n{host}X-Host: {EVIL}\r\nX-Original-URL: /{EVIL}\r\n\r\n",
        f"GET /today HTTP/1.1\r\n{host}Forwarded: host={EVIL};proto=http\r\n\r\n",
        f"GET /today HTTP/1.1\r\n{host}X-Forwarded-Prefix: //{EVIL}\r\nX-Script-Name: /x\r\n\r\n",
        f"GET https://{EVIL}/ HTTP/1.1\r\n{host}\r\n",
    ):
        status, said = say(clinic.gate, asked)
        assert status in (200, 303, 400), asked
        assert EVIL not in said, asked


def test_a_client_does_not_say_where_the_application_stands(clinic: Clinic) -> None:
    """gunicorn would let a proxy of this machine say so; ours does not, and passes all on. Links
    of the pieces that a process keeps would lead there for everybody."""
    for path, header, expected in (
        ("/evil/", "SCRIPT_NAME: /evil", 404),
        ("/help", "SCRIPT_NAME: /evil", 200),
        ("/help", "PATH_INFO: /evil", 200),
    ):
        asked = f"GET {path} HTTP/1.1\r\nHost: {clinic.gate.host}\r\n{header}\r\n\r\n"
        status, said = say(clinic.gate, asked)
        assert status == expected, asked
        assert 'href="/evil' not in said, asked


def test_a_mail_never_names_a_host_that_came_with_the_request(clinic: Clinic) -> None:
    asks, member = clinic.stranger(), clinic.add("Letty", Role.PATIENT)
    before = len(posted(clinic.settings))
    for headers in ({"Host": EVIL}, {"X-Forwarded-Host": EVIL}, {"Forwarded": f"host={EVIL}"}):
        asks.post("/forgotten", {"email": member.email}, headers=headers)
    mails = posted(clinic.settings)[before:]
    assert len(mails) == 2, "the first one is refused"
    for mail in mails:
        assert EVIL not in mail.as_string()
        assert f"{clinic.gate.origin}/reset/" in mail.get_content()


@pytest.fixture
def page(clinic: Clinic, browser: Browser) -> Iterator[Page]:
    """Without looks and scripts of ours, which lead nowhere."""
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    protocol = context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.send("Network.setBlockedURLs", {"urls": ["*/static/*", "*/pictures/*"]})
    yield page
    context.close()


def test_a_browser_that_is_sent_on_stays_here(clinic: Clinic, page: Page) -> None:
    """Every target at the text-size form, which takes one from anybody; Chromium goes there."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{clinic.gate.origin}/help")
    for target in TARGETS:
        with page.expect_navigation():
            page.evaluate(SEND, ["/text-size", {"next": target, "size": "large"}])
        assert page.url.startswith(f"{clinic.gate.origin}/"), f"{target!r}: {page.url}"
    assert len(asked) > len(TARGETS)
    assert not [url for url in asked if not url.startswith((f"{clinic.gate.origin}/", "data:"))]


def test_signing_in_leads_nowhere_else(clinic: Clinic, page: Page) -> None:
    """The same in the address, and some in the field; Chromium says where that would lead."""
    page.goto(f"{clinic.gate.origin}/help")
    member = clinic.add("Nexta", Role.PATIENT)
    offered, led = [], []
    agent = clinic.stranger()
    agent.get("/sign-in")
    stranger = dict(agent.cookies)
    for target in TARGETS:
        asked = agent.get("/sign-in?" + urlencode({"next": target}, errors="surrogatepass"))
        offered.append(hidden(asked.page, "next"))
        fields = {"email": member.email, "password": PASSWORD, "next": target}
        led.append(agent.post("/sign-in", fields, token=asked.token).location)
        agent.cookies = dict(stranger)
    assert all(led)
    for address in {*offered, *led}:
        assert page.evaluate("a => new URL(a, location).origin", address) == clinic.gate.origin


SEND = """([path, fields]) => {
    const form = document.createElement("form");
    form.method = "post"; form.action = path;
    const token = document.querySelector("[name=csrf_token]").value;
    for (const [name, value] of Object.entries({...fields, csrf_token: token})) {
        const box = document.createElement("textarea");
        box.name = name; box.value = value; form.append(box);
    }
    document.body.append(form); form.submit();
}"""
