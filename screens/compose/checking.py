"""Checks a template as the start of a build would: parsed, decoded and planned, away from the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from oxtui.build.plan import Plan
from oxtui.build.planner import make_plan
from oxtui.logs.redact import Redactor
from oxtui.template.load import parse_texts
from oxtui.template.variables import VariableInputs
from screens.compose.known import Known, known_values
from screens.compose.problems import Problem, located
from screens.compose.reading import Reading


@dataclass(frozen=True, slots=True)
class Checked:
    """What came out for one reading; `plan` is there if nothing is wrong."""

    reading: Reading
    problems: tuple[Problem, ...] = ()
    plan: Plan | None = field(default=None, repr=False)
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    known: Mapping[str, Known] = field(default_factory=dict, repr=False)
    """What variables and locals come to, by `var.NAME` and `local.NAME`."""


def assignments(reading: Reading, values: Mapping[str, str]) -> tuple[str, ...]:
    """Values of variables as `-var` takes them; those of variables that are gone are left out."""
    declared = {part.title for part in reading.of_kind("variable")}
    return tuple(f"{name}={value}" for name, value in values.items() if name in declared)


async def check(
    reading: Reading,
    folder: Path,
    environ: Mapping[str, str],
    values: Mapping[str, str],
    files: Sequence[Path] = (),
) -> Checked:
    """Everything that is wrong and can be known without a rack.

    Args:
        reading: of the template.
        folder: that relative paths of scripts and files start from.
        environ: where `PKR_VAR_name` is looked up.
        values: of variables, given by the operator.
        files: variable files that the operator named.
    """
    given = assignments(reading, values)
    inputs = VariableInputs(environ, files, given)

    def plan() -> Checked:
        template = parse_texts(reading.texts, reading.folder)
        name = str(reading.folder or reading.sources[0].name)
        planning = asyncio.run(
            make_plan(template, inputs, name=name, text=reading.text, folder=folder, data=None)
        )
        # A message may quote the value of a sensitive variable.
        hide = Redactor(planning.secrets).text
        problems = tuple(
            replace(problem, text=hide(problem.text))
            for problem in located([*planning.diagnostics, *planning.for_packer], reading)
        )
        secrets, resolved = planning.secrets, planning.resolved
        known = {} if resolved is None else known_values(resolved, secrets)
        return Checked(reading, problems, planning.plan, frozenset(secrets), known)

    return await asyncio.to_thread(plan)
