"""Strings, heredocs and template files: literal text, `${ … }` and `%{ … }`."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from oxtui.template.hcl import tokens as t
from oxtui.template.hcl.parse.cursor import MAX_DEPTH, TOO_DEEP, Cursor
from oxtui.template.hcl.parse.invalid import QUOTED_NEWLINE_DETAIL
from oxtui.template.hcl.parse.literals import plain_text, quoted_text
from oxtui.template.hcl.parse.template_tokens import (
    FlatPart,
    ForPart,
    IfPart,
    TextPart,
    WordPart,
    remove_indentation,
)
from oxtui.template.hcl.source import Span
from oxtui.template.hcl.tree.expressions import (
    Interpolation,
    Template,
    TemplateFor,
    TemplateIf,
    TemplateText,
)

if TYPE_CHECKING:
    from oxtui.template.hcl.tokens import Token
    from oxtui.template.hcl.tree.expressions import Expression, TemplatePart

UNTERMINATED = "Unterminated template string"
_NOT_ENDED = (
    "There is no closing brace for this sequence before the end of the file. "
    "Brackets may be nested wrongly inside of it."
)


@dataclass(slots=True)
class _Open:
    """A directive that waits for its end; `into` is where parts go at present."""

    part: IfPart | ForPart | None
    first: list[TemplatePart] = field(default_factory=list)
    otherwise: list[TemplatePart] | None = None

    @property
    def into(self) -> list[TemplatePart]:
        return self.first if self.otherwise is None else self.otherwise


class TemplateParser(Cursor):
    """Reads templates; what stands in `${ }` is read by whoever reads expressions."""

    @abstractmethod
    def expression(self) -> Expression:
        """Reads one expression."""

    def quoted(self) -> Template:
        """Reads a quoted string, its opening quote being next."""
        start = self.read().start
        parts, end = self._parts(t.CLOSE_QUOTE, start)
        return Template(self.span_from(start), self._pair(parts, end), '"')

    def heredoc(self) -> Template:
        """Reads a heredoc, its opening marker being next."""
        opener = self.read()
        parts, end = self._parts(t.CLOSE_HEREDOC, opener.start)
        if self.text(opener).startswith("<<-"):
            remove_indentation(parts)
        return Template(self.span_from(opener.start), self._pair(parts, end), "<<")

    def whole_template(self) -> Template:
        """Reads the whole text as one template."""
        parts, end = self._parts(t.END, 0)
        return Template(Span(0, len(self.file.text)), self._pair(parts, end), "")

    def _parts(self, closer: str, start: int) -> tuple[list[FlatPart], Token]:
        parts: list[FlatPart] = []
        trim_next = False
        while True:
            token = self.read()
            trim = trim_next
            trim_next = False
            if token.kind == closer:
                return parts, token
            if token.kind in (t.LITERAL, t.QUOTED_LITERAL):
                text = self._literal(token)
                parts.append(
                    TextPart(Span(token.start, token.end), text.lstrip() if trim else text)
                )
            elif token.kind in (t.INTERPOLATION, t.DIRECTIVE):
                if token.end - token.start == 3 and parts and isinstance(parts[-1], TextPart):
                    parts[-1].text = parts[-1].text.rstrip()
                with self.newlines(count=False):
                    part, end = self._sequence(token)
                parts.append(part)
                trim_next = end.end - end.start == 2
            elif token.kind == t.QUOTED_NEWLINE:
                # In the words of what is told about the character, so that it is told once.
                raise self.problem(UNTERMINATED, QUOTED_NEWLINE_DETAIL, token)
            else:
                line = self.file.line_number(start)
                detail = f"No closing mark was found for the string that begins in line {line}."
                raise self.problem(UNTERMINATED, detail, token)

    def _literal(self, token: Token) -> str:
        if token.kind == t.LITERAL:
            return plain_text(self.text(token))
        return quoted_text(
            self.text(token),
            token.start,
            lambda detail, span: self.note("Invalid escape sequence", detail, span),
        )

    def _sequence(self, opener: Token) -> tuple[FlatPart, Token]:
        if opener.kind == t.INTERPOLATION:
            expression = self.expression()
            end = self._sequence_end("interpolation expression", "interpolation")
            return Interpolation(self.span_from(opener.start), expression), end
        word = self.read()
        keyword = self.text(word)
        if word.kind != t.IDENTIFIER:
            detail = 'A directive keyword ("if", "for", …) is expected after "%{".'
            raise self.problem("Invalid template directive", detail, word)
        key_name, value_name, inner = None, "", None
        if keyword == "if":
            inner = self.expression()
        elif keyword == "for":
            key_name, value_name, inner = self.for_names(in_template=True)
        elif keyword not in ("else", "endif", "endfor"):
            detail = f'"{keyword}" is not a template directive. For a literal "%{{" write "%%{{".'
            raise self.problem("Invalid template control keyword", detail, word)
        end = self._sequence_end(f"{keyword} directive", "control")
        span = self.span_from(opener.start)
        if inner is None:
            return WordPart(span, keyword), end
        if keyword == "if":
            return IfPart(span, inner), end
        return ForPart(span, key_name, value_name, inner), end

    def _sequence_end(self, what: str, kind: str) -> Token:
        token = self.peek()
        if token.kind == t.SEQUENCE_END:
            return self.read()
        if token.kind == t.END:
            raise self.problem(f"Unclosed template {kind} sequence", _NOT_ENDED, token)
        detail = (
            "Expected a closing brace, but found more. Where the text is meant for another language, "
            'such as a shell, write "$${" instead of "${" and "%%{" instead of "%{".'
        )
        raise self.problem(f"Extra characters after {what}", detail, token)

    @abstractmethod
    def for_names(self, *, in_template: bool) -> tuple[str | None, str, Expression]:
        """Reads `k, v in collection`: key name, value name, collection."""

    def _pair(self, parts: list[FlatPart], end: Token) -> list[TemplatePart]:
        """Puts what stands between `if` and `endif`, `for` and `endfor`, inside of them."""
        stack = [_Open(None)]
        for part in parts:
            if isinstance(part, IfPart | ForPart):
                stack.append(_Open(part))
                if len(stack) > MAX_DEPTH:
                    raise self.problem(*TOO_DEEP, part.span)
            elif isinstance(part, WordPart):
                self._close(stack, part)
            elif isinstance(part, TextPart):
                stack[-1].into.append(TemplateText(part.span, part.text))
            else:
                stack[-1].into.append(part)
        unclosed = stack[-1].part
        if unclosed is not None:
            word = "if" if isinstance(unclosed, IfPart) else "for"
            line = self.file.line_number(unclosed.span.start)
            detail = f'The "{word}" of line {line} has no "end{word}".'
            raise self.problem("Unexpected end of template", detail, end)
        return stack[0].first

    def _close(self, stack: list[_Open], word: WordPart) -> None:
        top = stack[-1]
        if word.word == "else" and isinstance(top.part, IfPart) and top.otherwise is None:
            top.otherwise = []
            return
        if word.word == "endif" and isinstance(top.part, IfPart):
            span = Span(top.part.span.start, word.span.end)
            node = TemplateIf(span, top.part.condition, top.first, top.otherwise or [])
            stack.pop()
            stack[-1].into.append(node)
        elif word.word == "endfor" and isinstance(top.part, ForPart):
            span = Span(top.part.span.start, word.span.end)
            made = top.part
            loop = TemplateFor(span, made.key_name, made.value_name, made.collection, top.first)
            stack.pop()
            stack[-1].into.append(loop)
        else:
            detail = f'There is no open directive that "{word.word}" could belong to.'
            raise self.problem(f"Unexpected {word.word} directive", detail, word.span)
