"""The text of a new template, laid out as `packer fmt` would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.write import write_block

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from oxtui.template.hcl.write import Writable

OXIDE_PLUGIN_SOURCE: Final = "github.com/oxidecomputer/oxide"
OXIDE_PLUGIN_VERSION: Final = ">= 0.1.0"
OUTSCALE_PLUGIN_SOURCE: Final = "github.com/outscale/outscale"
OUTSCALE_PLUGIN_VERSION: Final = ">= 1.0.0"

_PLUGINS: Final = {
    "oxide": (OXIDE_PLUGIN_SOURCE, OXIDE_PLUGIN_VERSION),
    "outscale": (OUTSCALE_PLUGIN_SOURCE, OUTSCALE_PLUGIN_VERSION),
}
"""Plugins by the beginning of the names of their sources."""


def new_template(
    source_name: str,
    options: Mapping[str, Writable],
    provisioners: Sequence[tuple[str, Mapping[str, Writable]]] = (),
    *,
    source_type: str = "oxide-instance",
) -> str:
    """A template with one source and a build of it.

    `options` are the source's attributes in the order in which they shall stand; `provisioners` are
    types with their attributes.
    """
    blocks = []
    name = source_type.partition("-")[0]
    if name in _PLUGINS:
        source, version = _PLUGINS[name]
        plugin = {"version": version, "source": source}
        inner = write_block("required_plugins", [], {name: plugin}, "  ")
        blocks.append("packer {\n" + inner + "}\n")
    blocks.append(write_block("source", [source_type, source_name], options))
    reference = f"source.{source_type}.{source_name}"
    build = write_block("build", [], {"sources": [reference]}).removesuffix("}\n")
    for kind, attributes in provisioners:
        build += "\n" + write_block("provisioner", [kind], attributes, "  ")
    blocks.append(build + "}\n")
    return "\n".join(blocks)
