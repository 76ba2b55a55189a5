"""Values as HCL text, laid out as `packer fmt` would."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

from oxtui.template.hcl.clusters import cluster_count
from oxtui.template.hcl.values.number import Number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_WIDTH: Final = 80  # a list that is longer than this on one line gets a line for each item
_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f]|\$\{|%\{')
_LAST_MARKS = re.compile(r"[$%]+\Z")
_MARKS = re.compile(r"\$\{|%\{")


@dataclass(frozen=True, slots=True)
class Code:
    """Text that is an expression already, such as `var.project`."""

    text: str


@dataclass(frozen=True, slots=True)
class Interpolated:
    """A string that text and the values of expressions make up."""

    parts: tuple[str | Code, ...]


Writable: TypeAlias = (
    "str | int | float | Decimal | bool | Number | Code | Interpolated | Sequence[Writable] "
    "| Mapping[str, Writable] | Mapping[str | Code, Writable] | None"
)
"""What has a text in HCL. A key that is Code stands as it is: `"${var.name}"`."""


def quote(text: str) -> str:
    """A text as a quoted string that means just this text."""
    return '"' + _SPECIAL.sub(_escape, text) + '"'


def quote_parts(value: Interpolated) -> str:
    """The same for a text with expressions in it."""
    return '"' + _join(value, lambda text: _SPECIAL.sub(_escape, text)) + '"'


def _join(value: Interpolated, written: Callable[[str], str]) -> str:
    """The parts one after the other. A $ or % right before an expression would change its meaning."""
    made: list[str] = []
    for at, part in enumerate(value.parts):
        if isinstance(part, Code):
            made.append(f"${{{part.text}}}")
        elif at + 1 < len(value.parts) and (marks := _LAST_MARKS.search(part)):
            made.append(written(part[: marks.start()]) + f'${{"{marks.group()}"}}')
        else:
            made.append(written(part))
    return "".join(made)


def _escape(found: re.Match[str]) -> str:
    character = found.group()
    if len(character) == 2:
        return character[0] + character
    return _ESCAPES.get(character) or f"\\u{ord(character):04x}"


def is_name(text: str) -> bool:
    """Whether a text can be an attribute's name or a label without quotes."""
    # Not every character of \w may be in a name: "¼" is a number to it.
    return _IDENTIFIER.fullmatch(text) is not None and text.replace("-", "_").isidentifier()


def write_value(value: Writable, indent: str = "", *, newline: str = "\n") -> str:
    """An expression for a value. Lines after the first start with `indent` where they continue it.

    A text of several lines that ends with a line break becomes a heredoc; only at the outermost
    level, since a heredoc needs its line for itself.
    """
    if isinstance(value, Interpolated):
        plain = "".join(part if isinstance(part, str) else "x" for part in value.parts)
    else:
        plain = value if isinstance(value, str) else ""
    if "\n" in plain[:-1] and plain.endswith("\n") and isinstance(value, str | Interpolated):
        return heredoc(value, indent, newline=newline)
    return _write(value, indent, newline)


def _write(value: Writable, indent: str, newline: str) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, Code):
        return value.text
    if isinstance(value, Interpolated):
        return quote_parts(value)
    if isinstance(value, int | Number):
        return str(value)
    if isinstance(value, float | Decimal):
        return format(Decimal(str(value)), "f")
    if isinstance(value, Mapping):
        return _write_object(value, indent, newline)
    return _write_list(value, indent, newline)


def _write_list(items: Sequence[Writable], indent: str, newline: str) -> str:
    inner = indent + "  "
    written = [_write(item, inner, newline) for item in items]
    line = "[" + ", ".join(written) + "]"
    if len(indent) + len(line) <= _WIDTH and "\n" not in line:
        return line
    return _bracketed("[", (f"{text}," for text in written), "]", indent, newline)


def _key(name: str | Code) -> str:
    if isinstance(name, Code):
        return name.text
    return name if is_name(name) and name != "for" else quote(name)


def _write_object(
    items: Mapping[str, Writable] | Mapping[str | Code, Writable], indent: str, newline: str
) -> str:
    if not items:
        return "{}"
    inner = indent + "  "
    values = {_key(name): _write(value, inner, newline) for name, value in items.items()}
    return _bracketed("{", _assignments(values), "}", indent, newline)


def _assignments(values: Mapping[str, str]) -> list[str]:
    """`name = value` for each, the equals signs of neighbours that have a line to themselves aligned."""
    lines: list[str] = []
    chain: list[str] = []

    def close() -> None:
        width = max(map(cluster_count, chain), default=0)
        for name in chain:
            lines.append(f"{name}{' ' * (width - cluster_count(name))} = {values[name]}")
        chain.clear()

    for name, value in values.items():
        if "\n" in value and not value.startswith("<<"):
            close()
            lines.append(f"{name} = {value}")
        else:
            chain.append(name)
    close()
    return lines


def _bracketed(opener: str, lines: Iterable[str], closer: str, indent: str, newline: str) -> str:
    return newline.join([opener, *(f"{indent}  {line}" for line in lines), indent + closer])


def heredoc(text: str | Interpolated, indent: str = "", *, newline: str = "\n") -> str:
    """A text that ends with a line break, as a heredoc; indented if that changes nothing in it."""
    value = Interpolated((text,)) if isinstance(text, str) else text
    whole = _join(
        value, lambda part: _MARKS.sub(lambda found: found.group()[0] + found.group(), part)
    )
    lines = whole[:-1].split("\n")
    marker = "EOT"
    while any(line.strip() == marker for line in lines):
        marker += "_"
    flush = any(line and not line[0].isspace() for line in lines)
    if flush and not any(line.isspace() for line in lines):
        inner = indent + "  "
        written = [inner + line if line else line for line in lines]
        return newline.join([f"<<-{marker}", *written, indent + marker])
    return newline.join([f"<<{marker}", *lines, marker])


def write_attributes(
    attributes: Mapping[str, Writable], indent: str = "", *, newline: str = "\n"
) -> str:
    """Lines that set attributes, their equals signs below each other; each ends with a line break."""
    values = {name: write_value(v, indent, newline=newline) for name, v in attributes.items()}
    return "".join(f"{indent}{line}{newline}" for line in _assignments(values))


def write_block(
    kind: str,
    labels: Sequence[str],
    attributes: Mapping[str, Writable],
    indent: str = "",
    *,
    newline: str = "\n",
) -> str:
    """A block on lines of its own, the last line break included."""
    header = " ".join([kind, *map(quote, labels)])
    if not attributes:
        return f"{indent}{header} {{}}{newline}"
    inside = write_attributes(attributes, indent + "  ", newline=newline)
    return f"{indent}{header} {{{newline}{inside}{indent}}}{newline}"
