"""Every document of the reference cases is accepted or rejected as HCL does, with the same structure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from oxtui.template.hcl.parse import parse_body
from oxtui.template.hcl.source import SourceFile
from oxtui.template.hcl.tree import expressions as x
from tests.shared import shared

if TYPE_CHECKING:
    from oxtui.template.hcl.tree.bodies import Body
    from oxtui.template.hcl.tree.expressions import Expression

# Cases that do not hold, by id, with the reason. One that holds must leave this list.
MISSING: dict[str, str] = {}

KINDS = {
    x.NumberLiteral: "LiteralValueExpr",
    x.Keyword: "LiteralValueExpr",
    x.Variable: "ScopeTraversalExpr",
    x.Parentheses: "ParenthesesExpr",
    x.Unary: "UnaryOpExpr",
    x.Binary: "BinaryOpExpr",
    x.Conditional: "ConditionalExpr",
    x.Tuple: "TupleConsExpr",
    x.Object: "ObjectConsExpr",
    x.For: "ForExpr",
    x.Call: "FunctionCallExpr",
}


def _kind(node: Expression) -> str:
    """HCL's own name for an expression, which says how its last steps are read."""
    if isinstance(node, x.Template):
        return "TemplateExpr" if node.wrapped is None else "TemplateWrapExpr"
    if not isinstance(node, x.Traversal):
        return KINDS[type(node)]
    splats = [i for i, step in enumerate(node.steps) if isinstance(step, x.SplatStep)]
    last = node.steps[-1]
    if splats:
        return "SplatExpr" if splats[-1] == len(node.steps) - 1 else "RelativeTraversalExpr"
    if isinstance(last, x.IndexStep) and not isinstance(last.key, x.NumberLiteral | x.Template):
        return "IndexExpr"
    return "ScopeTraversalExpr" if isinstance(node.source, x.Variable) else "RelativeTraversalExpr"


def _structure(body: Body, file: SourceFile) -> dict[str, Any]:
    def byte(offset: int) -> int:
        return len(file.text[:offset].encode())

    attributes = [
        {
            "expr": [byte(a.expression.span.start), byte(a.expression.span.end)],
            "kind": _kind(a.expression),
            "line": file.line_number(a.span.start),
            "name": a.name,
            "start": byte(a.span.start),
        }
        for a in body.attributes.values()
    ]
    blocks = [
        {
            "type": block.type,
            "labels": [label.value for label in block.labels] or None,
            "line": file.line_number(block.span.start),
            "range": [byte(block.span.start), byte(block.span.end)],
            "body": _structure(block.body, file),
        }
        for block in body.blocks
    ]
    return {"attrs": attributes or None, "blocks": blocks or None}


def _expected(body: dict[str, Any]) -> dict[str, Any]:
    """The reference structure without the references, which the tree does not hold."""
    attributes = [{k: v for k, v in a.items() if k != "refs"} for a in body["attrs"] or []]
    blocks = [{**block, "body": _expected(block["body"])} for block in body["blocks"] or []]
    return {"attrs": attributes or None, "blocks": blocks or None}


def _mismatch(row: dict[str, Any]) -> object:
    file = SourceFile("case", row["src"])
    body, diagnostics = parse_body(file)
    if row["ok"]:
        found = _structure(body, file)
        same = found == _expected(row["body"]) and not diagnostics
        return None if same else (found, [str(d) for d in diagnostics])
    errors = []
    for diagnostic in diagnostics:
        assert diagnostic.span is not None
        start, end = (file.position(offset) for offset in diagnostic.span)
        place = f"{start.line}:{start.column}-{end.line}:{end.column}"
        errors.append({"summary": diagnostic.summary, "range": place})
    return None if errors[: len(row["errors"])] == row["errors"] else errors


def test_every_document_is_read_or_refused_as_hcl_does() -> None:
    rows = [json.loads(line) for line in shared("cases/hcl/syntax.jsonl").read_text().splitlines()]
    wrong = {row["id"]: why for row in rows if (why := _mismatch(row)) is not None}
    assert {name: why for name, why in wrong.items() if name not in MISSING} == {}
    assert set(MISSING) <= set(wrong), "these cases hold now: take them off the list"
    assert len(rows) > 100
