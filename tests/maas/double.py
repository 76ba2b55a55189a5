"""A MAAS of a test: a real HTTP server with the rules of its API for uploaded images (maas.md parts 1 and 2).

with maas() as there:
    client = MaasClient(Connection(there.api, ApiKey.parse(KEY, "test")))
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

KEY = "consumer0000000000:token0000000000000:secret0123456789abcdefSECRET"
ROOT = "/MAAS/api/2.0/"
DAY = "20261130"
ARCHITECTURES = ("amd64/generic", "arm64/generic")
SYSTEMS = set(
    [
        "ubuntu",
        "ubuntu-core",
        "bootloader",
        "centos",
        "rhel",
        "custom",
        "windows",
        "suse",
        "esxi",
        "ol",
        "onie",
        "noble",
        "jammy",
    ]
)
TYPES = set(
    ["tgz", "tbz", "txz", "ddtgz", "ddtbz", "ddtxz", "ddtar", "ddgz", "ddbz2", "ddxz", "ddraw"]
)


@dataclass
class Fault:
    """What goes wrong with the next requests of a kind.

    how: `lost` acts and hangs up, `dropped` hangs up before it acts, `later` hangs up and acts at the
    second look that follows, `half` acts on one half and hangs up, a number is a status without acting,
    `502 lost` acts and answers that.
    """

    method: str
    path: str
    how: str
    times: int = 1
    after: int = 0
    """Requests of that kind that go well before."""


@dataclass
class File:
    id: int
    filetype: str
    sha256: str
    size: int
    data: bytearray = field(default_factory=bytearray)
    regions: int = 0
    """Those beside the first that have it, too."""


@dataclass
class Image:
    id: int
    name: str
    architecture: str
    base_image: str
    title: str = ""
    sets: dict[str, File | None] = field(default_factory=dict)


class Refusal(Exception):
    def __init__(self, status: int, text: str | dict[str, list[str]]) -> None:
        self.status = status
        self.text = text


@dataclass
class Maas:
    """Its state, which tests look at and set up."""

    regions: int = 1
    polls: int = 0
    """Looks until one more region has a file."""
    space: int = 1 << 40
    admin: bool = True
    host: str = ""
    images: dict[int, Image] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    waiting: list[Any] = field(default_factory=list)
    ids: Iterator[int] = field(default_factory=lambda: count(1))
    lock: threading.RLock = field(default_factory=threading.RLock)
    changed: threading.Condition = field(init=False)
    looks: int = 0
    stall: threading.Event = field(default_factory=threading.Event)
    """Set: chunks are taken. Cleared: they wait, as on a stuck disk."""

    def __post_init__(self) -> None:
        self.changed = threading.Condition(self.lock)
        self.stall.set()

    @property
    def url(self) -> str:
        return f"{self.host}/MAAS"

    @property
    def api(self) -> str:
        return f"{self.host}{ROOT}"

    @property
    def puts(self) -> int:
        return sum(call.startswith("PUT") for call in self.calls)

    def content(self, name: str) -> bytes:
        """What the newest version of an image holds."""
        [image] = [each for each in self.images.values() if each.name == name]
        file = list(image.sets.values())[-1]
        assert file is not None
        return bytes(file.data)

    def add(self, name: str, content: bytes, version: str = DAY, title: str = "") -> Image:
        """An image that is there already, complete."""
        found = [each for each in self.images.values() if each.name == name]
        image = found[0] if found else Image(next(self.ids), name, "amd64/generic", "ubuntu/noble")
        self.images[image.id] = image
        image.title = title
        digest = hashlib.sha256(content).hexdigest()
        image.sets[version] = File(
            next(self.ids), "root-tgz", digest, len(content), bytearray(content), self.regions - 1
        )
        return image

    # What the API does

    def create(self, form: dict[str, str]) -> Image:
        wrong: dict[str, list[str]] = {}
        for name in ("name", "architecture", "sha256", "size"):
            if not form.get(name):
                wrong[name] = ["This field is required."]
        if form.get("architecture") not in ARCHITECTURES and "architecture" not in wrong:
            wrong["architecture"] = [f"'{form['architecture']}' is not a valid architecture."]
        if len(form.get("sha256", "")) != 64 and "sha256" not in wrong:
            wrong["sha256"] = ["Ensure this value has at least 64 characters."]
        if form.get("filetype", "tgz") not in TYPES:
            wrong["filetype"] = ["Select a valid choice."]
        system, slash, rest = form.get("name", "").rpartition("/")
        name = rest if system in ("", "custom") else form["name"]
        if slash and system not in SYSTEMS:
            wrong["name"] = [f"Unsupport operating system {system}"]
        elif name in SYSTEMS or re.search(r"^centos\d\d?$", name):
            wrong["name"] = [f"{name} is a reserved name"]
        base = form.get("base_image", "")
        if base and not re.fullmatch(r"ubuntu/(jammy|noble)|centos/centos\d|rhel/8|ol/9", base):
            wrong["base_image"] = ["please select a valid base image OS and version"]
        if wrong:
            raise Refusal(400, wrong)
        size = int(form["size"])
        files = [file for image in self.images.values() for file in image.sets.values() if file]
        if any(file.sha256 == form["sha256"] and file.size != size for file in files):
            raise Refusal(400, "File already exists with sha256 that is of different size.")
        same = [
            each
            for each in self.images.values()
            if (each.name, each.architecture) == (name, form["architecture"])
        ]
        image = same[0] if same else Image(next(self.ids), name, form["architecture"], "")
        self.images[image.id] = image
        image.base_image = image.base_image or base or "ubuntu/noble"
        image.title = form.get("title", "")
        if form.get("keep_old") != "true":
            image.sets = dict.fromkeys(image.sets)
        kind = form.get("filetype", "tgz")
        image.sets[self.next_version(image)] = File(
            next(self.ids), f"root-{kind}", form["sha256"], size
        )
        return image

    @staticmethod
    def next_version(image: Image) -> str:
        numbers = [
            int(version.partition(".")[2] or 0)
            for version in image.sets
            if version.partition(".")[0] == DAY
        ]
        return DAY if not numbers else f"{DAY}.{max(numbers) + 1}"

    def append(self, number: int, file_id: int, data: bytes, length: int) -> None:
        image = self.images.get(number)
        found = [each for each in (image.sets.values() if image else ()) if each]
        file = next((each for each in found if each.id == file_id), None)
        if file is None:
            raise Refusal(404, "No BootResourceFile matches the given query.")
        if not data:
            raise Refusal(400, "Missing data.")
        if length != len(data):
            raise Refusal(400, "Content-Length doesn't equal size of received data.")
        if len(file.data) == file.size:
            raise Refusal(400, "Cannot upload to a complete file.")
        if len(file.data) + len(data) > file.size:
            raise Refusal(400, "Too much data received.")
        if len(file.data) + len(data) > self.space:
            raise Refusal(400, "No space left on device")
        whole = bytes(file.data) + data
        if len(whole) == file.size and hashlib.sha256(whole).hexdigest() != file.sha256:
            raise Refusal(400, "Saved content does not match given SHA256 value.")
        file.data += data

    def told(self, image: Image, *, whole: bool) -> dict[str, Any]:
        about = {
            "id": image.id, "type": "Uploaded", "name": image.name,
            "architecture": image.architecture, "title": image.title,
            "resource_uri": f"{ROOT}boot-resources/{image.id}/", "last_deployed": None,
            "base_image": image.base_image, "subarches": "generic",
        }  # fmt: skip
        if whole:
            sets = {v: self._set(image, v, file) for v, file in reversed(image.sets.items())}
            about["sets"] = sets
        return about

    def _set(self, image: Image, version: str, file: File | None) -> dict[str, Any]:
        if file is None:
            return {"version": version, "label": "uploaded", "size": 0, "complete": False,
                    "progress": 0.0, "files": {}}  # fmt: skip
        if len(file.data) == file.size and file.regions < self.regions - 1:
            self.looks += 1
            if self.looks > self.polls:
                self.looks, file.regions = 0, file.regions + 1
        have = len(file.data) + file.regions * file.size
        percent = 100.0 * have / (file.size * self.regions)
        state: dict[str, Any] = {"size": file.size, "complete": percent == 100.0}
        if percent != 100.0:
            state["progress"] = percent
        uri = {} if percent == 100.0 else {"upload_uri": self._uri(image, file)}
        files = {
            file.filetype: {
                "filename": file.filetype, "filetype": file.filetype, "sha256": file.sha256,
                "filename_on_disk": file.sha256[:7], **state, **uri,
            }
        }  # fmt: skip
        return {"version": version, "label": "uploaded", **state, "files": files}

    @staticmethod
    def _uri(image: Image, file: File) -> str:
        return f"{ROOT}boot-resources/{image.id}/upload/{file.id}/"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    maas: Maas

    def log_message(self, *arguments: object) -> None:
        """Nothing is printed."""

    def _handle(self) -> None:
        maas, path = self.maas, urllib.parse.urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        data = self.rfile.read(length)
        if self.command == "PUT":
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
    fields = dict(
        (name, urllib.parse.unquote(text)) for name, text in re.findall(r'(\w+)="([^"]*)"', rest)
    )
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
