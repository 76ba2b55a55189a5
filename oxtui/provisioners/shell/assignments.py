"""How variables are written for a shell that is to set them (packer.md 3.1; Packer's `env_var_format`)."""

from __future__ import annotations

import re
from collections.abc import Mapping

BEFORE_COMMAND = "%s='%s' "
"""Stands before a command; it ends in a blank, as Packer's `{{.Vars}}` does."""
IN_FILE = "export %s='%s'\n"
"""A line of a file that is read by `.`."""

_VERB = re.compile(r"%(?:\[(?P<index>[12])\])?(?P<verb>[sv%])")


def is_assignment_format(text: str) -> bool:
    """Whether the text is a format of Go's `fmt` that takes a name and a value, as texts, and nothing else."""
    rest = _VERB.sub("", text)
    return "%" not in rest and _used(text) == {1, 2}


def assignments(variables: Mapping[str, str], form: str = BEFORE_COMMAND) -> str:
    """Each variable as `form` has it. A quote in a value is written as Packer does, whatever the form."""
    return "".join(_filled(form, key, escaped(value)) for key, value in variables.items())


def escaped(value: str) -> str:
    """The value for a place between single quotes; scripts can see in `ps` how a quote is written."""
    return value.replace("'", "'\"'\"'")


def quoted(value: str) -> str:
    """The value in single quotes."""
    return f"'{escaped(value)}'"


def _numbers(text: str) -> list[tuple[re.Match[str], int]]:
    """Each verb with the number of what it takes; 0 for a per cent sign. One behind `%[1]s` takes the second."""
    found, at = [], 1
    for verb in _VERB.finditer(text):
        if verb["verb"] == "%":
            found.append((verb, 0))
            continue
        at = int(verb["index"] or at)
        found.append((verb, at))
        at += 1
    return found


def _used(text: str) -> set[int]:
    return {number for _, number in _numbers(text) if number}


def _filled(form: str, *values: str) -> str:
    written, end = [], 0
    for verb, number in _numbers(form):
        written += [form[end : verb.start()], values[number - 1] if number else "%"]
        end = verb.end()
    return "".join([*written, form[end:]])
