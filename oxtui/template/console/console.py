"""Evaluates lines in the scope of a template, and knows what of it must not be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from oxtui.logs.redact import Redactor
from oxtui.template.console.hidden import hide
from oxtui.template.console.listing import listing
from oxtui.template.hcl.diagnostic import TemplateError
from oxtui.template.hcl.evaluate.text import evaluate_text
from oxtui.template.read.files import decode

if TYPE_CHECKING:
    from oxtui.template.hcl.values.value import Value
    from oxtui.template.resolve import Resolved

NAME: Final = "<console-input>"
"""How messages call what was typed."""


class Console:
    """The scope of a template, or of none, and the secrets in it.

    `redactor` may know secrets already, and learns those that the template has or that functions make of them.
    """

    def __init__(self, resolved: Resolved, redactor: Redactor | None = None) -> None:
        self.resolved = resolved
        self.redactor = redactor or Redactor()
        self._known: set[str] = set()
        self._learn(resolved.secrets())

    def evaluate(self, line: bytes) -> Value:
        """The value of an expression, without anything that must not be shown. Raises TemplateError."""
        file, problems = decode(line, NAME)
        if problems:
            raise TemplateError(problems)
        self.resolved.scope.work.renew()
        try:
            value = evaluate_text(file, self.resolved.scope)
        except Exception as error:
            self.redactor.borne_by(error)
            raise
        self._learn(self.resolved.noted)
        return hide(value, self.redactor, self._known)

    def variables(self) -> str:
        """All variables and locals with their values, as Packer's console lists them."""
        given = {name: each.value for name, each in self.resolved.variables.items()}
        found = self.resolved.locals
        lines = ["> input-variables:", "", *listing("var", given, self.redactor, self._known), ""]
        lines += [
            "> local-variables:",
            "",
            *listing("local", found, self.redactor, self._known),
            "",
        ]
        return "\n".join(lines)

    def _learn(self, secrets: set[str]) -> None:
        for secret in secrets - self._known:
            self._known.add(secret)
            self.redactor.add(secret)
