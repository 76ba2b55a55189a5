"""`for`: over lists, sets and tuples by position, over maps and objects by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.values.convert import ConversionError, convert
from oxtui.template.hcl.values.types import BOOL, DYNAMIC, STRING, SetType, friendly
from oxtui.template.hcl.values.value import TRUE, number, object_of, string, tuple_of, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oxtui.template.hcl.evaluate.evaluator import Evaluator
    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.hcl.tree.expressions import Expression, For
    from oxtui.template.hcl.values.value import Value


def elements(
    evaluator: Evaluator, collection: Expression, scope: Scope
) -> tuple[list[tuple[Value, Value]] | None, bool]:
    """Keys and values of a collection, None if they are not known yet; and whether it is sensitive.

    Raises EvaluationError for null and for what cannot be gone through.
    """
    value = evaluator.value(collection, scope)
    if value.is_null:
        detail = "A null value cannot be used as the collection of a 'for'."
        raise evaluator.failure("iteration", "Iteration over null value", detail, collection.span)
    data = value.data
    if isinstance(data, dict):
        return [(string(name), inner) for name, inner in data.items()], value.sensitive
    if isinstance(data, tuple):
        if isinstance(value.type, SetType):
            return [(item, item) for item in data], value.sensitive
        return [(number(position), item) for position, item in enumerate(data)], value.sensitive
    if value.is_known or value.type in (STRING, BOOL):
        detail = f"A {friendly(value.type)} cannot be used as the collection of a 'for'."
        summary = "Iteration over non-iterable value"
        raise evaluator.failure("iteration", summary, detail, collection.span)
    return None, value.sensitive


def scopes(
    pairs: list[tuple[Value, Value]],
    names: tuple[str | None, str],
    scope: Scope,
    *,
    sensitive: bool,
) -> Iterator[Scope]:
    """A scope for each round of a loop."""
    key_name, value_name = names
    for key, value in pairs:
        variables = {value_name: value.marked(sensitive)}
        if key_name is not None:
            variables = {key_name: key, **variables}
        yield scope.inner(variables)


def for_expression(evaluator: Evaluator, node: For, scope: Scope) -> Value:
    """A tuple, or an object if the loop has keys. Raises EvaluationError."""
    pairs, sensitive = elements(evaluator, node.collection, scope)
    if pairs is None:
        return unknown(DYNAMIC).marked(sensitive)
    names = (node.key_name, node.value_name)
    values: list[Value] = []
    groups: dict[str, list[Value]] = {}
    known = True
    for inner in scopes(pairs, names, scope, sensitive=sensitive):
        wanted = _condition(evaluator, node, inner)
        sensitive = sensitive or wanted.sensitive
        if not wanted.is_known:
            known = False
        elif wanted.truth and node.key is None:
            values.append(evaluator.value(node.value, inner))
        elif wanted.truth and node.key is not None:
            key = _collect(evaluator, node, node.key, groups, inner)
            sensitive = sensitive or key.sensitive
            known = known and key.is_known
    if not known:
        return unknown(DYNAMIC).marked(sensitive)
    if node.key is None:
        return tuple_of(values).marked(sensitive)
    if node.grouped:
        return object_of({key: tuple_of(group) for key, group in groups.items()}).marked(sensitive)
    return object_of({key: group[0] for key, group in groups.items()}).marked(sensitive)


def _condition(evaluator: Evaluator, node: For, scope: Scope) -> Value:
    """Whether a round counts, as a bool that may be unknown or sensitive."""
    condition = node.condition
    if condition is None:
        return TRUE
    value = evaluator.value(condition, scope)
    if value.is_null:
        detail = "The value of the 'if' clause must not be null."
        raise evaluator.failure("condition", "Condition is null", detail, condition.span)
    try:
        return convert(value, BOOL)
    except ConversionError as problem:
        detail = f"The value of the 'if' clause is not true or false: {problem}."
        summary = "Invalid 'for' condition"
        raise evaluator.failure("condition", summary, detail, condition.span) from None


def _collect(
    evaluator: Evaluator,
    node: For,
    key_node: Expression,
    groups: dict[str, list[Value]],
    scope: Scope,
) -> Value:
    """Puts one round's value under its key, and returns the key."""
    key = evaluator.value(key_node, scope)
    value = evaluator.value(node.value, scope)
    summary = "Invalid object key"
    if key.is_null:
        detail = "The key of a 'for' must not be null."
        raise evaluator.failure("object_key", summary, detail, key_node.span)
    try:
        name = convert(key, STRING)
    except ConversionError as problem:
        detail = f"The key of a 'for' must be a string: {problem}."
        raise evaluator.failure("object_key", summary, detail, key_node.span) from None
    if not name.is_known:
        return name
    if name.text in groups and not node.grouped:
        shown = "a key that is sensitive" if key.sensitive else f'the key "{name.text}"'
        detail = (
            f"Two items have {shown}. To collect the values of one key in a list, put an ellipsis "
            "(...) after the value."
        )
        raise evaluator.failure("object_key", "Duplicate object key", detail, key_node.span)
    groups.setdefault(name.text, []).append(value)
    return name
