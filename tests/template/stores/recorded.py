"""A server that answers as the documented interface of a store does, and keeps what it was asked."""

from __future__ import annotations

import json
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass
class Request:
    """What came: method and path with its query, headers, body."""

    line: str
    headers: Message
    body: bytes = b""


@dataclass
class Reply:
    """What is answered: a status, and JSON, a text, or bytes."""

    status: int = 200
    content: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        """The bytes that are sent."""
        if isinstance(self.content, bytes):
            return self.content
        return (
            self.content.encode()
            if isinstance(self.content, str)
            else json.dumps(self.content).encode()
        )


Answering = Callable[[Request], Reply]


@dataclass
class Held:
    """Answers once `answers` is set; `asked` is set by the first request."""

    answering: Answering
    asked: threading.Event = field(default_factory=threading.Event)
    answers: threading.Event = field(default_factory=threading.Event)

    def __call__(self, request: Request) -> Reply:
        self.asked.set()
        self.answers.wait()
        return self.answering(request)


@dataclass
class Recorded:
    """A server under way: its address, and the requests so far."""

    address: str
    requests: list[Request] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """The request lines."""
        return [request.line for request in self.requests]


class _UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


@contextmanager
def recorded(
    answering: Answering, *, tls: ssl.SSLContext | None = None, socket: Path | None = None
) -> Iterator[Recorded]:
    """Answers on an address of this machine, or on a Unix socket, until the block ends."""
    seen: list[Request] = []

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            request = Request(f"{self.command} {self.path}", self.headers, self.rfile.read(length))
            seen.append(request)
            reply = answering(request)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = _answer  # noqa: N815

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            pass

    server: socketserver.BaseServer
    if socket is not None:
        server = _UnixServer(str(socket), Handler)
        address = f"unix://{socket}"
    else:
        web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        web.daemon_threads = True
        if tls is not None:
            web.socket = tls.wrap_socket(web.socket, server_side=True)
        web.handle_error = lambda *_: None  # type: ignore[method-assign]
        server = web
        address = f"{'https' if tls else 'http'}://127.0.0.1:{web.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Recorded(address, seen)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
