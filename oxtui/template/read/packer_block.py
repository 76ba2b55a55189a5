"""The `packer` block: which Packer and which plugins a template asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import error
from oxtui.template.hcl.values.types import STRING
from oxtui.template.model import RequiredPlugin, RequiredVersion
from oxtui.template.read.constant import ConstantReader
from oxtui.template.read.schema import Schema, check

if TYPE_CHECKING:
    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.hcl.tree.bodies import Attribute, Block
    from oxtui.template.model import Template

_PACKER = Schema(attributes=frozenset(("required_version",)), blocks={"required_plugins": ()})


def read_packer(template: Template, block: Block, file: SourceFile) -> None:
    """Adds what a `packer` block asks for to the template."""
    template.diagnostics += check(block.body, _PACKER, file, block.header)
    constants = ConstantReader(file, template.diagnostics)
    version = block.body.attributes.get("required_version")
    if version is not None:
        wanted = RequiredVersion(constants.string(version), version.span, file)
        template.required_versions.append(wanted)
    for plugins in block.body.blocks_of("required_plugins"):
        for attribute in plugins.body.attributes.values():
            _read_plugin(template, attribute, constants, file)


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
    plugin = RequiredPlugin(attribute.name, parts["source"], parts["version"], attribute.span, file)
    template.required_plugins.append(plugin)
