"""The edits of a `.pkr.json` by address: from text to text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.editing.address import AddressError
from oxtui.template.editing.members import Member
from oxtui.template.hcl.edit.extent import Extent
from oxtui.template.hcl.write import Code
from oxtui.template.json.bodies import COMMENT
from oxtui.template.json.edit.code import HCL_STRINGS
from oxtui.template.json.edit.json_text import place_in_order, place_of
from oxtui.template.json.edit.tree import tree_of
from oxtui.template.json.edit.units import moved, relabel
from oxtui.template.json.nodes import Array, Object
from oxtui.template.json.shapes import ROOT_SHAPE
from oxtui.template.json.strings import write_string

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from oxtui.template.hcl.tree.bodies import Block, Body
    from oxtui.template.hcl.write import Writable
    from oxtui.template.json.edit.json_text import JsonText
    from oxtui.template.json.edit.tree import Json, Tree
    from oxtui.template.json.nodes import Node

ROOT_ORDER = (
    COMMENT, "packer", "variables", "variable", "locals", "local", "data", "source", "build",
)  # fmt: skip


def listed(text: str, body: Body, kind: str) -> list[Member]:
    """The members of one kind in a body; nothing can be switched off in JSON, nor has it comments."""
    return [
        Member(block, None, Extent(block.open.start, block.close.end))
        for block in body.blocks_of(kind)
    ]


def object_of(json: JsonText, block: Block) -> Object:
    """The object that holds a block's attributes. Raises AddressError if it is none."""
    node = json.at(block.open.start)
    if not isinstance(node, Object):
        raise AddressError(block.title)
    return node


def value_tree(block: Block, name: str, value: Writable | Json) -> Tree:
    """What a block's attribute is to be."""
    if name in ROOT_SHAPE.of(block.type).code and isinstance(value, str | Code):
        return write_string(value if isinstance(value, str) else value.text)
    return tree_of(value, HCL_STRINGS)


def add_block(
    json: JsonText, kind: str, labels: Sequence[str], attributes: Mapping[str, Writable]
) -> JsonText:
    """Adds a top-level block: beside the others of its kind, or where that kind usually stands."""
    code = ROOT_SHAPE.of(kind).code
    tree: Tree = {
        name: write_string(value.text)
        if name in code and isinstance(value, Code)
        else tree_of(value, HCL_STRINGS)
        for name, value in attributes.items()
    }
    return _add(json, kind, labels, tree)


def _add(json: JsonText, kind: str, labels: Sequence[str], tree: Tree) -> JsonText:
    root = json.root
    if isinstance(root, Array):
        holders = [item for item in root.items if isinstance(item, Object)]
        if not holders:
            return json.insert_item(root, len(root.items), {kind: _nested(labels, tree)})
        root = next((o for o in holders if place_of(o, kind) is not None), holders[-1])
    if not isinstance(root, Object):
        raise AddressError("object at its root")
    place = place_of(root, kind)
    if place is None:
        at = place_in_order(root, kind, ROOT_ORDER)
        return json.add_member(root, at, kind, _nested(labels, tree))
    return _add_below(json, root.members[place].value, labels, tree)


def _add_below(json: JsonText, node: Node, labels: Sequence[str], tree: Tree) -> JsonText:
    if isinstance(node, Array):
        return json.insert_item(node, len(node.items), _nested(labels, tree))
    if not isinstance(node, Object):
        return json.set_value(node, _nested(labels, tree))
    if not labels:  # the second of a kind makes a list of both
        json = json.replace(node, f"[{json.slice(node)}]")
        return _add_below(json, json.at(node.span.start), labels, tree)
    place = place_of(node, labels[0])
    if place is None:
        return json.add_member(node, len(node.members), labels[0], _nested(labels[1:], tree))
    return _add_below(json, node.members[place].value, labels[1:], tree)


def _nested(labels: Sequence[str], tree: Tree) -> Tree:
    for label in reversed(labels):
        tree = {label: tree}
    return tree


def remove_block(json: JsonText, block: Block, build: Block | None) -> JsonText:
    """Removes a block, and the keys that have nothing else. `build` is the build that it is in."""
    keep = json.root if build is None else object_of(json, build)
    return json.remove(json.at(block.open.start), keep, COMMENT)


def rename(
    json: JsonText, body: Body, block: Block, index: int, label: str, build: Block | None
) -> JsonText:
    """Gives a block's label number `index` another text. Raises AddressError."""
    if index >= len(block.labels):
        raise AddressError(f"{block.title} label {index}")
    span = block.labels[index].span
    around = body if build is None else build.body
    sharing = [one for one in _all_blocks(around) if any(x.span == span for x in one.labels)]
    if len(sharing) == 1:
        for container, number in json.path(json.at(block.open.start)):
            if isinstance(container, Object) and container.members[number].key.span == span:
                return json.rename_key(container.members[number], label)
    if build is not None:
        return relabel(json, build, block, label)
    labels = [label if i == index else known.value for i, known in enumerate(block.labels)]
    node = json.at(block.open.start)
    raw = moved(json, node, (json.style.unit or "") * (1 + len(labels)))
    return _add(json.remove(node, json.root, COMMENT), block.type, labels, raw)


def _all_blocks(body: Body) -> list[Block]:
    return [one for block in body.blocks for one in (block, *_all_blocks(block.body))]
