"""A template as the Compose screen shows it: parts with fields. Made of the text, anew for each text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from oxtui.component.options import OptionSpec
from oxtui.template.hcl.source import SourceFile, Span

PartKind: TypeAlias = Literal[
    "source",
    "ssh",
    "variable",
    "local",
    "data",
    "packer",
    "plugin",
    "build",
    "override",
    "provisioner",
    "error-cleanup-provisioner",
    "post-processor",
    "file",
    "block",
]
"""`block` is a nested block of a source or data source, `override` a `source` block within a build, `file`
a file in which no other part stands."""


@dataclass(frozen=True, slots=True)
class Field:
    """One option of a part, set or not."""

    spec: OptionSpec
    text: str = ""
    """Its value as it is shown and typed; empty if it is not set."""
    span: Span | None = None
    """Where it stands in the template."""
    raw: bool = False
    """It is shown and typed as HCL."""
    known: bool = True
    """False: the template sets it, but the component has no such option."""
    hcl: bool = True
    """False in a legacy template: its text is never an expression of HCL."""
    whole: bool | None = None
    """Of a list of lines: it is written as one text of several lines, a heredoc; None where that cannot be."""
    run: str = ""
    """It is of builds from here and not of the template: where its value comes from, in one word."""
    is_given: bool = False
    """Of such a field: its value was set here."""

    @property
    def name(self) -> str:
        """As the template has it."""
        return self.spec.name

    @property
    def is_set(self) -> bool:
        """Whether the template has it, or of a field of builds whether it was given here."""
        return self.span is not None or self.is_given


@dataclass(frozen=True, slots=True)
class Part:
    """What the outline has a line for: a source, its SSH options, a variable, a provisioner, …"""

    id: str
    """Unlike that of any other part of the template; for a part of a single file its address, with
    what of it is shown."""
    address: str
    """Of its block, in its file."""
    kind: PartKind
    title: str
    fields: tuple[Field, ...]
    span: Span
    detail: str = ""
    enabled: bool = True
    build: int = 0
    """Of what is in a build: the number of the build in its file."""
    index: int = 0
    """Of a provisioner or post-processor: its place in its build; of a nested block: among its like."""
    file: str = ""
    """Name of the file that it is in."""

    @property
    def has_form(self) -> bool:
        """Whether its fields are known."""
        return any(field.known for field in self.fields)

    @property
    def is_line(self) -> bool:
        """Whether it is a line of a block with others: `address` is of that block, its field the line."""
        return self.kind == "plugin" or (
            self.kind in ("variable", "local") and self.address.startswith(f"{self.kind}s")
        )

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((field for field in self.fields if field.name == name), None)

    def value(self, name: str) -> str:
        """The text of a field that is set; empty otherwise."""
        found = self.field(name)
        return found.text if found is not None else ""


@dataclass(frozen=True, slots=True)
class FileReading:
    """One file: its parts have addresses for ids."""

    source: SourceFile
    parts: tuple[Part, ...]
    is_whole: bool = True
    """Its syntax is right: no part is missing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All parts of all files, in the order in which Packer reads them."""

    sources: tuple[SourceFile, ...]
    parts: tuple[Part, ...]
    folder: Path | None = None
    """The folder that was opened; None for a single file."""
    is_whole: bool = True
    """The syntax of all files is right: no part is missing."""

    @property
    def text(self) -> str:
        """The texts of all files, one after the other."""
        return "\n".join(source.text for source in self.sources)

    @property
    def texts(self) -> dict[str, str]:
        """The texts, by file name."""
        return {source.name: source.text for source in self.sources}

    @property
    def is_folder(self) -> bool:
        """Whether parts need the name of their file to be found."""
        return len(self.sources) > 1

    def source(self, name: str) -> SourceFile:
        """The file of that name; for another name the first one."""
        return next((each for each in self.sources if each.name == name), self.sources[0])

    def has_file(self, name: str) -> bool:
        """Whether a file of that name belongs to the template."""
        return any(each.name == name for each in self.sources)

    def part(self, id_: str) -> Part | None:
        """The part of that id."""
        return next((part for part in self.parts if part.id == id_), None)

    def of_kind(self, *kinds: PartKind) -> Sequence[Part]:
        """The parts of some kinds."""
        return [part for part in self.parts if part.kind in kinds]

    def of_block(self, part: Part) -> Sequence[Part]:
        """The part with the others of the same block."""
        return [
            each for each in self.parts if (each.file, each.address) == (part.file, part.address)
        ]

    def inner(self, part: Part, block: str, number: int) -> Part | None:
        """The nested block of a type with that number, of the block that a part is of."""
        address = f"{part.address}/{block}.{number}"
        return next((p for p in self.parts if (p.file, p.address) == (part.file, address)), None)

    def alike(self, part: Part) -> Sequence[Part]:
        """The parts of the same kind in the same build, itself among them."""
        return [
            each
            for each in self.of_kind(part.kind)
            if (each.file, each.build) == (part.file, part.build)
        ]

    def build_of(self, part: Part | None) -> Part | None:
        """The build that a part is in; for one that is in none the first build."""
        builds = self.of_kind("build")
        if part is not None and part.address.startswith("build."):
            mine = [each for each in builds if (each.file, each.build) == (part.file, part.build)]
            return mine[0] if mine else None
        return builds[0] if builds else None

    def of_build(self, build: Part) -> Sequence[Part]:
        """The parts within a build."""
        return [
            each
            for each in self.parts
            if each.address.startswith(f"{build.address}.") and each.file == build.file
        ]

    def home_of(self, kind: PartKind, part: Part | None) -> str:
        """The file in which a new block of a kind belongs: beside the others, else where one is."""
        alike = self.of_kind(kind)
        if part is not None and (part.kind == kind or not alike):
            return part.file
        return alike[-1].file if alike else self.sources[0].name

    def at(self, file: str, offset: int) -> Iterator[tuple[Part, Field | None]]:
        """The parts that an offset lies in, with the field if it lies in one; the nearest first."""
        inside = [part for part in self.parts if part.file == file and part.span.contains(offset)]
        inside.sort(key=lambda part: part.span.end - part.span.start)
        for part in inside:
            for field in part.fields:
                if field.span is not None and field.span.contains(offset):
                    yield part, field
        for part in inside:
            yield part, None

    def lines(self, file: str, span: Span | None) -> range:
        """The lines, from 1, of a span."""
        if span is None:
            return range(0)
        source, last = self.source(file), max(span.start, span.end - 1)
        return range(source.line_number(span.start), source.line_number(last) + 1)


def gathered(files: Sequence[FileReading], folder: Path | None = None) -> Reading:
    """The reading of all files together: builds are numbered through, and no two parts share an id."""
    parts: list[Part] = []
    seen: Counter[str] = Counter()
    builds = 0
    for file in files:
        for part in file.parts:
            id_ = part.id
            if id_.startswith("build."):
                rest = id_.split(".", 2)[2:]
                id_ = ".".join(["build", str(builds + part.build), *rest])
            seen[id_] += 1
            if seen[id_] > 1:
                id_ = f"{id_} #{seen[id_]}"
            parts.append(part if id_ == part.id else replace(part, id=id_))
        builds += sum(part.kind == "build" for part in file.parts)
    sources, whole = tuple(file.source for file in files), all(file.is_whole for file in files)
    return Reading(sources, tuple(parts), folder, whole)


def first_change(before: Reading, after: Reading, files: Collection[str]) -> Part | None:
    """The first part of some files that is not as it was; if all are, the first part there."""
    inside = [part for part in after.parts if part.file in files]
    return next(
        (part for part in inside if _content(part) != _content(before.part(part.id))),
        inside[0] if inside else None,
    )


def _content(part: Part | None) -> object:
    return part and (part.enabled, part.title, [(field.name, field.text) for field in part.fields])
