"""What lies in the mail folder of a test's application."""

from __future__ import annotations

import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from urllib.parse import urlsplit

from app.config import Settings
from app.mail import spool_of


def posted(settings: Settings) -> list[EmailMessage]:
    """All mails, oldest first."""
    parse = BytesParser(policy=policy.default).parsebytes
    paths = sorted(spool_of(settings).glob("*.eml"))
    return [parse(path.read_bytes()) for path in paths]


def subjects(settings: Settings) -> list[tuple[str, str]]:
    """(to, subject) of each."""
    return [(str(mail["To"]), str(mail["Subject"])) for mail in posted(settings)]


def link_of(mail: EmailMessage, settings: Settings) -> str:
    """The path that the mail's one link leads to."""
    links = re.findall(r"https?://\S+", mail.get_content())
    assert len(links) == 1
    assert links[0].startswith(settings.base_url)
    return str(urlsplit(links[0]).path)
