"""Where in a JSON text something stands: the lists and objects that lead to it."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from oxtui.template.json.edit.style import values
from oxtui.template.json.nodes import Array, Object

if TYPE_CHECKING:
    from oxtui.template.json.nodes import Node


class Step(NamedTuple):
    """From a list or an object to what is its number `position`."""

    container: Array | Object
    position: int

    @property
    def node(self) -> Node:
        """The value there."""
        return values(self.container)[self.position]


def path_to(root: Node, start: int) -> list[Step]:
    """The steps from the root to the value that starts at an offset; none if it is the root.

    Raises LookupError if no value starts there.
    """
    path: list[Step] = []
    node = root
    while node.span.start != start:
        found = _around(node, start)
        if found is None:
            raise LookupError(f"no value starts at offset {start}")
        path.append(found)
        node = found.node
    return path


def _around(node: Node, offset: int) -> Step | None:
    """The step to the value that an offset lies in."""
    if not isinstance(node, Array | Object):
        return None
    inside = values(node)
    number = bisect_right(inside, offset, key=lambda value: value.span.start) - 1
    return Step(node, number) if number >= 0 and offset < inside[number].span.end else None


def emptied(path: list[Step], keep: int, comment: str | None = None) -> Step:
    """What to remove so that the value at the end of a path goes and nothing empty stays in its place.

    The first `keep` steps are those to what stays even if it becomes empty. Members of the name
    `comment` go along with the last other one.
    """
    rest = list(path)
    while len(rest) > keep + 1 and _count(rest[-1].container, comment) == 1:
        rest.pop()
    return rest[-1]


def _count(node: Array | Object, comment: str | None) -> int:
    if isinstance(node, Array):
        return len(node.items)
    return sum(member.name != comment for member in node.members)
