"""Where in a JSON text something stands: the lists and objects that lead to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from oxtui.template.json.edit.style import entries, values
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
        if not isinstance(node, Array | Object):
            raise LookupError(f"no value starts at offset {start}")
        found = next(
            (i for i, span in enumerate(entries(node)) if span.start <= start < span.end), None
        )
        if found is None:
            raise LookupError(f"no value starts at offset {start}")
        path.append(Step(node, found))
        node = path[-1].node
    return path


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
