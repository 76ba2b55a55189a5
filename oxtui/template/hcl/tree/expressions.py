"""Expression nodes. Every node knows its span; a long sum is a left-leaning chain, so walk it with a loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from oxtui.template.hcl.source import Span


@dataclass(slots=True)
class NumberLiteral:
    """A number as written, such as `1.50` or `2e3`."""

    span: Span
    text: str


@dataclass(slots=True)
class Keyword:
    """`true`, `false` or `null`."""

    span: Span
    name: str


@dataclass(slots=True)
class Variable:
    """A name that stands for a value: the root of a reference."""

    span: Span
    name: str


@dataclass(slots=True)
class AttributeStep:
    """`.name`; the span covers the dot."""

    span: Span
    name: str


@dataclass(slots=True)
class IndexStep:
    """`[key]`, or the older `.0`; the span covers brackets or dot."""

    span: Span
    key: Expression


@dataclass(slots=True)
class SplatStep:
    """`[*]` or `.*` with the steps that are taken on each element."""

    span: Span
    each: list[Step]


Step: TypeAlias = AttributeStep | IndexStep | SplatStep


@dataclass(slots=True)
class Traversal:
    """Steps from a value to something inside of it."""

    span: Span
    source: Expression
    steps: list[Step]


@dataclass(slots=True)
class Parentheses:
    """An expression in round brackets."""

    span: Span
    expression: Expression


@dataclass(slots=True)
class Unary:
    """`-x` or `!x`."""

    span: Span
    operator: str
    operand: Expression


@dataclass(slots=True)
class Binary:
    """`left operator right`."""

    span: Span
    left: Expression
    operator: str
    right: Expression


@dataclass(slots=True)
class Conditional:
    """`condition ? then : otherwise`."""

    span: Span
    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(slots=True)
class Tuple:
    """`[a, b]`."""

    span: Span
    items: list[Expression]


@dataclass(slots=True)
class ObjectItem:
    """One `key = value` of an object."""

    span: Span
    key: Expression
    value: Expression

    @property
    def literal_key(self) -> str | None:
        """The key where it is a bare word, which then stands for itself."""
        if isinstance(self.key, Variable | Keyword):
            return self.key.name
        return None


@dataclass(slots=True)
class Object:
    """`{a = 1}`."""

    span: Span
    items: list[ObjectItem]


@dataclass(slots=True)
class For:
    """`[for k, v in c : x if y]`, or with braces and `key => value`; `key` is None for brackets."""

    span: Span
    key_name: str | None
    value_name: str
    collection: Expression
    key: Expression | None
    value: Expression
    condition: Expression | None
    grouped: bool


@dataclass(slots=True)
class Call:
    """`name(a, b...)`; `expand_last` is the ellipsis. `open` and `close` are the brackets."""

    span: Span
    name: str
    name_span: Span
    open: Span
    arguments: list[Expression]
    expand_last: bool
    close: Span


@dataclass(slots=True)
class TemplateText:
    """Literal text between the sequences of a template, escapes resolved."""

    span: Span
    text: str


@dataclass(slots=True)
class Interpolation:
    """`${ … }`; the span covers its marks."""

    span: Span
    expression: Expression


@dataclass(slots=True)
class TemplateIf:
    """`%{ if … }` up to its `%{ endif }`."""

    span: Span
    condition: Expression
    then: list[TemplatePart]
    otherwise: list[TemplatePart]


@dataclass(slots=True)
class TemplateFor:
    """`%{ for … }` up to its `%{ endfor }`."""

    span: Span
    key_name: str | None
    value_name: str
    collection: Expression
    parts: list[TemplatePart]


TemplatePart: TypeAlias = TemplateText | Interpolation | TemplateIf | TemplateFor


@dataclass(slots=True)
class Template:
    """A quoted string, a heredoc or a template file. `opener` is `"`, `<<` or empty."""

    span: Span
    parts: list[TemplatePart]
    opener: str

    @property
    def wrapped(self) -> Expression | None:
        """The expression of a template that is nothing but one `${ … }`: it keeps its type."""
        if len(self.parts) == 1 and isinstance(self.parts[0], Interpolation):
            return self.parts[0].expression
        return None

    @property
    def literal(self) -> str | None:
        """The text of a template without sequences, or None."""
        if not self.parts:
            return ""
        if all(isinstance(part, TemplateText) for part in self.parts):
            return "".join(part.text for part in self.parts if isinstance(part, TemplateText))
        return None


Expression: TypeAlias = (
    NumberLiteral
    | Keyword
    | Variable
    | Traversal
    | Parentheses
    | Unary
    | Binary
    | Conditional
    | Tuple
    | Object
    | For
    | Call
    | Template
)
