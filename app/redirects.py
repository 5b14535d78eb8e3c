"""Where a form may send people afterwards: to this site, as a browser would read the address."""

from __future__ import annotations

import re
from posixpath import normpath
from urllib.parse import unquote, urlsplit

NO_PLACES = ("/sign-out",)
"""Addresses that only do something: nobody wants to be there, least of all by another's link."""
_PLAIN_PATH = re.compile(r"/(?![/\\])[A-Za-z0-9\-._~!$&'()*+,;=:@/%?]*")


def safe_path(target: str | None) -> str | None:
    """``target`` if it is a path of this site, else None.

    Browsers drop tabs and line ends and read ``\\`` as ``/``, so anything but plain path
    characters after one single slash is refused; so is ``//``, which names another host.
    """
    if not target or not _PLAIN_PATH.fullmatch(target):
        return None
    path = urlsplit(target).path
    if "//" in path or "%5c" in path.lower() or normpath(unquote(path)) in NO_PLACES:
        return None
    return target
