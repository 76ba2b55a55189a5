"""JSON values as expressions of HCL (HCL's JSON syntax: "Expressions").

A string is a template, an object's keys are too; everything else is what it looks like. A legacy template
has another language in its strings, so for it they are taken as they are.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING

from oxtui.template.hcl.parse import parse_expression, parse_template_text
from oxtui.template.hcl.source import SourceFile, Span
from oxtui.template.hcl.tree import expressions as x
from oxtui.template.json.nodes import Array, Number, Object, String, Word

if TYPE_CHECKING:
    from collections.abc import Callable

    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.tree.expressions import Expression
    from oxtui.template.json.nodes import Node


class ExpressionMaker:
    """Makes expressions of the values of one file and collects what is wrong with them."""

    def __init__(self, file: SourceFile, diagnostics: list[Diagnostic], *, templates: bool) -> None:
        self.file = file
        self.diagnostics = diagnostics
        self.templates = templates
        """Whether strings are templates of HCL."""

    def make(self, node: Node) -> Expression:
        """The expression that a value stands for."""
        match node:
            case String():
                return self._string(node)
            case Number():
                return x.NumberLiteral(node.span, node.text)
            case Word():
                return x.Keyword(node.span, node.name)
            case Array():
                return x.Tuple(node.span, [self.make(item) for item in node.items])
            case Object():
                items = []
                for member in node.members:
                    span = Span(member.key.span.start, member.value.span.end)
                    items.append(
                        x.ObjectItem(span, self._string(member.key), self.make(member.value))
                    )
                return x.Object(node.span, items)

    def code(self, node: Node) -> Expression:
        """A value that stands for an expression itself, such as a variable's type: a string of HCL."""
        if not isinstance(node, String):
            return self.make(node)
        return self._read(node, parse_expression) or x.Template(node.span, [], '"')

    def _string(self, node: String) -> Expression:
        plain = x.Template(
            node.span, [x.TemplateText(node.span, node.text)] if node.text else [], '"'
        )
        if not self.templates or ("${" not in node.text and "%{" not in node.text):
            return plain
        read = self._read(node, parse_template_text)
        if isinstance(read, x.Template):
            read.span, read.opener = node.span, '"'
            return read
        return plain

    def _read(
        self,
        node: String,
        parse: Callable[[SourceFile], tuple[Expression | None, list[Diagnostic]]],
    ) -> Expression | None:
        """What stands in a string, with every place that of the file."""

        def place(span: Span) -> Span:
            start = node.offset(span.start)
            return Span(start, max(start, node.offset(span.end)))

        made, problems = parse(SourceFile(self.file.name, node.text))
        for problem in problems:
            where = node.span if problem.span is None else place(problem.span)
            self.diagnostics.append(replace(problem, span=where, file=self.file))
        if made is None or problems:
            return None
        relocate(made, place)
        return made


def relocate(node: object, place: Callable[[Span], Span]) -> None:
    """Changes the spans of a node and of everything below it."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, list):
            waiting += current
        elif is_dataclass(current) and not isinstance(current, type):
            for field in fields(current):
                value = getattr(current, field.name)
                if isinstance(value, Span):
                    setattr(current, field.name, place(value))
                else:
                    waiting.append(value)
