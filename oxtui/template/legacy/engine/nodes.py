"""What a text consists of, once read. Each part knows its offset in the text (`at`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, number, truth value or `nil`; `whole` is the number where an integer is wanted."""

    at: int
    written: str
    value: Any
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class Dot:
    """`.` and what is reached from it: `.Name.Inner`."""

    at: int
    written: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variable:
    """`$name` and what is reached from it; `$` is what the whole text was given."""

    at: int
    written: str
    name: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Name:
    """A function's name, maybe with fields of its result."""

    at: int
    written: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A pipeline in parentheses, maybe with fields of its result."""

    at: int
    written: str
    pipeline: Pipeline
    fields: tuple[str, ...] = ()


Operand: TypeAlias = Literal | Dot | Variable | Name | Group


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands, each of which gives its result to the next; and the variables that take the last one's."""

    at: int
    commands: tuple[tuple[Operand, ...], ...]
    declared: tuple[str, ...] = ()
    assigns: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """Text as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Action:
    """`{{ }}`; here and below `span` is that of the opening action."""

    span: tuple[int, int]
    pipeline: Pipeline


@dataclass(frozen=True, slots=True)
class Branch:
    """The condition of an `if`, `with` or `else if`, and what it governs."""

    span: tuple[int, int]
    pipeline: Pipeline
    body: Body


@dataclass(frozen=True, slots=True)
class Choice:
    """`if` or `with`: the first branch that holds."""

    branches: tuple[Branch, ...]
    otherwise: Body
    rebinds: bool
    """`with`: the branch's value becomes the dot."""


@dataclass(frozen=True, slots=True)
class Loop:
    """`range`."""

    span: tuple[int, int]
    pipeline: Pipeline
    body: Body
    otherwise: Body


@dataclass(frozen=True, slots=True)
class Leave:
    """`break`, or else `continue`."""

    breaks: bool


@dataclass(frozen=True, slots=True)
class Use:
    """`template`, and the place where a `block` stands."""

    span: tuple[int, int]
    at: int
    name: str
    pipeline: Pipeline | None


Node: TypeAlias = Text | Action | Choice | Loop | Leave | Use
Body: TypeAlias = tuple[Node, ...]


@dataclass(slots=True)
class Templates:
    """A text as a whole: its own body as `root`, and those that it defines."""

    text: str
    bodies: dict[str, Body] = field(default_factory=dict)
