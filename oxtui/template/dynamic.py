"""`dynamic` blocks: one block for each element of a collection."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from oxtui.template.hcl.diagnostic import error
from oxtui.template.hcl.evaluate.errors import EvaluationError
from oxtui.template.hcl.evaluate.evaluator import Evaluator
from oxtui.template.hcl.evaluate.work import BLOCK
from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.tree.bodies import Attribute, Block, Label
from oxtui.template.hcl.values.convert import ConversionError, convert
from oxtui.template.hcl.values.types import STRING, ListType, SetType, friendly
from oxtui.template.hcl.values.value import number, object_of, string, unknown
from oxtui.template.read.schema import Schema, check, check_target, dynamic_target

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.hcl.tree.bodies import Item
    from oxtui.template.hcl.values.value import Value

_FOR_EACH = "Invalid dynamic for_each value"
_DYNAMIC = Schema(frozenset(("iterator", "labels")), frozenset(("for_each",)), {"content": ()})


class ScopedBlock(NamedTuple):
    """A block with the scope that its expressions are evaluated in."""

    block: Block
    scope: Scope


class Expander:
    """Replaces `dynamic` blocks by what they make. Problems are collected, and their block left out.

    `known` names the labels of each block that may be made; without it, blocks of any type without labels may.
    """

    def __init__(
        self,
        file: SourceFile,
        diagnostics: list[Diagnostic],
        known: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.file = file
        self.diagnostics = diagnostics
        self.known = known

    def blocks(self, items: Sequence[Item], scope: Scope) -> list[ScopedBlock]:
        """The blocks among the items of a body, in order."""
        found: list[ScopedBlock] = []
        for item in items:
            if isinstance(item, Attribute):
                continue
            target = dynamic_target(item)
            if target is None:
                found.append(ScopedBlock(item, scope))
            else:
                found += self._expand(item, target, scope)
        return found

    def _expand(self, block: Block, target: str, scope: Scope) -> list[ScopedBlock]:
        attributes = block.body.attributes
        contents = block.body.blocks_of("content")
        told = [
            *check_target(block, self.known, self.file),
            *check(block.body, _DYNAMIC, self.file, block.header),
        ]
        self.diagnostics += told
        if not told and len(contents) != 1:
            detail = 'A dynamic block needs exactly one "content" block.'
            self._add("Invalid dynamic block", detail, block)
        if told or len(contents) != 1:
            return []
        pairs = self._pairs(attributes["for_each"], scope)
        name = self._iterator(attributes.get("iterator"), target)
        made: list[ScopedBlock] = []
        for key, value in pairs:
            if not scope.work.spend(BLOCK):
                detail = (
                    "This makes too many blocks; one may stand in another that makes many already."
                )
                self._add("Evaluation takes too long", detail, block)
                return made
            inner = scope.inner({name: object_of({"key": key, "value": value})})
            labels = self._labels(attributes.get("labels"), inner)
            if labels is None or not self._fitting(block, target, labels, attributes):
                return []
            content = contents[0]
            single = Block(
                block.span, target, block.header, labels, content.open, content.body, content.close
            )
            made.append(ScopedBlock(single, inner))
        return made

    def _add(self, summary: str, detail: str, place: Block | Attribute) -> None:
        span = place.header if isinstance(place, Block) else place.expression.span
        self.diagnostics.append(error(summary, detail, span, self.file))

    def _fitting(
        self,
        block: Block,
        target: str,
        labels: list[Label],
        attributes: Mapping[str, Attribute],
    ) -> bool:
        """Whether a block of this type has so many labels."""
        wanted = (self.known or {}).get(target, ())
        if len(labels) == len(wanted):
            return True
        which = "Extraneous" if len(labels) > len(wanted) else "Insufficient"
        detail = f'Blocks of type "{target}" have {len(wanted)} label{"s"[: len(wanted) != 1]}.'
        self._add(f"{which} dynamic block labels", detail, attributes.get("labels", block))
        return False

    def _evaluate(self, attribute: Attribute, scope: Scope) -> Value | None:
        try:
            return Evaluator(self.file).evaluate(attribute.expression, scope)
        except EvaluationError as problem:
            self.diagnostics += problem.diagnostics
            return None

    def _pairs(self, attribute: Attribute, scope: Scope) -> list[tuple[Value, Value]]:
        value = self._evaluate(attribute, scope)
        if value is None:
            return []
        data = value.data
        if isinstance(data, dict):
            return [(string(key), item.marked(value.sensitive)) for key, item in data.items()]
        if isinstance(data, tuple):
            items = [item.marked(value.sensitive) for item in data]
            if isinstance(value.type, SetType):
                return [(item, item) for item in items]
            return [(number(position), item) for position, item in enumerate(items)]
        if not value.is_known:
            return [(unknown(), unknown())]
        what = "null" if value.is_null else f"a {friendly(value.type)}"
        self._add(_FOR_EACH, f"A collection is needed to go through, not {what}.", attribute)
        return []

    def _iterator(self, attribute: Attribute | None, target: str) -> str:
        if attribute is None:
            return target
        if isinstance(attribute.expression, x.Variable):
            return attribute.expression.name
        self._add(
            "Invalid expression", "The iterator of a dynamic block is a bare word.", attribute
        )
        return target

    def _labels(self, attribute: Attribute | None, scope: Scope) -> list[Label] | None:
        if attribute is None:
            return []
        value = self._evaluate(attribute, scope)
        if value is None:
            return None
        try:
            texts = convert(value, ListType(STRING))
        except ConversionError as problem:
            self._add("Invalid dynamic block label", f"Labels are strings: {problem}.", attribute)
            return None
        if not texts.is_known or texts.is_null:
            detail = "The labels of a dynamic block must be known before the build starts."
            self._add("Invalid dynamic block label", detail, attribute)
            return None
        span = attribute.expression.span
        usable = [item for item in texts.items if item.is_known and not item.is_null]
        if len(usable) != len(texts.items):
            detail = "The labels of a dynamic block must be known, and not null."
            self._add("Invalid dynamic block label", detail, attribute)
            return None
        return [Label(span, item.text, quoted=True) for item in usable]
