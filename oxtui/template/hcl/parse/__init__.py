"""From text to tree. Each function returns what could be read and every problem it met; none raises."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from oxtui.template.hcl.diagnostic import error
from oxtui.template.hcl.parse.bodies import BodyParser
from oxtui.template.hcl.parse.cursor import TOO_DEEP, SyntaxProblem
from oxtui.template.hcl.parse.invalid import invalid_tokens
from oxtui.template.hcl.scanner import scan, scan_template
from oxtui.template.hcl.source import SourceFile, Span
from oxtui.template.hcl.tree.bodies import Body

if TYPE_CHECKING:
    from collections.abc import Callable

    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.tokens import Token
    from oxtui.template.hcl.tree.expressions import Expression, Template

    Node = TypeVar("Node")


def parse_body(file: SourceFile) -> tuple[Body, list[Diagnostic]]:
    """Reads a whole file. What is wrong in one item does not hide the others."""
    return parse_tokens(file, scan(file.text))


def parse_tokens(file: SourceFile, tokens: list[Token]) -> tuple[Body, list[Diagnostic]]:
    """Reads the items of a file from its tokens, or from those of whole items in it."""
    body, diagnostics = _run(file, tokens, BodyParser.whole_file)
    return body or Body(Span(0, len(file.text))), diagnostics


def parse_expression(file: SourceFile) -> tuple[Expression | None, list[Diagnostic]]:
    """Reads a text that is one expression, such as the value of `-var`."""
    return _run(file, scan(file.text), BodyParser.whole_expression)


def parse_template_text(file: SourceFile) -> tuple[Template | None, list[Diagnostic]]:
    """Reads a text that is a template from its first character on, as `templatefile` does."""
    return _run(file, scan_template(file.text), BodyParser.whole_template)


def _run(
    file: SourceFile, tokens: list[Token], read: Callable[[BodyParser], Node]
) -> tuple[Node | None, list[Diagnostic]]:
    parser = BodyParser(file, tokens)
    parser.diagnostics += invalid_tokens(file, tokens)
    try:
        return read(parser), parser.diagnostics
    except SyntaxProblem:
        return None, parser.diagnostics
    except RecursionError:
        token = parser.peek()
        parser.diagnostics.append(error(*TOO_DEEP, Span(token.start, token.end), file, "syntax"))
        return None, parser.diagnostics
