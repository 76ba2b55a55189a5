"""What a program is told of an expression: its value as JSON with its type, or the class of its error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.diagnostic import TemplateError
from oxtui.template.hcl.functions.json_text import encode
from oxtui.template.hcl.values.number import Number
from oxtui.template.hcl.values.types import spell
from oxtui.template.hcl.values.value import is_wholly_known

if TYPE_CHECKING:
    from oxtui.template.console.console import Console
    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.values.value import Value

Answer = dict[str, str]

GROUPS: Final = {"call_failed": "argument"}
"""Classes of errors that Packer does not keep apart: a function may refuse an argument, or fail by it."""


def group(code: str) -> str:
    """The class under which an error is compared with another's."""
    return GROUPS.get(code, code)


def answer(console: Console, line: bytes) -> Answer:
    """The answer to one expression, without secrets."""
    try:
        value = console.evaluate(line)
    except TemplateError as problem:
        said = of_problem(next(each for each in problem.diagnostics if each.is_error))
    else:
        said = of_value(value)
    # The JSON of a value is without them already; what is of few words may still name one.
    return {
        name: text if name == "json" else console.redactor.text(text) for name, text in said.items()
    }


def of_value(value: Value) -> Answer:
    """`json` and `type`; or, for a value that JSON cannot hold, `special` and `type`.

    `special` is `+Inf` or `-Inf`, `list with +Inf` and the like where one is inside, or `unknown`.
    """
    return {**_content(value), "type": spell(value.type)}


def of_problem(problem: Diagnostic) -> Answer:
    """`error`, a class such as `operand`, and `summary`."""
    return failed(problem.code or "syntax", problem.summary)


def failed(code: str, summary: str) -> Answer:
    """The answer to an expression that has no value."""
    return {"error": code, "summary": summary}


def _content(value: Value) -> Answer:
    if not is_wholly_known(value):
        return {"special": "unknown"}
    infinite = _infinite(value)
    if infinite is None:
        return {"json": encode(value)}
    if value.data is infinite:
        return {"special": str(infinite)}
    kind = "object" if isinstance(value.data, dict) else "list"
    return {"special": f"{kind} with {infinite}"}


def _infinite(value: Value) -> Number | None:
    """The first number in a value that has no decimal form."""
    if isinstance(value.data, Number):
        return value.data if value.data.infinity else None
    return next((found for part in value.children() if (found := _infinite(part))), None)
