"""`{{ }}` evaluated in every string of an expression or a value: what Packer does to a component's options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.values.value import object_of, string, tuple_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from oxtui.template.hcl.tree.expressions import Expression
    from oxtui.template.hcl.values.value import Value

    Render = Callable[[str], str]


def rendered_expression(node: Expression, render: Render) -> Expression:
    """The expression of a JSON value with its strings rendered. Raises InterpolationError."""
    match node:
        case x.Template() if node.literal:
            return x.Template(node.span, [x.TemplateText(node.span, render(node.literal))], '"')
        case x.Tuple():
            return x.Tuple(node.span, [rendered_expression(item, render) for item in node.items])
        case x.Object():
            items = [
                x.ObjectItem(
                    item.span,
                    rendered_expression(item.key, render),
                    rendered_expression(item.value, render),
                )
                for item in node.items
            ]
            return x.Object(node.span, items)
    return node


def rendered_value(value: Value, render: Render) -> Value:
    """A value of JSON with its strings rendered, keys included. Raises InterpolationError."""
    data = value.data
    if isinstance(data, str):
        return string(render(data)).marked(value.sensitive)
    if isinstance(data, tuple):
        return tuple_of([rendered_value(item, render) for item in data])
    if isinstance(data, dict):
        return object_of(
            {render(name): rendered_value(item, render) for name, item in data.items()}
        )
    return value
