"""An expression that stands alone: from its text to its value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import TemplateError
from oxtui.template.hcl.evaluate.evaluator import Evaluator
from oxtui.template.hcl.parse import parse_expression

if TYPE_CHECKING:
    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.hcl.values.value import Value


def evaluate_text(file: SourceFile, scope: Scope) -> Value:
    """The value of a text that is one expression.

    Raises TemplateError, whose diagnostics have the class of each error in `code`.
    """
    node, problems = parse_expression(file)
    if node is None or problems:
        raise TemplateError(problems)
    return Evaluator(file).evaluate(node, scope)
