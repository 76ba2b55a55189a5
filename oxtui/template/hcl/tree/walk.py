"""Visiting every node below a node, without recursion: trees may be deep and chains long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.tree import expressions as x

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from oxtui.template.hcl.tree.expressions import Expression, Step, TemplatePart


def children(node: Expression) -> list[Expression]:
    """The expressions right below an expression."""
    match node:
        case x.Traversal(source=source, steps=steps):
            return [source, *_in_steps(steps)]
        case x.Parentheses(expression=inner):
            return [inner]
        case x.Unary(operand=operand):
            return [operand]
        case x.Binary(left=left, right=right):
            return [left, right]
        case x.Conditional(condition=condition, then=then, otherwise=otherwise):
            return [condition, then, otherwise]
        case x.Tuple(items=items):
            return items
        case x.Object(items=pairs):
            return [
                e
                for p in pairs
                for e in (p.key, p.value)
                if p.literal_key is None or e is not p.key
            ]
        case x.For():
            parts = (node.collection, node.key, node.value, node.condition)
            return [part for part in parts if part is not None]
        case x.Call(arguments=arguments):
            return arguments
        case x.Template(parts=parts_):
            return _in_parts(parts_)
    return []


def _in_steps(steps: Sequence[Step]) -> list[Expression]:
    found: list[Expression] = []
    for step in steps:
        if isinstance(step, x.IndexStep):
            found.append(step.key)
        elif isinstance(step, x.SplatStep):
            found += _in_steps(step.each)
    return found


def _in_parts(parts: Sequence[TemplatePart]) -> list[Expression]:
    found: list[Expression] = []
    for part in parts:
        match part:
            case x.Interpolation(expression=expression):
                found.append(expression)
            case x.TemplateIf(condition=condition, then=then, otherwise=otherwise):
                found += [condition, *_in_parts(then), *_in_parts(otherwise)]
            case x.TemplateFor(collection=collection, parts=inner):
                found += [collection, *_in_parts(inner)]
            case _:
                continue
    return found


def walk(node: Expression) -> Iterator[Expression]:
    """An expression and all below it, each before what it contains."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(children(current)))
