"""A `.pkrvars.hcl` beside an export: the values that its variables had, without the secrets."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Collection, Iterator
from pathlib import Path
from typing import Final

from oxtui.logs.redact import MARK, Redactor
from oxtui.template.hcl.values.compare import same
from oxtui.template.hcl.write import write_value
from oxtui.template.load import parse_template
from oxtui.template.resolve import Resolved, resolve
from oxtui.template.resolve.variable_values import VariableValue
from oxtui.template.values import is_known, to_python
from oxtui.template.variables import VariableInputs

SUFFIX: Final = ".pkrvars.hcl"


async def variable_file(
    text: str,
    filename: str,
    inputs: VariableInputs,
    redactor: Redactor,
    secrets: Collection[str],
) -> tuple[str, list[str]]:
    """The text of the file, and what is wrong with it: read back, it has to give the same values.

    text: the export. inputs: the values that the session ran with. secrets: names of variables that
    stand for a secret that was left out.
    """
    resolved = await resolve(parse_template(text, filename), inputs)
    lines = list(_lines(resolved, redactor, set(secrets)))
    made = "".join(f"{line}\n" for line in lines)
    return made, [problem async for problem in _differences(resolved, made, text, filename)]


def _lines(resolved: Resolved, redactor: Redactor, secrets: set[str]) -> Iterator[str]:
    left = []
    for name, variable in resolved.variables.items():
        declared = variable.declaration
        written = _written(variable)
        if declared.sensitive or name in secrets:
            left.append(f"# {name}: a secret. Give it as PKR_VAR_{name} in the environment.")
        elif declared.default is None and not variable.value.is_known:
            left.append(f"# {name}: its value is not known here. Give the one of the session.")
        elif variable.origin != "default" and written is not None:
            if redactor.text(written) != written or MARK in written:
                left.append(f"# {name}: it holds a secret. Give it as PKR_VAR_{name}.")
            else:
                yield f"{name} = {written}"
    yield from left


def _written(variable: VariableValue) -> str | None:
    if not is_known(variable.value):
        return None
    return write_value(to_python(variable.value))


async def _differences(
    resolved: Resolved, made: str, text: str, filename: str
) -> AsyncIterator[str]:
    with tempfile.TemporaryDirectory(prefix="oxtui-export-") as folder:
        path = Path(folder) / f"values{SUFFIX}"
        path.write_text(made, encoding="utf-8")
        again = await resolve(parse_template(text, filename), VariableInputs({}, [path]))
    for name, variable in resolved.variables.items():
        if f"\n{name} = " in f"\n{made}" and not same(again.variables[name].value, variable.value):
            yield f"The file of values would give {name} another value."
