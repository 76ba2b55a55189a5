"""Work on whole spools that takes longer than a frame; called in a thread."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from oxtui.logs.reader import SpoolReader
from oxtui.logs.sanitise import sanitise
from oxtui.logs.sgr import Color, Style

_BLOCK = 2000
"""Lines read at once."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""Of all members of a bundle: what a zip file can hold, and the same each time."""


class Part(NamedTuple):
    """The output of one step."""

    build: str
    step: str
    title: str
    spool: Path


def write_text(spool: Path, file: Path, *, color: bool = False) -> int:
    """Write a spool as text, plain or with its colours as escape codes; returns the lines.

    Raises:
        OSError: it cannot be written.
    """
    with _own(file) as out:
        return _copy(spool, out, color=color)


def write_parts(parts: Sequence[Part], file: Path, *, color: bool = False) -> int:
    """Write several spools one behind the other, each under its name; returns their lines.

    Raises:
        OSError: it cannot be written.
    """
    with _own(file) as out:
        lines = 0
        for part in parts:
            out.write(f"==> {part.build}: {part.title}\n")
            lines += _copy(part.spool, out, color=color)
        return lines


def write_bundle(parts: Sequence[Part], texts: Mapping[str, str], file: Path) -> int:
    """Write a zip file of spools as plain text and of other `texts` by their names; returns its members.

    Secrets are not in it: they were taken out before a byte reached the spools, and out of all events.

    Raises:
        OSError: it cannot be written.
    """
    with (
        os.fdopen(_open(file), "wb") as out,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle,
    ):
        for name, text in texts.items():
            bundle.writestr(_member(name), text.encode("utf-8", "replace"))
        for part in parts:
            name = f"{file_name(part.build)}/{file_name(part.step)}.log"
            with (
                bundle.open(_member(name), "w", force_zip64=True) as raw,
                io.TextIOWrapper(raw, "utf-8", errors="replace") as member,
            ):
                _copy(part.spool, member, color=False)
    return len(parts) + len(texts)


def file_name(text: str) -> str:
    """`text` with nothing that a shell, a path or another system could take amiss."""
    clean = "".join(char if char.isalnum() or char in "._-" else "_" for char in text)
    return clean.lstrip(".") or "_"


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EARLIEST)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _open(file: Path) -> int:
    """A new file for its owner alone."""
    return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)


def _own(file: Path) -> IO[str]:
    return os.fdopen(_open(file), "w", encoding="utf-8", errors="replace")


def _copy(spool: Path, out: IO[str], *, color: bool) -> int:
    with SpoolReader(spool) as reader:
        for first in range(0, reader.lines, _BLOCK):
            for line in reader.read(first, first + _BLOCK, None):
                text = colored(line.text) if color else sanitise(line.text).text
                out.write(text + ("" if line.continues else "\n"))
        return reader.lines


def colored(text: str) -> str:
    """One line of untrusted output with its colours, and no other escape code, written anew."""
    safe = sanitise(text)
    pieces, at = [], 0
    for span in safe.spans:
        codes = ";".join(_codes(span.style))
        pieces += [safe.text[at : span.start], f"\x1b[{codes}m", safe.text[span.start : span.end]]
        pieces.append("\x1b[0m")
        at = span.end
    return "".join([*pieces, safe.text[at:]])


def _codes(style: Style) -> Iterator[str]:
    switches = {
        "1": style.bold, "2": style.dim, "3": style.italic, "4": style.underline,
        "7": style.reverse, "9": style.strike,
    }  # fmt: skip
    yield from (code for code, on in switches.items() if on)
    for color, base in ((style.foreground, 38), (style.background, 48)):
        if color is not None:
            yield _color(color, base)


def _color(color: Color, base: int) -> str:
    if isinstance(color, int):
        return f"{base};5;{color}"
    return ";".join(map(str, (base, 2, *color)))
