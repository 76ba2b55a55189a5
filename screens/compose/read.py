"""Reads a document into parts. May take a while for a long one: call it off the event loop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from oxtui.component.options import OptionSpec
from oxtui.component.registry import UnknownComponent, component
from oxtui.template.document import Document
from oxtui.template.hcl.source import SourceFile, Span
from oxtui.template.hcl.tree.bodies import Attribute, Block
from oxtui.template.hcl.write import Code
from screens.compose.kinds import SSH, component_specs, is_raw, older_names, variable_specs
from screens.compose.reading import Field, Part, PartKind, Reading
from screens.compose.value_text import WrongValue, is_expression, read, show

if TYPE_CHECKING:
    from oxtui.template.editing.members import Member


def read_document(document: Document) -> Reading:
    """The parts of a document as it is now."""
    return Reading(SourceFile(document.filename, document.text), tuple(_parts(document)))


def _parts(document: Document) -> Iterator[Part]:
    text, body = document.text, document.body
    for block in body.blocks_of("source"):
        if len(block.labels) == 2:
            yield from _source(block, text)
    for kind in ("variable", "data"):
        for block in body.blocks_of(kind):
            if len(block.labels) == (1 if kind == "variable" else 2):
                yield _top(kind, block, text)
    for number, _ in enumerate(body.blocks_of("build")):
        for index, member in enumerate(document.provisioners(number)):
            address = f"build.{number}.provisioner.{index}"
            yield _member(document, address, "provisioner", member, number, index)
        for chain, members in enumerate(document.post_processors(number)):
            for place, member in enumerate(members):
                address = f"build.{number}.post-processor.{chain}.{place}"
                yield _member(document, address, "post-processor", member, number, chain)


def _source(block: Block, text: str) -> Iterator[Part]:
    type_name, name = (label.value for label in block.labels)
    address = f"source.{type_name}.{name}"
    specs = component_specs("source", type_name)
    fields = _fields(block, specs, text, older=older_names("source", type_name))
    # Where there is nothing else, it needs no place of its own.
    apart = any(spec.group != SSH for spec in specs)
    ssh = tuple(field for field in fields if apart and field.spec.group == SSH)
    own = tuple(field for field in fields if not apart or field.spec.group != SSH)
    yield Part(address, address, "source", name, own, block.span, type_name)
    if ssh:
        part = Part(f"{address} ssh", address, "ssh", "SSH", ssh, block.span)
        yield Part(
            part.id, address, "ssh", "SSH", ssh, block.span, part.value("ssh_username")
        )  # fmt: skip


def _top(kind: PartKind, block: Block, text: str) -> Part:
    labels = [label.value for label in block.labels]
    address = ".".join([kind, *labels])
    if kind == "data":
        fields = _fields(block, component_specs(kind, labels[0]), text)
        return Part(address, address, kind, labels[1], fields, block.span, labels[0])
    type_ = block.body.attributes.get("type")
    type_text = "" if type_ is None else _source_text(type_, text)
    mark = block.body.attributes.get("sensitive")
    sensitive = mark is not None and _source_text(mark, text) != "false"
    specs = variable_specs(type_text, secret=sensitive)
    fields = _fields(block, specs, text, kind, type_text)
    part = Part(address, address, kind, labels[0], fields, block.span)
    detail = part.value("default") if not sensitive else "sensitive"
    return Part(address, address, kind, labels[0], fields, block.span, detail.split("\n")[0])


def _member(
    document: Document, address: str, kind: PartKind, member: Member, build: int, index: int
) -> Part:
    off = member.disabled
    text = document.text if off is None else off.text
    fields = _fields(member.block, component_specs(kind, member.type), text)
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


def _fields(
    block: Block,
    specs: Sequence[OptionSpec],
    text: str,
    kind: str = "",
    type_text: str = "",
    older: Mapping[str, str] | None = None,
) -> tuple[Field, ...]:
    attributes = block.body.attributes
    fields = [
        _field(spec, attributes.get(spec.name), text, is_raw(kind, spec.name, type_text))
        for spec in specs
    ]
    names = {spec.name for spec in specs}
    for name, attribute in attributes.items():
        if name not in names:
            now = (older or {}).get(name, "")
            help_ = f"An older name of {now}." if now else "No such option is known here."
            spec = OptionSpec(
                name=name, type="string", required=False, default=None, help=help_, group="Others"
            )
            fields.append(
                Field(spec, _source_text(attribute, text), attribute.span, True, bool(now))
            )
    return tuple(fields)


def _field(spec: OptionSpec, attribute: Attribute | None, text: str, raw: bool) -> Field:
    if attribute is None:
        return Field(spec, raw=raw)
    shown = _source_text(attribute, text) if raw else show(attribute.expression, text, spec)
    return Field(spec, shown, attribute.span, raw)


def _source_text(attribute: Attribute, text: str) -> str:
    span = attribute.expression.span
    return text[span.start : span.end]


def _detail(kind: str, type_name: str, fields: Sequence[Field]) -> str:
    """What tells a provisioner from others: in its component's words if its values are plain."""
    given: dict[str, Any] = {}
    for field in fields:
        if field.is_set and not is_expression(field.text) and not field.raw:
            with suppress(WrongValue):
                value = read(field.text, field.spec)
                if value is not None and not isinstance(value, Code):
                    given[field.name] = value
    if kind == "provisioner":
        with suppress(UnknownComponent, ValueError):
            found = component("provisioner", type_name)
            told: str = found.detail(found.Options.model_validate(_known(found.Options, given)))
            return told
    texts = [field.text for field in fields if field.is_set and not field.spec.secret]
    return texts[0].strip().split("\n")[0] if texts else ""


def _known(options: Any, given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name in options.model_fields}
