"""Type constraints: `list(string)` and the like, with the defaults of `optional(type, default)`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from oxtui.template.hcl.suggest import did_you_mean
from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.values.convert import ConversionError, convert
from oxtui.template.hcl.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    SetType,
    TupleType,
    object_type,
)
from oxtui.template.hcl.values.value import Value, list_of, map_of, object_of, tuple_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from oxtui.template.hcl.evaluate.errors import EvaluationError
    from oxtui.template.hcl.evaluate.evaluator import Evaluator
    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.hcl.tree.expressions import Expression
    from oxtui.template.hcl.values.types import Type

_PRIMITIVES = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": DYNAMIC}
_COLLECTIONS: dict[str, Callable[[Type], Type]] = {"list": ListType, "set": SetType, "map": MapType}
_ALL = (*_PRIMITIVES, *_COLLECTIONS, "tuple", "object")
_SUMMARY = "Invalid type specification"


@dataclass(frozen=True, slots=True)
class Defaults:
    """What stands in for attributes that a value lacks. `children` are the parts that have defaults.

    A collection's one child has the name `*`, a tuple's children their positions.
    """

    values: dict[str, Value] = field(default_factory=dict)
    children: dict[str, Defaults] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.values or self.children)


Constraint: TypeAlias = "tuple[Type, Defaults]"


class TypeReader:
    """Reads type expressions. `optional` is only understood where `optionals` is true."""

    def __init__(self, evaluator: Evaluator, scope: Scope, *, optionals: bool) -> None:
        self.evaluator = evaluator
        self.scope = scope
        self.optionals = optionals

    def read(self, node: Expression) -> Constraint:
        """The type and its defaults. Raises EvaluationError of the class `type_spec`."""
        if isinstance(node, x.Variable):
            return self._named(node), Defaults()
        if isinstance(node, x.Call):
            return self._constructed(node)
        if isinstance(node, x.Template) and node.literal is not None:
            detail = f"A type is not quoted: write {node.literal}."
            raise self._failure(detail, node)
        raise self._failure(
            "A type is a keyword such as string, or a call such as list(string).", node
        )

    def _failure(self, detail: str, node: Expression) -> EvaluationError:
        return self.evaluator.failure("type_spec", _SUMMARY, detail, node.span)

    def _named(self, node: x.Variable) -> Type:
        kind = _PRIMITIVES.get(node.name)
        if kind is not None:
            return kind
        if node.name in _COLLECTIONS:
            raise self._failure(
                f"A {node.name} needs the type of its elements: {node.name}(any).", node
            )
        if node.name in ("object", "tuple"):
            raise self._failure(f'The type "{node.name}" needs its parts in parentheses.', node)
        hint = did_you_mean(node.name, _ALL)
        raise self._failure(f'The keyword "{node.name}" is not a type.{hint}', node)

    def _constructed(self, node: x.Call) -> Constraint:
        if node.name in _PRIMITIVES:
            raise self._failure(f"{node.name} takes no argument.", node)
        if node.name == "optional":
            detail = "optional(…) only stands around the type of an object's attribute."
            raise self._failure(detail, node)
        if node.name not in _ALL:
            hint = did_you_mean(node.name, _ALL)
            raise self._failure(f'"{node.name}" does not make a type.{hint}', node)
        if len(node.arguments) != 1:
            raise self._failure(f"{node.name} needs exactly one argument.", node)
        argument = node.arguments[0]
        if node.name == "object":
            return self._object(argument)
        if node.name == "tuple":
            return self._tuple(argument)
        kind, defaults = self.read(argument)
        return _COLLECTIONS[node.name](kind), Defaults(children=_nonempty({"*": defaults}))

    def _tuple(self, node: Expression) -> Constraint:
        if not isinstance(node, x.Tuple):
            raise self._failure("tuple needs a list of types: tuple([string, number]).", node)
        parts = [self.read(item) for item in node.items]
        children = {str(position): defaults for position, (_, defaults) in enumerate(parts)}
        return TupleType(tuple(kind for kind, _ in parts)), Defaults(children=_nonempty(children))

    def _object(self, node: Expression) -> Constraint:
        if not isinstance(node, x.Object):
            raise self._failure(
                "object needs its attributes in braces: object({a = string}).", node
            )
        attributes: dict[str, Type] = {}
        optional: set[str] = set()
        values: dict[str, Value] = {}
        children: dict[str, Defaults] = {}
        for item in node.items:
            name = item.literal_key
            if name is None and isinstance(item.key, x.Template):
                name = item.key.literal
            if name is None:
                raise self._failure("The name of an attribute is a word.", item.key)
            kind_node = item.value
            default: Expression | None = None
            if isinstance(kind_node, x.Call) and kind_node.name == "optional":
                kind_node, default = self._optional(kind_node)
                optional.add(name)
            attributes[name], children[name] = self.read(kind_node)
            if default is not None:
                values[name] = self._default(default, attributes[name])
        return (
            object_type(attributes, frozenset(optional)),
            Defaults(values, _nonempty(children)),
        )

    def _optional(self, node: x.Call) -> tuple[Expression, Expression | None]:
        if not self.optionals:
            raise self._failure("optional(…) is not possible here.", node)
        if len(node.arguments) not in (1, 2):
            raise self._failure("optional takes a type and, if wanted, a default.", node)
        return node.arguments[0], node.arguments[1] if len(node.arguments) == 2 else None

    def _default(self, node: Expression, kind: Type) -> Value:
        try:
            return convert(self.evaluator.value(node, self.scope), kind)
        except ConversionError as problem:
            raise self._failure(f"The default does not fit the type: {problem}.", node) from None


def _nonempty(children: dict[str, Defaults]) -> dict[str, Defaults]:
    return {name: child for name, child in children.items() if child}


def fill_in(value: Value, defaults: Defaults) -> Value:
    """A value with defaults for attributes that are missing or null, before it is converted."""
    data = value.data
    if not defaults or data is None:
        return value
    if isinstance(data, tuple):
        every = defaults.children.get("*")
        parts = [
            fill_in(item, every or defaults.children.get(str(position), Defaults()))
            for position, item in enumerate(data)
        ]
        return _like(value, parts).marked(value.sensitive)
    if isinstance(data, dict):
        every = defaults.children.get("*")
        filled = {
            name: fill_in(item, every or defaults.children.get(name, Defaults()))
            for name, item in data.items()
        }
        for name, default in defaults.values.items():
            if name not in filled or filled[name].is_null:
                filled[name] = fill_in(default, defaults.children.get(name, Defaults()))
        same = isinstance(value.type, MapType) and {v.type for v in filled.values()} == {
            value.type.element
        }
        made = map_of(value.type.element, filled) if same else object_of(filled)  # type: ignore[union-attr]
        return made.marked(value.sensitive)
    return value


def _like(value: Value, parts: list[Value]) -> Value:
    kinds = {part.type for part in parts}
    if isinstance(value.type, ListType) and kinds == {value.type.element}:
        return list_of(value.type.element, parts)
    return tuple_of(parts)
