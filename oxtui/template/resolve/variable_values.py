"""The value of each variable: the given one or the default, as its type, checked by its rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import Diagnostic, error
from oxtui.template.hcl.evaluate.errors import EvaluationError
from oxtui.template.hcl.evaluate.evaluator import Evaluator
from oxtui.template.hcl.evaluate.scope import Scope
from oxtui.template.hcl.evaluate.typespec import fill_in
from oxtui.template.hcl.functions.environment import env_function
from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.tree.walk import walk
from oxtui.template.hcl.values.convert import ConversionError, convert
from oxtui.template.hcl.values.types import BOOL, DYNAMIC, STRING
from oxtui.template.hcl.values.value import ValueTooLargeError, object_of, unknown
from oxtui.template.resolve.given import Given, GivenReader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oxtui.template.hcl.evaluate.work import Work
    from oxtui.template.hcl.functions.spec import AnyFunction
    from oxtui.template.hcl.values.types import Type
    from oxtui.template.hcl.values.value import Value
    from oxtui.template.model import Template, Validation, VariableDeclaration
    from oxtui.template.variables import VariableInputs

UNSET_VARIABLE = "Unset variable"
"""How the summary of a variable without a value begins; its name follows."""


@dataclass(frozen=True)
class VariableValue:
    """A variable with its value. `origin` is default, env, varfile or cmd, as Packer calls them.

    `where` names the file that the value comes from; empty for a default.
    """

    declaration: VariableDeclaration
    value: Value
    origin: str
    where: str = ""


class VariableResolver:
    """Gives every declared variable a value; one that is wrong or missing becomes unknown."""

    def __init__(
        self,
        template: Template,
        inputs: VariableInputs,
        functions: Mapping[str, AnyFunction],
        work: Work,
    ) -> None:
        self.template = template
        self.inputs = inputs
        self.functions = functions
        self.work = work
        self.diagnostics: list[Diagnostic] = []
        self.misgiven: list[Diagnostic] = []
        """Those of them about what was given, not about what a variable then is."""
        self.secrets: set[str] = set()
        """Texts of sensitive variables that are in no value: overridden, or not fitting."""

    def resolve(self) -> dict[str, VariableValue]:
        """The values by name. What is wrong is in `diagnostics`."""
        reader = GivenReader(self.template, self.inputs)
        given = reader.read()
        self.misgiven += reader.diagnostics
        self.diagnostics += reader.diagnostics
        self.secrets |= reader.secrets
        return {
            name: self._one(declaration, given.get(name))
            for name, declaration in self.template.variables.items()
        }

    def _one(self, declaration: VariableDeclaration, given: Given | None) -> VariableValue:
        default = self._default(declaration)
        if given is not None:
            kind = declaration.type
            if kind is None and default is not None and not default.is_null:
                kind = default.type
            origin = given.origin
            value = self._fitted(declaration, given, kind or DYNAMIC)
        elif default is not None:
            origin, value = "default", default
        else:
            self._unset(declaration)
            return VariableValue(declaration, unknown(declaration.type or DYNAMIC), "default")
        value = value.marked(declaration.sensitive)
        for validation in declaration.validations:
            if value.is_known:
                self._validate(declaration, validation, value, origin)
        return VariableValue(declaration, value, origin, given.file.name if given else "")

    def _unset(self, declaration: VariableDeclaration) -> None:
        name = declaration.name
        if declaration.default is not None:
            return  # the default is there but wrong, which has been said
        detail = (
            f"This variable has no default. Set it with -var '{name}=…', in a -var-file, or as "
            f"PKR_VAR_{name} in the environment."
        )
        problem = error(f"{UNSET_VARIABLE} {name}", detail, declaration.span, declaration.file)
        self.diagnostics.append(problem)

    def _default(self, declaration: VariableDeclaration) -> Value | None:
        if declaration.default is None:
            return None
        scope = Scope({}, {"env": env_function(self.inputs.environ)}, work=self.work)
        file, span = declaration.file, declaration.default.span
        try:
            value = Evaluator(file).evaluate(declaration.default, scope)
        except EvaluationError as problem:
            self.diagnostics += problem.diagnostics
            return None
        if declaration.sensitive:
            self.secrets |= value.marked().secret_texts()
        try:
            filled = fill_in(value, declaration.type_defaults)
            return convert(filled, declaration.type or DYNAMIC)
        except (ConversionError, ValueTooLargeError) as problem:
            detail = f"The default is not compatible with the variable's type: {problem}."
            self.diagnostics.append(error("Invalid default value", detail, span, file))
            return None

    def _fitted(self, declaration: VariableDeclaration, given: Given, kind: Type) -> Value:
        try:
            return convert(fill_in(given.value, declaration.type_defaults), kind)
        except (ConversionError, ValueTooLargeError) as problem:
            detail = f'The value for "{declaration.name}" does not fit its type: {problem}.'
            summary = f"Invalid value for {given.origin} variable"
            self.diagnostics.append(error(summary, detail, given.span, given.file))
            return unknown(kind)

    def _validate(
        self, declaration: VariableDeclaration, rule: Validation, value: Value, origin: str
    ) -> None:
        file = declaration.file
        others = [name for name in _variables_in(rule.condition) if name != declaration.name]
        if others:
            detail = f'The condition of a validation may only use "var.{declaration.name}".'
            span = rule.condition.span
            problem = error("Invalid reference in variable validation", detail, span, file)
            self.diagnostics.append(problem)
            return
        variable = object_of({declaration.name: value})
        scope = Scope({"var": variable}, self.functions, work=self.work)
        try:
            result = convert(Evaluator(file).evaluate(rule.condition, scope), BOOL)
            message = convert(Evaluator(file).evaluate(rule.error_message, scope), STRING)
        except EvaluationError as failed:
            self.diagnostics += failed.diagnostics
            return
        except ConversionError as failed:
            detail = f"A condition must be true or false, its error_message a string: {failed}."
            problem = error("Invalid variable validation result", detail, rule.span, file)
            self.diagnostics.append(problem)
            return
        if not result.is_known or not message.is_known:
            return
        if result.is_null or message.is_null or not _is_sentence(message.text):
            detail = (
                "A condition must be true or false, and its error_message must be a full sentence: "
                "upper case first, and a full stop, question or exclamation mark at the end."
            )
            problem = error("Invalid validation error message", detail, rule.span, file)
            self.diagnostics.append(problem)
        elif not result.truth:
            line = file.line_number(rule.span.start)
            shown = "The value is not allowed." if message.sensitive else message.text
            detail = (
                f"{shown}\n\nThis was checked by the validation rule at {file.name} line {line}."
            )
            summary = f"Invalid value for {origin} variable"
            self.diagnostics.append(error(summary, detail, declaration.span, file))


def _variables_in(node: x.Expression) -> list[str]:
    """The `var` names that an expression uses; other roots count as names of their own."""
    names: list[str] = []
    for inner in walk(node):
        if isinstance(inner, x.Traversal) and isinstance(inner.source, x.Variable):
            first = inner.steps[0]
            if inner.source.name == "var" and isinstance(first, x.AttributeStep):
                names.append(first.name)
    return names


def _is_sentence(text: str) -> bool:
    return bool(text) and not text[0].islower() and text[-1] in ".?!"
