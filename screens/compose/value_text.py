"""Values as they are shown and typed in a form, and as they are written into a template."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from oxtui.component.options import OptionSpec, parse_duration
from oxtui.template.hcl.tree.expressions import Expression
from oxtui.template.hcl.write import Code, Writable, heredoc
from screens.compose.interpolated import pieces, write_text
from screens.compose.literal import (
    COMPUTED,
    Literal,
    Reference,
    Told,
    expression_in,
    literal_of,
    told_by,
)
from screens.wording import size

_REFERENCE = re.compile(r"(var|local|data|build|path|packer|source)(\.[\w-]+|\[[^\]\n]+\])+")
_BYTES = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT])(?:iB|i)?|(\d+)(?:\s*B)?", re.IGNORECASE)
_USER = re.compile(r"\{\{-?\s*user\s+(?:`[^`]*`|\"[^\"]*\")\s*-?\}\}")
_UNITS = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class WrongValue(ValueError):
    """A typed text is no value of its field; the text says what would be."""


def is_expression(shown: str) -> bool:
    """Whether a shown text is an expression rather than a value; or the variable of a legacy template."""
    text = shown.strip()
    return text.startswith("=") or any(each.fullmatch(text) for each in (_REFERENCE, _USER))


def is_computed(shown: str) -> bool:
    """Whether a shown text has to be evaluated: an expression, or one is within it."""
    is_filled_in = "{{" in shown or any(isinstance(piece, Code) for piece in pieces(shown))
    return is_filled_in or is_expression(shown)


def show(expression: Expression, told: Told, spec: OptionSpec, *, hcl: bool = True) -> str:
    """An attribute's value as a form shows it: such that typing it again means the same.

    What cannot be shown as a value is shown as its HCL behind an equals sign, as in a spreadsheet; in a
    legacy template, which has no expressions (not `hcl`), as its JSON.
    """
    source = told(expression)
    value = literal_of(expression, told)
    if hcl and _REFERENCE.fullmatch(source):
        return source
    if value is not COMPUTED:
        shown = show_value(value, spec)  # type: ignore[arg-type]
        if shown is not None and _means(shown, value, spec, hcl):
            return shown
    return f"= {source}" if hcl else source


def show_whole(expression: Expression, told: Told, spec: OptionSpec) -> str | None:
    """The lines of a list that is written as one text, such as `[<<EOT … EOT]`; None for any other."""
    value = literal_of(expression, told)
    match value:
        case [str() as text] if "\n" in text[:-1] and text.endswith("\n"):
            shown = text[:-1]
            return shown if _plain(_joined(read_whole(shown))) == _plain(_joined(value)) else None
    return None


def _joined(value: Any) -> Any:
    """For comparing: a list of one is that one."""
    if isinstance(value, Code):
        expression = expression_in(value.text)
        value = None if expression is None else literal_of(expression, told_by(value.text))
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def read_whole(typed: str, indent: str = "  ") -> Writable:
    """Lines as a list of one text, a heredoc; a single line as a list of it."""
    lines = _lines_of(typed)
    if len(lines) < 2:
        return [_item(line) for line in lines]
    inner, text = indent + "  ", "\n".join(lines) + "\n"
    written = write_text(text, inner)
    code = written.text if isinstance(written, Code) else heredoc(text, inner)
    return Code(f"[\n{inner}{code}\n{indent}]")


def _means(shown: str, value: Any, spec: OptionSpec, hcl: bool) -> bool:
    """Whether a shown text is read as that value; text for a number is one in a legacy template."""
    try:
        written = read(shown, spec, hcl=hcl)
        if not hcl and isinstance(value, str) and not isinstance(written, str | list | dict):
            return True
    except WrongValue:
        return False
    return bool(_plain(written) == _plain(value))


def _plain(value: Any) -> Any:
    """For comparing: templates by their text, whatever they are written as."""
    if isinstance(value, Code):
        expression = expression_in(value.text)
        found = COMPUTED if expression is None else literal_of(expression, told_by(value.text))
        return ("template", str(found)) if isinstance(found, Reference) else ("code", value.text)
    if isinstance(value, Reference):
        return ("template", str(value))
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return (type(value) is bool, value)


def show_value(value: Literal, spec: OptionSpec) -> str | None:
    """A value in the words of its field; None if the field has none for it."""
    if value is None:
        return None
    if spec.type == "bytes" and isinstance(value, int) and not isinstance(value, bool):
        return _bytes(value)
    if spec.items == "list" and isinstance(value, list):
        return _show_rows(value)
    if spec.type == "list" and isinstance(value, list):
        items = [show_value(item, _ITEM) for item in value]
        return None if None in items or not items else "\n".join(filter(None, items))
    if spec.type == "map" and isinstance(value, dict):
        pairs = {key: show_value(item, _ITEM) for key, item in value.items()}
        if None in pairs.values() or not pairs:
            return None
        return "\n".join(f"{key}={item}" for key, item in pairs.items())
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    return value if isinstance(value, str) else None


def _show_rows(rows: list[Any]) -> str | None:
    """Lists as lines, the items of each with commas; None where that would not be read as the same."""
    lines = []
    for row in rows:
        items = [show_value(item, _ITEM) for item in row] if isinstance(row, list) else [None]
        if not items or any(not item or "," in item or item != item.strip() for item in items):
            return None
        lines.append(", ".join(filter(None, items)))
    return "\n".join(lines) or None


def _bytes(count: int) -> str:
    text = size(count)
    return text if _read_bytes(text) == count else str(count)


def read(typed: str, spec: OptionSpec, indent: str = "  ", *, hcl: bool = True) -> Writable | None:
    """What a typed text is written as; None (nothing typed) removes the attribute.

    `hcl` is false for a legacy template, whose strings are taken as they are. Raises WrongValue.
    """
    if not typed.strip():
        return None
    if not hcl:
        return _read_plain(typed, spec)
    if typed.lstrip().startswith("="):
        return _code(typed.lstrip()[1:].strip())
    if _REFERENCE.fullmatch(typed.strip()):
        return _code(typed.strip())
    reader = _READERS.get(spec.type)
    if reader is not None:
        return reader(typed, spec)
    if spec.choices and typed.strip() not in spec.choices:
        raise WrongValue(f"It is one of {', '.join(spec.choices)}.")
    return write_text(typed, indent)


def _read_plain(typed: str, spec: OptionSpec) -> Writable:
    """A text in which `{{ }}` may be: only a list or a map is more than a string then."""
    if spec.items == "list":
        return [[item.strip() for item in line.split(",")] for line in _lines_of(typed)]
    if spec.type == "list":
        return _lines_of(typed)
    if spec.type == "map":
        return dict(_split_pairs(typed))
    if "{{" in typed or spec.type in ("string", "duration"):
        return typed
    return _READERS[spec.type](typed, spec)


def _code(text: str) -> Code:
    if expression_in(text) is None:
        raise WrongValue("This is no expression that HCL can read.")
    return Code(text)


def _number(typed: str, spec: OptionSpec) -> Writable:
    try:
        number = Decimal(typed.strip())
    except InvalidOperation:
        raise WrongValue(f'A number is needed, not "{typed.strip()}".') from None
    if not number.is_finite():
        raise WrongValue("A number is needed.")
    return int(number) if number == number.to_integral_value() else number


def _sized(typed: str, spec: OptionSpec) -> Writable:
    count = _read_bytes(typed.strip())
    if count is None:
        raise WrongValue("A size such as 20 GiB is needed, or a number of bytes.")
    return count


def _read_bytes(text: str) -> int | None:
    found = _BYTES.fullmatch(text)
    if found is None:
        return None
    if found[3]:
        return int(found[3])
    count = Decimal(found[1]) * _UNITS[found[2].upper()]
    return int(count) if count == count.to_integral_value() else None


def _truth(typed: str, spec: OptionSpec) -> Writable:
    value = _TRUTH.get(typed.strip().lower())
    if value is None:
        raise WrongValue("It is true or false.")
    return value


def _duration(typed: str, spec: OptionSpec) -> Writable:
    try:
        parse_duration(typed)
    except ValueError as wrong:
        raise WrongValue(f"{str(wrong)[:1].upper()}{str(wrong)[1:]}.") from None
    return typed.strip()


def _items(typed: str, spec: OptionSpec) -> Writable:
    lines = _lines_of(typed)
    if spec.items == "number":
        return [_number(line, spec) for line in ",".join(lines).split(",") if line.strip()]
    if spec.items == "list":
        rows = (line.split(",") for line in lines if line.strip())
        return [[_item(item.strip()) for item in row] for row in rows]
    return [_item(line) for line in lines]


def _lines_of(typed: str) -> list[str]:
    lines = typed.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _item(line: str) -> Writable:
    return Code(line.strip()) if _REFERENCE.fullmatch(line.strip()) else write_text(line)


def _pairs(typed: str, spec: OptionSpec) -> Writable:
    return {key: _item(value) for key, value in _split_pairs(typed)}


def _split_pairs(typed: str) -> Iterator[tuple[str, str]]:
    for line in filter(str.strip, typed.split("\n")):
        key, equals, value = line.partition("=")
        if not equals or not key.strip():
            raise WrongValue(f'Each line is KEY=value; "{line.strip()}" is not.')
        yield key.strip(), value


_ITEM = OptionSpec(name="", type="string", required=False, default="", help="")
_READERS: dict[str, Callable[[str, OptionSpec], Writable]] = {
    "number": _number,
    "bytes": _sized,
    "bool": _truth,
    "duration": _duration,
    "list": _items,
    "map": _pairs,
}
