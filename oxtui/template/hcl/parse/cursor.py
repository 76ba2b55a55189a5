"""The parser's place in the token list, and how it reports a problem."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl import tokens as t
from oxtui.template.hcl.diagnostic import Diagnostic, error
from oxtui.template.hcl.source import Span
from oxtui.template.hcl.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oxtui.template.hcl.source import SourceFile

MAX_DEPTH: Final = 250
TOO_DEEP: Final = (
    "Expression nested too deeply",
    f"Brackets and templates may stand in each other at most {MAX_DEPTH} deep.",
)


class SyntaxProblem(Exception):
    """What was being read cannot be read on; the message is already noted."""


class Cursor:
    """Tokens one by one. Comments are skipped; newlines too, wherever they mean nothing."""

    def __init__(self, file: SourceFile, tokens: list[Token]) -> None:
        self.file = file
        self.tokens = tokens
        self.diagnostics: list[Diagnostic] = []
        self.index = 0
        self.previous_end = 0
        self.depth = 0
        self._newlines_count = True

    def peek(self) -> Token:
        """The next token, which stays the next."""
        tokens, index = self.tokens, self.index
        while True:
            token = tokens[index]
            kind = token.kind
            if kind == t.COMMENT or (
                not self._newlines_count and (kind == t.NEWLINE or kind == t.LINE_COMMENT)
            ):
                index += 1
                continue
            self.index = index
            return Token(t.NEWLINE, token.start, token.end) if kind == t.LINE_COMMENT else token

    def read(self) -> Token:
        """The next token, which is then behind."""
        token = self.peek()
        if token.kind != t.END:
            self.index += 1
        self.previous_end = token.end
        return token

    def text(self, token: Token) -> str:
        """How a token is written."""
        return self.file.text[token.start : token.end]

    @contextmanager
    def newlines(self, count: bool) -> Iterator[None]:
        """Lets newlines count, or not, until the end of the `with`; bounds the nesting."""
        before = self._newlines_count
        self._newlines_count = count
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.problem(*TOO_DEEP, self.peek())
        try:
            yield
        finally:
            self._newlines_count = before
            self.depth -= 1

    def newline_mode(self, count: bool) -> bool:
        """Sets whether newlines count and returns what held before; for code that cannot nest a `with`."""
        before = self._newlines_count
        self._newlines_count = count
        return before

    def note(self, summary: str, detail: str, token: Token | Span) -> None:
        """Records a problem that reading can go on from."""
        span = token if isinstance(token, Span) else Span(token.start, token.end)
        self.diagnostics.append(error(summary, detail, span, self.file, "syntax"))

    def problem(self, summary: str, detail: str, token: Token | Span) -> SyntaxProblem:
        """Records a problem; the caller raises what it returns and so gives up what is being read."""
        self.note(summary, detail, token)
        return SyntaxProblem(summary)

    def span_from(self, start: int) -> Span:
        """From an offset to the end of the last token that was read."""
        return Span(start, self.previous_end)
