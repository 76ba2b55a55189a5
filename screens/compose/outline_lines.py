"""What the lines of the outline are: the template as a tree, in the order in which a build uses it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from oxtui.template.editing.address import nesting
from screens.compose.reading import Part, PartKind, Reading


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a heading, a part, or a word where there is no part."""

    text: str = ""
    part: Part | None = None
    prefix: str = ""
    detail: str = ""
    """Behind a heading: the file that it is about."""


_SECTIONS: tuple[tuple[str, tuple[PartKind, ...]], ...] = (
    ("SOURCE", ("source", "ssh")),
    ("VARIABLES", ("variable",)),
    ("LOCALS", ("local",)),
    ("DATA", ("data",)),
)
_AFTER: tuple[tuple[str, tuple[PartKind, ...]], ...] = (
    ("PACKER", ("packer", "plugin")),
    ("FILES", ("file",)),
)
_INDENTED = ("ssh", "plugin")


def lines_of(reading: Reading) -> Iterator[Line]:
    """The outline; what is in which file is said where there are several."""
    for heading, kinds in _SECTIONS:
        yield from _section(heading, _with_blocks(reading, kinds), reading)
        if heading == "SOURCE" and not reading.of_kind("source"):
            yield from (Line(heading), Line("none: f2 writes one"))
    builds = reading.of_kind("build")
    yield from (Line(), _heading("BUILDS" if len(builds) > 1 else "BUILD", builds, reading))
    if not builds:
        yield Line("none: f2 writes one")
    for before, build in zip((None, *builds), builds, strict=False):
        yield from _file_line(before, build, builds, reading)
        yield from _build(build, reading)
    for heading, kinds in _AFTER:
        yield from _section(heading, reading.of_kind(*kinds), reading)


def _section(heading: str, parts: Sequence[Part], reading: Reading) -> Iterator[Line]:
    if not parts:
        return
    if heading != "SOURCE":
        yield Line()
    yield _heading(heading, parts, reading)
    for before, part in zip((None, *parts), parts, strict=False):
        yield from _file_line(before, part, parts, reading)
        yield Line(part=part, prefix="  " * _depth(part))


def _with_blocks(reading: Reading, kinds: tuple[PartKind, ...]) -> Sequence[Part]:
    """The parts of some kinds, with the blocks that are nested in them."""
    return [
        part
        for part in reading.of_kind(*kinds, "block")
        if part.kind != "block" or part.address.startswith(f"{kinds[0]}.")
    ]


def _depth(part: Part) -> int:
    return len(nesting(part.address)) if part.kind == "block" else int(part.kind in _INDENTED)


def _heading(text: str, parts: Sequence[Part], reading: Reading) -> Line:
    """A heading; if all of its parts are in one of several files, with that file's name."""
    files = {part.file for part in parts}
    alone = reading.is_folder and len(files) == 1 and text != "FILES"
    return Line(text, detail=f"  {Path(min(files)).name}" if alone else "")


def _file_line(
    before: Part | None, part: Part, parts: Sequence[Part], reading: Reading
) -> Iterator[Line]:
    """The name of a part's file, where it is another one than that of the part before."""
    several = len({each.file for each in parts}) > 1
    if several and part.kind != "file" and (before is None or before.file != part.file):
        yield Line(Path(part.file).name)


def _build(build: Part, reading: Reading) -> Iterator[Line]:
    yield Line(part=build)
    inside = reading.of_build(build)
    for part in inside:
        if part.kind == "override":
            yield Line(part=part, prefix="  source ")
    number = 0
    for part in inside:
        if part.kind == "provisioner":
            number += 1
            yield Line(part=part, prefix=f"{number:>3} {_switch(part)} ")
    if not number:
        yield Line("  none: a adds one")
    for part in inside:
        if part.kind == "error-cleanup-provisioner":
            yield Line(part=part, prefix=" on error ")
    chain = -1
    for part in inside:
        if part.kind == "post-processor":
            sign = "→" if part.index != chain else "↳"
            chain = part.index
            yield Line(part=part, prefix=f" {sign}{chain + 1} {_switch(part)} ")


def _switch(part: Part) -> str:
    return "●" if part.enabled else "○"
