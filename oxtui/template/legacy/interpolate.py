"""The `{{ }}` language inside strings: dot variables, calls of functions, pipelines (packer.md 1.8 and 2).

A component evaluates it in those of its options that are declared templates; elsewhere the text passes through.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

_ACTION = re.compile(r"\{\{-?\s*((?:\"(?:[^\"\\]|\\.)*\"|`[^`]*`|[^}\"`])*?)\s*-?\}\}")
_WORD = re.compile(r'\s*("(?:[^"\\]|\\.)*"|`[^`]*`|\||[^\s|"`]+)')


class InterpolationError(ValueError):
    """A `{{ }}` that cannot be evaluated; the text names it and says what is known."""


@dataclass(frozen=True, slots=True)
class Interpolation:
    """What `{{ }}` can name: dot variables, `build` values, and the start of the build for times."""

    started: datetime
    variables: Mapping[str, str] = field(default_factory=dict)
    build: Mapping[str, Any] = field(default_factory=dict)

    def render(self, text: str, **variables: str) -> str:
        """The text with each `{{ }}` evaluated; `variables` join the dot variables.

        Raises:
            InterpolationError: a name is unknown or an action is malformed.
        """
        if "{{" not in text:
            return text
        known = {**self.variables, **variables}
        return _ACTION.sub(lambda match: self._action(match.group(1), known), text)

    def _action(self, text: str, known: Mapping[str, str]) -> str:
        words = _words(text)
        value: str | None = None
        for command in _split(words):
            head, *arguments = command
            given = [_operand(argument, known) for argument in arguments]
            if value is not None:
                given.append(value)
            value = self._call(head, given, known, text)
        if value is None:
            raise InterpolationError("{{ }} is empty; name a variable or a function in it")
        return value

    def _call(self, head: str, arguments: list[str], known: Mapping[str, str], text: str) -> str:
        if head[0] in '."`':
            if arguments:
                raise InterpolationError(f"{{{{{text}}}}}: {head} takes no arguments")
            return _operand(head, known)
        function = self._functions().get(head)
        if function is None:
            raise InterpolationError(
                f"{{{{{text}}}}}: function {head} is not known here; "
                f"there are {', '.join(sorted(self._functions()))}"
            )
        try:
            return function(*arguments)
        except TypeError:
            raise InterpolationError(
                f"{{{{{text}}}}}: wrong number of arguments for {head}"
            ) from None

    def _functions(self) -> dict[str, Callable[..., str]]:
        return {
            "build": self._build,
            "isotime": self._isotime,
            "lower": str.lower,
            "replace": lambda old, new, count, text: text.replace(old, new, int(count)),
            "replace_all": lambda old, new, text: text.replace(old, new),
            "timestamp": lambda: str(int(self.started.timestamp())),
            "upper": str.upper,
            "uuid": lambda: str(uuid.uuid4()),
        }

    def _build(self, name: str) -> str:
        if name not in self.build:
            raise InterpolationError(
                f"{{{{build `{name}`}}}}: the build has no {name}; "
                f"it has {', '.join(sorted(self.build)) or 'nothing yet'}"
            )
        return str(self.build[name])

    def _isotime(self, layout: str = "") -> str:
        if not layout:
            return self.started.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return _go_time(self.started.astimezone(UTC), layout)


_GO_TIME = {
    "2006": "%Y", "January": "%B", "Jan": "%b", "Monday": "%A", "Mon": "%a", "MST": "%Z",
    "01": "%m", "02": "%d", "03": "%I", "04": "%M", "05": "%S", "06": "%y", "15": "%H", "PM": "%p",
}  # fmt: skip
_GO_TIME_PATTERN = re.compile("|".join(sorted(_GO_TIME, key=len, reverse=True)))


def _go_time(moment: datetime, layout: str) -> str:
    """`moment` in Go's reference layout, such as `2006-01-02`."""
    return _GO_TIME_PATTERN.sub(lambda match: moment.strftime(_GO_TIME[match.group()]), layout)


def _words(text: str) -> list[str]:
    words, position = [], 0
    while position < len(text.rstrip()):
        match = _WORD.match(text, position)
        if match is None:
            raise InterpolationError(f"{{{{{text}}}}} cannot be read at {text[position:]!r}")
        words.append(match.group(1))
        position = match.end()
    return words


def _split(words: list[str]) -> list[list[str]]:
    commands: list[list[str]] = [[]]
    for word in words:
        if word == "|":
            commands.append([])
        else:
            commands[-1].append(word)
    return [command for command in commands if command]


def _operand(word: str, known: Mapping[str, str]) -> str:
    if word[0] == "`":
        return word[1:-1]
    if word[0] == '"':
        return re.sub(r"\\(.)", r"\1", word[1:-1])
    if word[0] == ".":
        return known.get(word[1:], "<no value>")
    return word
