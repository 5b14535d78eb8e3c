"""Where a form may send people afterwards: to this site, as a browser would read the address."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_PLAIN_PATH = re.compile(r"/(?![/\\])[A-Za-z0-9\-._~!$&'()*+,;=:@/%?]*")


def safe_path(target: str | None) -> str | None:
    """``target`` if it is a path of this site, else None.

    Browsers drop tabs and line ends and read ``\\`` as ``/``, so anything but plain path
    characters after one single slash is refused; so is ``//``, which names another host.
    """
    if not target or not _PLAIN_PATH.fullmatch(target):
        return None
    path = urlsplit(target).path
    return target if "//" not in path and "%5c" not in path.lower() else None
