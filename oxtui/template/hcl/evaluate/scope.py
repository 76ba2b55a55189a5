"""What names and functions an expression may use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from oxtui.template.hcl.evaluate.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from oxtui.template.hcl.functions.spec import AnyFunction
    from oxtui.template.hcl.values.value import Value


def _forget(_: str) -> None:
    """Takes note of no secret; for scopes in which nothing sensitive is made."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Variables and functions by name. An inner scope sees what the outer one has, unless it hides it.

    `note_secret` is told each text that a function made of something sensitive, since hiding the
    sensitive text alone would not hide what was derived from it. `work` is what all of it may cost.
    """

    variables: Mapping[str, Value] = field(default_factory=dict)
    functions: Mapping[str, AnyFunction] = field(default_factory=dict)
    outer: Scope | None = None
    note_secret: Callable[[str], None] = _forget
    work: Work = field(default_factory=Work)

    def lookup(self, name: str) -> Value | None:
        """The value of a name, or None if nothing has it."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.variables.get(name)
            if found is not None:
                return found
            scope = scope.outer
        return None

    def names(self) -> Iterator[str]:
        """All names that can be used here."""
        scope: Scope | None = self
        while scope is not None:
            yield from scope.variables
            scope = scope.outer

    def inner(self, variables: Mapping[str, Value]) -> Scope:
        """A scope inside of this one."""
        return Scope(variables, self.functions, self, self.note_secret, self.work)
