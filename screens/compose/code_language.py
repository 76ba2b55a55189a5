"""Which language the text of a template is coloured as."""

from __future__ import annotations

from oxtui.template.hcl.source import SourceFile
from oxtui.template.load import is_legacy
from screens.widgets.code.spans import Language


def code_language(source: SourceFile) -> Language:
    """JSON for both kinds of templates in it, else HCL."""
    return "json" if source.name.endswith(".json") or is_legacy(source) else "hcl"
