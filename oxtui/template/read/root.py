"""The top of a template: which blocks may stand there, and where each goes in the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import error
from oxtui.template.model import ComponentDeclaration, ComponentKey
from oxtui.template.read.build_block import read_build, warn_registry
from oxtui.template.read.packer_block import read_packer
from oxtui.template.read.schema import Schema, check
from oxtui.template.read.variable_blocks import (
    read_local,
    read_locals,
    read_variable,
    read_variables,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.hcl.tree.bodies import Block
    from oxtui.template.model import Template, TemplateFile

ROOT = Schema(
    blocks={
        "packer": (),
        "variable": ("name",),
        "variables": (),
        "local": ("name",),
        "locals": (),
        "data": ("type", "name"),
        "source": ("type", "name"),
        "build": (),
        "communicator": ("type", "name"),
        "hcp_packer_registry": (),
        "dynamic": ("type",),
    }
)


def read_file(template: Template, file: TemplateFile) -> None:
    """Adds the blocks of one file to the template."""
    template.files.append(file)
    template.diagnostics += check(file.body, ROOT, file.source, file.body.span)
    for block in file.body.blocks:
        labels = (ROOT.blocks or {}).get(block.type)
        if labels is not None and len(labels) == len(block.labels):
            read = _READERS.get(block.type)
            if read is not None:
                read(template, block, file.source)


def _read_source(template: Template, block: Block, file: SourceFile) -> None:
    _add_component(template, template.sources, block, file)


def _read_data(template: Template, block: Block, file: SourceFile) -> None:
    _add_component(template, template.data, block, file)


def _add_component(
    template: Template,
    known: dict[ComponentKey, ComponentDeclaration],
    block: Block,
    file: SourceFile,
) -> None:
    key = ComponentKey(block.labels[0].value, block.labels[1].value)
    first = known.get(key)
    if first is None:
        known[key] = ComponentDeclaration(key, block, file)
        return
    line = first.file.line_number(first.block.span.start)
    detail = f'{block.type} "{key.type}" "{key.name}" is in {first.file.name} line {line} already.'
    summary = f"Duplicate {block.type} block"
    template.diagnostics.append(error(summary, detail, block.header, file))


_READERS: dict[str, Callable[[Template, Block, SourceFile], None]] = {
    "packer": read_packer,
    "variable": read_variable,
    "variables": read_variables,
    "local": read_local,
    "locals": read_locals,
    "source": _read_source,
    "data": _read_data,
    "build": read_build,
    "hcp_packer_registry": warn_registry,
}
