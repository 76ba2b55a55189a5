"""Evaluates expressions. Deep trees cost few Python frames, long chains none; the work is bounded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from oxtui.template.hcl.evaluate.access import AccessError, attribute, index, undeclared
from oxtui.template.hcl.evaluate.calls import call
from oxtui.template.hcl.evaluate.conditions import choose
from oxtui.template.hcl.evaluate.errors import EvaluationError, failure
from oxtui.template.hcl.evaluate.loops import for_expression
from oxtui.template.hcl.evaluate.operators import (
    NullOperandError,
    OperandError,
    binary,
    decides,
    unary,
)
from oxtui.template.hcl.evaluate.splat import splat
from oxtui.template.hcl.evaluate.templates import render
from oxtui.template.hcl.evaluate.work import MAX_STEPS, cost
from oxtui.template.hcl.suggest import did_you_mean
from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.values import number as numbers
from oxtui.template.hcl.values.convert import ConversionError, convert
from oxtui.template.hcl.values.types import DYNAMIC, STRING
from oxtui.template.hcl.values.value import (
    FALSE,
    TRUE,
    Value,
    ValueTooLargeError,
    boolean,
    null,
    number,
    object_of,
    string,
    tuple_of,
    unknown,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.hcl.source import SourceFile, Span
    from oxtui.template.hcl.tree.expressions import Expression, Step

_KEYWORDS = {"true": TRUE, "false": FALSE, "null": null()}


class Evaluator:
    """Evaluates the expressions of one file. `steps` counts nodes, so that loops in loops end."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.steps = 0
        self.limit = MAX_STEPS

    def evaluate(self, node: Expression, scope: Scope) -> Value:
        """The value of a whole expression, for which the work of the scope is spent. Raises EvaluationError."""
        work = scope.work
        self.limit = min(MAX_STEPS, work.left)
        try:
            return self.value(node, scope)
        except RecursionError:
            detail = "Parts of this expression are nested more deeply than can be evaluated."
            summary = "Expression nested too deeply"
            raise self.failure("syntax", summary, detail, node.span) from None
        except MemoryError:
            detail = "It takes more memory than there is."
            raise self.failure("call_failed", "Value too large", detail, node.span) from None
        finally:
            work.spend(self.steps)

    def value(self, node: Expression, scope: Scope) -> Value:
        """The value of an expression inside of the one that is evaluated. Raises EvaluationError."""
        self.steps += 1
        if self.steps > self.limit:
            self.spend(0, node.span)
        try:
            return self._methods[type(node)](self, node, scope)
        except ValueTooLargeError as problem:
            raise self.failure(
                "template", "Value too large", f"Here {problem}.", node.span
            ) from None

    def spend(self, steps: int, span: Span) -> None:
        """Counts steps that the expression at a span takes. Raises EvaluationError if they are too many."""
        self.steps += steps
        if self.steps > self.limit:
            detail = "This takes too long; a loop may stand in a loop that is long already."
            raise self.failure("call_failed", "Evaluation takes too long", detail, span)

    def failure(self, code: str, summary: str, detail: str, span: Span) -> EvaluationError:
        """An error in this file."""
        return failure(code, summary, detail, span, self.file)

    def attempt(self, node: Expression, scope: Scope) -> tuple[Value, EvaluationError | None]:
        """The value of an expression, or an unknown one and why there is none."""
        try:
            return self.value(node, scope), None
        except EvaluationError as problem:
            return unknown(), problem

    def _parentheses(self, node: x.Parentheses, scope: Scope) -> Value:
        return self.value(node.expression, scope)

    def _template(self, node: x.Template, scope: Scope) -> Value:
        wrapped = node.wrapped
        return render(self, node, scope) if wrapped is None else self.value(wrapped, scope)

    def _number(self, node: x.NumberLiteral, scope: Scope) -> Value:
        return number(numbers.parse(node.text))

    def _keyword(self, node: x.Keyword, scope: Scope) -> Value:
        return _KEYWORDS[node.name]

    def _traversal(self, node: x.Traversal, scope: Scope) -> Value:
        value, step = self.value(node.source, scope), node.steps[0]
        if isinstance(node.source, x.Variable) and isinstance(step, x.AttributeStep):
            detail = undeclared(node.source.name, value, step.name)
            if detail:
                raise self.failure("attribute", "Unsupported attribute", detail, step.span)
        return self.steps_into(value, node.steps, scope)

    def _tuple(self, node: x.Tuple, scope: Scope) -> Value:
        return tuple_of([self.value(item, scope) for item in node.items])

    def _call(self, node: x.Call, scope: Scope) -> Value:
        return call(self, node, scope)

    def _for(self, node: x.For, scope: Scope) -> Value:
        return for_expression(self, node, scope)

    def _variable(self, node: x.Variable, scope: Scope) -> Value:
        found = scope.lookup(node.name)
        if found is not None:
            return found
        hint = did_you_mean(node.name, scope.names())
        detail = f'There is no variable named "{node.name}" here.{hint}'
        raise self.failure("reference", "Unknown variable", detail, node.span)

    def steps_into(self, value: Value, steps: Sequence[Step], scope: Scope) -> Value:
        """What the steps lead to."""
        for step in steps:
            try:
                if isinstance(step, x.AttributeStep):
                    value = attribute(value, step.name)
                elif isinstance(step, x.IndexStep):
                    value = index(value, self.value(step.key, scope))
                else:
                    value = splat(self, value, step, scope)
            except AccessError as problem:
                raise self.failure(problem.code, problem.summary, str(problem), step.span) from None
        return value

    def _object(self, node: x.Object, scope: Scope) -> Value:
        attributes: dict[str, Value] = {}
        keys_known = True
        sensitive = False
        for item in node.items:
            key = self._key(item, scope)
            value = self.value(item.value, scope)
            if key.is_null:
                detail = "Can't use a null value as a key."
                raise self.failure("object_key", "Null value as key", detail, item.value.span)
            sensitive = sensitive or key.sensitive
            if key.is_known:
                attributes[key.text] = value
            else:
                keys_known = False
        made = object_of(attributes) if keys_known else unknown(DYNAMIC)
        return made.marked(sensitive)

    def _key(self, item: x.ObjectItem, scope: Scope) -> Value:
        if item.literal_key is not None:
            return string(item.literal_key)
        if isinstance(item.key, x.Traversal) and isinstance(item.key.source, x.Variable):
            detail = "A reference used as a key needs parentheses around it; a name with dots needs quotes."
            raise self.failure("object_key", "Ambiguous attribute key", detail, item.key.span)
        try:
            return convert(self.value(item.key, scope), STRING)
        except ConversionError as problem:
            detail = f"Can't use this value as a key: {problem}."
            raise self.failure("object_key", "Incorrect key type", detail, item.key.span) from None

    def _binary(self, node: x.Binary, scope: Scope) -> Value:
        chain = [node]
        while isinstance(chain[-1].left, x.Binary):
            chain.append(chain[-1].left)
        left, problem = self.attempt(chain[-1].left, scope)
        for part in reversed(chain):
            try:
                left, problem = self._operate(part, left, problem, scope), None
            except EvaluationError as failed:
                left, problem = unknown(), failed
        if problem is not None:
            raise problem
        return left

    def _operate(
        self, node: x.Binary, left: Value, problem: EvaluationError | None, scope: Scope
    ) -> Value:
        operator = node.operator
        if problem is None and decides(operator, left):
            return boolean(operator == "||").marked(left.sensitive)
        if problem is not None and operator not in ("&&", "||"):
            raise problem
        right = self.value(node.right, scope)
        if decides(operator, right):
            return boolean(operator == "||").marked(left.sensitive or right.sensitive)
        if problem is not None:
            raise problem
        if operator in ("==", "!="):
            self.spend(cost(left.size + right.size), node.span)
        try:
            return binary(operator, left, right)
        except OperandError as wrong:
            side = node.left if wrong.side == "left" else node.right
            detail = f"Unsuitable value for {wrong.side} operand: {wrong}."
            raise self.failure("operand", "Invalid operand", detail, side.span) from None
        except (NullOperandError, ArithmeticError) as wrong:
            detail = f"The operation has no result: {wrong}."
            raise self.failure("operand", "Operation failed", detail, node.span) from None

    def _unary(self, node: x.Unary, scope: Scope) -> Value:
        chain = [node]
        while isinstance(chain[-1].operand, x.Unary):
            chain.append(chain[-1].operand)
        value = self.value(chain[-1].operand, scope)
        for part in reversed(chain):
            try:
                value = unary(part.operator, value)
            except OperandError as wrong:
                detail = f"Unsuitable value for unary operand: {wrong}."
                span = part.operand.span
                raise self.failure("operand", "Invalid operand", detail, span) from None
            except NullOperandError as wrong:
                detail = f"The operation has no result: {wrong}."
                raise self.failure("operand", "Operation failed", detail, part.span) from None
        return value

    def _conditional(self, node: x.Conditional, scope: Scope) -> Value:
        then = self.attempt(node.then, scope)
        otherwise = self.attempt(node.otherwise, scope)
        branches = node.then.span._replace(end=node.otherwise.span.end)
        return choose(self, node.condition, (then, otherwise), branches, scope)

    _methods: ClassVar[dict[type, Callable[[Evaluator, Any, Scope], Value]]] = {
        x.Template: _template,
        x.Variable: _variable,
        x.Traversal: _traversal,
        x.NumberLiteral: _number,
        x.Keyword: _keyword,
        x.Tuple: _tuple,
        x.Object: _object,
        x.Call: _call,
        x.Binary: _binary,
        x.Unary: _unary,
        x.Conditional: _conditional,
        x.For: _for,
        x.Parentheses: _parentheses,
    }
