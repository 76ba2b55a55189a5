"""Reads what stands inside an action: variables, commands, operands."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from oxtui.template.legacy.engine.errors import InterpolationError
from oxtui.template.legacy.engine.lexer import Token, Words
from oxtui.template.legacy.engine.limits import MAX_NESTING, MAX_VARIABLES, too_deep
from oxtui.template.legacy.engine.literals import read_character, read_number, read_string
from oxtui.template.legacy.engine.nodes import (
    Dot,
    Group,
    Literal,
    Name,
    Operand,
    Pipeline,
    Variable,
)

_BLOCKS: Final = "if else end range with define template block break continue"
KEYWORDS: Final = frozenset(_BLOCKS.split()) | {"nil"}
_NOTHING: Final = Token("end", "}}", 0, spaced=False)
_CONSTANTS: Final = {"true": True, "false": False, "nil": None}


class PipelineReader:
    """Goes through the tokens of one action after the other; knows the variables seen so far."""

    def __init__(self, functions: Collection[str]) -> None:
        self.functions = functions
        self.variables = ["$"]
        self._tokens: tuple[Token, ...] = (_NOTHING,)
        self._at = self._depth = 0
        self._text, self._span = "", (0, 0)

    def begin(self, action: Words, text: str) -> None:
        """Turns to another action of a text."""
        self._tokens, self._span, self._text = action.tokens, action.span, text
        self._at = self._depth = 0

    @property
    def _next(self) -> Token:
        return self._tokens[min(self._at, len(self._tokens) - 1)]

    def take(self) -> Token:
        """The next token."""
        token = self._next
        self._at += 1
        return token

    def at_end(self) -> bool:
        """Nothing follows in this action."""
        return self._next.kind == "end"

    def keyword(self, *wanted: str) -> str:
        """Takes a keyword of blocks, if one of them follows, and names it."""
        token = self._next
        if token.kind == "word" and token.text in (wanted or KEYWORDS) and token.text != "nil":
            self._at += 1
            return token.text
        return ""

    def finish(self, word: str) -> None:
        """Raises InterpolationError if anything follows."""
        if not self.at_end():
            raise self._unexpected(f"{word} stands alone")

    def _error(self, problem: str, token: Token | None = None) -> InterpolationError:
        error = InterpolationError(problem)
        error.place(self._text, (token or self._next).at, self._span)
        return error

    def _unexpected(self, context: str) -> InterpolationError:
        return self._error(f"{context}, but {self._next.text} follows; remove it")

    def pipeline(self, context: str, closing: str = "}}", *, pair: bool = False) -> Pipeline:
        """Commands up to the end; with `pair`, two variables may take the result. Raises InterpolationError."""
        start = self._next
        declared, assigns = self._declaration(context, pair=pair)
        commands: list[tuple[Operand, ...]] = []
        while True:
            if self._next.text == closing and self._next.kind in ("end", "sign"):
                self._at += 1
                break
            command = self._command(context)
            if commands and (isinstance(command[0], Literal) or _is_dot(command[0])):
                raise self._error(
                    f"{command[0].written} after | is not a function; name one", start
                )
            commands.append(command)
        if not commands:
            empty = "{{ }}" if closing == "}}" else "( )"
            named = "" if context == "the action" else f" of {context}"
            raise self._error(f"{empty}{named} is empty; name a value or a function in it", start)
        return Pipeline(start.at, tuple(commands), declared, assigns)

    def _declaration(self, context: str, *, pair: bool) -> tuple[tuple[str, ...], bool]:
        names: list[str] = []
        while self._next.kind == "variable":
            token, following = self._next, self._tokens[self._at + 1]
            if following.text in (":=", "="):
                self._at += 2
                self._declare(token)
                return (*names, token.text), following.text == "="
            if following.kind != "other" or following.text != ",":
                break
            if not pair or names:
                raise self._error(f"{context} declares too many variables; name one", following)
            self._at += 2
            names.append(token.text)
            self._declare(token)
            if self._next.kind not in ("variable", "end"):
                raise self._error("range can only declare variables before := ; name one", token)
        # `range $i, $v` without a value: what follows the comma is the value to go through.
        return tuple(names), False

    def _declare(self, token: Token) -> None:
        if len(self.variables) > MAX_VARIABLES:
            raise self._error(f"there are more than {MAX_VARIABLES:,} variables; use fewer", token)
        self.variables.append(token.text)

    def _command(self, context: str) -> tuple[Operand, ...]:
        operands: list[Operand] = []
        while True:
            operand = self._operand()
            if operand is not None:
                operands.append(operand)
            token = self._next
            if token.kind == "end" or (token.kind == "sign" and token.text in (")", "|")):
                if not operands:
                    raise self._error(f"a command of {context} is empty; name a function in it")
                if token.text == "|":
                    self._at += 1
                return tuple(operands)
            if not token.spaced or operand is None:
                raise self._error(
                    f"{token.text} cannot follow here; put a space between values, and text in quotes"
                )

    def _operand(self) -> Operand | None:
        term = self._term()
        if term is None:
            return None
        fields: list[str] = []
        while self._next.kind == "field" and not self._next.spaced:
            fields.append(self.take().text[1:])
        if not fields:
            return term
        written = ".".join([term.written, *fields])
        if isinstance(term, Literal) or (isinstance(term, Dot) and not term.fields):
            raise self._error(f"{term.written} has no fields; put a space before the point")
        if isinstance(term, Dot):
            return Dot(term.at, written, (*term.fields, *fields))
        if isinstance(term, Variable):
            return Variable(term.at, written, term.name, tuple(fields))
        if isinstance(term, Name):
            return Name(term.at, term.written, tuple(fields))
        return Group(term.at, term.written, term.pipeline, tuple(fields))

    def _term(self) -> Operand | None:
        token = self._next
        self._at += 1
        try:
            match token.kind:
                case "string":
                    return Literal(token.at, token.text, read_string(token.text))
                case "character":
                    code = read_character(token.text)
                    return Literal(token.at, token.text, code, code)
                case "number":
                    number, whole = read_number(token.text)
                    return Literal(token.at, token.text, number, whole)
        except InterpolationError as error:
            raise self._error(error.problem, token) from None
        match token.kind:
            case "dot":
                return Dot(token.at, ".")
            case "field":
                return Dot(token.at, token.text, (token.text[1:],))
            case "variable":
                if token.text not in self.variables:
                    raise self._error(
                        f"the variable {token.text} is not declared before; write "
                        f"{{{{ {token.text} := … }}}} first",
                        token,
                    )
                return Variable(token.at, token.text, token.text)
            case "word" if token.text in _CONSTANTS:
                return Literal(token.at, token.text, _CONSTANTS[token.text])
            case "word" if token.text not in KEYWORDS:
                return self._function(token)
            case "sign" if token.text == "(":
                return self._group(token)
        self._at -= 1
        return None

    def _function(self, token: Token) -> Name:
        if token.text not in self.functions:
            from oxtui.template.hcl.suggest import did_you_mean

            close = did_you_mean(token.text, self.functions)
            listed = f" There are {', '.join(sorted(self.functions))}."
            raise self._error(
                f"there is no function {token.text} here; put text in quotes.{close or listed}",
                token,
            )
        return Name(token.at, token.text)

    def _group(self, token: Token) -> Group:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise self._error(too_deep().problem, token)
        pipeline = self.pipeline("the parentheses", ")")
        self._depth -= 1
        return Group(token.at, "( … )", pipeline)


def _is_dot(operand: Operand) -> bool:
    return isinstance(operand, Dot) and not operand.fields
