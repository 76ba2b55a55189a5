"""Reads a document into parts. May take a while for a long one: call it off the event loop."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxtui.component.registry import UnknownComponent, component
from oxtui.template.document import Document
from oxtui.template.editing.template_document import TemplateDocument
from oxtui.template.hcl.source import SourceFile, Span
from oxtui.template.hcl.tree.bodies import Block
from oxtui.template.hcl.write import Code
from oxtui.template.read.files import is_hcl
from screens.compose.kinds import BUILD, component_specs, is_ssh, older_names, options_of
from screens.compose.literal import told_by
from screens.compose.read_blocks import nested_parts
from screens.compose.read_fields import Language, fields_of, language_of
from screens.compose.read_tops import read_tops
from screens.compose.reading import Field, FileReading, Part, PartKind
from screens.compose.value_text import WrongValue, is_expression, read

if TYPE_CHECKING:
    from oxtui.template.editing.members import Member


_SOURCE_NAME = re.compile(r"\bsource\.[\w-]+\.([\w-]+)")


def read_document(document: TemplateDocument) -> FileReading:
    """The parts of a document as it is now."""
    source = SourceFile(document.filename, document.text)
    parts: Iterable[Part] = ()
    if is_hcl(document.filename) or not isinstance(document, Document):
        parts = _parts(document)
    found = tuple(replace(part, file=source.name) for part in parts)
    if not found:
        name = Path(source.name).name
        whole = Part(f"file {source.name}", "", "file", name, (), Span(0, len(source.text)))
        found = (replace(whole, file=source.name),)
    return FileReading(source, found, document.is_whole)


def _parts(document: TemplateDocument) -> Iterator[Part]:
    language, body = language_of(document), document.body
    for block in body.blocks_of("source"):
        if len(block.labels) == 2:
            yield from _source(block, language)
    yield from read_tops(body, language)
    for number, build in enumerate(body.blocks_of("build")):
        yield _build(number, build, language)
        for index, block in enumerate(build.body.blocks_of("source")):
            yield _inner(f"build.{number}.source.{index}", "override", block, language, number)
        for index, member in enumerate(document.provisioners(number)):
            address = f"build.{number}.provisioner.{index}"
            yield _member(document, address, "provisioner", member, number, index)
        for chain, members in enumerate(document.post_processors(number)):
            for place, member in enumerate(members):
                address = f"build.{number}.post-processor.{chain}.{place}"
                yield _member(document, address, "post-processor", member, number, chain)
        for block in build.body.blocks_of("error-cleanup-provisioner")[:1]:
            address = f"build.{number}.error-cleanup-provisioner"
            yield _inner(address, "error-cleanup-provisioner", block, language, number)


def _build(number: int, block: Block, language: Language) -> Part:
    fields = fields_of(block, BUILD, language, "build")
    part = Part(f"build.{number}", f"build.{number}", "build", "build", fields, block.span)
    sources = _SOURCE_NAME.findall(part.value("sources"))
    return replace(
        part, title=part.value("name") or "build", detail=", ".join(sources), build=number
    )


def _source(block: Block, language: Language) -> Iterator[Part]:
    type_name, name = (label.value for label in block.labels)
    address = f"source.{type_name}.{name}"
    specs = component_specs("source", type_name)
    fields = fields_of(block, specs, language, older=older_names("source", type_name))
    # Where there is nothing else, it needs no place of its own.
    apart = any(not is_ssh(spec) for spec in specs)
    ssh = tuple(field for field in fields if apart and is_ssh(field.spec))
    own = tuple(field for field in fields if not apart or not is_ssh(field.spec))
    yield Part(address, address, "source", name, own, block.span, type_name)
    if ssh:
        part = Part(f"{address} ssh", address, "ssh", "SSH", ssh, block.span)
        yield replace(part, detail=part.value("ssh_username"))
    yield from nested_parts(block, options_of("source", type_name), address, language)


def _inner(address: str, kind: PartKind, block: Block, language: Language, build: int) -> Part:
    """A block of a build that is neither moved nor switched off."""
    label = block.labels[0].value if block.labels else ""
    if kind == "override":
        fields = fields_of(block, component_specs("source", label.partition(".")[0]), language)
        detail = ", ".join(field.name for field in fields if field.is_set)
    else:
        fields = fields_of(block, component_specs("provisioner", label), language)
        detail = _detail("provisioner", label, fields)
    return Part(address, address, kind, label, fields, block.span, detail, build=build)


def _member(
    document: TemplateDocument, address: str, kind: PartKind, member: Member, build: int, index: int
) -> Part:
    off = member.disabled
    language = language_of(document) if off is None else Language(told_by(off.text))
    fields = fields_of(member.block, component_specs(kind, member.type), language)
    span = member.block.span
    if off is not None:
        span = Span(off.extent.start, off.extent.end)
        fields = tuple(
            Field(f.spec, f.text, off.place(f.span) if f.span else None, f.raw, f.known)
            for f in fields
        )
    detail = _detail(kind, member.type, fields)
    return Part(
        address, address, kind, member.type, fields, span, detail, off is None, build, index
    )


def _detail(kind: PartKind, type_name: str, fields: Sequence[Field]) -> str:
    """What tells a step from its likes: in its component's words if its values are plain."""
    given: dict[str, Any] = {}
    for field in fields:
        if field.is_set and not is_expression(field.text) and not field.raw:
            with suppress(WrongValue):
                value = read(field.text, field.spec)
                if value is not None and not isinstance(value, Code):
                    given[field.name] = value
    if kind == "provisioner" or kind == "post-processor":
        with suppress(UnknownComponent, ValueError):
            found = component(kind, type_name)
            told: str = found.detail(found.Options.model_validate(_known(found.Options, given)))
            return told
    texts = [field.text for field in fields if field.is_set and not field.spec.secret]
    return texts[0].strip().split("\n")[0] if texts else ""


def _known(options: Any, given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name in options.model_fields}
