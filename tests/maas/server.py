"""The HTTP side of the MAAS of tests: the header that proves who asks, forms, faults.

with maas() as there:
    client = MaasClient(Connection(there.api, ApiKey.parse(KEY, "test")))
"""

from __future__ import annotations

import json
import re
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.maas.double import ROOT, Maas, Refusal

KEY = "consumer0000000000:token0000000000000:secret0123456789abcdefSECRET"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer goes out as one
    maas: Maas

    def log_message(self, *arguments: object) -> None:
        """Nothing is printed."""

    def _handle(self) -> None:
        maas, path = self.maas, urllib.parse.urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        data = self.rfile.read(length)
        if self.command == "PUT" and not maas.stall.is_set():
            with maas.lock:
                maas.stalled += 1
                maas.changed.notify_all()
            maas.stall.wait(30)
        with maas.lock:
            maas.calls.append(f"{self.command} {path.path}")
            maas.headers.append(self.headers.get("Authorization", ""))
            maas.changed.notify_all()
            fault = self._fault(path.path)
            if fault in ("dropped", "later", "half"):
                if fault == "half":
                    self._act(path, data[: length // 2], length // 2)
                if fault == "later":
                    maas.waiting.append((2, lambda: self._act(path, data, length)))
                self.close_connection = True
                return
            status, body = (int(fault[:3]), b"") if fault[:3].isdigit() else (0, b"")
            if not status or "lost" in fault:
                acted = self._act(path, data, length)
                status, body = (status, body) if status else acted
            if fault == "lost":
                self.close_connection = True
                return
        self.send_response(status)
        kind = "application/json" if body[:1] in (b"{", b"[") else "text/plain"
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = _handle  # noqa: N815 - named by the library

    def _fault(self, path: str) -> str:
        for fault in self.maas.faults:
            if fault.method == self.command and fault.path in path:
                if fault.after:
                    fault.after -= 1
                    return ""
                if fault.times:
                    fault.times -= 1
                    return fault.how
        return ""

    def _act(self, path: urllib.parse.SplitResult, data: bytes, length: int) -> tuple[int, bytes]:
        maas = self.maas
        if self.command == "GET":
            due = [action for looks, action in maas.waiting if looks <= 1]
            maas.waiting = [(looks - 1, action) for looks, action in maas.waiting if looks > 1]
            for action in due:
                action()
        try:
            return self._answer(path, data, length)
        except Refusal as refusal:
            told = refusal.text
            return refusal.status, (told if isinstance(told, str) else json.dumps(told)).encode()

    def _answer(
        self, path: urllib.parse.SplitResult, data: bytes, length: int
    ) -> tuple[int, bytes]:
        maas, inside = self.maas, path.path.removeprefix(ROOT)
        if not path.path.startswith(ROOT):
            return 404, b"Not Found"
        if inside == "version/":
            return 200, json.dumps(
                {"version": "3.8.0", "subversion": "", "capabilities": []}
            ).encode()
        if problem := oauth_problem(self.headers.get("Authorization", "")):
            return 401, f"Authorization Error: {problem}".encode()
        if inside == "boot-resources/" and self.command == "GET":
            assert urllib.parse.parse_qs(path.query) == {"type": ["uploaded"]}
            return 200, json.dumps(
                [maas.told(i, whole=False) for i in maas.images.values()]
            ).encode()
        one = re.fullmatch(r"boot-resources/(\d+)/", inside)
        if self.command == "GET" and one:
            if (image := maas.images.get(int(one[1]))) is None:
                return 404, b"No BootResource matches the given query."
            return 200, json.dumps(maas.told(image, whole=True)).encode()
        if not maas.admin:
            return 403, b"This method is reserved for admin users."
        if inside == "boot-resources/" and self.command == "POST":
            form = form_of(self.headers.get("Content-Type", ""), data)
            return 201, json.dumps(maas.told(maas.create(form), whole=True)).encode()
        chunk = re.fullmatch(r"boot-resources/(\d+)/upload/(\d+)/", inside)
        if self.command == "PUT" and chunk:
            assert self.headers.get("Content-Type") == "application/octet-stream"
            maas.append(int(chunk[1]), int(chunk[2]), data, length)
            return 200, b"OK"
        if self.command == "DELETE" and one:
            return (204, b"") if maas.images.pop(int(one[1]), None) else (404, b"Not Found")
        return 404, b"Not Found"


def oauth_problem(header: str) -> str:
    """What is wrong with a header, by RFC 5849 with the method PLAINTEXT; empty for a right one."""
    scheme, _, rest = header.partition(" ")
    fields = {
        name: urllib.parse.unquote(text) for name, text in re.findall(r'(\w+)="([^"]*)"', rest)
    }
    consumer, token, secret = KEY.split(":")
    wanted = {
        "oauth_version": "1.0", "oauth_signature_method": "PLAINTEXT",
        "oauth_consumer_key": consumer, "oauth_token": token,
        "oauth_signature": f"&{urllib.parse.quote(secret, safe='')}",
    }  # fmt: skip
    if scheme != "OAuth" or not fields.get("oauth_nonce"):
        return "no OAuth header"
    if not fields.get("oauth_timestamp", "").isdigit():
        return "no timestamp"
    wrong = [name for name, text in wanted.items() if fields.get(name) != text]
    return f"Invalid {wrong[0]}" if wrong else ""


def form_of(kind: str, data: bytes) -> dict[str, str]:
    """The fields of a multipart form."""
    message = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + data)
    parts = message.get_payload()
    assert isinstance(parts, list)
    found = {}
    for part in parts:
        name = part.get_param("name", header="content-disposition")
        found[str(name)] = part.get_payload(decode=True).decode()
    return found


@contextmanager
def maas(**state: Any) -> Iterator[Maas]:
    """A MAAS that answers while the block runs."""
    there = Maas(**state)
    handler = type("Handler", (_Handler,), {"maas": there})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    there.host = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield there
    finally:
        there.stall.set()
        server.shutdown()
        server.server_close()
        thread.join()
