"""What can be said of a template before any of it is evaluated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxtui.template.hcl.evaluate.work import Work
from oxtui.template.hcl.functions.table import function_table
from oxtui.template.resolve.legacy_values import LegacyVariables, legacy_variables
from oxtui.template.resolve.variable_values import VariableResolver

if TYPE_CHECKING:
    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.model import Template
    from oxtui.template.variables import VariableInputs


@dataclass(frozen=True, repr=False)
class FirstLook:
    """Problems of the text and of the given values, and the secrets that a message may quote."""

    diagnostics: list[Diagnostic]
    secrets: set[str]


def first_look(template: Template, inputs: VariableInputs) -> FirstLook:
    """Checks what Packer checks while it reads files and variables (packer.md 1.2, steps 1 to 7).

    Whether a variable has a value, and one that its rules allow, belongs to the evaluation.
    """
    if template.legacy is None:
        work = Work()
        functions = function_table(template.folder, work=work)
        resolver: VariableResolver | LegacyVariables = VariableResolver(
            template, inputs, functions, work
        )
    else:
        resolver = legacy_variables(template, template.legacy, inputs)
    values = resolver.resolve().values()
    secrets = {text for variable in values for text in variable.value.secret_texts()}
    return FirstLook(
        list(dict.fromkeys([*template.diagnostics, *resolver.misgiven])), resolver.secrets | secrets
    )
