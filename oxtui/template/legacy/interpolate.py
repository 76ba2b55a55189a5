"""What the `{{ }}` of a text can name, and rendering it.

A component evaluates `{{ }}` in those of its options that are declared templates; elsewhere the text passes
through. The core of a legacy JSON template evaluates them in all other strings.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from oxtui.template.legacy.engine.errors import InterpolationError, VariableNotSetError

__all__ = ["Interpolation", "InterpolationError", "Outside", "VariableNotSetError"]


@dataclass(frozen=True, slots=True)
class Outside:
    """What only the values of user variables may ask: the environment, and services that keep secrets."""

    environ: Mapping[str, str]
    secrets: Mapping[str, Callable[..., str]] = field(default_factory=dict)
    """`vault`, `consul_key`, `aws_secretsmanager` and `aws_secretsmanager_raw`, where they can be asked.

    Each takes what the function takes, and raises ValueError or OSError with the problem."""


@dataclass(frozen=True, slots=True)
class Interpolation:
    """What `{{ }}` can name: dot variables, `build` values, user variables, and the start for times."""

    started: datetime
    variables: Mapping[str, Any] = field(default_factory=dict)
    """The dot variables: `{{ .Name }}`. A missing one is `<no value>`."""
    build: Mapping[str, Any] = field(default_factory=dict)
    """Values of the machine, for `build` and as dot variables."""
    later: Collection[str] = ()
    """Names of build values that are known only at run time: a text that asks for one is left for then."""
    user: Mapping[str, str] | None = None
    """User variables; another one is empty, or not set where `outside` is given. None in HCL templates."""
    outside: Outside | None = None
    """Given for the values of user variables alone."""
    build_name: str = ""
    builder_type: str = ""
    packer_version: str = ""
    template_folder: str = ""
    """Absolute path."""
    functions: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    """Functions of one string that a builder adds, such as `clean_resource_name`."""

    @property
    def dot(self) -> Mapping[str, Any]:
        """What `.` is."""
        return {**self.build, **self.variables}

    def with_build(self, values: Mapping[str, Any]) -> Interpolation:
        """The same once the machine's values are known; no text waits for one any more."""
        return replace(self, build=values, later=())

    def with_functions(self, functions: Mapping[str, Callable[[str], str]]) -> Interpolation:
        """The same with a builder's own functions."""
        return replace(self, functions={**self.functions, **functions})

    def render(self, text: str, /, **variables: Any) -> str:
        """The text with each `{{ }}` evaluated once; `variables` join the dot variables.

        Raises:
            InterpolationError: a name is unknown, an action is malformed, or the text costs too much.
        """
        if "{{" not in text:
            return text
        from oxtui.template.legacy.engine import rendering

        return rendering.render(self, text, variables)

    def check(self, text: str) -> str:
        """The text, read and not evaluated. Raises InterpolationError for what cannot be read."""
        if "{{" in text:
            from oxtui.template.legacy.engine import rendering

            rendering.read(self, text)
        return text
