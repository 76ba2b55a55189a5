"""Bodies whose values that change with each run are stood in for, so that they count by their expression alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from oxtui.template.component_body import ComponentBody
from oxtui.template.hcl.evaluate.errors import EvaluationError
from oxtui.template.hcl.evaluate.evaluator import Evaluator
from oxtui.template.hcl.evaluate.scope import Scope
from oxtui.template.hcl.functions.legacy_time import legacy_time_functions
from oxtui.template.hcl.functions.spec import AnyFunction, Function, Parameter
from oxtui.template.hcl.functions.template_files import template_file_function
from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.tree.walk import walk
from oxtui.template.hcl.values.types import DYNAMIC, STRING
from oxtui.template.hcl.values.value import Value, namespace, string
from oxtui.template.resolve.context import BUILD_FIELDS
from oxtui.template.resolve.references import references

if TYPE_CHECKING:
    from oxtui.template.hcl.tree.expressions import Expression
    from oxtui.template.resolve import Resolved

MOMENT: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""What every run begins at."""
BUILD: Final[Mapping[str, str]] = {name: f"<build.{name}>" for name in BUILD_FIELDS}
"""What stands for the values of the machine."""


def _same(name: str) -> Function:
    """A function whose result says what it was made of, in place of a random part."""

    def apply(arguments: Sequence[Value]) -> Value:
        told = ", ".join(each.text for each in arguments if isinstance(each.data, str))
        sensitive = any(each.sensitive for each in arguments)
        return string(f"<{name}({told})>").marked(sensitive)

    return Function(name, (), apply, rest=Parameter("any", DYNAMIC), returns=STRING)


def _timestamp(_: Sequence[Value]) -> Value:
    return string("2000-01-01T00:00:00Z")


STAND_INS: Final[Mapping[str, AnyFunction]] = {
    "timestamp": Function("timestamp", (), _timestamp, returns=STRING),
    "uuidv4": _same("uuidv4"),
    "bcrypt": _same("bcrypt"),
    **{function.name: function for function in legacy_time_functions(MOMENT)},
}


_MOVES: Final = re.compile(r"\{\{[^}]*\b(?:timestamp|isotime|strftime|uuid)\b")
"""What changes a text of a legacy template with each run."""
RANDOM: Final = re.compile(r"\{\{[^}]*\buuid\b")
"""What stands in no text that is the same again, whatever the time."""
_VOLATILE: Final = frozenset((*STAND_INS, "templatefile"))


class StandIns:
    """Puts stand-ins into the bodies of one template."""

    def __init__(self, resolved: Resolved) -> None:
        self._resolved = resolved
        self._again: dict[str, Value] | None = None
        base = resolved.scope
        self._functions = {**base.functions, **STAND_INS}
        if "templatefile" in self._functions:  # it has the functions that its files call
            folder = resolved.template.folder
            again = template_file_function(folder, self._functions, base.work)
            self._functions["templatefile"] = again

    def body(self, body: ComponentBody) -> ComponentBody:
        """The same component, with nothing in it that differs from run to run by itself."""
        interpolation = body.interpolation
        if interpolation is not None:
            user = {**(interpolation.user or {}), **self._variables()}
            interpolation = replace(interpolation, started=MOMENT, user=user)
        parts = tuple(replace(part, scope=self._standing(part.scope)) for part in body.parts)
        return replace(body, parts=parts, interpolation=interpolation)

    def _variables(self) -> dict[str, str]:
        """User variables of a legacy template that change with each run, as the text that makes them."""
        legacy, given = self._resolved.template.legacy, self._resolved.variables
        return {
            name: each.default
            for name, each in (legacy.variables if legacy is not None else {}).items()
            if each.default and _MOVES.search(each.default) and given[name].origin == "default"
        }

    def _standing(self, scope: Scope) -> Scope:
        if self._again is None:
            self._again = self._locals()
        values = self._again
        return replace(
            scope.inner({"local": namespace(values)} if values else {}),
            functions=self._functions or scope.functions,
        )

    def _locals(self) -> dict[str, Value]:
        """All locals; those that change with each run are evaluated again."""
        template, known = self._resolved.template, dict(self._resolved.locals)
        moving = _moving({name: each.expression for name, each in template.locals.items()})
        if not moving:
            return {}
        base = self._resolved.scope
        for name in moving:  # in an order in which each comes after what it refers to
            local = template.locals[name]
            scope = replace(
                base.inner({"local": namespace(known)}),
                functions=self._functions,
            )
            try:
                value = Evaluator(local.file).evaluate(local.expression, scope)
            except EvaluationError:
                continue  # it was told of already
            known[name] = value.marked(local.sensitive)
        return known


def _moving(locals_: Mapping[str, Expression]) -> list[str]:
    """Names of the locals that a volatile function has a part in, what is referred to first."""
    needs = {
        name: {ref.path[0] for ref in references(each) if ref.root == "local" and ref.path}
        for name, each in locals_.items()
    }
    found = [name for name, each in locals_.items() if _calls(each, _VOLATILE)]
    waiting = list(found)
    while waiting:
        current = waiting.pop()
        for name, needed in needs.items():
            if current in needed and name not in found:
                found.append(name)
                waiting.append(name)
    ordered: list[str] = []
    while left := [name for name in found if name not in ordered]:
        ready = [name for name in left if not needs[name] & (set(left) - {name})]
        ordered += ready or left
    return ordered


def _calls(expression: Expression, names: Iterable[str]) -> bool:
    return any(isinstance(each, x.Call) and each.name in names for each in walk(expression))
