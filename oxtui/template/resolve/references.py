"""What an expression or a body refers to: the locals and data sources that must have values first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.tree.bodies import Attribute
from oxtui.template.hcl.tree.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oxtui.template.hcl.tree.bodies import Body
    from oxtui.template.hcl.tree.expressions import Expression, Step


class Reference(NamedTuple):
    """A root name (`local`, `data`, …) and as many of the steps behind it as are fixed words."""

    root: str
    path: tuple[str, ...]


def references(node: Expression) -> Iterator[Reference]:
    """The references in an expression. Names of `for` loops count too: a reference too many is harmless."""
    roots: set[int] = set()
    for inner in walk(node):
        if isinstance(inner, x.Traversal) and isinstance(inner.source, x.Variable):
            roots.add(id(inner.source))
            yield Reference(inner.source.name, tuple(_words(inner.steps)))
        elif isinstance(inner, x.Variable) and id(inner) not in roots:
            yield Reference(inner.name, ())


def _words(steps: list[Step]) -> Iterator[str]:
    for step in steps:
        if isinstance(step, x.AttributeStep):
            yield step.name
        elif isinstance(step, x.IndexStep) and isinstance(step.key, x.Template):
            word = step.key.literal
            if word is None:
                return
            yield word
        else:
            return


def body_references(body: Body) -> Iterator[Reference]:
    """The references in a body, nested blocks included."""
    for item in body.items:
        if isinstance(item, Attribute):
            yield from references(item.expression)
        else:
            yield from body_references(item.body)
