"""The place by which HCL names an argument that is wrong: where it begins, not all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.source import Span
from oxtui.template.hcl.tree import expressions as x

if TYPE_CHECKING:
    from oxtui.template.hcl.tree.expressions import Expression


def start_of(node: Expression) -> Span:
    """The first token of an expression that means something; of a string its first piece."""
    while True:
        match node:
            case x.Traversal(source=inner) | x.Binary(left=inner) | x.Conditional(condition=inner):
                node = inner
            case x.Template(parts=[x.Interpolation(expression=inner), *_]):
                node = inner
            case x.Template(parts=[part, *_]):
                return part.span
            case x.Call(name_span=span):
                return span
            case x.Variable(span=span) | x.Keyword(span=span) | x.NumberLiteral(span=span):
                return span
            case _:
                return Span(node.span.start, node.span.start + 1)
