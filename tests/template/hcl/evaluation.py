"""Evaluates an expression of a test as the console would, with the helpers that some cases name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import TemplateError
from oxtui.template.hcl.evaluate.scope import Scope
from oxtui.template.hcl.evaluate.text import evaluate_text
from oxtui.template.hcl.functions.spec import Function, Parameter
from oxtui.template.hcl.functions.table import function_table
from oxtui.template.hcl.source import SourceFile
from oxtui.template.hcl.values.convert import convert
from oxtui.template.hcl.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    SetType,
    spell,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.functions.spec import AnyFunction
    from oxtui.template.hcl.values.types import Type
    from oxtui.template.hcl.values.value import Value

# Terraform's conversion functions, which Packer lacks but some cases are written with.
CONVERSIONS: dict[str, Type] = {
    "tolist": ListType(DYNAMIC),
    "toset": SetType(DYNAMIC),
    "tomap": MapType(DYNAMIC),
    "tostring": STRING,
    "tonumber": NUMBER,
    "tobool": BOOL,
}


@dataclass(frozen=True)
class Outcome:
    """What came of an expression: a value, or a diagnostic."""

    file: SourceFile
    value: Value | None = None
    problem: Diagnostic | None = None

    @property
    def place(self) -> str:
        """The range of the diagnostic, as `1:3-1:5`."""
        assert self.problem is not None
        assert self.problem.span is not None
        start, end = (self.file.position(offset) for offset in self.problem.span)
        return f"{start.line}:{start.column}-{end.line}:{end.column}"


def conversion(name: str) -> Function:
    """One of Terraform's conversion functions."""
    kind = CONVERSIONS[name]
    parameter = Parameter("v", DYNAMIC, nullable=True)
    return Function(name, (parameter,), lambda arguments: convert(arguments[0], kind))


def evaluate(
    text: str,
    folder: Path,
    variables: Mapping[str, Value] | None = None,
    helpers: Iterable[str] = (),
) -> Outcome:
    """The outcome of an expression whose files are found from a folder."""
    file = SourceFile("test", text)
    functions: dict[str, AnyFunction] = function_table(folder)
    functions |= {name: conversion(name) for name in helpers}
    try:
        return Outcome(file, evaluate_text(file, Scope(variables or {}, functions)))
    except TemplateError as failed:
        return Outcome(file, problem=failed.diagnostics[0])


def type_of(value: Value) -> str:
    """A value's type as a type constraint."""
    return spell(value.type)
