"""Evaluates lines in the scope of a template, and knows what of it must not be shown."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from oxtui.logs.redact import Redactor
from oxtui.template.console.hidden import hide
from oxtui.template.console.listing import listing
from oxtui.template.hcl.diagnostic import TemplateError, error, sentence
from oxtui.template.hcl.evaluate.text import evaluate_text
from oxtui.template.hcl.source import Span
from oxtui.template.hcl.values.value import string
from oxtui.template.legacy.interpolate import Interpolation, InterpolationError
from oxtui.template.read.files import decode
from oxtui.template.read.versions import PACKER_VERSION

if TYPE_CHECKING:
    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.hcl.values.value import Value
    from oxtui.template.resolve import Resolved

Language: TypeAlias = Literal["hcl2", "json", "either"]
NAME: Final = "<console-input>"
"""How messages call what was typed."""


class Console:
    """The scope of a template, or of none, and the secrets in it.

    `redactor` may know secrets already, and learns those that the template has or that functions make of them.
    `language` is what lines are written in: `hcl2`, or `json`, text with `{{ }}` in it, as of a legacy
    template; with `either`, a line that is no expression of HCL may be such a text.
    """

    def __init__(
        self, resolved: Resolved, redactor: Redactor | None = None, language: Language = "hcl2"
    ) -> None:
        self.resolved = resolved
        self.language = language
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
            value = self._value(file)
        except Exception as error:
            self.redactor.borne_by(error)
            raise
        self._learn(self.resolved.noted)
        return hide(value, self.redactor, self._known)

    def _value(self, file: SourceFile) -> Value:
        if self.language == "json":
            return self._rendered(file)
        try:
            return evaluate_text(file, self.resolved.scope)
        except TemplateError as problem:
            is_no_hcl = any(each.code == "syntax" for each in problem.diagnostics)
            if self.language == "either" and is_no_hcl and "{{" in file.text:
                return self._rendered(file)
            raise

    def _rendered(self, file: SourceFile) -> Value:
        known = self.resolved.interpolation
        context = known or Interpolation(datetime.now(UTC), user={}, packer_version=PACKER_VERSION)
        try:
            return string(context.render(file.text))
        except InterpolationError as problem:
            whole = Span(0, len(file.text))
            raise TemplateError(
                [error("Interpolation error", sentence(problem), whole, file, "template")]
            ) from None

    def variables(self) -> str:
        """All variables and locals with their values, as Packer's console lists them."""
        given = {name: each.value for name, each in self.resolved.variables.items()}
        if self.language == "json":
            shown = {name: hide(value, self.redactor, self._known) for name, value in given.items()}
            texts = {name: each.text for name, each in shown.items() if each.is_known}
            return "\n".join(f"{name}: {texts[name]}," for name in sorted(texts)) + "\n"
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
