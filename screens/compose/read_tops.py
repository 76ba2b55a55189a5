"""Reads the blocks at the top of a file that are neither source nor build into parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from oxtui.template.hcl.tree.bodies import Attribute, Block, Body
from screens.compose.kinds import (
    LOCAL,
    PACKER,
    component_specs,
    line_spec,
    options_of,
    variable_specs,
)
from screens.compose.read_blocks import nested_parts
from screens.compose.read_fields import Language, field_of, fields_of, source_text
from screens.compose.reading import Field, Part

_VERSION = re.compile(r'\bversion\s*[=:]\s*"([^"]*)"')


def read_tops(body: Body, language: Language) -> Iterator[Part]:
    """Variables, locals, data sources, and what the template needs."""
    for block in body.blocks_of("variable"):
        if len(block.labels) == 1:
            yield _variable(block, language)
    yield from _lines(body, language, "variable")
    for block in body.blocks_of("local"):
        if len(block.labels) == 1:
            yield _local(block, language)
    yield from _lines(body, language, "local")
    for block in body.blocks_of("data"):
        if len(block.labels) == 2:
            type_name, name = (label.value for label in block.labels)
            fields = fields_of(block, component_specs("data", type_name), language)
            address = f"data.{type_name}.{name}"
            yield Part(address, address, "data", name, fields, block.span, type_name)
            yield from nested_parts(block, options_of("data", type_name), address, language)
    yield from _packer(body, language)


def _variable(block: Block, language: Language) -> Part:
    address = f"variable.{block.labels[0].value}"
    type_ = block.body.attributes.get("type")
    type_text = "" if type_ is None else source_text(type_, language)
    secret = _is_sensitive(block, language)
    specs = variable_specs(type_text, secret=secret)
    fields = fields_of(block, specs, language, "variable", type_text)
    part = Part(address, address, "variable", block.labels[0].value, fields, block.span)
    return _told(part, part.value("default"), secret)


def _local(block: Block, language: Language) -> Part:
    address = f"local.{block.labels[0].value}"
    secret = _is_sensitive(block, language)
    specs = [replace(spec, secret=secret and spec.name == "expression") for spec in LOCAL]
    fields = fields_of(block, specs, language, "local")
    part = Part(address, address, "local", block.labels[0].value, fields, block.span)
    return _told(part, part.value("expression"), secret)


def _is_sensitive(block: Block, language: Language) -> bool:
    mark = block.body.attributes.get("sensitive")
    return mark is not None and source_text(mark, language) != "false"


def _told(part: Part, value: str, secret: bool) -> Part:
    return replace(part, detail="sensitive" if secret else value.split("\n")[0])


def _lines(body: Body, language: Language, kind: str) -> Iterator[Part]:
    """The lines of `variables` or `locals` blocks, each a part."""
    for number, block in enumerate(body.blocks_of(f"{kind}s")):
        for name, attribute in block.body.attributes.items():
            field = field_of(line_spec(name, kind), attribute, language, kind == "local")
            yield _line(f"{kind}.{name}", f"{kind}s.{number}", kind, field, attribute)


def _line(id_: str, address: str, kind: str, field: Field, attribute: Attribute) -> Part:
    detail = field.text.split("\n")[0]
    return Part(id_, address, kind, field.name, (field,), attribute.span, detail)  # type: ignore[arg-type]


def _packer(body: Body, language: Language) -> Iterator[Part]:
    blocks = body.blocks_of("packer")
    for block in blocks[:1]:
        fields = fields_of(block, PACKER, language)
        part = Part("packer", "packer", "packer", "Packer", fields, block.span)
        yield replace(part, detail=part.value("required_version"))
    plugins = [each for block in blocks[:1] for each in block.body.blocks_of("required_plugins")]
    for block in plugins[:1]:
        for name, attribute in block.body.attributes.items():
            field = field_of(line_spec(name, "plugin"), attribute, language, raw=True)
            address = "packer.required_plugins"
            part = _line(f"plugin.{name}", address, "plugin", field, attribute)
            version = _VERSION.search(field.text)
            yield replace(part, detail="" if version is None else version[1])
