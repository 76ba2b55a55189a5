"""The `packer` block: which Packer and which plugins a template asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import error
from oxtui.template.hcl.values.types import STRING
from oxtui.template.model import RequiredPlugin, RequiredVersion
from oxtui.template.read.constant import ConstantReader
from oxtui.template.read.schema import Schema, check
from oxtui.template.read.versions import PACKER_VERSION, allows

if TYPE_CHECKING:
    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.hcl.tree.bodies import Attribute, Block
    from oxtui.template.model import Template

PACKER = Schema(attributes=frozenset(("required_version",)), blocks={"required_plugins": ()})


def read_packer(template: Template, block: Block, file: SourceFile) -> None:
    """Adds what a `packer` block asks for to the template."""
    template.diagnostics += check(block.body, PACKER, file, block.header)
    constants = ConstantReader(file, template.diagnostics)
    version = block.body.attributes.get("required_version")
    if version is not None:
        wanted = RequiredVersion(constants.string(version), version.span, file)
        template.required_versions.append(wanted)
        _check_version(template, wanted)
    for plugins in block.body.blocks_of("required_plugins"):
        for attribute in plugins.body.attributes.values():
            _read_plugin(template, attribute, constants, file)


def _check_version(template: Template, wanted: RequiredVersion) -> None:
    try:
        fits = allows(wanted.constraints, PACKER_VERSION)
    except ValueError as problem:
        detail = f"{problem}."
        found = error("Invalid required_version constraint", detail, wanted.span, wanted.file)
        template.diagnostics.append(found)
        return
    if not fits:
        detail = (
            f'This template asks for Packer "{wanted.constraints}"; the language understood here is that '
            f"of Packer {PACKER_VERSION}."
        )
        found = error("Unsupported Packer Core version", detail, wanted.span, wanted.file)
        template.diagnostics.append(found)


def _read_plugin(
    template: Template, attribute: Attribute, constants: ConstantReader, file: SourceFile
) -> None:
    value = constants.value(attribute)
    if value is None:
        return
    data = value.data if isinstance(value.data, dict) else {}
    parts = {
        name: part.text for name, part in data.items() if part.type == STRING and not part.is_null
    }
    if not {"version", "source"} <= parts.keys():
        detail = (
            f'"{attribute.name}" needs version and source: {{version = ">= 1.0", source = "…"}}.'
        )
        span = attribute.expression.span
        template.diagnostics.append(error("Invalid required_plugins entry", detail, span, file))
        return
    try:
        allows(parts["version"], "0")
    except ValueError as problem:
        span = attribute.expression.span
        found = error("Invalid version constraint", f"{problem}.", span, file)
        template.diagnostics.append(found)
    plugin = RequiredPlugin(attribute.name, parts["source"], parts["version"], attribute.span, file)
    template.required_plugins.append(plugin)
