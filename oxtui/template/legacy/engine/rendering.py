"""From a text and what it can name to its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from oxtui.template.legacy.engine.builtins import BUILTINS, SHORT_CIRCUIT, Function
from oxtui.template.legacy.engine.evaluate import evaluate
from oxtui.template.legacy.engine.functions import NotYetKnown, packer_functions
from oxtui.template.legacy.engine.nodes import Templates
from oxtui.template.legacy.engine.parser import parse

if TYPE_CHECKING:
    from oxtui.template.legacy.interpolate import Interpolation


def read(context: Interpolation, text: str) -> Templates:
    """The tree of a text. Raises InterpolationError."""
    return parse(text, {*SHORT_CIRCUIT, *_functions(context)})


def render(context: Interpolation, text: str, variables: Mapping[str, Any]) -> str:
    """The result, or the text itself where it has to wait for a build's values. Raises InterpolationError."""
    context = replace(context, variables={**context.variables, **variables})
    functions = _functions(context)
    templates = parse(text, {*SHORT_CIRCUIT, *functions})
    try:
        return evaluate(templates, functions, context.dot)
    except NotYetKnown:
        return text


def _functions(context: Interpolation) -> dict[str, Function]:
    added = {name: Function(call, ("string",)) for name, call in context.functions.items()}
    return {**BUILTINS, **packer_functions(context), **added}
