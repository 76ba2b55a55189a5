"""Expressions of HCL as JSON data: what JSON has words for in those, the rest in strings as `${ … }`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import TemplateError
from oxtui.template.hcl.parse import parse_expression
from oxtui.template.hcl.source import SourceFile
from oxtui.template.hcl.tree import expressions as x
from oxtui.template.json.edit.tree import Dialect, Tree, tree_of_json
from oxtui.template.json.reader import parse_json
from oxtui.template.json.strings import read_string, write_string

if TYPE_CHECKING:
    from oxtui.template.hcl.tree.expressions import Expression, TemplatePart


def escaped(text: str) -> str:
    """A plain text as a template of HCL that means just this text."""
    return text.replace("${", "$${").replace("%{", "%%{")


def hcl_tree(code: str) -> Tree:
    """The data of a `.pkr.json` that means an expression. Raises TemplateError for what is none."""
    made, problems = parse_expression(SourceFile("the value", code + "\n"))  # for a heredoc
    if made is None or problems:
        if parse_json(SourceFile("", code))[0] is not None:  # it has escapes that HCL has not
            return tree_of_json(code)
        raise TemplateError(problems)
    return _tree(made, code)


HCL_STRINGS = Dialect(escaped, hcl_tree)
"""Strings are templates of HCL: those of a `.pkr.json`."""


def _tree(node: Expression, code: str) -> Tree:
    match node:
        case x.NumberLiteral(text=digits) if _is_json(digits):
            return digits
        case x.Unary(operator="-", operand=x.NumberLiteral(text=digits)) if _is_json(digits):
            return f"-{digits}"
        case x.Keyword(name=name):
            return name
        case x.Tuple(items=items):
            return [_tree(item, code) for item in items]
        case x.Object(items=items):
            keys = [_key(item, code) for item in items]
            if None not in keys and len(set(keys)) == len(keys):
                pairs = zip(keys, items, strict=True)
                return {key: _tree(item.value, code) for key, item in pairs if key is not None}
        case x.Template():
            text = _template(node, code)
            if text is not None:
                return write_string(text)
    return write_string("${" + code[node.span.start : node.span.end] + "}")


def _is_json(digits: str) -> bool:
    return parse_json(SourceFile("", digits))[0] is not None


def _key(item: x.ObjectItem, code: str) -> str | None:
    if item.literal_key is not None:
        return escaped(item.literal_key)
    return _template(item.key, code) if isinstance(item.key, x.Template) else None


def _template(node: x.Template, code: str) -> str | None:
    """The text of a template without its quotes; None where it cannot do without."""
    made = ""
    for part in node.parts:
        if isinstance(part, x.TemplateText):
            made += escaped(part.text)
        elif isinstance(part, x.Interpolation) and not made.endswith(("$", "%")):
            made += code[part.span.start : part.span.end]
        else:
            return None
    return made


def expression_text(text: str, expression: Expression | TemplatePart) -> str:
    """An expression that was read from a JSON text, as it is shown and typed: the inside of a string that
    is nothing but one `${ … }`, else the JSON. In a string, its escapes are resolved.
    """
    found = text[expression.span.start : expression.span.end]
    if parse_json(SourceFile("", found))[0] is None:
        return read_string(f'"{found}"', 0).text
    if isinstance(expression, x.Template) and expression.wrapped is not None:
        inside = read_string(found, 0).text
        return inside[2:-1].strip("~").strip()
    return found
