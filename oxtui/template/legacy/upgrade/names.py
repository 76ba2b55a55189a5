"""How things of a legacy template are called in HCL, which takes fewer names."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.write import Code, Interpolated, is_name, quote, quote_parts

if TYPE_CHECKING:
    from oxtui.template.hcl.write import Writable

_STRAY = re.compile(r"[^A-Za-z0-9_-]+")
TIMESTAMP: Final = "timestamp"
TIMESTAMP_CODE: Final = "convert(rfc3339_parse(legacy_isotime()).unix, string)"
"""What `{{timestamp}}` is: the seconds since 1970 at which the process started."""


def identifier(text: str, taken: Collection[str] = ()) -> str:
    """A name as HCL takes it, as near as can be to a text, and none of those that are taken."""
    made = text if is_name(text) else _STRAY.sub("_", text).strip("_") or "unnamed"
    if not is_name(made):
        made = f"_{made}"
    found, number = made, 2
    while found in taken:
        found, number = f"{made}_{number}", number + 1
    return found


@dataclass(frozen=True)
class SourceName:
    """A builder as a source: `label` is that of its block, `local` the name that it has in the build."""

    type: str
    label: str
    local: str | Interpolated | Code

    @property
    def is_renamed(self) -> bool:
        """Whether the name that it had is not one that a block can have."""
        return self.local != self.label

    @property
    def reference(self) -> str:
        """How a build block names it."""
        return f"source.{self.type}.{self.label}"

    @property
    def selector(self) -> Writable:
        """How `only` and `except` name it."""
        if isinstance(self.local, str):
            return f"{self.type}.{self.local}"
        parts = self.local.parts if isinstance(self.local, Interpolated) else (self.local,)
        return Interpolated((f"{self.type}.", *parts))

    @property
    def key(self) -> str | Code:
        """How `override` names it."""
        if isinstance(self.local, str):
            return self.local
        text = self.local.text if isinstance(self.local, Code) else quote_parts(self.local)
        return Code(f"({text})")


@dataclass
class References:
    """How expressions name user variables, and what had to be added so that they can."""

    variables: dict[str, str] = field(default_factory=dict)
    """By its old name, where a variable is now: `var.x`, `local.x`."""
    labels: dict[str, str] = field(default_factory=dict)
    """By its old name, what a variable's block is called now."""
    undeclared: dict[str, str] = field(default_factory=dict)
    """Variables that are used and not declared, with the names that they get; they are empty."""
    environment: dict[str, str] = field(default_factory=dict)
    """Environment variables that values of variables use, with those of HCL that hold them."""
    may_be_empty: set[str] = field(default_factory=set)
    """Those of `variables` that are the empty text if nobody gives them a value, or may be."""
    uses_timestamp: bool = False
    timestamp: str = TIMESTAMP

    def user(self, name: str) -> Code:
        """A user variable."""
        if name not in self.variables:
            label = self._new(name)
            self.undeclared[name] = label
            self.variables[name] = f"var.{label}"
            self.may_be_empty.add(f"var.{label}")
        return Code(self.variables[name])

    def env(self, name: str) -> Code:
        """A variable that has the value of one of the environment, which only a default may ask for."""
        if name not in self.environment:
            self.environment[name] = self._new(f"env_{name}")
        return Code(f"var.{self.environment[name]}")

    def started(self) -> Code:
        """The time at which everything started, in seconds."""
        self.uses_timestamp = True
        return Code(f"local.{self.timestamp}")

    def _new(self, name: str) -> str:
        taken = {*self.labels.values(), *self.undeclared.values(), *self.environment.values()}
        return identifier(name, taken)


def env_call(name: str) -> Code:
    """The value of an environment variable, for a default."""
    return Code(f"env({quote(name)})")
