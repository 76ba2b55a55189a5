"""What a function is: its parameters, its result, and how it fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from oxtui.template.hcl.values.types import DYNAMIC
from oxtui.template.hcl.values.value import Value

if TYPE_CHECKING:
    from oxtui.template.hcl.evaluate.evaluator import Evaluator
    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.hcl.tree.expressions import Call
    from oxtui.template.hcl.values.types import Type


class ArgumentError(ValueError):
    """One argument is wrong; `index` counts from 0."""

    def __init__(self, index: int, problem: str) -> None:
        self.index = index
        super().__init__(problem)


class CallError(ValueError):
    """The call as a whole fails."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. Arguments are converted to its type before the function sees them.

    `nullable`: null may be given. `partial`: what is inside a list or object need not be known;
    without it a function over anything unknown is not called and its result is unknown.
    """

    name: str
    type: Type = DYNAMIC
    nullable: bool = False
    partial: bool = False


Implementation: TypeAlias = Callable[[Sequence[Value]], Value]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of values. `rest` describes any number of further arguments."""

    name: str
    parameters: tuple[Parameter, ...]
    implementation: Implementation
    rest: Parameter | None = None
    returns: Type = DYNAMIC

    def parameter(self, index: int) -> Parameter | None:
        """The parameter that takes an argument, or None if there are too many arguments."""
        return self.parameters[index] if index < len(self.parameters) else self.rest


@dataclass(frozen=True, slots=True)
class SpecialForm:
    """A function that looks at its arguments before they are evaluated, such as `try`."""

    name: str
    apply: Callable[[Evaluator, Call, Scope], Value]


AnyFunction: TypeAlias = Function | SpecialForm
