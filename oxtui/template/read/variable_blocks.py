"""`variable`, `variables`, `local` and `locals`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import error
from oxtui.template.hcl.evaluate.errors import EvaluationError
from oxtui.template.hcl.evaluate.evaluator import Evaluator
from oxtui.template.hcl.evaluate.scope import Scope
from oxtui.template.hcl.evaluate.typespec import Defaults, TypeReader
from oxtui.template.hcl.source import Span
from oxtui.template.model import LocalDeclaration, Validation, VariableDeclaration
from oxtui.template.read.constant import ConstantReader
from oxtui.template.read.schema import Schema, check

if TYPE_CHECKING:
    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.hcl.tree.bodies import Attribute, Block
    from oxtui.template.hcl.values.types import Type
    from oxtui.template.model import Template

VARIABLE = Schema(
    attributes=frozenset(("type", "default", "description", "sensitive")),
    blocks={"validation": ()},
)
_VALIDATION = Schema(required=frozenset(("condition", "error_message")))
_LOCAL = Schema(attributes=frozenset(("sensitive",)), required=frozenset(("expression",)))


def read_variable(template: Template, block: Block, file: SourceFile) -> None:
    """Adds a `variable` block to the template."""
    template.diagnostics += check(block.body, VARIABLE, file, block.header)
    label = block.labels[0]
    attributes = block.body.attributes
    constants = ConstantReader(file, template.diagnostics)
    kind, defaults = _type(template, attributes.get("type"), file)
    default = attributes.get("default")
    declaration = VariableDeclaration(
        name=label.value,
        type=kind,
        type_defaults=defaults,
        default=default.expression if default is not None else None,
        description=constants.string(attributes.get("description")),
        sensitive=constants.truth(attributes.get("sensitive")),
        validations=tuple(_validations(template, block, file)),
        span=block.header,
        file=file,
    )
    _add_variable(template, declaration, label.span)


def _type(
    template: Template, attribute: Attribute | None, file: SourceFile
) -> tuple[Type | None, Defaults]:
    if attribute is None:
        return None, Defaults()
    try:
        return TypeReader(Evaluator(file), Scope(), optionals=True).read(attribute.expression)
    except EvaluationError as problem:
        template.diagnostics += problem.diagnostics
        return None, Defaults()


def _validations(template: Template, block: Block, file: SourceFile) -> list[Validation]:
    found: list[Validation] = []
    for inner in block.body.blocks_of("validation"):
        template.diagnostics += check(inner.body, _VALIDATION, file, inner.header)
        attributes = inner.body.attributes
        if _VALIDATION.required <= attributes.keys():
            condition, message = attributes["condition"], attributes["error_message"]
            found.append(Validation(condition.expression, message.expression, inner.header))
    return found


def _add_variable(template: Template, declaration: VariableDeclaration, place: Span) -> None:
    name = declaration.name
    if not name.replace("-", "_").isidentifier():
        detail = f'"{name}" is not a name: letters, digits, "_" and "-", and no digit first.'
        template.diagnostics.append(error("Invalid variable name", detail, place, declaration.file))
    elif name in template.variables:
        first = template.variables[name]
        line = first.file.line_number(first.span.start)
        detail = f'The variable "{name}" is declared in {first.file.name} line {line} already.'
        template.diagnostics.append(error("Duplicate variable", detail, place, declaration.file))
    else:
        template.variables[name] = declaration


def read_variables(template: Template, block: Block, file: SourceFile) -> None:
    """Adds each line of a `variables` block to the template."""
    for attribute in block.body.attributes.values():
        declaration = VariableDeclaration(
            name=attribute.name,
            type=None,
            type_defaults=Defaults(),
            default=attribute.expression,
            description="",
            sensitive=False,
            validations=(),
            span=attribute.span,
            file=file,
        )
        _add_variable(template, declaration, attribute.name_span)
    for inner in block.body.blocks:
        detail = 'A "variables" block holds only "name = default" lines.'
        template.diagnostics.append(error("Unsupported block type", detail, inner.type_span, file))


def read_locals(template: Template, block: Block, file: SourceFile) -> None:
    """Adds each line of a `locals` block to the template."""
    for attribute in block.body.attributes.values():
        local = LocalDeclaration(attribute.name, attribute.expression, False, attribute.span, file)
        _add_local(template, local, attribute.name_span)
    for inner in block.body.blocks:
        detail = 'A "locals" block holds only "name = value" lines; for more use a "local" block.'
        template.diagnostics.append(error("Unsupported block type", detail, inner.type_span, file))


def read_local(template: Template, block: Block, file: SourceFile) -> None:
    """Adds a `local` block to the template."""
    template.diagnostics += check(block.body, _LOCAL, file, block.header)
    expression = block.body.attributes.get("expression")
    if expression is None:
        return
    constants = ConstantReader(file, template.diagnostics)
    sensitive = constants.truth(block.body.attributes.get("sensitive"))
    label = block.labels[0]
    local = LocalDeclaration(label.value, expression.expression, sensitive, block.header, file)
    _add_local(template, local, label.span)


def _add_local(template: Template, local: LocalDeclaration, place: Span) -> None:
    first = template.locals.get(local.name)
    if first is None:
        template.locals[local.name] = local
        return
    line = first.file.line_number(first.span.start)
    detail = f'The local "{local.name}" is defined in {first.file.name} line {line} already.'
    template.diagnostics.append(error("Duplicate local definition", detail, place, local.file))
