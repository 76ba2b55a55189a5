"""HashiCorp's own HCL, in Python, accepts what we accept, and sees the same blocks and attributes in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from oxtui.template.hcl.parse import parse_body
from oxtui.template.hcl.source import SourceFile
from oxtui.template.hcl.tree.bodies import Body
from tests.differential.examples import documents, name, text_of
from tests.shared import shared

pygohcl = pytest.importorskip("pygohcl", reason="pygohcl is not installed here")


WRONG = {
    "obj-key-null": "it ends with an internal error on a key that is null",
    "nul": "the text ends for it where a NUL stands",
}
"""Reference documents on which pygohcl itself is wrong."""


def accepts(text: str) -> tuple[bool, dict[str, Any]]:
    """Whether it can be read, and what it then is."""
    try:
        return True, pygohcl.loads(text)
    except (pygohcl.HCLParseError, pygohcl.HCLInternalError):
        return False, {}


def ours(body: Body, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The way to each attribute and each block without labels in it, blocks of one way once."""
    for attribute in body.attributes:
        yield (*above, attribute)
    for way in dict.fromkeys((b.type, *(label.value for label in b.labels)) for b in body.blocks):
        yield (*above, *way)
    for block in body.blocks:
        labels = (label.value for label in block.labels)
        yield from ours(block.body, (*above, block.type, *labels))


def present(found: Any, way: tuple[str, ...]) -> bool:
    """Whether a way leads somewhere, through any of the blocks of one kind."""
    if not way:
        return True
    if isinstance(found, list):
        return any(present(each, way) for each in found)
    return isinstance(found, dict) and way[0] in found and present(found[way[0]], way[1:])


@pytest.mark.parametrize("kind", ["valid", "refused", "invalid"])
def test_every_example_is_accepted_or_refused_alike(kind: str) -> None:
    wrong: dict[str, object] = {}
    for document in documents(kind):
        text = text_of(document)
        body, problems = parse_body(SourceFile(document.name, text))
        accepted, found = accepts(text)
        if accepted == bool(problems):
            wrong[name(document)] = [str(problem) for problem in problems]
        elif accepted:
            missing = [way for way in ours(body) if not present(found, way)]
            extra = set(found) - {way[0] for way in ours(body)}
            if missing or extra:
                wrong[name(document)] = missing, extra
    assert wrong == {}


def test_every_reference_document_is_accepted_or_refused_alike() -> None:
    rows = [json.loads(line) for line in shared("cases/hcl/syntax.jsonl").read_text().splitlines()]
    wrong = [row["id"] for row in rows if accepts(row["src"])[0] != row["ok"]]
    assert set(wrong) == set(WRONG)
