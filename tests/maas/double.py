"""What a MAAS of tests has and how it changes: the rules of its API for uploaded images (maas.md part 1)."""

from __future__ import annotations

import asyncio
import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

ROOT = "/MAAS/api/2.0/"
DAY = "20261130"
ARCHITECTURES = ("amd64/generic", "arm64/generic")
SYSTEMS = re.compile(
    "ubuntu|ubuntu-core|bootloader|centos|rhel|custom|windows|suse|esxi|ol|onie|noble|jammy"
)
"""What it keeps for itself: operating systems, and releases of its image streams."""
TYPES = re.compile("tgz|tbz|txz|ddtgz|ddtbz|ddtxz|ddtar|ddgz|ddbz2|ddxz|ddraw")


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
    stalled: int = 0
    """Chunks that have waited."""
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

    async def until(self, condition: Callable[[], bool]) -> None:
        """Returns once something holds of what was asked; requests come in on other threads."""

        def wait() -> bool:
            with self.changed:
                return self.changed.wait_for(condition, 60)

        assert await asyncio.to_thread(wait)

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
        if not TYPES.fullmatch(form.get("filetype", "tgz")):
            wrong["filetype"] = ["Select a valid choice."]
        system, slash, rest = form.get("name", "").rpartition("/")
        name = rest if system in ("", "custom") else form["name"]
        if slash and not SYSTEMS.fullmatch(system):
            wrong["name"] = [f"Unsupport operating system {system}"]
        elif SYSTEMS.fullmatch(name) or re.search(r"^centos\d\d?$", name):
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
