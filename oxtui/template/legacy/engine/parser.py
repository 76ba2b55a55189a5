"""Reads a text into its tree: the blocks. What stands inside an action is read by `pipelines`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from oxtui.template.legacy.engine.errors import InterpolationError
from oxtui.template.legacy.engine.lexer import Lexer, Piece, Token, Words
from oxtui.template.legacy.engine.limits import MAX_NESTING, too_deep
from oxtui.template.legacy.engine.literals import read_string
from oxtui.template.legacy.engine.nodes import (
    Action,
    Body,
    Branch,
    Choice,
    Leave,
    Loop,
    Node,
    Pipeline,
    Templates,
    Text,
    Use,
)
from oxtui.template.legacy.engine.pipelines import PipelineReader

ROOT: Final = "root"
"""The name by which a text can use itself."""
_FINISHES: Final = ("else", "end")


def parse(text: str, functions: Collection[str]) -> Templates:
    """The tree of a text that may call these functions. Raises InterpolationError."""
    return _Parser(text, functions).parse()


class _Parser:
    def __init__(self, text: str, functions: Collection[str]) -> None:
        self.text = text
        self.reader = PipelineReader(functions)
        self.pieces: Iterator[Piece] = Lexer(text).pieces()
        self.found = Templates(text)
        self.depth = self.loops = 0
        self.span = (0, 0)

    def parse(self) -> Templates:
        try:
            body, _ = self._body("", top=True)
            self._define(ROOT, body)
        except InterpolationError as error:
            error.place(self.text, self.span[0], self.span)
            raise
        return self.found

    def _body(self, opener: str, *, top: bool = False) -> tuple[Body, str]:
        """Nodes up to the block's `else` or `end`, and which of them it was."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise too_deep()
        start, nodes = self.span, list[Node]()
        for piece in self.pieces:
            if isinstance(piece, str):
                nodes.append(Text(piece))
                continue
            self.span = piece.span
            self.reader.begin(piece, self.text)
            word = self.reader.keyword()
            if word in _FINISHES:
                if top:
                    raise InterpolationError(f"{word} has no block before it; remove it")
                self.depth -= 1
                return tuple(nodes), word
            if word == "define":
                if not top:
                    raise InterpolationError("define stands inside a block; move it out")
                self._definition()
            else:
                nodes.append(self._node(piece, word))
        if not top:
            self.span = start
            raise InterpolationError(f"{opener} has no end; add {{{{ end }}}} after what it holds")
        return tuple(nodes), ""

    def _node(self, piece: Words, word: str) -> Node:
        if word in ("if", "with"):
            return self._choice(word)
        if word == "range":
            return self._loop()
        if word in ("break", "continue"):
            self.reader.finish(word)
            if not self.loops:
                raise InterpolationError(f"{word} is used outside of a range; remove it")
            return Leave(word == "break")
        if word in ("template", "block"):
            return self._use(word)
        return Action(piece.span, self.reader.pipeline("the action"))

    def _choice(self, word: str) -> Choice:
        known, branches, ended = len(self.reader.variables), list[Branch](), word
        otherwise: Body = ()
        while ended == word:
            span, pipeline = self.span, self.reader.pipeline(word)
            body, ended = self._body(word)
            branches.append(Branch(span, pipeline, body))
            if ended == "else":
                if self.reader.keyword(word):
                    ended = word
                    continue
                self.reader.finish("else")
                otherwise = self._last(word)
        if ended == "end":
            self.reader.finish("end")
        del self.reader.variables[known:]
        return Choice(tuple(branches), otherwise, word == "with")

    def _last(self, word: str) -> Body:
        body, ended = self._body(word)
        if ended != "end":
            raise InterpolationError(f"a second else follows in this {word}; end it first")
        self.reader.finish("end")
        return body

    def _loop(self) -> Loop:
        known, span = len(self.reader.variables), self.span
        pipeline = self.reader.pipeline("range", pair=True)
        self.loops += 1
        body, ended = self._body("range")
        self.loops -= 1
        self.reader.finish(ended)
        otherwise = self._last("range") if ended == "else" else ()
        del self.reader.variables[known:]
        return Loop(span, pipeline, body, otherwise)

    def _use(self, word: str) -> Use:
        span, name = self.span, self._name(word)
        pipeline: Pipeline | None = None
        if word == "block" or not self.reader.at_end():
            pipeline = self.reader.pipeline(word)
        if word == "block":
            self._define(read_string(name.text), self._apart(word))
        return Use(span, name.at, read_string(name.text), pipeline)

    def _definition(self) -> None:
        name = read_string(self._name("define").text)
        self.reader.finish("define")
        self._define(name, self._apart("define"))

    def _apart(self, word: str) -> Body:
        """The body of a template of its own, which sees no variable and no loop from outside."""
        outside, self.reader.variables = self.reader.variables, ["$"]
        loops, self.loops = self.loops, 0
        body, ended = self._body(word)
        if ended != "end":
            raise InterpolationError(f"else does not belong in a {word}; remove it")
        self.reader.finish("end")
        self.reader.variables, self.loops = outside, loops
        return body

    def _name(self, word: str) -> Token:
        token = self.reader.take()
        if token.kind != "string":
            raise InterpolationError(f'{word} needs a template\'s name in quotes, as "name"')
        return token

    def _define(self, name: str, body: Body) -> None:
        """An empty body gives way to another one; two others of one name are a mistake."""
        known = self.found.bodies.get(name)
        if known is None or _is_empty(known):
            self.found.bodies[name] = body
        elif not _is_empty(body):
            raise InterpolationError(f'the template "{name}" is defined twice; rename one')


def _is_empty(body: Body) -> bool:
    return all(isinstance(node, Text) and not node.text.strip() for node in body)
