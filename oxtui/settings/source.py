"""Where the value of a setting came from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self


@dataclass(frozen=True, slots=True)
class Source:
    """The place that decided a value; later kinds in the list win over earlier ones."""

    kind: Literal["default", "file", "environment", "flag"]
    place: str = ""
    """File and line, name of the environment variable, or the flag as typed; empty for default."""

    @classmethod
    def line(cls, file: Path, number: int) -> Self:
        """A line of the settings file, counted from 1."""
        return cls("file", f"{file}:{number}")

    def __str__(self) -> str:
        match self.kind:
            case "default":
                return "default"
            case "environment":
                return f"environment {self.place}"
            case _:
                return self.place


DEFAULT = Source("default")
