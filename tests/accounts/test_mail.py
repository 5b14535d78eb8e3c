"""The mail folder, and handing mails to a server that may be away."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.config import Settings, SettingsError
from app.database import db
from app.mail import Mail, Posted, post, post_spooled, spool_of
from tests.factories import Cast, sign_in_token
from tests.support import TestClock, make_settings
from tests.visitor import Visitor

MAIL = Mail("pia@example.org", "Grüße", "Hello Pia,\n\nhttps://clinic.example/x\n")


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as a client needs; keeps what it gets."""

    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.got: list[tuple[str, str]] = []
        self.refuses = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server = self.server
        assert isinstance(server, MailServer)
        to = ""
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            command = line.upper()
            if command == "QUIT":
                self._say("221 bye")
                break
            if command.startswith("RCPT"):
                to = line.partition("<")[2].partition(">")[0]
            if command != "DATA":
                self._say("550 no" if server.refuses and command.startswith("RCPT") else "250 yes")
                continue
            self._say("354 go on")
            text = b"".join(iter(self.rfile.readline, b".\r\n"))
            server.got.append((to, text.decode()))
            self._say("250 taken")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return make_settings("sqlite://", tmp_path)


def waiting(settings: Settings) -> int:
    return len(list(spool_of(settings).glob("*")))


def test_without_a_server_a_mail_stays_in_the_folder_for_its_owner_alone(here: Settings) -> None:
    assert post([MAIL], here) is Posted.NO_SERVER
    (path,) = spool_of(here).iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert spool_of(here).stat().st_mode & 0o777 == 0o700


def test_a_server_gets_it_and_the_folder_is_empty(here: Settings, server: MailServer) -> None:
    settings = replace(here, smtp_url=server.url, mail_from="clinic@example.org")
    assert post([MAIL], settings) is Posted.SENT
    ((to, text),) = server.got
    assert to == "pia@example.org"
    assert "From: clinic@example.org" in text
    assert "https://clinic.example/x" in text
    assert waiting(settings) == 0


def test_what_a_server_does_not_take_is_kept_and_goes_out_later(
    here: Settings, server: MailServer
) -> None:
    settings = replace(here, smtp_url=server.url)
    away = replace(here, smtp_url="smtp://127.0.0.1:1")
    server.refuses = True
    assert post([MAIL], settings) is Posted.KEPT
    assert post([MAIL], away) is Posted.KEPT
    assert waiting(here) == 2
    server.refuses = False
    assert post_spooled(settings) == (2, 0)
    assert len(server.got) == 2
    assert waiting(here) == 0


def test_a_subject_cannot_add_a_header(here: Settings) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        post([Mail("pia@example.org", "Hello\r\nBcc: all@example.org", "")], here)


def test_a_wrong_address_of_a_server_stops_the_start(tmp_path: Path) -> None:
    environ = {"HOMESTRETCH_INSTANCE_DIR": str(tmp_path), "HOMESTRETCH_SMTP_URL": "mail.example"}
    with pytest.raises(SettingsError, match="HOMESTRETCH_SMTP_URL must begin with smtp"):
        Settings.load(environ)


def test_the_command_sends_what_waits_and_says_what_is_left(
    app: Flask, settings: Settings, server: MailServer, clock: TestClock
) -> None:
    post([MAIL], settings)
    lone = app.test_cli_runner().invoke(args=["send-mail"])
    assert (lone.exit_code, "Set HOMESTRETCH_SMTP_URL" in lone.output) == (1, True)
    sending = create_app(replace(settings, smtp_url=server.url), clock)
    server.refuses = True
    failed = sending.test_cli_runner().invoke(args=["send-mail"])
    assert (failed.exit_code, "0 sent, 1 left." in failed.output) == (1, True)
    server.refuses = False
    done = sending.test_cli_runner().invoke(args=["send-mail"])
    assert (done.exit_code, done.output) == (0, "1 sent, 0 left.\n")


def test_a_server_that_is_away_is_told_to_whoever_invites(
    settings: Settings, clock: TestClock, cast: Cast
) -> None:
    away = create_app(replace(settings, smtp_url="smtp://127.0.0.1:1"), clock)
    away.testing = True
    with away.app_context():
        ada = Visitor(away, sign_in_token(cast.ada))
    ada.open("/people/new").submit(
        "Send the invitation", name="Kim", email="kim@example.org", roles="therapist"
    )
    assert "The mail server did not take the mail to kim@example.org. The mail is kept" in ada.text
    assert waiting(settings) == 1
    with away.app_context():
        db.engine.dispose()
