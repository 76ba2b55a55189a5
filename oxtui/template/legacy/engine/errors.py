"""What is wrong with a text, and where in it."""

from __future__ import annotations

_SHOWN = 80
"""Characters of an action that a message repeats."""
_LONGEST = 2_000
"""Characters of a problem; a longer one repeats a text of the template."""


class InterpolationError(ValueError):
    """A `{{ }}` that cannot be read or evaluated; the text names it, its place, the cause and a next step.

    `line` and `column` count from 1, in characters; both are 0 while the place is not known.
    """

    def __init__(self, problem: str) -> None:
        if len(problem) > _LONGEST:
            problem = "a text in it is wrong here, and too long to be shown; make it shorter"
        super().__init__(problem)
        self.problem = problem
        self.action = ""
        self.line = self.column = 0

    def place(self, text: str, at: int, action: tuple[int, int] | None = None) -> None:
        """Says where: at an offset of the text, in the action between two; a place once given stays."""
        if self.line:
            return
        self.line = text.count("\n", 0, at) + 1
        self.column = at - text.rfind("\n", 0, at)
        start, end = action or (at, at)
        # Whole or not at all: a part of a secret would not be known as one, and so be shown.
        if end - start <= _SHOWN:
            words = " ".join(text[start:end].split())
            self.action = "".join(each if each.isprintable() else "?" for each in words)

    def __str__(self) -> str:
        if not self.line:
            return self.problem
        named = f"{self.action} at" if self.action else "At"
        return f"{named} line {self.line}, column {self.column}: {self.problem}"


class VariableNotSetError(InterpolationError):
    """A user variable's value asks for another one that has none (yet); `name` is the other's."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"the user variable {name} is not set; give it a value, or name one that has a value"
        )
        self.name = name
