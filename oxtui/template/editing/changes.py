"""The edits of a document, from text to text. Addresses say what is edited; nothing here keeps state."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from oxtui.template.editing.address import AddressError, chains, find
from oxtui.template.editing.disabled import comment_out, disable, enable
from oxtui.template.editing.members import members
from oxtui.template.hcl.diagnostic import TemplateError
from oxtui.template.hcl.edit.attributes import (
    add_attribute,
    bound_before,
    remove_attribute,
    set_attribute,
)
from oxtui.template.hcl.edit.blocks import insert_lines, remove_lines, rename_label, reorder
from oxtui.template.hcl.edit.extent import (
    extent_of,
    indentation,
    item_end,
    line_end,
    lines_of,
    newline_of,
)
from oxtui.template.hcl.edit.lists import set_items
from oxtui.template.hcl.format import format_tokens
from oxtui.template.hcl.parse import parse_expression
from oxtui.template.hcl.source import SourceFile
from oxtui.template.hcl.tree.expressions import Tuple
from oxtui.template.hcl.write import Code, write_block, write_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from oxtui.template.editing.address import Target
    from oxtui.template.hcl.tree.bodies import Attribute, Block, Body
    from oxtui.template.hcl.write import Writable

# Where a new top-level block goes: behind the last block that is not later in this order.
_ORDER = ("packer", "variables", "variable", "locals", "local", "data", "source", "build")


def change_inside(text: str, target: Target, change: Callable[[str, Block], str]) -> str:
    """Applies a change to a block's text, also where the block is commented out."""
    off = None if target.member is None else target.member.disabled
    if off is None:
        return change(text, target.block)
    changed = change(off.text, off.block)
    if in_layout(off.text, off.indent) == off.text:
        changed = in_layout(changed, off.indent)
    lines = comment_out(changed, off.indent, newline_of(text))
    return text[: off.extent.start] + lines + text[off.extent.end :]


def in_layout(lines: str, indent: str) -> str:
    """Lines of a block that is indented, in canonical layout for that indentation."""
    levels = len(indent) // 2
    around = format_tokens("b {\n" * levels + lines + "}\n" * levels)
    return "".join(lines_of(around)[levels : -levels or None])


def set_value(text: str, body: Body, address: str, name: str, value: Writable) -> str:
    """Sets an attribute, or adds it. Raises AddressError; TemplateError for code that is no expression."""
    if isinstance(value, Code):
        # A heredoc ends with the line of its mark.
        _, problems = parse_expression(SourceFile(f"{address} {name}", value.text + "\n"))
        if problems:
            raise TemplateError(problems)

    def change(inner: str, block: Block) -> str:
        known = block.body.attributes.get(name)
        indent = indentation(inner, block.type_span.start) + "  "
        written = write_value(value, indent, newline=newline_of(text))
        if known is None:
            return add_attribute(inner, block.body, name, written, block=block)
        if isinstance(known.expression, Tuple) and isinstance(value, list | tuple):
            items = [write_value([item], indent)[1:-1] for item in value]
            kept = set_items(inner, known.expression, items)
            if kept is not None:
                return kept
        if "\n" in written and "\n" not in inner[block.open.end : block.close.start]:
            emptied = remove_attribute(inner, block.body, known)
            shorter = block_with_close(block, len(emptied) - len(inner))
            return add_attribute(emptied, block.body, name, written, block=shorter)
        return set_attribute(inner, known, written)

    return change_inside(text, find(text, body, address), change)


def block_with_close(block: Block, shift: int) -> Block:
    """A block whose closing brace has moved because its content changed."""
    close = block.close._replace(start=block.close.start + shift, end=block.close.end + shift)
    return replace(block, close=close)


def remove_value(text: str, body: Body, address: str, name: str) -> str:
    """Removes an attribute with its comments; the text stays as it is if there is none.

    Raises AddressError.
    """

    def change(inner: str, block: Block) -> str:
        known = block.body.attributes.get(name)
        return inner if known is None else remove_attribute(inner, block.body, known)

    return change_inside(text, find(text, body, address), change)


def add_top_block(
    text: str, body: Body, kind: str, labels: Sequence[str], attributes: Mapping[str, Writable]
) -> str:
    """Adds a block to the file: behind the others of its kind, or where that kind usually stands."""
    lines = write_block(kind, labels, attributes, newline=newline_of(text))
    rank = _ORDER.index(kind) if kind in _ORDER else len(_ORDER)
    at = 1 if text.startswith("\ufeff") else 0
    for block in body.blocks:
        if (_ORDER.index(block.type) if block.type in _ORDER else len(_ORDER)) <= rank:
            at = item_end(text, block.span.end)
    if at <= 1 and body.blocks:
        first = body.blocks[0].span.start
        at = max(at, extent_of(text, first, first, bound_before(text, body, first)).start)
    return insert_lines(text, at, lines)


def remove_block(text: str, body: Body, address: str) -> str:
    """Removes a block with its comments. Raises AddressError."""
    target = find(text, body, address)
    if target.member is not None:
        return remove_lines(text, target.member.extent)
    block = target.block
    parent = next(iter(list(body.enclosing(block.span.start))[-2:-1]), None)
    around = body if parent is None else parent.body
    bound = bound_before(text, around, block.span.start)
    return remove_lines(text, extent_of(text, block.span.start, block.span.end, bound))


def rename(text: str, body: Body, address: str, index: int, label: str) -> str:
    """Gives a block's label number `index` another text. Raises AddressError."""

    def change(inner: str, block: Block) -> str:
        if index >= len(block.labels):
            raise AddressError(f"{address} label {index}")
        return rename_label(inner, block, index, label)

    return change_inside(text, find(text, body, address), change)


def switch(text: str, body: Body, address: str, *, on: bool) -> str:
    """Comments a provisioner or post-processor out, or brings it back. Raises AddressError."""
    member = find(text, body, address).member
    if member is None:
        raise AddressError(f"{address} that can be switched off")
    if member.disabled is not None:
        return enable(text, member.disabled) if on else text
    return text if on else disable(text, member.block)


def add_member(
    text: str,
    build: Block,
    kind: str,
    position: int,
    label: str,
    attributes: Mapping[str, Writable],
) -> str:
    """Adds a provisioner, or a post-processor as a chain of its own, so that it becomes number `position`."""

    def place(inner: str) -> int:
        return _place_in_build(inner, build, kind, position)

    return _add_inside(text, build, kind, [label], attributes, place)


def add_nested(text: str, body: Body, address: str, kind: str) -> str:
    """Adds a nested block: behind the last of its type, or of all. Raises AddressError."""
    outer = find(text, body, address).block

    def place(inner: str) -> int:
        alike = outer.body.blocks_of(kind)
        return _behind(inner, outer, alike or outer.body.items)

    return _add_inside(text, outer, kind, [], {}, place)


def _add_inside(
    text: str,
    outer: Block,
    kind: str,
    labels: Sequence[str],
    attributes: Mapping[str, Writable],
    place: Callable[[str], int],
) -> str:
    """Adds a block within another one, where its lines begin at `place`; one that is on a line is opened."""
    newline, indent = newline_of(text), indentation(text, outer.type_span.start)
    if "\n" not in text[outer.open.end : outer.close.start]:
        inside = text[outer.open.end : outer.close.start].strip()
        opened = f"{newline}{indent}  {inside}{newline}{indent}" if inside else newline + indent
        text = text[: outer.open.end] + opened + text[outer.close.start :]
        at = outer.open.end + opened.rindex("\n") + 1
    else:
        at = place(text)
    return insert_lines(
        text, at, write_block(kind, labels, attributes, indent + "  ", newline=newline)
    )


def _behind(text: str, outer: Block, items: Sequence[Attribute | Block]) -> int:
    """Where the line behind the last of some items of a block begins."""
    ends = [item_end(text, item.span.end) for item in items]
    return max(ends) if ends else line_end(text, outer.open.end)


def _place_in_build(text: str, build: Block, kind: str, position: int) -> int:
    """Where the lines of a new member begin."""
    if kind == "provisioner":
        present = [member.extent for member in members(text, build.body, kind)]
    else:
        present = [place.extent for place in chains(text, build)]
    if present:
        return present[position].start if position < len(present) else present[-1].end
    later = [b for b in build.body.blocks if b.type.startswith("post-processor")]
    if kind == "provisioner" and later:
        first = later[0].span.start
        return extent_of(text, first, first, bound_before(text, build.body, first)).start
    return _behind(text, build, build.body.items)


def move_member(text: str, build: Block, kind: str, old: int, new: int) -> str:
    """Moves a provisioner or a chain of post-processors to another place among its like.

    Comments go along. Raises AddressError.
    """
    if kind == "provisioner":
        extents = [member.extent for member in members(text, build.body, kind)]
    else:
        extents = [place.extent for place in chains(text, build)]
    if not (0 <= old < len(extents) and 0 <= new < len(extents)):
        raise AddressError(f"{kind} {max(old, new)}")
    order = list(range(len(extents)))
    order.insert(new, order.pop(old))
    return reorder(text, extents, order)
