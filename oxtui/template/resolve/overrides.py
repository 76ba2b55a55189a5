"""`override`: options of a provisioner that differ for one source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.component_body import DecodedAttribute
from oxtui.template.hcl.diagnostic import error
from oxtui.template.hcl.evaluate.errors import EvaluationError
from oxtui.template.hcl.evaluate.evaluator import Evaluator
from oxtui.template.hcl.tree import expressions as x

if TYPE_CHECKING:
    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.hcl.source import SourceFile, Span
    from oxtui.template.hcl.tree.bodies import Attribute
    from oxtui.template.hcl.tree.expressions import Expression
    from oxtui.template.hcl.values.value import Value


def overrides_for(
    attribute: Attribute | None,
    local_name: str,
    scope: Scope,
    file: SourceFile,
    diagnostics: list[Diagnostic],
) -> dict[str, DecodedAttribute]:
    """The attributes that `override = { LOCALNAME = { … } }` sets for a source, by name."""
    if attribute is None:
        return {}
    span = attribute.expression.span
    try:
        value = Evaluator(file).evaluate(attribute.expression, scope)
    except EvaluationError as problem:
        diagnostics += problem.diagnostics
        return {}
    options = value.data.get(local_name) if isinstance(value.data, dict) else None
    if isinstance(value.data, dict) and (options is None or isinstance(options.data, dict)):
        own = _item(attribute.expression, local_name)
        chosen = {} if options is None else options.mapping
        return {
            name: _decoded(name, option.marked(value.sensitive), own, span, file)
            for name, option in chosen.items()
        }
    detail = "override maps a source's name to an object of options: { NAME = { option = value } }."
    diagnostics.append(error("Invalid override", detail, span, file))
    return {}


def _decoded(
    name: str, value: Value, own: x.ObjectItem | None, whole: Span, file: SourceFile
) -> DecodedAttribute:
    """The attribute with the place where the override names it, or the whole override's."""
    item = None if own is None else _item(own.value, name)
    if item is None:
        return DecodedAttribute(name, value, whole, whole, file)
    return DecodedAttribute(name, value, item.value.span, item.key.span, file)


def _item(node: Expression, name: str) -> x.ObjectItem | None:
    """The item of an object that is written with this key."""
    if not isinstance(node, x.Object):
        return None
    for item in node.items:
        key = item.literal_key
        if key is None and isinstance(item.key, x.Template):
            key = item.key.literal
        if key == name:
            return item
    return None
