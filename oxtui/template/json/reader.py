"""Reads JSON text (RFC 8259) into nodes. The first thing that is wrong ends it, as in Packer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.diagnostic import TemplateError, error
from oxtui.template.hcl.source import Span
from oxtui.template.json.nodes import Array, Member, Number, Object, String, Word
from oxtui.template.json.strings import StringProblem, read_string

if TYPE_CHECKING:
    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.json.nodes import Node

MAX_DEPTH: Final = 200
"""How deep lists and objects may stand in each other."""
_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[A-Za-z]+")
_WORDS = frozenset(("true", "false", "null"))
_SUMMARY = "Invalid JSON"


def parse_json(file: SourceFile) -> tuple[Node | None, list[Diagnostic]]:
    """Reads a text that is one JSON value. A byte order mark before it is skipped. Does not raise."""
    reader = _Reader(file)
    try:
        return reader.whole(), []
    except TemplateError as problem:
        return None, problem.diagnostics


class _Reader:
    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.text = file.text
        self.at = 1 if file.text.startswith("\ufeff") else 0
        self.depth = 0

    def whole(self) -> Node:
        self._space()
        if self.at == len(self.text):
            raise self._problem("The text is empty; a JSON value is expected.")
        node = self._value()
        self._space()
        if self.at < len(self.text):
            raise self._problem("There is more text after the end of the JSON value.")
        return node

    def _space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        if found is not None:
            self.at = found.end()

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _problem(self, detail: str, span: Span | None = None) -> TemplateError:
        offset = min(self.at, len(self.text)) if span is None else span.start
        place = span or Span(offset, min(offset + 1, len(self.text)))
        line, column = self.file.position(offset)
        where = f"At line {line}, column {column} (offset {offset})."
        return TemplateError([error(_SUMMARY, f"{detail} {where}", place, self.file, "syntax")])

    def _value(self) -> Node:
        first = self._peek()
        if first == '"':
            return self._string()
        if first == "{":
            return self._object()
        if first == "[":
            return self._array()
        start = self.at
        found = _NUMBER.match(self.text, start)
        if found is not None:
            self.at = found.end()
            return Number(Span(start, self.at), found.group())
        found = _WORD.match(self.text, start)
        if found is not None and found.group() in _WORDS:
            self.at = found.end()
            return Word(Span(start, self.at), found.group())
        if found is not None:
            detail = f'"{found.group()[:40]}" is no JSON value. Text stands in double quotes.'
            raise self._problem(detail, Span(*found.span()))
        raise self._problem(
            "The text ends here, where a value is expected." if not first else self._odd()
        )

    def _odd(self) -> str:
        """What to say of a character that begins no value."""
        character = self._peek()
        if character in "]}" and self.text[: self.at].rstrip().endswith(","):
            return (
                f"A value is expected here, not “{character}”: there is a comma too many before it."
            )
        if character in "/#":
            return (
                "JSON has no comments; in a legacy template a key that begins with _ can hold one."
            )
        if character == "'":
            return "Text stands in double quotes."
        return f"A value is expected here, not {character!r}."

    def _string(self) -> String:
        try:
            made = read_string(self.text, self.at)
        except StringProblem as problem:
            place = Span(problem.at, problem.at + 1)
            raise self._problem(str(problem), place) from None
        self.at = made.span.end
        return made

    def _enter(self) -> int:
        start = self.at
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self._problem(
                f"Lists and objects may stand in each other at most {MAX_DEPTH} deep."
            )
        self.at += 1
        self._space()
        return start

    def _ends(self, closer: str, what: str) -> bool:
        """After an item: whether that was the last; otherwise the place is behind the comma."""
        self._space()
        found = self._peek()
        if found == ",":
            self.at += 1
            self._space()
            return False
        if found != closer:
            raise self._problem(f"A comma or {closer} is expected after {what}.")
        return True

    def _leave(self, start: int) -> Span:
        self.at += 1
        self.depth -= 1
        return Span(start, self.at)

    def _array(self) -> Array:
        start = self._enter()
        items: list[Node] = []
        if self._peek() != "]":
            items.append(self._value())
            while not self._ends("]", "a value of a list"):
                items.append(self._value())
        return Array(self._leave(start), items)

    def _object(self) -> Object:
        start = self._enter()
        members: list[Member] = []
        if self._peek() != "}":
            members.append(self._member())
            while not self._ends("}", "a value of an object"):
                members.append(self._member())
        return Object(self._leave(start), members)

    def _member(self) -> Member:
        if self._peek() != '"':
            odd = self._odd() if self._peek() else "The text ends here."
            raise self._problem(odd.replace("A value", "A key in double quotes", 1))
        key = self._string()
        self._space()
        if self._peek() != ":":
            raise self._problem("A colon is expected after a key.")
        self.at += 1
        self._space()
        return Member(key, self._value())
