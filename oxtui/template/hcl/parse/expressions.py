"""Expressions: operators by precedence, operands, and the steps that follow an operand.

Few Python frames go to one level of brackets, so that deep but sane nesting fits the stack.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from oxtui.template.hcl import tokens as t
from oxtui.template.hcl.parse.collections import CollectionParser
from oxtui.template.hcl.parse.cursor import MAX_DEPTH, TOO_DEEP
from oxtui.template.hcl.source import Span
from oxtui.template.hcl.tree.expressions import (
    AttributeStep,
    Binary,
    Conditional,
    IndexStep,
    Keyword,
    NumberLiteral,
    Parentheses,
    SplatStep,
    Traversal,
    Unary,
    Variable,
)

if TYPE_CHECKING:
    from oxtui.template.hcl.tree.expressions import Expression, Step

PRECEDENCE: Final = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    ">": 4,
    ">=": 4,
    "<": 4,
    "<=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}
_KEYWORDS = frozenset(("true", "false", "null"))


class ExpressionParser(CollectionParser):
    """Reads expressions."""

    def whole_expression(self) -> Expression:
        """Reads an expression that must be all there is; line breaks mean nothing at its ends."""
        self.newline_mode(count=False)
        expression = self.expression()
        rest = self.peek()
        if rest.kind != t.END:
            detail = "An expression was read, but more text follows it."
            raise self.problem("Extra characters after expression", detail, rest)
        return expression

    def expression(self) -> Expression:
        """Reads an expression with its operators, as far as it goes."""
        operands = [self.operand()]
        operators: list[str] = []
        while (level := PRECEDENCE.get(self.peek().kind)) is not None:
            while operators and PRECEDENCE[operators[-1]] >= level:
                _combine(operands, operators)
            operators.append(self.read().kind)
            operands.append(self.operand())
        while operators:
            _combine(operands, operators)
        condition = operands[0]
        if self.peek().kind != "?":
            return condition
        self.read()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.problem(*TOO_DEEP, self.peek())
        then = self.expression()
        colon = self.peek()
        if colon.kind != ":":
            detail = "A conditional (… ? … : …) needs a colon and a value for when its condition is false."
            raise self.problem("Missing false expression in conditional", detail, colon)
        self.read()
        otherwise = self.expression()
        self.depth -= 1
        return Conditional(self.span_from(condition.span.start), condition, then, otherwise)

    def operand(self) -> Expression:
        """Reads one operand: signs, a term, and the steps into it."""
        token = self.peek()
        signs: list[tuple[str, int]] = []
        while token.kind in ("-", "!"):
            signs.append((token.kind, self.read().start))
            token = self.peek()
        if len(signs) > MAX_DEPTH:
            raise self.problem(*TOO_DEEP, token)
        node: Expression
        if token.kind == "(":
            with self.newlines(count=False):
                self.read()
                inner = self.expression()
                if self.peek().kind != ")":
                    detail = "Expected a closing parenthesis to end the expression."
                    raise self.problem("Unbalanced parentheses", detail, self.peek())
                self.read()
            node = Parentheses(self.span_from(token.start), inner)
        else:
            node = self._term(token)
        if self.peek().kind in (".", "["):
            steps = self._steps()
            node = Traversal(self.span_from(node.span.start), node, steps)
        for operator, start in reversed(signs):
            node = Unary(self.span_from(start), operator, node)
        return node

    def _term(self, token: t.Token) -> Expression:
        kind = token.kind
        if kind == t.IDENTIFIER:
            return self._named(self.read())
        if kind == t.OPEN_QUOTE:
            return self.quoted()
        if kind == "[":
            return self.tuple_constructor()
        if kind == "{":
            return self.object_constructor()
        if kind == t.NUMBER:
            self.read()
            return NumberLiteral(Span(token.start, token.end), self.text(token))
        if kind == t.OPEN_HEREDOC:
            with self.newlines(count=True):
                return self.heredoc()
        if kind == t.END:
            detail = "Expected an expression, but the text ends here."
            raise self.problem("Missing expression", detail, token)
        detail = "Expected the start of an expression, such as a string, a number or a name."
        raise self.problem("Invalid expression", detail, token)

    def _named(self, token: t.Token) -> Expression:
        if self.peek().kind in ("(", "::"):
            return self.call(token)
        name = self.text(token)
        span = Span(token.start, token.end)
        return Keyword(span, name) if name in _KEYWORDS else Variable(span, name)

    def _steps(self) -> list[Step]:
        steps: list[Step] = []
        while (token := self.peek()).kind in (".", "["):
            steps.append(self._dotted() if token.kind == "." else self._bracketed())
        return steps

    def _dotted(self) -> Step:
        dot = self.read()
        token = self.peek()
        if token.kind == "*":
            self.read()
            each: list[Step] = []
            while self.peek().kind == ".":
                each.append(self._member(self.read(), in_splat=True))
            return SplatStep(self.span_from(dot.start), each)
        return self._member(dot, in_splat=False)

    def _member(self, dot: t.Token, *, in_splat: bool) -> Step:
        token = self.peek()
        if token.kind == t.IDENTIFIER:
            name = self.text(self.read())
            return AttributeStep(self.span_from(dot.start), name)
        if token.kind == t.NUMBER:
            number = self.text(token)
            if not number.isdigit():
                detail = "After a dot only a whole number is an index; write [0][1] for index after index."
                raise self.problem("Invalid legacy index syntax", detail, token)
            self.read()
            key = NumberLiteral(Span(token.start, token.end), number)
            return IndexStep(self.span_from(dot.start), key)
        if in_splat and token.kind == "*":
            detail = "A splat with .* cannot stand in another one; use [*]."
            raise self.problem("Nested splat expression not allowed", detail, token)
        raise self.problem("Invalid attribute name", "A name is required after a dot.", token)

    def _bracketed(self) -> Step:
        with self.newlines(count=False):
            opener = self.read()
            splat = self.peek().kind == "*"
            if splat:
                self.read()
                key = None
            else:
                key = self.expression()
            close = self.peek()
            if close.kind != "]":
                what = "splat index" if splat else "index"
                detail = "A closing bracket is required to end the index."
                raise self.problem(f"Missing close bracket on {what}", detail, close)
            self.read()
        if key is not None:
            return IndexStep(self.span_from(opener.start), key)
        each = self._steps()
        return SplatStep(self.span_from(opener.start), each)


def _combine(operands: list[Expression], operators: list[str]) -> None:
    right = operands.pop()
    left = operands.pop()
    span = Span(left.span.start, right.span.end)
    operands.append(Binary(span, left, operators.pop(), right))
