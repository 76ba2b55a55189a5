"""Writing a bundle: the same session gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oxtui import __version__
from oxtui.build.bundle import form
from oxtui.build.bundle.anonymous import Anonymous, host_names
from oxtui.build.bundle.errors import BundleError
from oxtui.build.bundle.looks_secret import SecretSeeker
from oxtui.build.bundle.outputs import Sizes, write_output
from oxtui.build.session import SessionFolder, safe_name
from oxtui.component.event_records import record
from oxtui.component.events import Event, OutputGrown, SessionStarted

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""Of all files in it: what a zip file can hold, and the same each time."""
_UNIX = 3
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Identity:
    """Who runs oxtui here: names of this machine and of its user, which `--anonymous` replaces."""

    hosts: tuple[str, ...] = ()
    users: tuple[str, ...] = ()


def write_bundle(
    events: Sequence[Event],
    folder: SessionFolder,
    target: Path,
    *,
    identity: Identity | None = None,
    live: bool = False,
    force: bool = False,
) -> form.Summary:
    """Writes a session into one file, for its owner alone; takes long, so call it off the event loop.

    Args:
        events: all that was told of it, as the journal holds it: secrets that it knew are masked.
        folder: of its outputs and its template. Keys that lie there are never read.
        target: the file, whole or not at all.
        identity: with one, hosts, addresses and users are replaced by others.
        live: a process is at work on it.
        force: a file that is there is overwritten.

    Raises:
        BundleError: the file is there already, or the session is larger than a bundle may be.
        OSError: something cannot be read or written.
    """
    if target.exists() and not force:
        raise BundleError(
            f"{target} is there already; name another file, or overwrite it (--force)."
        )
    hidden = _Hidden(_anonymous(events, identity))
    with tempfile.TemporaryDirectory(prefix="oxtui-bundle-") as name:
        packing = _Packing(Path(name))
        sizes = _outputs(events, folder, hidden, packing)
        _events(events, sizes, hidden, packing)
        _template(folder, hidden, packing)
        members = packing.members()
        manifest = _manifest(
            events, members, hidden, folder.number, anonymous=identity is not None, live=live
        )
        _zip(target, manifest, [(each, packing.place(each.name)) for each in members])
    return form.Summary(
        members, target.stat().st_size, len(events), hidden.secrets.count, hidden.names
    )


class _Hidden:
    """Masks what looks like a secret, and renames what tells who and where, if that is wanted."""

    def __init__(self, anonymous: Anonymous | None) -> None:
        self.secrets = SecretSeeker()
        self._anonymous = anonymous

    @property
    def names(self) -> int:
        return 0 if self._anonymous is None else self._anonymous.count

    def line(self, line: bytes) -> bytes:
        line = self.secrets.line(line)
        return line if self._anonymous is None else self._anonymous.line(line)

    def value(self, value: Any) -> Any:
        """A value of JSON with every text in it hidden; keys are oxtui's own."""
        match value:
            case str():
                return self._named(self.secrets.text(value))
            case dict():
                return {key: self.value(item) for key, item in value.items()}
            case [*texts] if texts and all(isinstance(text, str) for text in texts):
                return [self._named(text) for text in self.secrets.texts(texts)]
            case list() | tuple():
                return [self.value(item) for item in value]
        return value

    def _named(self, text: str) -> str:
        return text if self._anonymous is None else self._anonymous.text(text)


class _Packing:
    """The files of a bundle before they are packed: their sizes are written in front of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: list[str] = []
        self._total = 0

    def place(self, name: str) -> Path:
        return self._folder / str(self._names.index(name))

    def new(self, name: str) -> Path:
        self._names.append(name)
        return self.place(name)

    def members(self) -> tuple[form.Member, ...]:
        found = []
        for name in self._names:
            path = self.place(name)
            self._total += path.stat().st_size
            if self._total > form.LARGEST_CONTENT:
                raise BundleError(
                    f"The session has more than {form.LARGEST_CONTENT >> 30} GiB of output, which is "
                    "more than a bundle may hold. `ctrl+s` on the Build screen saves single outputs."
                )
            with open(path, "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            found.append(form.Member(name, path.stat().st_size, digest))
        return tuple(found)


def _outputs(
    events: Iterable[Event], folder: SessionFolder, hidden: _Hidden, packing: _Packing
) -> dict[tuple[str, str], Sizes]:
    grown = dict.fromkeys((e.build, e.step) for e in events if isinstance(e, OutputGrown))
    sizes = {}
    for build, step in grown:
        spool = folder.existing_spool(build, step)
        if spool is None:
            continue
        hidden.secrets.begin()
        name = f"builds/{safe_name(hidden.value(build))}/{safe_name(hidden.value(step))}"
        with (
            open(packing.new(f"{name}.log"), "wb") as text,
            open(packing.new(f"{name}.lines"), "wb") as lines,
        ):
            sizes[build, step] = write_output(spool, hidden.line, text, lines)
    hidden.secrets.begin()
    return sizes


def _events(
    events: Iterable[Event],
    sizes: dict[tuple[str, str], Sizes],
    hidden: _Hidden,
    packing: _Packing,
) -> None:
    with open(packing.new(form.EVENTS), "w", encoding="utf-8", errors="replace") as file:
        for event in events:
            values = record(event)
            # What a builder has to know to go on is of no use elsewhere.
            if values["type"] == "builder_remembered":
                continue
            told = {**hidden.value(values), "type": values["type"]}
            if isinstance(event, OutputGrown) and (event.build, event.step) in sizes:
                told["size"] = sizes[event.build, event.step].now(event.size)
            file.write(json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n")


def _template(folder: SessionFolder, hidden: _Hidden, packing: _Packing) -> None:
    try:
        text = folder.template.read_bytes()
    except FileNotFoundError:
        return
    hidden.secrets.begin()
    lines = map(hidden.line, text.split(b"\n"))
    packing.new(form.TEMPLATE).write_bytes(b"\n".join(lines))


def _anonymous(events: Iterable[Event], identity: Identity | None) -> Anonymous | None:
    if identity is None:
        return None
    hosts = list(identity.hosts)
    for event in events:
        if isinstance(event, SessionStarted):
            hosts = [*host_names(event.host), event.silo, *hosts]
    return Anonymous(filter(None, hosts), identity.users)


def _manifest(
    events: Sequence[Event],
    members: Sequence[form.Member],
    hidden: _Hidden,
    number: int,
    *,
    anonymous: bool,
    live: bool,
) -> bytes:
    values = {
        "format": form.FORMAT,
        "version": form.VERSION,
        "oxtui": __version__,
        "session": number,
        "anonymous": anonymous,
        "live": live,
        "masked": hidden.secrets.count,
        "renamed": hidden.names,
        "events": len(events),
        "files": [{"name": m.name, "size": m.size, "sha256": m.sha256} for m in members],
    }
    return json.dumps(values, indent=2, ensure_ascii=False).encode() + b"\n"


def _zip(target: Path, manifest: bytes, files: Sequence[tuple[form.Member, Path]]) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bundle:
                bundle.writestr(_info(form.MANIFEST), manifest, compresslevel=6)
                for member, path in files:
                    with open(path, "rb") as source, bundle.open(_info(member.name), "w") as into:
                        _copy(source.read, into.write)
            out.flush()
            os.fsync(out.fileno())
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


def _copy(read: Callable[[int], bytes], write: Callable[[bytes], int]) -> None:
    while piece := read(_PIECE):
        write(piece)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EARLIEST)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = _UNIX
    info.external_attr = (stat.S_IFREG | 0o600) << 16
    return info
