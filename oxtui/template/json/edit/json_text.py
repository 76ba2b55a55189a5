"""A JSON text with its nodes and its layout. Each change gives the text anew; it stays as it is itself."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import TemplateError
from oxtui.template.hcl.source import SourceFile
from oxtui.template.json.edit import splices
from oxtui.template.json.edit.places import emptied, path_to
from oxtui.template.json.edit.style import style_of
from oxtui.template.json.nodes import Object
from oxtui.template.json.reader import parse_json

if TYPE_CHECKING:
    from oxtui.template.hcl.edit.text_edit import TextEdit
    from oxtui.template.json.edit.places import Step
    from oxtui.template.json.edit.style import Style
    from oxtui.template.json.edit.tree import Tree
    from oxtui.template.json.nodes import Array, Member, Node


class JsonText:
    """Raises TemplateError if the text is no JSON."""

    def __init__(self, name: str, text: str) -> None:
        self.file = SourceFile(name, text)
        self.text = text
        root, problems = parse_json(self.file)
        if root is None:
            raise TemplateError(problems)
        self.root = root

    @cached_property
    def style(self) -> Style:
        """How it is laid out."""
        return style_of(self.text, self.root)

    def at(self, start: int) -> Node:
        """The value that starts at an offset. Raises LookupError."""
        path = path_to(self.root, start)
        return path[-1].node if path else self.root

    def path(self, node: Node) -> list[Step]:
        """The steps from the root to a node."""
        return path_to(self.root, node.span.start)

    def slice(self, node: Node) -> str:
        """A node's text."""
        return self.text[node.span.start : node.span.end]

    def _lines(self, node: Node) -> bool:
        """Whether what is around a node takes several lines."""
        path = self.path(node)
        return not path or "\n" in self.slice(path[-1].container)

    def replace(self, node: Node, written: str) -> JsonText:
        """Puts a text in a value's place."""
        start, end = node.span
        return JsonText(self.file.name, self.text[:start] + written + self.text[end:])

    def _after(self, edit: TextEdit) -> JsonText:
        return JsonText(self.file.name, edit.apply(self.text))

    def set_value(self, node: Node, tree: Tree) -> JsonText:
        """Makes a value say something else."""
        lines = self._lines(node)
        return self._after(splices.set_value(self.text, node, tree, self.style, lines=lines))

    def set_member(self, node: Object, name: str, tree: Tree) -> JsonText:
        """Gives an object's member another value, or adds it at the end."""
        lines = self._lines(node)
        return self._after(splices.set_member(self.text, node, name, tree, self.style, lines=lines))

    def add_member(self, node: Object, place: int, name: str, tree: Tree) -> JsonText:
        """Adds a member to an object, to become number `place`."""
        lines = self._lines(node)
        edit = splices.add_member(self.text, node, place, name, tree, self.style, lines=lines)
        return self._after(edit)

    def insert_item(self, node: Array, place: int, tree: Tree) -> JsonText:
        """Adds an item to a list, to become number `place`."""
        lines = self._lines(node)
        edit = splices.insert_item(self.text, node, place, tree, self.style, lines=lines)
        return self._after(edit)

    def remove_entry(self, node: Array | Object, place: int) -> JsonText:
        """Removes an item or a member."""
        return self._after(splices.remove_entry(self.text, node, place, self.style))

    def remove(self, node: Node, keep: Node, comment: str | None = None) -> JsonText:
        """Removes a value, and what would be empty without it, as far as it lies in `keep`.

        `comment` is the name of members that count for nothing.
        """
        step = emptied(self.path(node), len(self.path(keep)), comment)
        return self.remove_entry(*step)

    def remove_member(self, node: Object, name: str) -> JsonText:
        """Removes all members of a name."""
        start, changed = node.span.start, self
        while isinstance(node, Object) and (place := place_of(node, name)) is not None:
            changed = changed.remove_entry(node, place)
            found = changed.at(start)
            if not isinstance(found, Object):
                break
            node = found
        return changed

    def move_entry(self, node: Array | Object, old: int, new: int) -> JsonText:
        """Moves an item or a member, so that it becomes number `new`."""
        return self._after(splices.move_entry(self.text, node, old, new, self.style))

    def rename_key(self, member: Member, key: str) -> JsonText:
        """Gives a member another key."""
        return self._after(splices.rename_key(self.text, member, key))


def place_of(node: Object, name: str) -> int | None:
    """The place of the first member of a name."""
    return next((i for i, member in enumerate(node.members) if member.name == name), None)


def place_in_order(node: Object, name: str, order: tuple[str, ...]) -> int:
    """Where a member of that name goes: behind the last that is not later in an order; at the end if
    the order has none of it."""
    if name not in order:
        return len(node.members)
    rank = order.index(name)
    places = [
        i + 1 for i, member in enumerate(node.members)
        if member.name not in order or order.index(member.name) <= rank
    ]  # fmt: skip
    return max(places, default=0)
