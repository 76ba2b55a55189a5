"""Cuts a text into pieces of plain text and actions, and each action into tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from oxtui.template.legacy.engine.errors import InterpolationError
from oxtui.template.legacy.engine.limits import MAX_CHARACTERS, MAX_LITERAL, MAX_PARTS, too_long

_SPACES: Final = " \t\r\n"
_OPEN = re.compile(r"\{\{(?:-(?=[ \t\r\n]))?")
_CLOSE = re.compile(r"(?:[ \t\r\n]-)?\}\}")
_COMMENT = re.compile(r"\{\{(?:-[ \t\r\n])?/\*")
_SPACE = re.compile(r"[ \t\r\n]+")
_TOKEN = re.compile(
    r"""(?P<number>(?=[+-]|\.?[0-9])[+-]?(?:
        0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?
        |0[oO][0-7_]*(?:\.[0-7_]*)?
        |0[bB][01_]*(?:\.[01_]*)?
        |[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?)
    |(?P<field>\.\w+)
    |(?P<dot>\.)
    |(?P<variable>\$\w*)
    |(?P<word>\w+)
    |(?P<sign>:=|[=|()])
    |(?P<other>[!-~])""",
    re.VERBOSE,
)
_NAMES: Final = ("field", "dot", "variable", "word")
_QUOTES: Final = {
    '"': re.compile(r'["\\\n]'),
    "'": re.compile(r"['\\\n]"),
    "`": re.compile("`"),
}
"""What can end a quoted text, or must be looked at in it."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token of an action. `kind` is `sign` for what its text says itself, and `end` after the last."""

    kind: str
    text: str
    at: int
    spaced: bool
    """White space stands before it."""


@dataclass(frozen=True, slots=True)
class Words:
    """An action's tokens, and where it begins and ends."""

    tokens: tuple[Token, ...]
    span: tuple[int, int]


Piece: TypeAlias = "str | Words"


class Lexer:
    """Reads one text, from its beginning to its end, piece by piece."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._parts = 0
        if len(text) > MAX_CHARACTERS:
            raise too_long()

    def pieces(self) -> Iterator[Piece]:
        """Text and actions, in order. Raises InterpolationError."""
        text, at, trim = self.text, 0, False
        while at < len(text):
            start = text.find("{{", at)
            plain = text[at:] if start < 0 else text[at:start]
            if trim:
                plain = plain.lstrip(_SPACES)
            opening = _OPEN.match(text, start) if start >= 0 else None
            if opening is not None and opening.end() - start == 3:
                plain = plain.rstrip(_SPACES)
            if plain:
                self._count(at, at)
                yield plain
            if opening is None:
                return
            comment = _COMMENT.match(text, start)
            if comment is not None:
                at, trim = self._comment(start, comment.end())
                continue
            tokens, closing = self._tokens(start, opening.end())
            at, trim = closing.end(), len(closing.group()) > 2
            yield Words(tuple(tokens), (start, at))

    def _count(self, start: int, at: int) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise self._error(f"the text has more than {MAX_PARTS:,} parts; divide it", start, at)

    def _error(self, problem: str, start: int, at: int) -> InterpolationError:
        error = InterpolationError(problem)
        line = self.text.find("\n", at)
        shown = self.text[start : len(self.text) if line < 0 else line].find("}}")
        error.place(self.text, at, None if shown < 0 else (start, start + shown + 2))
        return error

    def _comment(self, start: int, inside: int) -> tuple[int, bool]:
        end = self.text.find("*/", inside)
        if end < 0:
            raise self._error("the comment is not finished; end it with */}}", start, start)
        closing = _CLOSE.match(self.text, end + 2)
        if closing is None:
            raise self._error(
                "a comment fills an action alone; put }} right after its */", start, end
            )
        return closing.end(), len(closing.group()) > 2

    def _tokens(self, start: int, at: int) -> tuple[list[Token], re.Match[str]]:
        """The action's tokens, and its closing braces."""
        text, tokens, depth, spaced = self.text, list[Token](), 0, False
        while True:
            closing = _CLOSE.match(text, at)
            if closing is not None:
                if depth:
                    raise self._error("a parenthesis is not closed; put a ) before }}", start, at)
                tokens.append(Token("end", "}}", at, spaced))
                return tokens, closing
            space = _SPACE.match(text, at)
            if space is not None:
                # The last one may belong to the closing braces: ` -}}`.
                kept = text.startswith("-}}", space.end()) and space.end() - at > 1
                at, spaced = space.end() - kept, True
                continue
            self._count(start, at)
            token = self._token(start, at, spaced=spaced)
            depth += (token.kind == "sign") * ((token.text == "(") - (token.text == ")"))
            if depth < 0:
                raise self._error("a ) has no ( before it; remove it", start, at)
            tokens.append(token)
            at, spaced = at + len(token.text), False

    def _token(self, start: int, at: int, *, spaced: bool) -> Token:
        text = self.text
        if at >= len(text):
            raise self._error("{{ is not closed; end it with }}, or write {{`{{`}}", start, start)
        if text[at] in _QUOTES:
            kind = "character" if text[at] == "'" else "string"
            return Token(kind, text[at : self._quoted_end(start, at)], at, spaced)
        found = _TOKEN.match(text, at)
        if found is None:
            raise self._error(f"{text[at]!r} has no meaning here; put text in quotes", start, at)
        kind = found.lastgroup or ""
        name = found.group().lstrip(".$") if kind in _NAMES else ""
        odd = "" if name.isascii() else next((c for c in name if not _in_name(c)), "")
        if odd:
            raise self._error(f"{odd!r} cannot be part of a name; put text in quotes", start, at)
        after = text[found.end() : found.end() + 2]
        if kind in _NAMES and after and after[0] not in " \t\r\n.,|:)(" and after != "}}":
            raise self._error(
                f"{after[0]!r} cannot follow {found.group()}; put a space between them",
                start, found.end(),
            )  # fmt: skip
        if kind == "number" and after and (after[0].isalnum() or after[0] in "_+-"):
            raise self._error("this is not a number; put text in quotes", start, at)
        return Token(kind, found.group(), at, spaced)

    def _quoted_end(self, start: int, at: int) -> int:
        quote, stops = self.text[at], _QUOTES[self.text[at]]
        place = at + 1
        while place - at < MAX_LITERAL:
            found = stops.search(self.text, place, at + MAX_LITERAL)
            if found is None or found.group() == "\n":
                break
            if found.group() == quote:
                return found.end()
            place = found.end() + 1
            if self.text[found.end() : place] == "\n":
                break
        raise self._error(
            f"the text in quotes is not finished; end it with {quote} in the same line, and before "
            f"{MAX_LITERAL:,} characters"
            if quote != "`"
            else f"the text in quotes is not finished; end it with ` before {MAX_LITERAL:,} characters",
            start, at,
        )  # fmt: skip


def _in_name(character: str) -> bool:
    r"""Letters and decimal digits; a pattern's `\w` has other digits too, such as `²`."""
    return character == "_" or character.isalpha() or character.isdecimal()
