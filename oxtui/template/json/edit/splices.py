"""The changes of JSON text: members of objects, items of lists. Each gives the one edit that makes it.

`lines` says whether what is around a list or an object takes several lines, so that it may do so too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.edit.text_edit import TextEdit, difference
from oxtui.template.json.edit.pieces import Pieces
from oxtui.template.json.edit.style import line_indent
from oxtui.template.json.edit.write import item_takes_lines, new_member, rewritten, write
from oxtui.template.json.strings import write_string

if TYPE_CHECKING:
    from oxtui.template.json.edit.style import Style
    from oxtui.template.json.edit.tree import Tree
    from oxtui.template.json.nodes import Array, Member, Node, Object


def set_value(text: str, node: Node, tree: Tree, style: Style, *, lines: bool) -> TextEdit:
    """Makes a value say something else; of a list or an object only what differs is written anew."""
    return _edit(text, node, rewritten(text, node, tree, style, lines=lines))


def set_member(
    text: str, node: Object, name: str, tree: Tree, style: Style, *, lines: bool
) -> TextEdit:
    """Gives an object's first member of a name another value, or adds it at the end."""
    for member in node.members:
        if member.name == name:
            lines = "\n" in text[node.span.start : node.span.end]
            return set_value(text, member.value, tree, style, lines=lines)
    return add_member(text, node, len(node.members), name, tree, style, lines=lines)


def add_member(
    text: str, node: Object, place: int, name: str, tree: Tree, style: Style, *, lines: bool
) -> TextEdit:
    """Adds a member to an object, to become number `place`."""
    if not node.members:
        return set_value(text, node, {name: tree}, style, lines=lines)
    pieces = Pieces(text, node, style)
    pieces.insert(place, new_member(text, node, name, tree, style, place))
    return _edit(text, node, str(pieces))


def insert_item(
    text: str, node: Array, place: int, tree: Tree, style: Style, *, lines: bool
) -> TextEdit:
    """Adds an item to a list, to become number `place`."""
    if not node.items:
        return set_value(text, node, [tree], style, lines=lines)
    pieces = Pieces(text, node, style)
    indent = line_indent(text, node.items[max(0, place - 1)].span.start)
    lines = item_takes_lines(text, node, place)
    pieces.insert(place, write(tree, style, indent, lines=lines))
    return _edit(text, node, str(pieces))


def remove_entry(text: str, node: Array | Object, place: int, style: Style) -> TextEdit:
    """Removes an item or a member, with the comma that parts it from the others."""
    pieces = Pieces(text, node, style)
    pieces.remove(place)
    return _edit(text, node, str(pieces))


def move_entry(text: str, node: Array | Object, old: int, new: int, style: Style) -> TextEdit:
    """Moves an item or a member, so that it becomes number `new`."""
    pieces = Pieces(text, node, style)
    pieces.move(old, new)
    return _edit(text, node, str(pieces))


def rename_key(text: str, member: Member, key: str) -> TextEdit:
    """Gives a member another key."""
    return _edit(text, member.key, write_string(key))


def _edit(text: str, node: Node, written: str) -> TextEdit:
    """The edit that makes a node's text another, reduced to what differs."""
    start, end = node.span
    edit = difference(text[start:end], written)
    return TextEdit(edit.start + start, edit.end + start, edit.text)
