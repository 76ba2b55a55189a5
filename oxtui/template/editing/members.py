"""The provisioners of a build and the members of its post-processor chains, those switched off included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxtui.template.editing.disabled import DisabledBlock, find_disabled
from oxtui.template.hcl.edit.extent import Extent, extent_of, item_end, line_end

if TYPE_CHECKING:
    from oxtui.template.hcl.tree.bodies import Block, Body


@dataclass(frozen=True)
class Member:
    """A provisioner or post-processor. `extent` are its lines with the comments that belong to it."""

    block: Block
    disabled: DisabledBlock | None
    extent: Extent

    @property
    def type(self) -> str:
        """Its type, such as `shell`."""
        return self.block.labels[0].value if self.block.labels else ""

    @property
    def enabled(self) -> bool:
        """Whether it is part of the build."""
        return self.disabled is None


def members(text: str, body: Body, kind: str) -> list[Member]:
    """The blocks of one kind in a body, in order; whether switched on or off."""
    found: list[tuple[int, int, Block, DisabledBlock | None]] = [
        (block.span.start, block.span.end, block, None) for block in body.blocks_of(kind)
    ]
    disabled = list(find_disabled(text, body))
    found += [
        (one.extent.start, one.extent.end, one.block, one)
        for one in disabled
        if one.block.type == kind
    ]
    ends = [item_end(text, item.span.end) for item in body.items]
    ends += [one.extent.end for one in disabled]
    first = line_end(text, body.span.start) if body.span.start else 0
    result: list[Member] = []
    for start, end, block, off in sorted(found, key=lambda entry: entry[0]):
        bound = max((e for e in ends if e <= start), default=first)
        last = end - 1 if off is not None else end
        result.append(Member(block, off, extent_of(text, start, last, bound)))
    return result
