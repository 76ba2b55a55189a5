"""Strings with sequences in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.evaluate.conditions import truth
from oxtui.template.hcl.evaluate.loops import elements, scopes
from oxtui.template.hcl.evaluate.work import cost
from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.values.convert import ConversionError, convert
from oxtui.template.hcl.values.types import STRING
from oxtui.template.hcl.values.value import MAX_SIZE, ValueTooLargeError, string, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.evaluate.evaluator import Evaluator
    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.hcl.tree.expressions import Template, TemplatePart
    from oxtui.template.hcl.values.value import Value


class _Text:
    """The text so far; `known` is lost with the first piece that is not known."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.known = True
        self.sensitive = False

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)
        if self.length > MAX_SIZE * 64:
            raise ValueTooLargeError


def render(evaluator: Evaluator, node: Template, scope: Scope) -> Value:
    """The text of a template as a string value. Raises EvaluationError and ValueTooLargeError."""
    text = _Text()
    _parts(evaluator, node.parts, scope, text)
    result = string("".join(text.pieces)) if text.known else unknown(STRING)
    evaluator.spend(cost(result.size), node.span)
    return result.marked(text.sensitive)


def _parts(evaluator: Evaluator, parts: Sequence[TemplatePart], scope: Scope, text: _Text) -> None:
    for part in parts:
        match part:
            case x.TemplateText(text=literal):
                text.add(literal)
            case x.Interpolation():
                _interpolation(evaluator, part, scope, text)
            case x.TemplateIf():
                test = truth(evaluator, part.condition, scope)
                text.sensitive = text.sensitive or test.sensitive
                if not test.is_known:
                    text.known = False
                else:
                    _parts(evaluator, part.then if test.truth else part.otherwise, scope, text)
            case x.TemplateFor():
                pairs, sensitive = elements(evaluator, part.collection, scope)
                text.sensitive = text.sensitive or sensitive
                text.known = text.known and pairs is not None
                evaluator.spend(len(pairs or ()), part.collection.span)
                names = (part.key_name, part.value_name)
                for inner in scopes(pairs or [], names, scope, sensitive=sensitive):
                    _parts(evaluator, part.parts, inner, text)


def _interpolation(evaluator: Evaluator, part: x.Interpolation, scope: Scope, text: _Text) -> None:
    value = evaluator.value(part.expression, scope)
    summary = "Invalid template interpolation value"
    span = part.expression.span
    if value.is_null:
        detail = "The value is null, which cannot be a part of a string."
        raise evaluator.failure("template", summary, detail, span)
    try:
        converted = convert(value, STRING)
    except ConversionError as problem:
        detail = f"The value cannot be a part of a string: {problem}."
        raise evaluator.failure("template", summary, detail, span) from None
    text.sensitive = text.sensitive or value.sensitive
    if converted.is_known:
        text.add(converted.text)
    else:
        text.known = False
