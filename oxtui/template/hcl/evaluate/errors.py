"""How evaluation reports what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import TemplateError, error

if TYPE_CHECKING:
    from oxtui.template.hcl.source import SourceFile, Span


class EvaluationError(TemplateError):
    """An expression has no value; `diagnostics` holds one error with its class in `code`."""


def failure(code: str, summary: str, detail: str, span: Span, file: SourceFile) -> EvaluationError:
    """An error of a class (`operand`, `index`, …) at a place."""
    return EvaluationError([error(summary, detail, span, file, code)])
