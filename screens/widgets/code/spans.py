"""What the pieces of a source text are, so that they can be coloured: HCL by its own scanner, others roughly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

from oxtui.template.hcl import tokens as t
from oxtui.template.hcl.scanner import scan

Language: TypeAlias = Literal["hcl", "json", "shell", ""]
Kind: TypeAlias = Literal["comment", "string", "number", "keyword", "name", "reference", "mark"]
KINDS: tuple[Kind, ...] = ("comment", "string", "number", "keyword", "name", "reference", "mark")


class Piece(NamedTuple):
    """A range of one line: columns in characters."""

    start: int
    end: int
    kind: Kind


def lines_of(text: str, language: Language) -> list[list[Piece]]:
    """The pieces of each line of a text."""
    found: list[list[Piece]] = [[]]
    line, at = 0, 0
    for start, end, kind in _pieces(text, language):
        while at < start:
            break_at = text.find("\n", at, start)
            if break_at < 0:
                break
            found.append([])
            line, at = line + 1, break_at + 1
        begin = at if at else 0
        while True:
            break_at = text.find("\n", start, end)
            stop = end if break_at < 0 else break_at
            if stop > start:
                found[line].append(Piece(start - begin, stop - begin, kind))
            if break_at < 0:
                break
            found.append([])
            line, at = line + 1, break_at + 1
            start, begin = at, at
    found.extend([] for _ in range(text.count("\n", at)))
    return found


def _pieces(text: str, language: Language) -> Iterator[tuple[int, int, Kind]]:
    if language == "hcl":
        yield from _marked(text, _hcl(text))
    elif language == "json":
        yield from _marked(text, _json(text))
    elif language == "shell":
        yield from _shell(text)


_STRING = {
    t.OPEN_QUOTE,
    t.CLOSE_QUOTE,
    t.QUOTED_LITERAL,
    t.LITERAL,
    t.OPEN_HEREDOC,
    t.CLOSE_HEREDOC,
}
_MARKS = {t.INTERPOLATION, t.DIRECTIVE, t.SEQUENCE_END}
_CONSTANTS = {"true", "false", "null"}
_ROOTS = {"var", "local", "data", "build", "path", "packer", "source", "each"}


def _hcl(text: str) -> Iterator[tuple[int, int, Kind]]:
    tokens = [token for token in scan(text) if token.kind != t.NEWLINE]
    for number, token in enumerate(tokens):
        after = tokens[number + 1].kind if number + 1 < len(tokens) else ""
        before = tokens[number - 1].kind if number else ""
        kind = _hcl_kind(token.kind, text[token.start : token.end], before, after)
        if kind:
            yield token.start, token.end, kind


def _hcl_kind(kind: str, text: str, before: str, after: str) -> Kind | None:
    if kind in (t.LINE_COMMENT, t.COMMENT):
        return "comment"
    if kind in _STRING:
        return "string"
    if kind in _MARKS:
        return "mark"
    if kind == t.NUMBER or (kind == t.IDENTIFIER and text in _CONSTANTS):
        return "number"
    if kind != t.IDENTIFIER:
        return None
    if after in ("{", t.OPEN_QUOTE, "("):
        return "keyword"
    if after == "=":
        return "name"
    return "reference" if text in _ROOTS or before == "." else None


_ACTION = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def _marked(text: str, pieces: Iterator[tuple[int, int, Kind]]) -> Iterator[tuple[int, int, Kind]]:
    """The pieces, with each `{{ }}` in a string a piece of its own: it is another language."""
    for start, end, kind in pieces:
        at = start
        if kind == "string":
            for found in _ACTION.finditer(text, start, end):
                if found.start() > at:
                    yield at, found.start(), kind
                yield found.start(), found.end(), "mark"
                at = found.end()
        if end > at:
            yield at, end, kind


_JSON = re.compile(
    r"""
      (?P<name>"(?:[^"\\\n]|\\.)*"(?=\s*:))
    | (?P<string>"(?:[^"\\\n]|\\.)*"?)
    | (?P<number>-?\d[\d.eE+-]*|\b(?:true|false|null)\b)
    """,
    re.VERBOSE,
)
_SEQUENCE = re.compile(r"\$\$\{|%%\{|[$%]\{[^{}\"\n]*\}")


def _json(text: str) -> Iterator[tuple[int, int, Kind]]:
    for found in _JSON.finditer(text):
        kind: Kind = found.lastgroup  # type: ignore[assignment]
        if kind != "string":
            yield found.start(), found.end(), kind
            continue
        at = found.start()
        for inner in _SEQUENCE.finditer(text, at, found.end()):
            if inner.end() - inner.start() > 3:
                yield at, inner.start(), "string"
                yield inner.start(), inner.end(), "reference"
                at = inner.end()
        yield at, found.end(), "string"


_SHELL = re.compile(
    r"""
      (?P<comment>(?<![^\s;(])\#[^\n]*)
    | (?P<string>'[^']*'|"(?:[^"\\]|\\.)*")
    | (?P<reference>\$(?:\w+|\{[^}\n]*\}|[@?*\#!$-]))
    | (?P<mark>\$\(|[|&;<>]+)
    | (?P<keyword>\b(?:if|then|elif|else|fi|for|while|until|do|done|case|esac|in|function
        |export|local|set|exit|return|trap|source|eval|exec|cd|shift|unset|readonly)\b)
    | (?P<name>\b[A-Za-z_]\w*(?==))
    | (?P<number>(?<![\w.-])\d+(?![\w.-]))
    """,
    re.VERBOSE | re.DOTALL,
)
_IN_STRING = re.compile(r"\\.|(?P<reference>\$(?:\w+|\{[^}\n]*\}|[@?*#!$-]))", re.DOTALL)


def _shell(text: str) -> Iterator[tuple[int, int, Kind]]:
    for found in _SHELL.finditer(text):
        if found.lastgroup == "string" and found[0].startswith('"'):
            yield from _string(text, found.start(), found.end())
        else:
            yield found.start(), found.end(), found.lastgroup  # type: ignore[misc]


def _string(text: str, start: int, end: int) -> Iterator[tuple[int, int, Kind]]:
    """A string between double quotes, in which the shell replaces variables."""
    at = start
    for found in _IN_STRING.finditer(text, start, end):
        if found["reference"]:
            yield at, found.start(), "string"
            yield found.start(), found.end(), "reference"
            at = found.end()
    yield at, end, "string"
