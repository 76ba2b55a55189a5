"""The template of a session in HCL's own syntax, whatever it was written in: exports are HCL."""

from __future__ import annotations

from pathlib import Path

from oxtui.template.hcl.diagnostic import has_errors
from oxtui.template.hcl.source import SourceFile
from oxtui.template.json.as_hcl import json_as_hcl
from oxtui.template.json.bodies import parse_json_body
from oxtui.template.read.files import HCL_SUFFIX, JSON_SUFFIX


def place_of(template: str) -> str:
    """The name of a file of HCL in the folder that the session's template was in, for `path.root`."""
    path = Path(template)
    if path.is_dir():
        return str(path / f"session{HCL_SUFFIX}")
    return template.removesuffix(JSON_SUFFIX) + HCL_SUFFIX if _is_json(template) else template


def in_hcl(text: str, template: str) -> tuple[str, str]:
    """The text in HCL's own syntax, and a sentence about it if it was written in another.

    A text that cannot be read stays as it is.
    """
    if not _is_json(template):
        return text, ""
    file = SourceFile(template, text)
    _, problems = parse_json_body(file)
    if has_errors(problems):
        return text, ""
    return json_as_hcl(
        file
    ), "The session's template is HCL in JSON syntax; the export is in HCL's own."


def _is_json(template: str) -> bool:
    return template.endswith(JSON_SUFFIX)
