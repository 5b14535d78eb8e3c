"""Where TLS ends: the proxy that a clinic puts before the server, as small as it can be.

It keeps connections open, adds the address that a request came from to ``X-Forwarded-For``, and
sets the other two headers whatever the client said. All else is passed on as it came, broken or
not.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import BinaryIO

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OURS = (b"connection", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host")
MOST_HEAD = 1024 * 1024
SECONDS = 60
_PLAIN = re.compile(rb"[0-9]{1,8}")


class Gate:
    """Listens on a free port of this machine; ``certificate`` is what clients have to trust."""

    def __init__(self, folder: Path) -> None:
        self.behind = 0
        """The server's port."""
        self.certificate = _make_certificate(folder)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(self.certificate)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        return f"https://{self.host}"

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _address = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.settimeout(SECONDS)
        with suppress(OSError), self._context.wrap_socket(client, server_side=True) as safe:
            asked = safe.makefile("rb")
            while self._pass_on(asked, safe):
                pass

    def _pass_on(self, asked: BinaryIO, safe: ssl.SSLSocket) -> bool:
        """One request there and its answer back; whether another one may follow."""
        head = _read_head(asked)
        if not head:
            return False
        body, is_clear = _read_body(head, asked)
        answer = self._ask(_forwarded(head) + body, is_whole=is_clear)
        stays = is_clear and _ends_by_itself(answer)
        kept = b"\r\nConnection: keep-alive\r\n" if stays else b"\r\nConnection: close\r\n"
        safe.sendall(answer.replace(b"\r\nConnection: close\r\n", kept, 1))
        return stays

    def _ask(self, request: bytes, *, is_whole: bool) -> bytes:
        parts = []
        with socket.create_connection(("127.0.0.1", self.behind), timeout=SECONDS) as server:
            # The server may answer and hang up before it read all: the answer is there still.
            with suppress(ConnectionError):
                server.sendall(request)
                if not is_whole:
                    server.shutdown(socket.SHUT_WR)
            with suppress(ConnectionError):
                while part := server.recv(65536):
                    parts.append(part)
        return b"".join(parts)


def _read_head(asked: BinaryIO) -> bytes:
    lines = []
    size = 0
    while line := asked.readline(MOST_HEAD):
        lines.append(line)
        size += len(line)
        if line in (b"\r\n", b"\n") or size > MOST_HEAD:
            break
    return b"".join(lines)


def _fields(head: bytes) -> list[tuple[bytes, bytes]]:
    """The header lines, each with its name in small letters."""
    lines = head.split(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    return [(line.partition(b":")[0].strip().lower(), line) for line in lines]


def _value(line: bytes) -> bytes:
    return line.partition(b":")[2].strip()


def _read_body(head: bytes, asked: BinaryIO) -> tuple[bytes, bool]:
    """The body, and whether it is clear where it ends."""
    lengths = [_value(line) for name, line in _fields(head) if name == b"content-length"]
    codings = [_value(line) for name, line in _fields(head) if name == b"transfer-encoding"]
    if not codings and len(lengths) < 2 and all(_PLAIN.fullmatch(length) for length in lengths):
        return (asked.read(int(lengths[0])) if lengths else b""), True
    if codings == [b"chunked"] and not lengths:
        return _read_chunks(asked), True
    return b"", False


def _read_chunks(asked: BinaryIO) -> bytes:
    parts = []
    size = -1
    while size:
        line = asked.readline(MOST_HEAD)
        try:
            size = int(line.partition(b";")[0], 16)
        except ValueError:
            size = 0
        parts += [line, asked.read(size + 2)]
    return b"".join(parts)


def _forwarded(head: bytes) -> bytes:
    first = head.split(b"\r\n")[0]
    fields = _fields(head)
    came = [_value(line) for name, line in fields if name == b"x-forwarded-for"]
    hosts = [_value(line) for name, line in fields if name == b"host"]
    said = [
        first,
        *(line for name, line in fields if name not in OURS),
        b"Connection: close",
        b"X-Forwarded-For: " + b", ".join([*came, b"127.0.0.1"]),
        b"X-Forwarded-Proto: https",
        *(b"X-Forwarded-Host: " + host for host in hosts[-1:]),
    ]
    return b"\r\n".join(said) + b"\r\n\r\n"


def _ends_by_itself(answer: bytes) -> bool:
    names = {name for name, _line in _fields(answer)}
    return bool(names & {b"content-length", b"transfer-encoding"}) or answer[9:12] in (b"204",)


def _make_certificate(folder: Path) -> Path:
    """For this machine, for a day; key and certificate in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "gate.pem"
    path.write_bytes(secret + certificate.public_bytes(pem))
    return path
