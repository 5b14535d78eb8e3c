"""Mail: put into a folder first, then handed to the clinic's mail server where one is set.

What a server does not take stays in the folder, and ``flask send-mail`` tries it again.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import smtplib
import ssl
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import formatdate, make_msgid
from enum import Enum
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.config import LOOPBACK, Settings

log = logging.getLogger("homestretch.mail")
SECONDS_TO_WAIT = 10.0


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str


class Posted(Enum):
    """What became of a mail."""

    SENT = "sent"
    NO_SERVER = "no server is set, so it stays in the folder"
    KEPT = "the server did not take it, so it stays in the folder"


def post(mails: Iterable[Mail], settings: Settings) -> Posted:
    """Send these now. Call it after the commit: a mail cannot be taken back."""
    return _deliver_all([_spool(mail, settings) for mail in mails], settings)


def post_later(mails: Iterable[Mail], settings: Settings, *, pretend: bool = False) -> None:
    """The same without waiting for the server, so that how long it takes tells nothing.

    With ``pretend`` nothing is sent; it takes as long.
    """
    paths = [_spool(mail, settings, pretend=pretend) for mail in mails]
    if paths and settings.smtp_url:
        sent = [] if pretend else paths
        threading.Thread(target=_deliver_all, args=(sent, settings), name="post").start()


def post_spooled(settings: Settings) -> tuple[int, int]:
    """Try everything in the folder once more; how many went out, and how many are left."""
    waiting = sorted(spool_of(settings).glob("*.eml"))
    _deliver_all(waiting, settings)
    left = sum(path.exists() for path in waiting)
    return len(waiting) - left, left


def spool_of(settings: Settings) -> Path:
    return settings.instance_dir / "mail"


def _spool(mail: Mail, settings: Settings, *, pretend: bool = False) -> Path:
    host = urlsplit(settings.base_url).hostname or "localhost"
    message = EmailMessage()
    message["From"] = settings.mail_from or f"homestretch@{host}"
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=host)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    folder = spool_of(settings)
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{time.time_ns()}-{secrets.token_hex(4)}.eml"
    draft = path.with_suffix(".part")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(message.as_bytes())
    if pretend:
        draft.unlink()
    else:
        draft.rename(path)  # whoever reads the folder sees whole mails
    return path


def _deliver_all(paths: list[Path], settings: Settings) -> Posted:
    if not settings.smtp_url:
        return Posted.NO_SERVER
    if not paths:  # and the server hears of nothing that strangers make up
        return Posted.SENT
    try:
        with _server(settings.smtp_url) as server:
            for path in paths:
                _deliver(path, server)
    except (OSError, smtplib.SMTPException) as error:
        log.error("mail kept in the folder: %s", type(error).__name__)
        return Posted.KEPT
    return Posted.SENT


def _deliver(path: Path, server: smtplib.SMTP) -> None:
    """Send one file and remove it; one that somebody else is sending is left to them."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.exists():
                server.send_message(BytesParser(policy=policy.default).parse(file))
                path.unlink()
    except (BlockingIOError, FileNotFoundError):
        return


def _server(url: str) -> smtplib.SMTP:
    """``smtps://user:password@host`` or ``smtp://…``, which asks for TLS off this machine."""
    where = urlsplit(url)
    host = where.hostname or "localhost"
    secure = ssl.create_default_context()
    server: smtplib.SMTP
    if where.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, where.port or 465, timeout=SECONDS_TO_WAIT, context=secure)
    else:
        server = smtplib.SMTP(host, where.port or 587, timeout=SECONDS_TO_WAIT)
        if host not in LOOPBACK:
            server.starttls(context=secure)
    if where.username:
        server.login(unquote(where.username), unquote(where.password or ""))
    return server
