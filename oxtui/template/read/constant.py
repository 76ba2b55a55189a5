"""Values that must stand in the text as they are: no variables, no functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import error
from oxtui.template.hcl.evaluate.errors import EvaluationError
from oxtui.template.hcl.evaluate.evaluator import Evaluator
from oxtui.template.hcl.evaluate.scope import Scope
from oxtui.template.hcl.values.convert import ConversionError, convert
from oxtui.template.hcl.values.types import BOOL, STRING, friendly

if TYPE_CHECKING:
    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.hcl.tree.bodies import Attribute
    from oxtui.template.hcl.values.types import Type
    from oxtui.template.hcl.values.value import Value


class ConstantReader:
    """Reads constants of one file and collects what is wrong with them."""

    def __init__(self, file: SourceFile, diagnostics: list[Diagnostic]) -> None:
        self.file = file
        self.diagnostics = diagnostics

    def string(self, attribute: Attribute | None, default: str = "") -> str:
        """A string, or the default where there is none or it is wrong."""
        value = self._value(attribute, STRING)
        return default if value is None else value.text

    def truth(self, attribute: Attribute | None, default: bool = False) -> bool:
        """A bool, or the default where there is none or it is wrong."""
        value = self._value(attribute, BOOL)
        return default if value is None else value.truth

    def value(self, attribute: Attribute) -> Value | None:
        """Any constant, or None if it has no value."""
        try:
            return Evaluator(self.file).evaluate(attribute.expression, Scope())
        except EvaluationError as problem:
            self.diagnostics += problem.diagnostics
            return None

    def _value(self, attribute: Attribute | None, kind: Type) -> Value | None:
        found = None if attribute is None else self.value(attribute)
        if attribute is None or found is None or found.is_null:
            return None
        try:
            return convert(found, kind)
        except ConversionError as problem:
            detail = f'"{attribute.name}" must be a {friendly(kind)}: {problem}.'
            span = attribute.expression.span
            self.diagnostics.append(error("Unsuitable value type", detail, span, self.file))
            return None
