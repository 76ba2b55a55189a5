"""Visiting every node below a node, without recursion: trees may be deep and chains long."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from oxtui.template.hcl.tree import expressions as x

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from oxtui.template.hcl.tree.expressions import Expression, Step, TemplatePart


_NONE: frozenset[str] = frozenset()
Bound: TypeAlias = (
    "tuple[Expression, frozenset[str]]"  # an expression, and names that hide others in it
)


def children(node: Expression) -> list[Bound]:
    """The expressions right below an expression, each with the names that a loop gives it."""
    match node:
        case x.Traversal(source=source, steps=steps):
            return [(source, _NONE), *_in_steps(steps)]
        case x.Parentheses(expression=inner):
            return [(inner, _NONE)]
        case x.Unary(operand=operand):
            return [(operand, _NONE)]
        case x.Binary(left=left, right=right):
            return [(left, _NONE), (right, _NONE)]
        case x.Conditional(condition=condition, then=then, otherwise=otherwise):
            return [(condition, _NONE), (then, _NONE), (otherwise, _NONE)]
        case x.Tuple(items=items) | x.Call(arguments=items):
            return [(item, _NONE) for item in items]
        case x.Object(items=pairs):
            keys = [(pair.key, _NONE) for pair in pairs if pair.literal_key is None]
            return keys + [(pair.value, _NONE) for pair in pairs]
        case x.For():
            names = _names(node.key_name, node.value_name)
            inside = (node.key, node.value, node.condition)
            return [
                (node.collection, _NONE),
                *((part, names) for part in inside if part is not None),
            ]
        case x.Template(parts=parts):
            return _in_parts(parts, _NONE)
    return []


def _names(key: str | None, value: str) -> frozenset[str]:
    return frozenset((value,)) if key is None else frozenset((key, value))


def _in_steps(steps: Sequence[Step]) -> list[Bound]:
    found: list[Bound] = []
    for step in steps:
        if isinstance(step, x.IndexStep):
            found.append((step.key, _NONE))
        elif isinstance(step, x.SplatStep):
            found += _in_steps(step.each)
    return found


def _in_parts(parts: Sequence[TemplatePart], names: frozenset[str]) -> list[Bound]:
    found: list[Bound] = []
    for part in parts:
        match part:
            case x.Interpolation(expression=expression):
                found.append((expression, names))
            case x.TemplateIf(condition=condition, then=then, otherwise=otherwise):
                found.append((condition, names))
                found += _in_parts(then, names) + _in_parts(otherwise, names)
            case x.TemplateFor(collection=collection, parts=inner):
                found.append((collection, names))
                found += _in_parts(inner, names | _names(part.key_name, part.value_name))
            case _:
                continue
    return found


def walk(node: Expression) -> Iterator[Expression]:
    """An expression and all below it, each before what it contains."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(child for child, _ in reversed(children(current)))


def free_variables(node: Expression) -> Iterator[x.Variable]:
    """The names in an expression that no loop inside of it gives a value, in the order of the text."""
    waiting: list[Bound] = [(node, _NONE)]
    while waiting:
        current, hidden = waiting.pop()
        if isinstance(current, x.Variable):
            if current.name not in hidden:
                yield current
        else:
            found = reversed(children(current))
            waiting.extend((child, hidden | names) for child, names in found)
