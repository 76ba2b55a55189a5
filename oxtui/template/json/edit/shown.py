"""JSON values as a form shows and takes them: a plain string as its text, everything else as JSON."""

from __future__ import annotations

from oxtui.template.hcl.source import SourceFile
from oxtui.template.json.edit.tree import Json
from oxtui.template.json.nodes import String
from oxtui.template.json.reader import parse_json


def shown(json: str) -> str:
    """A value's text in a form: such that `typed` makes the same of it again."""
    node, _ = parse_json(SourceFile("", json))
    text = node.text if isinstance(node, String) else ""
    # Blanks at the ends would not be seen, and may be cut off.
    if text and text == text.strip() and typed(text) == text:
        return text
    return json


def typed(text: str) -> str | Json:
    """What is typed in a form for a value: JSON if it reads as that, else a plain text."""
    node, _ = parse_json(SourceFile("", text))
    return text if node is None else Json(text.strip(" \t\r\n"))
