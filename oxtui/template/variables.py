"""Where the values of variables come from: -var, -var-file and the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

ENVIRONMENT_PREFIX = "PKR_VAR_"


@dataclass(frozen=True)
class VariableInputs:
    """What was given from outside: later kinds win over earlier ones, within a kind the last.

    `environ` is where `PKR_VAR_name` and `env("NAME")` are looked up; `files` are the paths of
    `-var-file`; `assignments` are the `name=value` texts of `-var`. `warn_undeclared` asks for a
    warning about each line of a variable file that no `variable` block declares.
    """

    environ: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[Path] = ()
    assignments: Sequence[str] = ()
    warn_undeclared: bool = False
