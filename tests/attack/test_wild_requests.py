"""Ten thousand odd requests: none breaks anything, and none is told how we are made."""

from __future__ import annotations

import http.client
import os
import re
import socket
import ssl
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

from app.policy import Role
from tests.access_table import FORMS, read_table
from tests.attack.clinic import Clinic
from tests.attack.gate import Gate
from tests.attack.wild import COOKIE, TOKEN, Known, Wild, Wilderness
from tests.factories import CastMember
from tests.test_access import REFUSALS, address

REQUESTS = 10_000
AT_ONCE = 4
SEED = os.environ.get("HOMESTRETCH_SEED", "homestretch")
WEIGHTS = (
    (
        r"\.pdf$|^/sign-in$|^/forgotten|^/account/confirm|^/(invitations|reset)/|\.csv$|^/sign-out$",
        0.1,
    ),
    (r"/(edit|approve|preview|add-template|checklist|new|audit|print|as-of|record|return)$", 0.3),
    (r"/(merge|second-factor|invitation|patients|<uuid:patient_id>)$|/scenes/", 0.3),
    (r"^/(|find|help|start|health|text-size)$|^/(sign-in|pictures)/|/recovery-codes$", 5),
    (r"/(templates|handouts|emergency/end|draft|discard|hints|favourite)$|^/people/hand", 3),
)
"""How often the rules are asked for, so that ten thousand are soon done: least those that hash,
draw or stream (and whoever signed out asks for nothing more), most those that say little."""
SEEN = (
    b"traceback", b'file "/', b"sqlalchemy", b"psycopg", b"sqlite3.", b"werkzeug",
    b"site-packages", b"<x>",
)  # fmt: skip
"""What tells how we are made; and markup that somebody sent."""


class Wire:
    """A connection on which anything may be said."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._context = ssl.create_default_context(cafile=str(gate.certificate))
        self._socket: ssl.SSLSocket | None = None

    def ask(self, method: str, request: bytes) -> tuple[http.client.HTTPResponse, bytes]:
        for _ in range(2):
            try:
                return self._ask(method, request)
            except (ConnectionError, ssl.SSLError, http.client.BadStatusLine):
                self._socket = None  # it was closed meanwhile
        return self._ask(method, request)

    def _ask(self, method: str, request: bytes) -> tuple[http.client.HTTPResponse, bytes]:
        if self._socket is None:
            plain = socket.create_connection(("127.0.0.1", self._gate.port), timeout=90)
            self._socket = self._context.wrap_socket(plain, server_hostname="127.0.0.1")
        self._socket.sendall(request)
        response = http.client.HTTPResponse(self._socket, method=method)
        response.begin()
        body = response.read()
        if response.will_close:
            self._socket.close()
            self._socket = None
        return response, body


@dataclass
class Person:
    """Whose cookies and token the requests carry; signed in again where a request ended that."""

    clinic: Clinic
    member: CastMember | None
    cookie: bytes = b""
    token: bytes = b""

    def come_in(self) -> None:
        agent = self.clinic.enter(self.member) if self.member else self.clinic.stranger()
        self.token = quote(agent.token).encode()
        self.cookie = b"; ".join(f"{n}={v}".encode() for n, v in agent.cookies.items())

    def fill(self, wild: Wild, chance: Random) -> bytes:
        """The whole request, now and then with cookies of no sense."""
        cookie = self.cookie
        if chance.random() < 0.03:
            cookie = chance.choice(COOKIES).replace(b"NAME", self.cookie.partition(b"=")[0])
        request = wild.request.replace(COOKIE, b"\r\nCookie: " + cookie)
        head, _end, body = request.partition(b"\r\n\r\n")
        filled = body.replace(quote(TOKEN).encode(), self.token).replace(TOKEN.encode(), self.token)
        length = re.compile(rb"(\r\nContent-Length: )%d\r" % len(body))
        head = length.sub(rb"\g<1>%d\r" % len(filled), head + b"\r")[:-1]
        return head + b"\r\n\r\n" + filled


COLUMN_OF = {
    "abe": "admin", "fay": "own therapist", "finn": "own patient", "nobody": "signed out"
}  # fmt: skip
COOKIES = (
    b"", b"=", b";;;", b"NAME=", b"NAME=x.y.z", b"NAME=\xff\xfe", b"NAME=" + b"e" * 4000,
    b"NAME=.eJw; NAME=.eJw", b"NAME=W10.aaaa.bbbb", b"text-size=\x80; __Host-device=W1td.x",
    b"a=b; " * 300, b'NAME="\\000', b"__Host-device=.e", b"text-size=enormous",
    b"remember_token=a|\xe9", b"remember_token=|",
)  # fmt: skip


def test_ten_thousand_odd_requests_break_nothing(clinic: Clinic) -> None:
    print(f"HOMESTRETCH_SEED={SEED}")
    people, known = make_people(clinic)
    said = clinic.server.log.stat().st_size

    def ask_some(number: int) -> tuple[Counter[int], list[str]]:
        wilderness = Wilderness(f"{SEED} {number}", known, list(people), clinic.gate.host)
        wire, chance = Wire(clinic.gate), Random(f"{SEED} cookies {number}")
        answers, faults = Counter[int](), []
        for nth in range(REQUESTS // AT_ONCE):
            if number == 0 and nth % 250 == 0:
                for person in people.values():
                    person.come_in()
            wild = wilderness.make()
            request = people[wild.who].fill(wild, chance)
            response, body = wire.ask(wild.method, request)
            answers[response.status] += 1
            if fault := fault_of(response, body):
                faults.append(f"{fault}: {request[:2000]!r}")
        return answers, faults

    for person in people.values():
        person.come_in()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        parts = list(pool.map(ask_some, range(AT_ONCE)))
    answers = sum((part for part, _faults in parts), Counter[int]())
    print(answers)
    faults = [fault for _answers, some in parts for fault in some]
    assert not faults, "\n".join(faults[:9])
    assert answers.total() == REQUESTS
    assert {200, 303, 400, 403, 404, 405, 413, 422} <= set(answers)
    assert answers[200] + answers[303] + answers[422] > REQUESTS / 2, "few came to a view"
    log = clinic.server.log.read_bytes()[said:].decode(errors="replace")
    assert "Traceback" not in log, log[log.index("Traceback") - 300 :][:3000]
    assert '"status": 500' not in log


def make_people(clinic: Clinic) -> tuple[dict[str, Person], list[Known]]:
    """People whom nobody misses afterwards, and every address with what is theirs."""
    fay, abe = clinic.add("Fay", Role.THERAPIST), clinic.add("Abe", Role.ADMIN)
    finn = clinic.add_patient_of(fay, "Finn")
    its = clinic.furnish(finn, fay)
    members = {"fay": fay, "finn": finn, "abe": abe, "nobody": None}
    allowed = {
        (row.method, row.rule): [
            who for who, column in COLUMN_OF.items() if row.cells[column] not in REFUSALS
        ]
        or list(members)
        for row in read_table()
    }
    known = []
    for rule in clinic.app.url_map.iter_rules():
        path = address(clinic.app, rule.rule, its)
        form = FORMS[rule.rule](its) if rule.rule in FORMS else {}
        taken = {"GET", "POST"} & set(rule.methods or ())
        known.append(
            Known(
                rule.rule,
                path,
                {n: str(v) for n, v in form.items()},
                {method: allowed[method, rule.rule] for method in sorted(taken)},
                next((often for some, often in WEIGHTS if re.search(some, rule.rule)), 1),
            )
        )
    return {name: Person(clinic, member) for name, member in members.items()}, known


def fault_of(response: http.client.HTTPResponse, body: bytes) -> str:
    """What is wrong with an answer; "" for nothing."""
    busy = response.status == 503 and response.headers["Retry-After"]
    if response.status >= 500 and not busy:
        return str(response.status)
    if response.headers["Content-Security-Policy"] is None:
        return f"{response.status} without headers"
    said = body.lower()
    return next((f"{response.status} says {told!r}" for told in SEEN if told in said), "")
