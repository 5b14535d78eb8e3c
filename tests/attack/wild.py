"""Requests that no browser sends, made by chance from a seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from urllib.parse import quote, urlencode

ODD = (
    "", " ", "0", "-1", "1e999", "NaN", "Infinity", "2147483648", "9" * 40, "0x10", "1_000", "٣",
    "true", "null", "None", "[]", "{}", "on", "2026-02-30", "0000-00-00", "9999-12-31", "10000-1-1",
    "2026-W01", "23:61", "\x00", "a\x00b", "\r\nX-Odd: 1", "\t", "\ud800", "\udcff", "\ufffe",
    "\u202e", "\u0301", "\u200b" * 50, "é", "e\u0301" * 30, "ﷺ" * 20, "ß" * 200, "İ", "𝕬" * 50,
    "\U0001f469\u200d\U0001f467" * 20, "x" * 300, "x" * 5_000, "../../../etc/passwd",
    "..\\..\\win.ini", "file:///etc/passwd", "//evil.example", "'", '"', "' OR '1'='1",
    "1; DROP TABLE accounts", "%", "%s%s%n", "%(name)s", "{0}", "{{7*7}}", "${7*7}", "<x>", "]]>",
    "\"'><x>",
    "<!--", "=1+1", "#panic()", "%00", "%c0%ae", "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff", "{ffffffff-ffff-ffff-ffff-ffffffffffff}", "urn:uuid:x",
)  # fmt: skip
SEGMENTS = (
    "%00", "%ff", "%c0%ae%c0%ae", "..", "%2e%2e", ".", "%2f", "%5c", "//", ";a=b", "%0d%0aX: y",
    "%zz", "%u0041", "~", "%", "static", "static/../app/config.py", ".git/config", ".env", "null",
    "static/%2e%2e/%2e%2e/etc/passwd", "%F0%9F%92%A9", "%ED%A0%80", "a" * 900, "1" * 60, "-1",
    "favicon.ico", "robots.txt", "wp-login.php", "*", "%E2%80%AE", "?", "??x", "#", "\xe9",
)  # fmt: skip
METHODS = (
    "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "BREW", "get",
    "G\xcbT", "X" * 30,
)  # fmt: skip
TYPES = (
    "application/json", "text/plain", "text/xml", "multipart/form-data", "multipart/mixed", ";",
    "application/x-www-form-urlencoded; charset=utf-7", "a/b; " + "c=d; " * 200, "\xff",
    "application/x-www-form-urlencoded; charset=nothing", "multipart/form-data; boundary=",
    'multipart/form-data; boundary="', "multipart/form-data; boundary=" + "b" * 300,
)  # fmt: skip
HEADERS: Mapping[str, Sequence[str]] = {
    "Accept": ("", "*/*;q=x", "text/html;q=1e9", "," * 500, "\xff"),
    "Accept-Language": ("", "xx", "de;q=2,en;q=-1", "-", "_", "a" * 3000, ",;=,", "zh-x-y", "\x80"),
    "Accept-Encoding": ("identity;q=0", "gzip;q=NaN", "br, " * 300),
    "Range": ("bytes=0-", "bytes=-1", "bytes=9-1", "bytes=" + "0-1," * 200, "lines=1-2", "bytes=x"),
    "If-None-Match": ("*", '"', 'W/"x', "x" * 2000),
    "If-Modified-Since": ("yesterday", "Thu, 01 Jan 9999 00:00:00 GMT", "-1", "0"),
    "Authorization": ("Basic", "Basic !!!!", "Basic " + "QQ" * 500, "Bearer x", "Digest \xff"),
    "Origin": ("null", "https://evil.example", "x", "https://[::1"),
    "Referer": ("", "x", "https://[", "javascript:1", "https://evil.example/\xff", "//"),
    "X-Forwarded-For": ("", "x", ",,,,", "1.2.3.4:99999", "[::1", "\xff", "1," * 900),
    "X-Forwarded-Host": ("evil.example", ",", "a b"),
    "X-Forwarded-Proto": ("http", "ftp", ","),
    "X-Requested-With": ("XMLHttpRequest",),
    "User-Agent": ("", "\xff" * 200, "x" * 4000, "Mozilla/5.0 (iPhone; \u00fc"),
    "Host": ("", "evil.example", "127.0.0.1:x", "127.0.0.1:99999999", "[::1", "a b", "h\xff"),
    "Content-Length": ("-1", "x", "1e3", "18446744073709551616", "0x10", "+5"),
    "Transfer-Encoding": ("gzip", "chunked, chunked", "x", "identity"),
    "Expect": ("100-continue", "200-ok"),
    "Upgrade": ("websocket", "h2c"),
    "Connection": ("upgrade", "close, x"),
    "X-HTTP-Method-Override": ("DELETE",),
    "Content-Encoding": ("gzip", "br"),
    "Forwarded": ('for="', "for=1.2.3.4;host=evil.example;proto=http"),
    "Odd Name": ("x",),
    "X-\xff": ("x",),
    "": ("x",),
}
FILES = ("file", "picture", "x")
NAMES = (
    "q", "after", "before", "next", "page", "show", "of", "day", "size", "print", "picture", "safe",
    "copy_of", "code", "from", "to", "area", "kind", "position",
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """A rule with an address that is good, what it takes in the form, and who may ask by GET or
    POST; ``weight`` is how often it is asked for."""

    rule: str
    path: str
    form: Mapping[str, str]
    people: Mapping[str, Sequence[str]]
    weight: float


@dataclass(frozen=True)
class Wild:
    """``request`` lacks its cookies; those of ``who`` go in at the mark."""

    rule: str
    who: str
    method: str
    request: bytes


COOKIE = b"\x00cookie\x00"
TOKEN = "\x01token\x01"


class Wilderness:
    """Makes one odd request after the other; the same seed makes the same ones.

    Mostly something is odd in what is good otherwise, so that it comes to a view and not only to
    those who guard it; now and then whatever there is.
    """

    def __init__(self, seed: str, known: Sequence[Known], people: Sequence[str], host: str) -> None:
        self._chance = Random(seed)
        self._known, self._people, self._host = known, people, host
        self._weights = list(accumulate(one.weight for one in known))

    def make(self) -> Wild:
        chance = self._chance
        (known,) = chance.choices(self._known, cum_weights=self._weights)
        taken = list(known.people)
        method = "POST" if "POST" in taken and self._happens(0.75) else chance.choice(taken)
        who = chance.choice(known.people[method])
        if self._happens(0.05):
            method = chance.choice((*METHODS, "GET", "POST", "GET", "POST"))
        if self._happens(0.08):
            who = chance.choice(self._people)
        headers = [("Host", self._host)]
        body = b""
        if method not in ("GET", "HEAD", "OPTIONS"):
            body, kind = self._body(known)
            headers += [("Content-Type", kind), ("Referer", f"https://{self._host}/help")]
        if body:
            headers.append(("Content-Length", str(len(body))))
        for _ in range(chance.choice((0, 0, 0, 0, 0, 0, 1, 2))):
            name = chance.choice(list(HEADERS))
            headers = [one for one in headers if one[0] != name]
            headers.append((name, chance.choice(HEADERS[name])))
        target = self._target(known, 0.8 if method == "GET" else 0.15)
        lines = [f"{method} {target} HTTP/1.{chance.choice('11111111110')}"]
        lines += [f"{name}: {value}" for name, value in headers]
        head = "\r\n".join(lines).encode("latin-1", "replace")
        return Wild(known.rule, who, method, head + COOKIE + b"\r\n\r\n" + body)

    def _happens(self, often: float) -> bool:
        return self._chance.random() < often

    def _target(self, known: Known, asks: float) -> str:
        """The address; ``asks`` is how often it has a query."""
        chance = self._chance
        path = known.path
        if self._happens(0.08):
            parts = path.split("/")
            parts[chance.randrange(1, len(parts))] = chance.choice(SEGMENTS)
            path = "/".join(parts)
        if self._happens(0.02):
            path += "/" + chance.choice(SEGMENTS)
        if self._happens(asks):
            pairs = [
                (chance.choice(NAMES), self._odd()) for _ in range(chance.choice((1, 1, 2, 9)))
            ]
            path += "?" + urlencode(pairs, errors="surrogatepass")
        if self._happens(0.02):
            path += "?" + chance.choice(SEGMENTS) + "&" * 50 + "=" * 9
        if self._happens(0.02):
            path = f"https://{self._host}{path}"
        return path.replace(" ", "%20")

    def _odd(self) -> str:
        chance = self._chance
        if chance.random() < 0.8:
            return chance.choice(ODD)
        letters = [chr(chance.choice((chance.randrange(128), chance.randrange(0x11000))))
                   for _ in range(chance.randrange(1, 40))]  # fmt: skip
        return "".join(letters)

    def _body(self, known: Known) -> tuple[bytes, str]:
        chance = self._chance
        fields = [(name, value) for name, value in known.form.items()]
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            at = chance.randrange(len(fields) + 1)
            names = [name for name, _value in fields] + ["do", "new_id", "based_on", "rows-0-id"]
            pair = (
                chance.choice([*names, f"{chance.choice(names)}-{self._odd()[:20]}"]),
                self._odd(),
            )
            if at < len(fields) and chance.random() < 0.6:
                fields[at] = fields[at][0], self._odd()
            else:
                fields.insert(at, pair)
        if self._happens(0.95):
            fields.append(("csrf_token", TOKEN))
        what = chance.random()
        if what < 0.83:
            return _form(fields), "application/x-www-form-urlencoded"
        if what < 0.95:
            return self._multipart(fields)
        raw = bytes(chance.randrange(256) for _ in range(chance.randrange(300)))
        return chance.choice((raw, _form(fields), b"&" * 3000, b"a=" * 2000, b"%" * 99)), (
            chance.choice(TYPES)
        )

    def _multipart(self, fields: Sequence[tuple[str, str]]) -> tuple[bytes, str]:
        """With files, and mostly broken in one place."""
        chance, mark = self._chance, "mark"
        said = "".join(
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields
        ) + (
            f'--{mark}\r\nContent-Disposition: form-data; name="{chance.choice(FILES)}"'
            f'; filename="{chance.choice(ODD[:40])}"\r\nContent-Type: image/png\r\n\r\n'
            f"\x89PNG\r\n\x1a\n{'x' * chance.randrange(200)}\r\n--{mark}--\r\n"
        )
        body = said.encode("utf-8", "replace")
        cut = chance.random()
        if cut < 0.5:
            body = body[: chance.randrange(len(body))]
        elif cut < 0.7:
            body = body.replace(b"\r\n", b"\n", chance.randrange(1, 9))
        elif cut < 0.8:
            body = body.replace(b"form-data", b"form-data; name*=utf-8''%ff", 1)
        return body, f"multipart/form-data; boundary={chance.choice((mark, mark, mark, 'other'))}"


def _form(fields: Sequence[tuple[str, str]]) -> bytes:
    return urlencode(fields, errors="surrogatepass", quote_via=quote).encode()
