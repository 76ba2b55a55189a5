"""Components as blocks of HCL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.write import Code, Interpolated, is_name, quote, quote_parts, write_value
from oxtui.template.legacy.upgrade.options import as_blocks, strict

if TYPE_CHECKING:
    from oxtui.template.hcl.tree.expressions import Expression
    from oxtui.template.hcl.write import Writable
    from oxtui.template.legacy.model import LegacyComponent
    from oxtui.template.legacy.upgrade.names import SourceName
    from oxtui.template.legacy.upgrade.texts import Translator

_LINES = re.compile(r"[^\S\n]*\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")
COMMENT_MARK: Final = "_"


def comment(text: str, indent: str = "") -> str:
    """A text as lines of comments."""
    lines = _LINES.split(_CONTROL.sub(" ", text).strip("\n"))
    return "".join(f"{indent}# {line}".rstrip() + "\n" for line in lines)


class BlockWriter:
    """Writes blocks of one kind of place; what is no longer sure goes to the translator's problems."""

    def __init__(self, translator: Translator, sources: Mapping[str, SourceName]) -> None:
        self.translator = translator
        self.sources = sources

    def block(
        self, component: LegacyComponent, kind: str, labels: list[str], indent: str = ""
    ) -> str:
        """A component's block."""
        header = " ".join([kind, *map(quote, labels)])
        inside = "".join(self._options(component, indent + "  "))
        return (
            f"{indent}{header} {{\n{inside}{indent}}}\n" if inside else f"{indent}{header} {{}}\n"
        )

    def _options(self, component: LegacyComponent, indent: str) -> Iterator[str]:
        is_builder = component.kind == "builder"
        gap = False
        for name, attribute in component.body.attributes.items():
            if name == "type" or (is_builder and name == "name"):
                continue
            before = len(self.translator.problems)
            value = self._option(name, attribute.expression, is_builder=is_builder)
            notes = self.translator.problems[before:]
            text = "".join(self._written(name, value, indent))
            blocks = text.startswith(f"{indent}{name} {{")
            yield "\n" if gap or (blocks and name != _first(component)) else ""
            yield from (comment(note, indent) for note in notes)
            yield text
            gap = blocks

    def _option(self, name: str, expression: Expression, *, is_builder: bool) -> Writable:
        if not is_builder:
            if name in ("only", "except"):
                return self._selectors(expression)
            if name == "override" and isinstance(expression, x.Object):
                return {
                    self._key_of_source(each): self.value(each.value) for each in expression.items
                }
        may_be_empty = self.translator.references.may_be_empty
        return strict(name, self.value(expression), may_be_empty)

    def _written(self, name: str, value: Writable, indent: str) -> Iterator[str]:
        if not is_name(name) or name.startswith(COMMENT_MARK):
            written = write_value(value).replace("\n", " ")
            yield comment(f"{name} = {written}", indent)
            if not name.startswith(COMMENT_MARK):
                self.translator.problems.append(
                    f'"{name}" is no name in HCL, so it is a comment now.'
                )
            return
        bodies = as_blocks(name, value)
        if not bodies:
            yield f"{indent}{name} = {write_value(value, indent)}\n"
        for body in bodies:
            inside = "".join(
                line
                for key, item in body.items()
                for line in self._written(key, item, indent + "  ")
            )
            yield f"{indent}{name} {{\n{inside}{indent}}}\n"

    def value(self, node: Expression) -> Writable:
        """A value of JSON."""
        match node:
            case x.Template():
                return self.translator.text(node.literal or "")
            case x.NumberLiteral():
                return Code(node.text)
            case x.Keyword():
                return Code(node.name)
            case x.Tuple():
                return [self.value(item) for item in node.items]
            case x.Object():
                return {self._key(item): self.value(item.value) for item in node.items}
        raise TypeError(f"{type(node).__name__} is no value of JSON")

    def _key(self, item: x.ObjectItem) -> str | Code:
        made = self.translator.text(_literal(item.key))
        if isinstance(made, Interpolated):
            return Code(quote_parts(made))
        return Code(f"({made.text})") if isinstance(made, Code) else made

    def _key_of_source(self, item: x.ObjectItem) -> str | Code:
        name = _literal(item.key)
        source = self.sources.get(name)
        return name if source is None else source.key

    def _selectors(self, expression: Expression) -> Writable:
        if isinstance(expression, x.Template):
            names = [name.strip() for name in _literal(expression).split(",") if name.strip()]
        elif isinstance(expression, x.Tuple):
            names = [_literal(item) for item in expression.items]
        else:
            return self.value(expression)
        return [self._selector(name) for name in names]

    def _selector(self, name: str) -> Writable:
        source = self.sources.get(name)
        return self.translator.text(name) if source is None else source.selector


def _literal(node: Expression) -> str:
    return (node.literal or "") if isinstance(node, x.Template) else ""


def _first(component: LegacyComponent) -> str:
    """The first option that is written."""
    skipped = ("type", "name") if component.kind == "builder" else ("type",)
    return next((name for name in component.body.attributes if name not in skipped), "")
