"""Splits HCL text into tokens. Nothing but blanks lies between two tokens, so the text can be rebuilt.

The rules are those of HCL's native syntax specification; a string's `${ … }` is scanned in place, so
that a tree of any nesting comes out as one flat list. Parser and formatter both start from this list.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from oxtui.template.hcl import tokens as t
from oxtui.template.hcl.tokens import Token

_CODE = re.compile(
    r"""
      (?P<blank>[ \t]+)
    | (?P<identifier>[^\W\d][\w-]*)
    | (?P<newline>\r?\n)
    | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
    | (?P<line_comment>(?:\#|//)[^\n]*\n?)
    | (?P<block_comment>/\*)
    | (?P<heredoc><<-?(?P<marker>[^\W\d][\w-]*)\r?\n)
    | (?P<quote>")
    | (?P<open>\{)
    | (?P<close>~?\})
    | (?P<punctuation>\.\.\.|=>|==|!=|>=|<=|&&|\|\||::|\*\*|[][()<>=:,.?!+*/%&|~^;'`-])
    | (?P<invalid>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_QUOTED = re.compile(
    r'(?:[^"\\$%\r\n]++|\\[^\r\n]|\$\$\{|%%\{|\$(?!\{)|%(?!\{))+',
)
_LINE = re.compile(r"(?:[^$%\n]++|\$\$\{|%%\{|\$(?!\{)|%(?!\{))*\n?")
_LINE_BREAKS = re.compile(r"[\r\n]+")


class _Code(NamedTuple):
    """Expressions or bodies; `braces` open inside, and whether a } at none of them ends a sequence."""

    braces: int
    in_sequence: bool


class _Quoted(NamedTuple):
    """Between two quotes."""


class _Lines(NamedTuple):
    """A heredoc up to its marker; a template file has none and ends with the text."""

    marker: str | None
    at_line_start: bool


class _Scanner:
    def __init__(self, text: str, first: _Code | _Lines) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.at = 1 if text.startswith("\ufeff") else 0
        self.modes: list[_Code | _Quoted | _Lines] = [first]
        self.last_comment_end = text.rfind("*/")

    def run(self) -> list[Token]:
        size = len(self.text)
        while self.at < size:
            mode = self.modes[-1]
            if isinstance(mode, _Code):
                self.code(mode)
            elif isinstance(mode, _Quoted):
                self.quoted()
            else:
                self.lines(mode)
        self.tokens.append(Token(t.END, size, size))
        return self.tokens

    def emit(self, kind: str, end: int) -> None:
        self.tokens.append(Token(kind, self.at, end))
        self.at = end

    def code(self, mode: _Code) -> None:
        """Scans code until it changes what is scanned; most tokens of a text pass through here."""
        text, emit, match = self.text, self.tokens.append, _CODE.match
        braces = mode.braces
        while (found := match(text, self.at)) is not None:
            start, end, kind = self.at, found.end(), found.lastgroup
            self.at = end
            if kind == "blank":
                continue
            if kind == "identifier":
                emit(Token(t.IDENTIFIER, start, end))
            elif kind == "punctuation":
                emit(Token(found.group(), start, end))
            elif kind == "newline":
                emit(Token(t.NEWLINE, start, end))
            elif kind == "number":
                emit(Token(t.NUMBER, start, end))
            elif kind == "line_comment":
                broken = text[end - 1] == "\n"
                emit(Token(t.LINE_COMMENT if broken else t.COMMENT, start, end))
            elif kind == "open":
                braces += 1
                emit(Token("{", start, end))
            elif kind == "close":
                if mode.in_sequence and braces == 0:
                    emit(Token(t.SEQUENCE_END, start, end))
                    self.modes.pop()
                    return
                self.closing_brace(start, end)
                braces = max(0, braces - 1)
            elif kind == "block_comment":
                self.block_comment(start)
            elif kind == "invalid":
                emit(Token(t.INVALID, start, end))
            else:
                self.modes[-1] = mode._replace(braces=braces)
                if kind == "quote":
                    emit(Token(t.OPEN_QUOTE, start, end))
                    self.modes.append(_Quoted())
                else:  # `marker` is the group that closed last in a heredoc's opener
                    emit(Token(t.OPEN_HEREDOC, start, end))
                    self.modes.append(_Lines(found.group("marker"), at_line_start=True))
                return

    def closing_brace(self, start: int, end: int) -> None:
        if end - start == 2:  # ~} closes no ordinary brace: the parser says so at the ~
            self.tokens.append(Token("~", start, start + 1))
        self.tokens.append(Token("}", end - 1, end))

    def block_comment(self, start: int) -> None:
        if start + 2 > self.last_comment_end:
            self.tokens.append(Token("/", start, start + 1))
            self.at = start + 1
            return
        self.at = self.text.index("*/", start + 2) + 2
        self.tokens.append(Token(t.COMMENT, start, self.at))

    def quoted(self) -> None:
        text = self.text
        if text.startswith('"', self.at):
            self.emit(t.CLOSE_QUOTE, self.at + 1)
            self.modes.pop()
        elif text.startswith(("${", "%{"), self.at):
            self.sequence()
        elif (literal := _QUOTED.match(text, self.at)) is not None:
            self.emit(t.QUOTED_LITERAL, literal.end())
        elif (breaks := _LINE_BREAKS.match(text, self.at)) is not None:
            self.emit(t.QUOTED_NEWLINE, breaks.end())
        else:  # a backslash before a line break or the end
            self.emit(t.QUOTED_LITERAL, self.at + 1)

    def lines(self, mode: _Lines) -> None:
        text = self.text
        found = _LINE.match(text, self.at)
        end = self.at if found is None else found.end()
        if end == self.at:
            self.modes[-1] = mode._replace(at_line_start=False)
            self.sequence()
            return
        broken = text[end - 1] == "\n"
        if broken and mode.at_line_start and text[self.at : end].strip() == mode.marker:
            self.modes.pop()
            line_break = end - (2 if text.endswith("\r\n", self.at, end) else 1)
            self.emit(t.CLOSE_HEREDOC, line_break)
            self.emit(t.NEWLINE, end)
            return
        self.modes[-1] = mode._replace(at_line_start=broken)
        self.emit(t.LITERAL, end)

    def sequence(self) -> None:
        kind = t.INTERPOLATION if self.text[self.at] == "$" else t.DIRECTIVE
        width = 3 if self.text.startswith("~", self.at + 2) else 2
        self.emit(kind, self.at + width)
        self.modes.append(_Code(0, in_sequence=True))


def scan(text: str) -> list[Token]:
    """The tokens of a configuration or an expression; the last one is the end of the file."""
    return _Scanner(text, _Code(0, in_sequence=False)).run()


def scan_template(text: str) -> list[Token]:
    """The tokens of a template file: literal lines with `${ … }` and `%{ … }` between them."""
    return _Scanner(text, _Lines(None, at_line_start=True)).run()
