"""Goes through a text's tree and makes the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from oxtui.template.legacy.engine.arguments import check_count, fitting, kind_of, whole_number
from oxtui.template.legacy.engine.builtins import SHORT_CIRCUIT, Function, Kind
from oxtui.template.legacy.engine.errors import InterpolationError
from oxtui.template.legacy.engine.limits import MAX_CHARACTERS, PRINTED, Budget, too_long
from oxtui.template.legacy.engine.loops import items
from oxtui.template.legacy.engine.nodes import (
    Action,
    Body,
    Choice,
    Dot,
    Group,
    Leave,
    Literal,
    Loop,
    Name,
    Node,
    Operand,
    Pipeline,
    Templates,
    Text,
    Use,
    Variable,
)
from oxtui.template.legacy.engine.parser import ROOT
from oxtui.template.legacy.engine.values import Value, as_text, is_true, size, type_name

_ABSENT: Final = object()
"""In place of the value that the command before gives, for the first command."""


def evaluate(templates: Templates, functions: Mapping[str, Function], dot: Value) -> str:
    """The result of a text, with `dot` as what `.` is.

    Raises:
        InterpolationError: an action cannot be evaluated, or the text costs too much.
    """
    return _Evaluator(templates, functions, dot).result()


class _Evaluator:
    def __init__(self, templates: Templates, functions: Mapping[str, Function], dot: Value) -> None:
        self.templates, self.functions, self.dot = templates, functions, dot
        self.variables: list[tuple[str, Value]] = [("$", dot)]
        self.budget = Budget()
        self.pieces: list[str] = []
        self.length = self.at = 0
        self.span = (0, 0)

    def result(self) -> str:
        try:
            self._body(self.templates.bodies[ROOT])
        except InterpolationError as error:
            error.place(self.templates.text, self.at, self.span)
            raise
        except RecursionError:
            raise InterpolationError("a value or the text is nested too deep") from None
        return "".join(self.pieces)

    def _write(self, text: str) -> None:
        self.length += len(text)
        if self.length > MAX_CHARACTERS:
            raise too_long()
        self.pieces.append(text)

    def _body(self, body: Body) -> Leave | None:
        """What ended it early, or None."""
        self.budget.enter()
        left: Leave | None = None
        for node in body:
            self.budget.step()
            left = self._node(node)
            if left is not None:
                break
        self.budget.leave()
        return left

    def _node(self, node: Node) -> Leave | None:
        match node:
            case Text(text=text):
                self._write(text)
            case Action(span=span, pipeline=pipeline):
                self.span = span
                value = self._pipeline(pipeline)
                if not pipeline.declared:
                    self.budget.work(PRINTED * size(value))
                    self._write(as_text(value))
            case Choice():
                return self._choice(node)
            case Loop():
                return self._loop(node)
            case Use():
                self._use(node)
            case Leave():
                return node
        return None

    def _choice(self, choice: Choice) -> Leave | None:
        known, left = len(self.variables), None
        for branch in choice.branches:
            self.span = branch.span
            value = self._pipeline(branch.pipeline)
            if is_true(value):
                left = self._with(value if choice.rebinds else self.dot, branch.body)
                break
        else:
            left = self._body(choice.otherwise)
        del self.variables[known:]
        return left

    def _with(self, dot: Value, body: Body) -> Leave | None:
        outer, self.dot = self.dot, dot
        left = self._body(body)
        self.dot = outer
        return left

    def _loop(self, loop: Loop) -> Leave | None:
        self.span = loop.span
        known = len(self.variables)
        value = self._pipeline(loop.pipeline)
        names, assigns = loop.pipeline.declared, loop.pipeline.assigns
        inner, ran, left = len(self.variables), False, None
        for key, item in items(value, self.budget, pair=len(names) > 1):
            ran = True
            self.budget.step()
            given = (key, item) if len(names) > 1 else (item,)
            for place, (name, each) in enumerate(zip(names, given, strict=False)):
                if assigns:
                    self._assign(name, each)
                else:
                    self.variables[inner - len(names) + place] = (name, each)
            left = self._with(item, loop.body)
            del self.variables[inner:]
            if left is not None and left.breaks:
                break
        if not ran:
            left = self._body(loop.otherwise)
            del self.variables[known:]
            return left
        del self.variables[known:]
        return None

    def _use(self, use: Use) -> None:
        self.span, self.at = use.span, use.at
        body = self.templates.bodies.get(use.name)
        if body is None:
            raise InterpolationError(
                f'there is no template "{use.name}"; write {{{{ define "{use.name}" }}}}'
            )
        dot = None if use.pipeline is None else self._pipeline(use.pipeline)
        outer, self.variables = self.variables, [("$", dot)]
        self._with(dot, body)
        self.variables = outer

    def _assign(self, name: str, value: Value) -> None:
        for place in range(len(self.variables) - 1, -1, -1):
            if self.variables[place][0] == name:
                self.variables[place] = (name, value)
                return
        raise InterpolationError(
            f"the variable {name} is not declared here; write {{{{ {name} := … }}}} first"
        )

    def _variable(self, name: str) -> Value:
        for known, value in reversed(self.variables):
            if known == name:
                return value
        raise InterpolationError(
            f"the variable {name} has no value here; declare it before the block"
        )

    def _pipeline(self, pipeline: Pipeline) -> Value:
        self.at = pipeline.at
        value: Any = _ABSENT
        for command in pipeline.commands:
            value = self._command(command, value)
        for name in pipeline.declared:
            if pipeline.assigns:
                self._assign(name, value)
            else:
                self.variables.append((name, value))
        return value

    def _command(self, command: tuple[Operand, ...], before: Any) -> Value:
        first, arguments = command[0], command[1:]
        self.budget.step()
        if isinstance(first, Name) and not first.fields:
            return self._call(first, arguments, before)
        self.at = first.at
        if arguments or before is not _ABSENT:
            raise InterpolationError(
                f"{first.written} is not a function, so nothing can be given to it"
            )
        if isinstance(first, Literal) and first.value is None:
            raise InterpolationError("nil alone is no value; give it to a function")
        return self._operand(first)

    def _operand(self, operand: Operand) -> Value:
        match operand:
            case Literal():
                return operand.value
            case Dot():
                value = self.dot
            case Variable():
                self.at = operand.at
                value = self._variable(operand.name)
            case Name():
                value = self._call(operand, (), _ABSENT)
            case Group():
                self.budget.enter()
                value = self._pipeline(operand.pipeline)
                self.budget.leave()
        return self._fields(operand, value, operand.fields) if operand.fields else value

    def _fields(self, operand: Operand, value: Value, fields: tuple[str, ...]) -> Value:
        present = False
        for field in fields:
            self.at = operand.at
            if isinstance(value, Mapping):
                present = field in value
                value = value.get(field)
            elif value is None and not present:
                return None
            else:
                raise InterpolationError(
                    f"{operand.written}: a value of type {type_name(value)} has no field {field}"
                )
        return value

    def _call(self, name: Name, operands: tuple[Operand, ...], before: Any) -> Value:
        function = self.functions.get(name.written)
        given = len(operands) + (before is not _ABSENT)
        self.at = name.at
        stops = SHORT_CIRCUIT.get(name.written)
        if function is None and stops is not None:
            return self._short_circuit(name.written, stops, operands, before)
        if function is None:
            raise InterpolationError(f"there is no function {name.written} here")
        check_count(name.written, function, given)
        arguments: list[Value] = []
        for operand in operands:
            arguments.append(self._argument(operand, kind_of(function, len(arguments))))
        self.at = name.at
        if before is not _ABSENT:
            arguments.append(fitting(before, kind_of(function, len(arguments))))
        return self._result(name, function, arguments)

    def _short_circuit(
        self, name: str, stops: bool, operands: tuple[Operand, ...], before: Any
    ) -> Value:
        if not operands and before is _ABSENT:
            raise InterpolationError(f"{name} takes at least 1 argument, not 0")
        value: Value = None
        for operand in operands:
            value = self._operand(operand)
            if is_true(value) is stops:
                return value
        return value if before is _ABSENT else before

    def _argument(self, operand: Operand, kind: Kind) -> Value:
        if isinstance(operand, Literal) and kind == "int":
            self.at = operand.at
            return whole_number(operand)
        value = self._operand(operand)
        self.at = operand.at
        return fitting(value, kind)

    def _result(self, name: Name, function: Function, arguments: list[Value]) -> Value:
        for argument in arguments:
            if isinstance(argument, str):
                self.budget.work(len(argument))
        if function.cost is not None:
            self.budget.work(function.cost(*arguments))
        try:
            value = function.call(*arguments)
        except InterpolationError as error:
            if not error.line:
                error.problem = f"{name.written}: {error.problem}"
            raise
        except (ValueError, OSError) as error:
            raise InterpolationError(f"{name.written}: {error}") from error
        if isinstance(value, str):
            if len(value) > MAX_CHARACTERS:
                raise too_long()
            self.budget.work(len(value))
        return value
