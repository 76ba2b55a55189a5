"""The values that were given for variables, found and put in order, not yet fitted to their types."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxtui.template.hcl.causes import causes
from oxtui.template.hcl.diagnostic import Diagnostic, Severity, error, warning
from oxtui.template.hcl.evaluate.errors import EvaluationError
from oxtui.template.hcl.evaluate.evaluator import Evaluator
from oxtui.template.hcl.evaluate.scope import Scope
from oxtui.template.hcl.parse import parse_body, parse_expression
from oxtui.template.hcl.source import SourceFile, Span
from oxtui.template.hcl.suggest import did_you_mean
from oxtui.template.hcl.values.types import DYNAMIC, NUMBER, STRING
from oxtui.template.hcl.values.value import string
from oxtui.template.json import parse_json
from oxtui.template.json.bodies import attributes_of
from oxtui.template.json.nodes import Object
from oxtui.template.read.files import read_text
from oxtui.template.variables import ENVIRONMENT_PREFIX

if TYPE_CHECKING:
    from pathlib import Path

    from oxtui.template.hcl.tree.bodies import Body
    from oxtui.template.hcl.values.value import Value
    from oxtui.template.model import Template, VariableDeclaration
    from oxtui.template.variables import VariableInputs

_ASSIGNED = re.compile(r"^[ \t{]*\"?([\w-]+)\"?[ \t]*[=:](.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Given:
    """A value for a variable. `origin` is Packer's word for its kind: env, varfile or cmd."""

    value: Value
    origin: str
    file: SourceFile
    span: Span


class GivenReader:
    """Collects the given values of a template's variables, and what is wrong with them."""

    def __init__(self, template: Template, inputs: VariableInputs) -> None:
        self.template = template
        self.inputs = inputs
        self.diagnostics: list[Diagnostic] = []
        self.found: dict[str, Given] = {}
        self.secrets: set[str] = set()
        """What was given for sensitive variables, also where another value wins or it does not fit."""

    def read(self) -> dict[str, Given]:
        """The winning value of each variable for which there is one."""
        self._environment()
        for path in [*self.template.auto_var_files, *self.inputs.files]:
            self._file(path)
        for assignment in self.inputs.assignments:
            self._assignment(assignment)
        return self.found

    def _environment(self) -> None:
        for name, declaration in self.template.variables.items():
            text = self.inputs.environ.get(ENVIRONMENT_PREFIX + name)
            if text is not None:
                self._text(declaration, text, "env", ENVIRONMENT_PREFIX + name)

    def _assignment(self, assignment: str) -> None:
        name, equals, text = assignment.partition("=")
        name = name.strip()
        declaration = self.template.variables.get(name)
        if not equals:
            detail = f'A variable is given as name=value; "{name}" has no equals sign.'
            self._without_place("Invalid -var option", detail)
        elif declaration is None:
            hint = did_you_mean(name, self.template.variables)
            detail = f'A value was given for "{name}", but no variable block declares it.{hint}'
            self._without_place("Undefined -var variable", detail)
        else:
            self._text(declaration, text, "cmd", f"-var {name}")

    def _without_place(self, summary: str, detail: str) -> None:
        self.diagnostics.append(Diagnostic(Severity.ERROR, summary, detail))

    def _text(self, declaration: VariableDeclaration, text: str, origin: str, where: str) -> None:
        """Takes text literally for strings, numbers and untyped variables, else as an expression."""
        file = SourceFile(f"<value for {where}>", text)
        span = Span(0, len(text))
        if self._is_literal(declaration):
            if declaration.sensitive:
                self.secrets.add(text)
            self.found[declaration.name] = Given(string(text), origin, file, span)
            return
        if declaration.sensitive:  # a message must not show the line that it speaks of
            file = SourceFile(file.name, "(sensitive value)")
            span = Span(0, len(file.text))
        node, problems = parse_expression(SourceFile(file.name, text))
        value = None
        if node is not None and not problems:
            try:
                value = Evaluator(SourceFile(file.name, text)).evaluate(node, Scope())
            except EvaluationError as problem:
                problems = problem.diagnostics
        if value is not None:
            self.found[declaration.name] = Given(value, origin, file, span)
            if declaration.sensitive:
                self.secrets |= value.marked().secret_texts()
        elif declaration.sensitive:
            detail = "The value is not an expression of the variable's type; it is sensitive and not shown."
            self.diagnostics.append(error("Invalid expression", detail, span, file))
        else:
            self.diagnostics += problems

    def _is_literal(self, declaration: VariableDeclaration) -> bool:
        kind = declaration.type
        if kind is None and declaration.default is not None:
            value = constant_default(declaration)
            kind = None if value is None or value.is_null else value.type
        return kind is None or kind in (STRING, NUMBER, DYNAMIC)

    def _file(self, path: Path) -> None:
        file, problems = read_text(path, str(path))
        self.diagnostics += problems
        if file is None:
            return
        if path.suffix == ".json":
            self._json(file)
        elif path.suffix == ".hcl":
            self._hcl(file)
        else:
            detail = f"{path} must end in .hcl or .json."
            self._without_place("Could not guess format of variable file", detail)

    def _hcl(self, file: SourceFile) -> None:
        body, problems = parse_body(file)
        self.diagnostics += causes(problems)
        if problems:
            self._unread(file)
        for block in body.blocks:
            detail = 'A variable file holds only "name = value" lines.'
            if block.type == "variable" and block.labels:
                detail += f' Write: {block.labels[0].value} = "…".'
            summary = "Variable declaration in a .pkrvars file"
            self.diagnostics.append(error(summary, detail, block.header, file))
        self._values(body, file)

    def _values(self, body: Body, file: SourceFile) -> None:
        for attribute in body.attributes.values():
            try:
                value = Evaluator(file).evaluate(attribute.expression, Scope())
            except EvaluationError as problem:
                self.diagnostics += problem.diagnostics
                self._unread(file)
                continue
            self._from_file(attribute.name, value, file, attribute.span)

    def _json(self, file: SourceFile) -> None:
        node, problems = parse_json(file)
        if isinstance(node, Object):
            body = attributes_of(node, file, problems, templates=False)
            self._values(body, file)
        elif node is not None:
            detail = "A variable file holds one object, with the names of variables as keys."
            problems.append(error("Invalid variable file", detail, node.span, file))
        if problems:
            self._unread(file)
        self.diagnostics += problems

    def _from_file(self, name: str, value: Value, file: SourceFile, span: Span) -> None:
        if (declaration := self.template.variables.get(name)) is not None:
            self.found[name] = Given(value, "varfile", file, span)
            if declaration.sensitive:
                self.secrets |= value.marked().secret_texts()
        elif self.inputs.warn_undeclared:
            hint = did_you_mean(name, self.template.variables)
            detail = f'No variable block declares "{name}", so this value is not used.{hint}'
            self.diagnostics.append(warning("Undefined variable", detail, span, file))

    def _unread(self, file: SourceFile) -> None:
        """A message may quote a line of a file that cannot be read: what stands behind secret names."""
        for name, text in _ASSIGNED.findall(file.text):
            declaration = self.template.variables.get(name)
            if declaration is not None and declaration.sensitive:
                self.secrets |= {text.strip(), text.strip(" \t,\"'{[]}")}


def constant_default(declaration: VariableDeclaration) -> Value | None:
    """A default that needs no function, or None. For asking its type before `env` can be used."""
    if declaration.default is None:
        return None
    try:
        return Evaluator(declaration.file).evaluate(declaration.default, Scope())
    except EvaluationError:
        return None
