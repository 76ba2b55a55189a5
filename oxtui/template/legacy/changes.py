"""The edits of a legacy template by address: from text to text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from oxtui.template.editing.address import AddressError
from oxtui.template.hcl.source import SourceFile
from oxtui.template.json.edit.json_text import JsonText, place_in_order, place_of
from oxtui.template.json.edit.tree import Dialect, refusal, tree_of, tree_of_json
from oxtui.template.json.nodes import Array, Object, String
from oxtui.template.json.reader import parse_json
from oxtui.template.json.strings import write_string
from oxtui.template.legacy.body import POST_PROCESSORS, PROVISIONERS, SENSITIVE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from oxtui.template.hcl.tree.bodies import Block
    from oxtui.template.hcl.write import Writable
    from oxtui.template.json.edit.tree import Json, Tree
    from oxtui.template.json.nodes import Node

_ORDER: Final = (
    "description", "min_packer_version", "variables", SENSITIVE, "builders", PROVISIONERS,
    "error-cleanup-provisioner", POST_PROCESSORS,
)  # fmt: skip
_VARIABLE = re.compile(r"var\.([\w-]+)")


def raw_tree(code: str) -> Tree:
    """What is typed as code: JSON if it reads as that, a variable in the words of a legacy template, else
    a string of just this text, such as ``{{user `name`}}``."""
    if parse_json(SourceFile("", code))[0] is not None:
        return tree_of_json(code)
    found = _VARIABLE.fullmatch(code)
    return write_string(code if found is None else f"{{{{user `{found[1]}`}}}}")


PLAIN_STRINGS: Final = Dialect(str, raw_tree)
"""Strings are plain text: those of a legacy template."""


def _root(json: JsonText) -> Object:
    if not isinstance(json.root, Object):
        raise AddressError("object at its root")
    return json.root


def _listing(json: JsonText, name: str) -> Array | None:
    """The list at a root key; None if there is no such key. Raises TemplateError for another value."""
    node = _root(json).get(name)
    if node is None or isinstance(node, Array):
        return node
    raise refusal(f'"{name}" is no list', f'Make "{name}" a list before something is put in it.')


def set_value(json: JsonText, block: Block, name: str, value: Writable | Json) -> JsonText:
    """Sets an option of a builder, provisioner or post-processor, or what a variable is.

    Raises TemplateError for what a legacy template has no word for.
    """
    node, tree = json.at(block.open.start), tree_of(value, PLAIN_STRINGS)
    if block.type == "variable":
        return _set_variable(json, block.labels[0].value, node, name, tree)
    if block.type == "build" and name != "description":
        detail = f'A legacy template has one build without a block; it cannot have "{name}".'
        raise refusal("Unsupported argument", detail)
    if isinstance(node, String):  # a post-processor that is its type alone
        return json.set_value(node, {"type": json.slice(node), name: tree})
    if not isinstance(node, Object):
        raise AddressError(block.title)
    if block.type == "build" and place_of(node, name) is None:
        return json.add_member(node, place_in_order(node, name, _ORDER), name, tree)
    return json.set_member(node, name, tree)


def _set_variable(json: JsonText, label: str, node: Node, name: str, tree: Tree) -> JsonText:
    if name == "default" and isinstance(tree, str):
        text = tree == "null" or tree.startswith('"')
        return json.set_value(node, tree if text else write_string(tree))
    if name == "sensitive" and tree in ("true", "false"):
        return _mark(json, label, sensitive=tree == "true")
    if name == "type" and tree == '"string"':
        return json
    detail = (
        "A variable of a legacy template is a string with a default, and sensitive or not. "
        "In HCL it can be more: oxtui hcl2_upgrade."
    )
    raise refusal("Unsupported argument", detail)


def _marks(json: JsonText, variable: str) -> list[Node]:
    """Where a variable stands among the sensitive ones."""
    node = _listing(json, SENSITIVE)
    items = [] if node is None else node.items
    return [item for item in items if isinstance(item, String) and item.text == variable]


def _mark(json: JsonText, variable: str, *, sensitive: bool) -> JsonText:
    """Lists a variable among the sensitive ones, or no longer."""
    if sensitive:
        there = _marks(json, variable)
        return json if there else _append(json, SENSITIVE, write_string(variable))
    while found := _marks(json, variable):
        json = json.remove(found[0], json.root)
    return json


def _append(json: JsonText, name: str, tree: Tree, place: int | None = None) -> JsonText:
    """Puts an item in the list of a root key, which is added if it is not there."""
    node = _listing(json, name)
    if node is not None:
        return json.insert_item(node, len(node.items) if place is None else place, tree)
    root = _root(json)
    return json.add_member(root, place_in_order(root, name, _ORDER), name, [tree])


def remove_value(json: JsonText, block: Block, name: str) -> JsonText:
    """Removes an option; a variable without default must be given a value."""
    if block.type == "variable":
        if name == "default":
            return json.set_value(json.at(block.open.start), "null")
        return _mark(json, block.labels[0].value, sensitive=False) if name == "sensitive" else json
    node = json.at(block.open.start)
    if block.type == "build" and name != "description":
        return json
    return json.remove_member(node, name) if isinstance(node, Object) else json


def add_block(
    json: JsonText, kind: str, labels: Sequence[str], attributes: Mapping[str, Writable]
) -> JsonText:
    """Adds a builder (`source`) or a variable. Raises TemplateError for other blocks."""
    if kind == "source":
        type_, name = labels
        named = {} if name == type_ else {"name": name}
        return _append(
            json, "builders", tree_of({"type": type_, **named, **attributes}, PLAIN_STRINGS)
        )
    if kind == "variable":
        return _add_variable(json, labels[0], attributes)
    detail = "A legacy template has builders and variables only. HCL has more: oxtui hcl2_upgrade."
    raise refusal(f'A legacy template has no "{kind}"', detail)


def _add_variable(json: JsonText, name: str, attributes: Mapping[str, Writable]) -> JsonText:
    node = _root(json).get("variables")
    if node is None:
        root = _root(json)
        place = place_in_order(root, "variables", _ORDER)
        json = json.add_member(root, place, "variables", {name: "null"})
    elif isinstance(node, Object):
        _refuse_doubled(node, name)
        json = json.add_member(node, len(node.members), name, "null")
    else:
        raise refusal('"variables" is no object', 'Make "variables" an object first.')
    for key, value in attributes.items():
        node = _root(json).get("variables")
        if isinstance(node, Object):
            added = node.members[-1].value
            json = _set_variable(json, name, added, key, tree_of(value, PLAIN_STRINGS))
    return json


def _refuse_doubled(node: Object, name: str) -> None:
    if place_of(node, name) is not None:
        raise refusal("Duplicate variable", f'There is a variable "{name}" already.')


def remove_block(json: JsonText, block: Block) -> JsonText:
    """Removes a builder, a variable, a provisioner or a post-processor."""
    if block.type == "build":
        raise refusal("The build cannot be removed", "A legacy template is one build itself.")
    json = json.remove(json.at(block.open.start), json.root)
    if block.type == "variable":
        return _mark(json, block.labels[0].value, sensitive=False)
    return json


def rename(json: JsonText, block: Block, index: int, label: str) -> JsonText:
    """Gives a builder another type or name, a variable another name, a component another type.

    Raises AddressError.
    """
    if index >= len(block.labels):
        raise AddressError(f"{block.title} label {index}")
    node = json.at(block.open.start)
    if block.type == "variable":
        return _rename_variable(json, block.labels[0].value, node, label)
    if isinstance(node, String):
        return json.set_value(node, write_string(label))
    if not isinstance(node, Object):
        raise AddressError(block.title)
    named = place_of(node, "name") is not None
    if block.type == "source" and (index == 1 or not named):
        name = label if index == 1 else block.labels[1].value  # it was called by its type
        json = _named(json, node, name)
    if index == 0 and isinstance(node := json.at(block.open.start), Object):
        json = json.set_member(node, "type", write_string(label))
    return json


def _named(json: JsonText, node: Object, name: str) -> JsonText:
    """A builder with a name, behind its type if it had none."""
    written = write_string(name)
    if place_of(node, "name") is not None:
        return json.set_member(node, "name", written)
    return json.add_member(node, (place_of(node, "type") or 0) + 1, "name", written)


def _rename_variable(json: JsonText, old: str, node: Node, new: str) -> JsonText:
    container, place = json.path(node)[-1]
    if isinstance(container, Object) and new != old:
        _refuse_doubled(container, new)
        json = json.rename_key(container.members[place], new)
    while found := _marks(json, old) if old != new else []:
        json = json.set_value(found[0], write_string(new))
    return json


def add_member(
    json: JsonText, build: Block, kind: str, position: int, label: str, tree: Tree
) -> JsonText:
    """Adds a provisioner, or a post-processor as a chain of its own, to become number `position`."""
    places = _places(json, build, kind)
    name = PROVISIONERS if kind == "provisioner" else POST_PROCESSORS
    head = write_string(label)
    item: Tree = {"type": head, **tree} if isinstance(tree, dict) else {"type": head}
    if kind == "post-processor" and not tree:
        item = head
    place = places[position] if position < len(places) else None
    return _append(json, name, item, place)


def move_member(json: JsonText, build: Block, kind: str, old: int, new: int) -> JsonText:
    """Moves a provisioner or a chain of post-processors to another place. Raises AddressError."""
    places = _places(json, build, kind)
    if not (0 <= old < len(places) and 0 <= new < len(places)):
        raise AddressError(f"{kind} {max(old, new)}")
    node = _listing(json, PROVISIONERS if kind == "provisioner" else POST_PROCESSORS)
    return json if node is None else json.move_entry(node, places[old], places[new])


def _places(json: JsonText, build: Block, kind: str) -> list[int]:
    """Which items of their list the provisioners, or the chains, of the build are."""
    kinds = (kind,) if kind == "provisioner" else (kind, POST_PROCESSORS)
    found = [block for block in build.body.blocks if block.type in kinds]
    return [json.path(json.at(block.open.start))[1].position for block in found]
