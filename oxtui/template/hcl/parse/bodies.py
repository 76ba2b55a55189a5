"""Bodies: attributes and blocks, line by line. After a problem reading goes on with the next item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl import tokens as t
from oxtui.template.hcl.parse.cursor import SyntaxProblem
from oxtui.template.hcl.parse.expressions import ExpressionParser
from oxtui.template.hcl.parse.literals import quoted_text
from oxtui.template.hcl.source import Span
from oxtui.template.hcl.tree.bodies import Attribute, Block, Body, Label

if TYPE_CHECKING:
    from oxtui.template.hcl.tokens import Token
    from oxtui.template.hcl.tree.bodies import Item

UNCLOSED_BLOCK = "Unclosed configuration block"
_REQUIRED = "Argument or block definition required"
_BLOCK = "Invalid block definition"
_SINGLE = "Invalid single-argument block definition"
_MAX_BLOCKS = 100
_OPENERS = {
    "{": "}",
    "[": "]",
    "(": ")",
    t.INTERPOLATION: t.SEQUENCE_END,
    t.DIRECTIVE: t.SEQUENCE_END,
}


class BodyParser(ExpressionParser):
    """Reads files and blocks."""

    def whole_file(self) -> Body:
        """Reads the whole text as one body."""
        return Body(Span(0, len(self.file.text)), self._items(None))

    def _items(self, opener: Token | None) -> list[Item]:
        items: list[Item] = []
        names: dict[str, Span] = {}
        while True:
            token = self.peek()
            if token.kind == t.NEWLINE:
                self.read()
            elif token.kind == t.END:
                if opener is not None:
                    detail = (
                        "There is no closing brace for this block before the end of the file. "
                        "Braces may be nested wrongly elsewhere in this file."
                    )
                    raise self.problem(UNCLOSED_BLOCK, detail, opener)
                return items
            elif token.kind == "}" and opener is not None:
                return items
            else:
                self._item_or_skip(items, names)

    def _item_or_skip(self, items: list[Item], names: dict[str, Span]) -> None:
        first, depth = self.index, self.depth
        mode = self.newline_mode(count=True)
        try:
            item = self._one()
        except SyntaxProblem:
            self.newline_mode(mode)
            self.depth = depth
            self._skip(first)
            return
        if isinstance(item, Attribute):
            if item.name in names:
                line = self.file.line_number(names[item.name].start)
                detail = f'"{item.name}" is already set in line {line}. An argument may be set only once.'
                self.note("Attribute redefined", detail, item.name_span)
            names[item.name] = item.name_span
        items.append(item)

    def _one(self) -> Item:
        name = self.peek()
        if name.kind == t.OPEN_QUOTE:
            raise self.problem("Invalid argument name", "Argument names must not be quoted.", name)
        if name.kind != t.IDENTIFIER:
            raise self.problem(_REQUIRED, "An argument or block definition is required here.", name)
        self.read()
        after = self.peek()
        if after.kind == "=":
            attribute = self._attribute(name)
            end = self.peek()
            if end.kind not in (t.NEWLINE, t.END):
                detail = "An argument must end with a line break."
                if end.kind == ",":
                    detail = "Arguments are separated by line breaks, not by commas."
                    raise self.problem("Unexpected comma after argument", detail, end)
                raise self.problem("Missing newline after argument", detail, end)
            return attribute
        if after.kind in (t.OPEN_QUOTE, "{", t.IDENTIFIER):
            return self._block(name)
        detail = (
            'An argument or block is required here. To set an argument, write "=" after its name.'
        )
        raise self.problem(_REQUIRED, detail, name)

    def _attribute(self, name: Token) -> Attribute:
        self.read()
        expression = self.expression()
        span = Span(name.start, expression.span.end)
        return Attribute(span, self.text(name), Span(name.start, name.end), expression)

    def _block(self, name: Token) -> Block:
        labels: list[Label] = []
        while (token := self.peek()).kind != "{":
            labels.append(self._label(token))
        opener = self.read()
        self.depth += 1
        if self.depth > _MAX_BLOCKS:
            detail = f"Blocks may stand in each other at most {_MAX_BLOCKS} deep."
            raise self.problem("Block nested too deeply", detail, opener)
        items: list[Item]
        several = self.peek().kind in (t.NEWLINE, t.END, "}")
        items = self._items(opener) if several else [self._single()]
        self.depth -= 1
        close = self.read()
        end = self.peek()
        if end.kind not in (t.NEWLINE, t.END):
            detail = "A block must end with a line break after its closing brace."
            raise self.problem("Missing newline after block definition", detail, end)
        return Block(
            Span(name.start, close.end),
            self.text(name),
            Span(name.start, name.end),
            labels,
            Span(opener.start, opener.end),
            Body(Span(opener.end, close.start), items),
            Span(close.start, close.end),
        )

    def _single(self) -> Attribute:
        name = self.peek()
        if name.kind != t.IDENTIFIER:
            raise self.problem(_REQUIRED, "An argument or block definition is required here.", name)
        self.read()
        after = self.peek()
        if after.kind != "=":
            detail = "A block on a single line holds one argument; put a nested block on lines of its own."
            raise self.problem("Argument definition required", detail, after)
        attribute = self._attribute(name)
        end = self.peek()
        if end.kind != "}":
            detail = "A block on a single line must close right after its one argument."
            raise self.problem(_SINGLE, detail, end)
        return attribute

    def _label(self, token: Token) -> Label:
        if token.kind == t.IDENTIFIER:
            self.read()
            return Label(Span(token.start, token.end), self.text(token), quoted=False)
        if token.kind == t.OPEN_QUOTE:
            return self._quoted_label()
        if token.kind == "=":
            detail = 'The equals sign "=" belongs to an argument; a block has none.'
        elif token.kind == t.NEWLINE:
            detail = 'The "{" of a block must stand on the same line as its name and labels.'
        else:
            detail = 'A quoted label or an opening brace ("{") is expected here.'
        raise self.problem(_BLOCK, detail, token)

    def _quoted_label(self) -> Label:
        start = self.read().start
        value = ""
        while (token := self.read()).kind != t.CLOSE_QUOTE:
            if token.kind == t.QUOTED_LITERAL:
                value += quoted_text(
                    self.text(token),
                    token.start,
                    lambda detail, span: self.note("Invalid escape sequence", detail, span),
                )
            elif token.kind in (t.INTERPOLATION, t.DIRECTIVE):
                mark = self.text(token)[0]
                detail = f'Template sequences cannot stand here. For a literal "{mark}" double it.'
                raise self.problem("Invalid string literal", detail, token)
            else:
                detail = "No closing quote was found for this label."
                raise self.problem("Unterminated string literal", detail, token)
        return Label(self.span_from(start), value, quoted=True)

    def _skip(self, first: int) -> None:
        """Goes to the end of the line on which reading stopped, brackets opened from there included.

        Stops before a brace that closes the block around the item which began at token `first`.
        """
        read = self.tokens[first : self.index]
        inside: int | None = None  # braces that the item itself has opened, once that matters
        waiting: list[str] = []
        while (token := self.peek()).kind != t.END:
            if token.kind == t.NEWLINE and not waiting:
                return
            if token.kind in _OPENERS:
                waiting.append(_OPENERS[token.kind])
            elif waiting and token.kind == waiting[-1]:
                waiting.pop()
            elif token.kind == "}" and not waiting:
                if inside is None:
                    inside = sum((part.kind == "{") - (part.kind == "}") for part in read)
                if inside <= 0 and self.depth > 0:
                    return
                inside -= 1
            self.read()
