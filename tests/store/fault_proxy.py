"""A TCP proxy before an S3 server that does to requests what networks do to them: refuses, breaks off, delays, answers for the server, cuts short, changes bytes.

It understands as much of HTTP/1.1 as the client and the server at hand speak: heads, and bodies of a told length or in chunks.
"""

from __future__ import annotations

import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO

FAULTS = ("refused", "reset in the request", "reset in the answer", "delay", "500", "503", "short body", "wrong bytes sent", "wrong bytes answered")
_BUSY = b"<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>later</Message><Resource>/</Resource><RequestId>1</RequestId><HostId>h</HostId></Error>"


class _Break(Exception):
    """This connection ends here."""


@dataclass
class FaultProxy:
    """`faults`: what is to be done to requests from now on, each to one that it can be done to, at random among the next `spread`."""

    upstream: tuple[str, int]
    delay: float = 0.2
    seed: int = 1
    spread: int = 4
    injected: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._lock = threading.Lock()
        self._left: list[str] = []
        self._skip = 0
        self._server = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.endpoint = f"127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def plan(self, faults: list[str]) -> None:
        with self._lock:
            self._left = list(faults)

    @property
    def left(self) -> int:
        with self._lock:
            return len(self._left)

    def close(self) -> None:
        self._server.close()

    def _due(self, able: frozenset[str]) -> str:
        """The next fault, if it can be done here and its turn has come."""
        with self._lock:
            if not self._left or self._left[0] not in able:
                return ""
            if self._skip:
                self._skip -= 1
                return ""
            self._skip = self._dice.randrange(self.spread)
            self.injected[self._left[0]] += 1
            return self._left.pop(0)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            if self._due(frozenset({"refused"})):
                _reset(client)
                continue
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError, _Break), client:
            try:
                server = socket.create_connection(self.upstream, timeout=60)
            except OSError:  # nobody listens: as if we didn't
                _reset(client)
                return
            with server:
                source, answers = client.makefile("rb"), server.makefile("rb")
                while self._exchange(client, source, server, answers):
                    pass

    def _exchange(self, client: socket.socket, source: BinaryIO, server: socket.socket, answers: BinaryIO) -> bool:
        head, headers = _head(source)
        if not head:
            return False
        body = source.read(int(headers.get("content-length", 0)))
        able = {"refused", "delay", "500", "503"}
        able |= {"reset in the request", "wrong bytes sent"} if body else set()
        able |= {"reset in the answer", "short body", "wrong bytes answered"} if head.startswith(b"GET ") else set()  # other answers are empty
        fault = self._due(frozenset(able))
        if fault == "refused":
            _reset(client)
            raise _Break
        if fault == "delay":
            time.sleep(self.delay)
        if fault in ("500", "503"):
            said = _BUSY if fault == "503" else b""
            client.sendall(f"HTTP/1.1 {fault} Trouble\r\nContent-Type: application/xml\r\nContent-Length: {len(said)}\r\nConnection: close\r\n\r\n".encode() + said)
            raise _Break
        if fault == "reset in the request":
            server.sendall(head + body[: len(body) // 2])
            _reset(client)
            raise _Break
        server.sendall(head + (self._changed(body) if fault == "wrong bytes sent" else body))
        head, headers = _head(answers)
        if not head:
            raise _Break
        said = _body(answers, headers)
        if fault == "reset in the answer":
            client.sendall(head + said[: len(said) // 2])
            _reset(client)
            raise _Break
        if fault == "short body":
            client.sendall(head + said[: len(said) // 2])
            raise _Break
        client.sendall(head + (self._changed(said) if fault == "wrong bytes answered" else said))
        return headers.get("connection", "").lower() != "close"

    def _changed(self, body: bytes) -> bytes:
        """One byte otherwise; of a chunked body one of its content."""
        if not body:
            return body
        at = self._dice.randrange(len(body))
        return body[:at] + bytes([body[at] ^ (1 << self._dice.randrange(8))]) + body[at + 1 :]


def _head(file: BinaryIO) -> tuple[bytes, dict[str, str]]:
    """The first lines up to the empty one, and what they say."""
    lines = []
    while line := file.readline(65536):
        lines.append(line)
        if line in (b"\r\n", b"\n"):
            break
    told = dict(line.decode("latin-1").strip().lower().split(": ", 1) for line in lines[1:-1] if b": " in line)
    return b"".join(lines), told


def _body(file: BinaryIO, headers: dict[str, str]) -> bytes:
    if "chunked" not in headers.get("transfer-encoding", ""):
        return file.read(int(headers.get("content-length", 0)))
    out = b""
    while True:
        size = file.readline()
        chunk = file.read(int(size.split(b";")[0], 16) + 2)
        out += size + chunk
        if int(size.split(b";")[0], 16) == 0:
            return out


def _reset(connection: socket.socket) -> None:
    """Close so that the other side is told of a broken connection, not of an ended one."""
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()


@contextmanager
def fault_proxy(endpoint: str, delay: float, seed: int) -> Iterator[FaultProxy]:
    host, port = endpoint.rsplit(":", 1)
    proxy = FaultProxy((host, int(port)), delay, seed)
    try:
        yield proxy
    finally:
        proxy.close()
