"""The provisioners, or the chains of post-processors, of a build in a `.pkr.json`, and their order.

They may stand in lists, in objects by type, or both in each other. What has a place of its own in a
list or an object is put, moved and taken there; else all are written anew as one list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxtui.template.editing.address import AddressError
from oxtui.template.json.bodies import COMMENT
from oxtui.template.json.edit.json_text import place_in_order, place_of
from oxtui.template.json.edit.style import line_indent
from oxtui.template.json.edit.tree import refusal
from oxtui.template.json.edit.write import write
from oxtui.template.json.nodes import Array, Object

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.tree.bodies import Block
    from oxtui.template.json.edit.json_text import JsonText
    from oxtui.template.json.edit.places import Step
    from oxtui.template.json.edit.tree import Tree
    from oxtui.template.json.nodes import Node

_ORDER = (
    "name", "description", "sources", "source",
    "provisioner", "error-cleanup-provisioner", "post-processor", "post-processors",
)  # fmt: skip
_CHAINS = ("post-processor", "post-processors")


@dataclass(frozen=True)
class Unit:
    """A provisioner or a chain. `steps` lead from the build's object to its own."""

    block: Block
    steps: list[Step]

    @property
    def place(self) -> Step | None:
        """Its place in a list in which nothing else shares it."""
        if len(self.steps) < 2 or not isinstance(self.steps[1].container, Array):
            return None
        if not self.block.labels:
            return self.steps[1]
        if len(self.steps) == 3 and isinstance(holder := self.steps[2].container, Object):
            alone = sum(member.name != COMMENT for member in holder.members) == 1
            return self.steps[1] if alone else None
        return None

    @property
    def nearest(self) -> Step:
        """Its place in the list or object that is right around it."""
        return self.place or self.steps[-1]

    @property
    def item(self) -> Node:
        """What stands at its place in a list; where it has none, its own object."""
        return self.place.node if self.place is not None else self.steps[-1].node


def build_object(json: JsonText, build: Block) -> Object:
    """The object of a build block."""
    node = json.at(build.open.start)
    if not isinstance(node, Object):
        raise AddressError("build")
    return node


def units(json: JsonText, build: Block, kind: str) -> list[Unit]:
    """The provisioners, or for `post-processor` the chains, in order."""
    kinds = _CHAINS if kind == "post-processor" else (kind,)
    known = len(json.path(build_object(json, build)))
    blocks = [block for block in build.body.blocks if block.type in kinds]
    blocks.sort(key=lambda block: block.open.start)
    return [Unit(block, json.path(json.at(block.open.start))[known:]) for block in blocks]


def insert_unit(
    json: JsonText, build: Block, kind: str, position: int, label: str, tree: Tree
) -> JsonText:
    """Adds a provisioner, or a post-processor as a chain of its own, to become number `position`."""
    found = units(json, build, kind)
    position = max(0, min(position, len(found)))
    if not found:
        return _first(json, build, kind, {label: tree})
    near = [(found[position], 0)] if position < len(found) else []
    near += [(found[position - 1], 1)] if position else []
    for unit, behind in near:
        if unit.place is not None:
            chain = unit.block.type == "post-processors"
            item: Tree = {"post-processor": {label: tree}} if chain else {label: tree}
            container = unit.place.container
            if isinstance(container, Array):
                return json.insert_item(container, unit.place.position + behind, item)
    for unit, behind in near:
        container, at = unit.steps[-1]
        labelled = bool(unit.block.labels)
        if isinstance(container, Array) and labelled and unit.block.labels[0].value == label:
            return json.insert_item(container, at + behind, tree)
        by_type = isinstance(container, Object) and len(unit.steps) == 2
        if by_type and isinstance(container, Object) and place_of(container, label) is None:
            return json.add_member(container, at + behind, label, tree)
    items: list[Unit | tuple[str, Tree]] = [*found[:position], (label, tree), *found[position:]]
    return _relist(json, build, kind, items)


def _first(json: JsonText, build: Block, kind: str, item: Tree) -> JsonText:
    node = build_object(json, build)
    place = place_of(node, kind)
    if place is not None:  # an empty list, perhaps
        return json.set_value(node.members[place].value, [item])
    return json.add_member(node, place_in_order(node, kind, _ORDER), kind, [item])


def move_unit(json: JsonText, build: Block, kind: str, old: int, new: int) -> JsonText:
    """Moves a provisioner or a chain, so that it becomes number `new`. Raises AddressError."""
    found = units(json, build, kind)
    if not (0 <= old < len(found) and 0 <= new < len(found)):
        raise AddressError(f"{kind} {max(old, new)}")
    passed = found[min(old, new) : max(old, new) + 1]
    container = passed[0].nearest.container
    if all(unit.nearest.container is container for unit in passed):
        return json.move_entry(container, found[old].nearest.position, found[new].nearest.position)
    items: list[Unit | tuple[str, Tree]] = list(found)
    items.insert(new, items.pop(old))
    return _relist(json, build, kind, items)


def relabel(json: JsonText, build: Block, block: Block, label: str) -> JsonText:
    """Gives one of several provisioners or post-processors that share a key another type."""
    items: list[Unit | tuple[str, Tree]] = []
    found = units(json, build, block.type)
    if all(unit.block.open != block.open for unit in found):
        detail = (
            "It shares its key with others of its chain. Edit the text, so that it has its own."
        )
        raise refusal("The type cannot be changed alone", detail)
    for unit in found:
        own = unit.block.open == block.open
        items.append((label, json.slice(unit.steps[-1].node)) if own else unit)
    return _relist(json, build, block.type, items)


def _relist(
    json: JsonText, build: Block, kind: str, items: Sequence[Unit | tuple[str, Tree]]
) -> JsonText:
    """Writes all of a kind as one list, each in an object of its own; their texts stay."""
    node = build_object(json, build)
    kinds = _CHAINS if kind == "post-processor" else (kind,)
    present = [i for i, member in enumerate(node.members) if member.name in kinds]
    chains = any(isinstance(item, Unit) and not item.block.labels for item in items)
    key = "post-processors" if chains else kind
    unit = json.style.unit or ""
    inner = line_indent(json.text, node.members[present[0]].key.span.start) + unit
    trees = [_tree(json, item, inner, unit, chains=chains) for item in items]
    lines = "\n" in json.slice(node)
    for place in reversed(present[1:]):
        json = json.remove_entry(build_object(json, build), place)
    member = build_object(json, build).members[present[0]]
    indent = line_indent(json.text, member.key.span.start)
    json = json.replace(member.value, write(trees, json.style, indent, lines=lines))
    return json.rename_key(build_object(json, build).members[present[0]], key)


def _tree(
    json: JsonText, item: Unit | tuple[str, Tree], indent: str, unit: str, *, chains: bool
) -> Tree:
    """An item of the new list, which is indented by `indent`."""
    if isinstance(item, tuple):
        label, tree = item
        return {"post-processor": {label: tree}} if chains else {label: tree}
    wrap = chains and bool(item.block.labels)
    if item.place is not None or not item.block.labels:
        raw: Tree = moved(json, item.item, indent + unit * wrap)
    else:
        _refuse_comments(item)
        own = moved(json, item.item, indent + unit * (1 + wrap))
        raw = {item.block.labels[0].value: own}
    return {"post-processor": raw} if wrap else raw


def _refuse_comments(unit: Unit) -> None:
    for container, _ in unit.steps[1:]:
        if isinstance(container, Object) and place_of(container, COMMENT) is not None:
            detail = (
                'A "//" stands beside the blocks that would be put in another order. Edit the text, '
                "so that it stands in one of them."
            )
            raise refusal("A comment would be lost", detail)


def moved(json: JsonText, node: Node, indent: str) -> str:
    """A node's text for a place with another indentation; no string has a line break in it."""
    old = line_indent(json.text, node.span.start)
    first, *rest = json.slice(node).split("\n")
    again = [indent + line[len(old) :] if line.startswith(old) else line for line in rest]
    return "\n".join([first, *again])
