"""What a guest holds, as `collect.sh` lists it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

SECTIONS = ("packages", "users", "groups", "units", "ports")
_PROCESS = re.compile(r'\(\("([^"]+)"')
_LISTEN = "0A"
"""State of a TCP socket in /proc/net/tcp that listens; one of UDP that is bound is in 07 (proc(5))."""
_BOUND = "07"
_TIMED_OUT = "124"
"""Exit status of timeout(1)."""


@dataclass(frozen=True, slots=True)
class Files:
    """Files that were added or changed; sizes in bytes."""

    count: int
    size: int
    largest: tuple[tuple[int, str], ...]
    """Size and path, the largest first; not of all."""
    whole: bool = True
    """False: the walk over the disks was cut off, so there may be more."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a guest holds."""

    time: int
    """Of the guest's clock, Unix seconds."""
    root: bool
    """Whether it was looked at as root: otherwise some of it cannot be seen."""
    sections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By section, what there is by name, with what is to be known of it. What could not be read is missing."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Who told a section: `dpkg`, `systemd`. Of `files`: `ctime`, by which they count."""
    files: Files | None = None
    whole: bool = True
    """False: the list breaks off."""


def read(text: str) -> Inventory | None:
    """The inventory of a list; None where it is none at all."""
    parts = _parts(text.splitlines())
    clock = parts.pop("clock", None)
    words = clock[0].split() if clock else []
    if len(words) != 2 or not words[0].isdecimal():
        return None
    sections = {
        name: dict(_entries(name, kind, lines))
        for name, (kind, lines) in parts.items()
        if name in SECTIONS and kind != "-"
    }
    files = _files(parts["files"][1]) if "files" in parts else None
    return Inventory(
        time=int(words[0]),
        root=words[1] == "yes",
        sections=sections,
        kinds={name: parts[name][0] for name in (*sections, *(("files",) if files else ()))},
        files=files,
        whole="end" in parts,
    )


def _parts(lines: Iterable[str]) -> dict[str, tuple[str, list[str]]]:
    """By section: the rest of the line that begins it, and its lines."""
    parts: dict[str, tuple[str, list[str]]] = {}
    here: list[str] = []
    for line in lines:
        if line.startswith("@"):
            name, _, kind = line[1:].partition(" ")
            here = []
            parts[name] = (kind, here)
        else:
            here.append(line)
    return parts


def _entries(section: str, kind: str, lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    if section == "ports":
        yield from _sockets(lines) if kind == "ss" else _kernel_sockets(lines)
        return
    known: dict[str, str] = {}
    for line in lines:
        name, tab, value = line.partition("\t")
        if tab and name:
            # Several versions of one package, several runlevels of one service.
            known[name] = f"{known[name]}, {value}" if name in known else value
    yield from known.items()


def _sockets(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Of `ss -H -tulnp`: protocol, state, two queues, local and peer address, processes."""
    for line in lines:
        words = line.split(None, 6)
        if len(words) < 5:
            continue
        process = _PROCESS.search(words[6]) if len(words) > 6 else None
        yield f"{words[0]} {words[4]}", process[1] if process else ""


def _kernel_sockets(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        words = line.split()
        if len(words) != 3 or words[2] != (_LISTEN if words[0].startswith("tcp") else _BOUND):
            continue
        address, _, port = words[1].partition(":")
        try:
            # Groups of four bytes, each in the machine's own order (little-endian on an Oxide rack).
            raw = bytes.fromhex(address)
            ordered = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
            host, number = ipaddress.ip_address(ordered), int(port, 16)
        except ValueError:
            continue
        shown = f"[{host}]" if host.version == 6 else str(host)
        yield f"{words[0].removesuffix('6')} {shown}:{number}", ""


def _files(lines: Iterable[str]) -> Files | None:
    largest: list[tuple[int, str]] = []
    for line in lines:
        if line.startswith("="):
            count, size, code = [*line[1:].split(), "", ""][:3]
            if count.isdecimal() and size.isdecimal():
                return Files(int(count), int(size), tuple(largest), code != _TIMED_OUT)
            return None
        size, tab, path = line.partition("\t")
        if tab and size.isdecimal():
            largest.append((int(size), path))
    return None
