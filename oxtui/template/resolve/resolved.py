"""A template with its values: what resolving it gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from oxtui.template.hcl.evaluate.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oxtui.template.component_body import ComponentBody, DecodedBody
    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.values.value import Value
    from oxtui.template.legacy.interpolate import Interpolation
    from oxtui.template.model import ComponentKey, Template
    from oxtui.template.resolve.builds import ResolvedBuild
    from oxtui.template.resolve.members import Members
    from oxtui.template.resolve.variable_values import VariableValue


@dataclass(repr=False)
class Resolved:
    """A template with its values. What could not be evaluated is unknown, and `diagnostics` says why."""

    template: Template
    variables: Mapping[str, VariableValue] = field(default_factory=dict)
    locals: Mapping[str, Value] = field(default_factory=dict)
    data: Mapping[ComponentKey, Value] = field(default_factory=dict)
    data_bodies: Mapping[ComponentKey, DecodedBody] = field(default_factory=dict)
    builds: list[ResolvedBuild] = field(default_factory=list)
    sourceless: list[Members] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    scope: Scope = field(default_factory=Scope)
    noted: set[str] = field(default_factory=set)
    interpolation: Interpolation | None = None
    """Of a legacy template: what `{{ }}` can name in it."""

    def __repr__(self) -> str:
        return f"Resolved({[build.name for build in self.builds]})"

    @property
    def has_errors(self) -> bool:
        """Whether it cannot be built as it is."""
        return any(diagnostic.is_error for diagnostic in self.diagnostics)

    @property
    def sources(self) -> dict[str, ComponentBody]:
        """The body of each source that is built, by the name of its build."""
        return {build.name: build.body for build in self.builds}

    def secrets(self) -> set[str]:
        """Texts that must be hidden: sensitive values, and what functions have made of them so far.

        Evaluating a body may add some, so ask again afterwards.
        """
        found = set(self.noted)
        for variable in self.variables.values():
            found |= variable.value.secret_texts()
        for value in (*self.locals.values(), *self.data.values()):
            found |= value.secret_texts()
        return {text for text in found if text}
