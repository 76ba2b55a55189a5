"""What of a JSON body is a block: a name alone does not tell, so Packer's own blocks are listed.

Inside of a component everything is an attribute: an object there reads the same as a block does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from oxtui.template.read.build_block import BUILD, CHAIN
from oxtui.template.read.packer_block import PACKER
from oxtui.template.read.root import ROOT
from oxtui.template.read.schema import Schema
from oxtui.template.read.variable_blocks import VARIABLE


@dataclass(frozen=True, slots=True)
class Shape:
    """A body: its block types with their labels' names, and what the bodies of those are."""

    blocks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inside: Mapping[str, Shape] = field(default_factory=dict)
    code: frozenset[str] = frozenset()
    """Attributes whose strings are expressions, not templates."""

    def of(self, kind: str) -> Shape:
        """The bodies of a block type."""
        return self.inside.get(kind, PLAIN)


def _shape(schema: Schema, inside: Mapping[str, Shape] | None = None, *code: str) -> Shape:
    return Shape(schema.blocks or {}, inside or {}, frozenset(code))


PLAIN: Final = Shape()
_BUILD_SHAPE = _shape(BUILD, {"post-processors": _shape(CHAIN)})
ROOT_SHAPE: Final = _shape(
    ROOT,
    {"packer": _shape(PACKER), "variable": _shape(VARIABLE, None, "type"), "build": _BUILD_SHAPE},
)
