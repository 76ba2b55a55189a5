"""`templatefile`: a file as a template, with its variables given as an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import TemplateError
from oxtui.template.hcl.evaluate.evaluator import Evaluator
from oxtui.template.hcl.evaluate.scope import Scope
from oxtui.template.hcl.functions.files import read_utf8
from oxtui.template.hcl.functions.spec import (
    AnyFunction,
    ArgumentError,
    CallError,
    Function,
    Parameter,
)
from oxtui.template.hcl.parse import parse_template_text
from oxtui.template.hcl.source import SourceFile
from oxtui.template.hcl.tree.walk import free_variables
from oxtui.template.hcl.values.types import DYNAMIC, STRING, MapType, ObjectType
from oxtui.template.hcl.write import is_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from oxtui.template.hcl.evaluate.work import Work
    from oxtui.template.hcl.values.value import Value


def template_file_function(
    folder: Path, functions: Mapping[str, AnyFunction], work: Work
) -> Function:
    """`templatefile` for a folder; the template may call these functions, but not `templatefile`.

    What the templates take is spent of `work`.
    """

    def refuse(_: Sequence[Value]) -> Value:
        raise CallError("cannot recursively call templatefile from inside templatefile")

    inner = {**functions}
    rest = Parameter("args", DYNAMIC, nullable=True)
    inner["templatefile"] = Function("templatefile", (), refuse, rest=rest)

    def templatefile(arguments: Sequence[Value]) -> Value:
        variables = arguments[1]
        if not isinstance(variables.type, MapType | ObjectType):
            raise ArgumentError(1, "invalid vars value: must be a map")
        for name in variables.mapping:
            if not is_name(name):
                detail = (
                    f'invalid template variable name "{name[:40]}": letters, digits and "_" only'
                )
                raise ArgumentError(1, detail)
        path = arguments[0].text
        file = SourceFile(path, read_utf8(folder, path))
        node, problems = parse_template_text(file)
        if node is None or problems:
            raise CallError("; ".join(map(str, problems)))
        free = free_variables(node)
        missing = next((name for name in free if name.name not in variables.mapping), None)
        if missing is not None:
            line, column = file.position(missing.span.start)
            place = f"{path}:{line},{column}"
            detail = f'vars map does not contain key "{missing.name}", referenced at {place}'
            raise ArgumentError(1, detail)
        try:
            return Evaluator(file).evaluate(node, Scope(variables.mapping, inner, work=work))
        except TemplateError as problem:
            raise CallError(str(problem)) from None

    parameters = (Parameter("path", STRING), Parameter("vars", DYNAMIC))
    return Function("templatefile", parameters, templatefile)
