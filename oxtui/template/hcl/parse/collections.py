"""What stands in brackets: tuples, objects, `for` expressions, the arguments of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl import tokens as t
from oxtui.template.hcl.parse.templates import TemplateParser
from oxtui.template.hcl.source import Span
from oxtui.template.hcl.tree.expressions import Call, For, Object, ObjectItem, Traversal, Tuple

if TYPE_CHECKING:
    from oxtui.template.hcl.parse.cursor import SyntaxProblem
    from oxtui.template.hcl.tokens import Token
    from oxtui.template.hcl.tree.expressions import Expression

_FOR = "Invalid 'for' expression"
_NESTING = " before the end of the file. Brackets may be nested wrongly elsewhere in this file."


class CollectionParser(TemplateParser):
    """Reads the bracketed expressions."""

    def tuple_constructor(self) -> Expression:
        """Reads `[ … ]`, its opening bracket being next."""
        with self.newlines(count=False):
            opener = self.read()
            if self._word(self.peek()) == "for":
                return self._for(opener, "]")
            items: list[Expression] = []
            while self.peek().kind != "]":
                items.append(self.expression())
                after = self.peek()
                if after.kind == ",":
                    self.read()
                elif after.kind == t.END:
                    detail = "There is no closing bracket" + _NESTING
                    raise self.problem("Unterminated tuple constructor expression", detail, opener)
                elif after.kind != "]":
                    detail = "Expected a comma before the next item."
                    raise self.problem("Missing item separator", detail, after)
            self.read()
            return Tuple(self.span_from(opener.start), items)

    def object_constructor(self) -> Expression:
        """Reads `{ … }`, its opening brace being next."""
        with self.newlines(count=False):
            opener = self.read()
            if self._word(self.peek()) == "for":
                return self._for(opener, "}")
            self.newline_mode(count=True)
            items: list[ObjectItem] = []
            while (token := self.peek()).kind != "}":
                if token.kind == t.NEWLINE:
                    self.read()
                else:
                    items.append(self._item(opener))
            self.read()
            return Object(self.span_from(opener.start), items)

    def _item(self, opener: Token) -> ObjectItem:
        key = self.expression()
        mark = self.peek()
        if mark.kind not in ("=", ":"):
            raise self._no_value(key, mark, opener)
        self.read()
        value = self.expression()
        item = ObjectItem(Span(key.span.start, self.previous_end), key, value)
        after = self.peek()
        if after.kind in (",", t.NEWLINE):
            self.read()
        elif after.kind == t.END:
            detail = "There is no closing brace" + _NESTING
            raise self.problem("Unterminated object constructor expression", detail, opener)
        elif after.kind != "}":
            detail = "Expected a line break or a comma before the next attribute."
            raise self.problem("Missing attribute separator", detail, after)
        return item

    def _no_value(self, key: Expression, found: Token, opener: Token) -> SyntaxProblem:
        if found.kind == t.END:
            detail = "There is no closing brace" + _NESTING
            return self.problem("Unterminated object constructor expression", detail, opener)
        if found.kind in (t.NEWLINE, ","):
            detail = 'Expected a value for this attribute, introduced by "=".'
            return self.problem("Missing attribute value", detail, found)
        detail = 'Expected "=" between the name of an attribute and its value.'
        if isinstance(key, Traversal):
            detail += " A name with dots or blanks needs quotes."
        return self.problem("Missing key/value separator", detail, found)

    def _word(self, token: Token) -> str:
        return self.text(token) if token.kind == t.IDENTIFIER else ""

    def for_names(self, *, in_template: bool) -> tuple[str | None, str, Expression]:
        """Reads `k, v in collection`: key name, value name, collection."""
        summary = "Invalid 'for' directive" if in_template else _FOR
        names = [self._for_name(summary, "after 'for'")]
        if self.peek().kind == ",":
            self.read()
            names.append(self._for_name(summary, "after the comma"))
        if self._word(self.peek()) != "in":
            raise self.problem(
                summary, "The keyword 'in' is expected after the names.", self.peek()
            )
        self.read()
        key_name = names[0] if len(names) == 2 else None
        return key_name, names[-1], self.expression()

    def _for_name(self, summary: str, where: str) -> str:
        token = self.peek()
        if token.kind != t.IDENTIFIER:
            raise self.problem(summary, f"A variable name is expected {where}.", token)
        return self.text(self.read())

    def _for(self, opener: Token, closer: str) -> For:
        self.read()
        key_name, value_name, collection = self.for_names(in_template=False)
        if self.peek().kind != ":":
            raise self.problem(_FOR, "A colon is expected after the collection.", self.peek())
        self.read()
        key: Expression | None = None
        value = self.expression()
        grouped = False
        arrow = self.peek()
        if closer == "}" and arrow.kind != "=>":
            raise self.problem(_FOR, 'An object needs "=>" between key and value.', arrow)
        if arrow.kind == "=>":
            if closer == "]":
                raise self.problem(
                    _FOR, 'A tuple has no keys; "=>" needs braces around the "for".', arrow
                )
            self.read()
            key, value = value, self.expression()
        if self.peek().kind == "...":
            if key is None:
                raise self.problem(
                    _FOR, "Only an object can group its values with an ellipsis.", self.peek()
                )
            self.read()
            grouped = True
        condition = None
        if self._word(self.peek()) == "if":
            self.read()
            condition = self.expression()
        if self.peek().kind != closer:
            raise self.problem(
                _FOR, "Extra characters after the end of the 'for' expression.", self.peek()
            )
        self.read()
        span = self.span_from(opener.start)
        return For(span, key_name, value_name, collection, key, value, condition, grouped)

    def call(self, name: Token) -> Call:
        """Reads the rest of a call whose first name is behind."""
        words = [self.text(name)]
        while self.peek().kind == "::":
            self.read()
            part = self.read()
            if part.kind != t.IDENTIFIER:
                detail = 'A function name is expected after "::".'
                raise self.problem("Missing function name", detail, part)
            words.append(self.text(part))
        name_span = self.span_from(name.start)
        if self.peek().kind != "(":
            detail = "A function call needs an opening parenthesis after the function's name."
            raise self.problem("Missing open parenthesis", detail, self.peek())
        arguments: list[Expression] = []
        expand = False
        with self.newlines(count=False):
            opener = self.read()
            while self.peek().kind != ")" and not expand:
                arguments.append(self.expression())
                expand = self._argument_end(opener)
            self.read()
        close = Span(self.previous_end - 1, self.previous_end)
        span = self.span_from(name.start)
        opening = Span(opener.start, opener.end)
        return Call(span, "::".join(words), name_span, opening, arguments, expand, close)

    def _argument_end(self, opener: Token) -> bool:
        """Reads what follows an argument; whether that was an ellipsis."""
        after = self.peek()
        if after.kind == ",":
            self.read()
        elif after.kind == "...":
            self.read()
            if self.peek().kind != ")":
                detail = "An expanded last argument (with ...) must be followed by the closing parenthesis."
                raise self.problem("Missing closing parenthesis", detail, after)
            return True
        elif after.kind == t.END:
            detail = "There is no closing parenthesis for this function call" + _NESTING
            raise self.problem("Unterminated function call", detail, opener)
        elif after.kind != ")":
            detail = "A comma is required between the arguments of a function."
            raise self.problem("Missing argument separator", detail, after)
        return False
