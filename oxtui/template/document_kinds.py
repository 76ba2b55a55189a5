"""Which document edits a file: by its name, as Packer tells its languages apart (packer.md 0)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.document import Document
from oxtui.template.hcl.source import SourceFile
from oxtui.template.json_document import HclJsonDocument
from oxtui.template.legacy_document import LegacyDocument
from oxtui.template.load import is_legacy
from oxtui.template.read.files import JSON_SUFFIX

if TYPE_CHECKING:
    from pathlib import Path

    from oxtui.template.editing.template_document import TemplateDocument


def document_of(text: str, filename: str) -> TemplateDocument:
    """A document of a text that is not in a file, or differs from what is in it."""
    return _kind(text, filename)(text, filename)


def open_document(path: Path) -> TemplateDocument:
    """Reads a file. Raises OSError, and UnicodeDecodeError for one that is not UTF-8."""
    return _kind(path.read_bytes().decode(), str(path)).open(path)


def _kind(text: str, filename: str) -> type[Document | HclJsonDocument | LegacyDocument]:
    if filename.endswith(JSON_SUFFIX):
        return HclJsonDocument
    return LegacyDocument if is_legacy(SourceFile(filename, text)) else Document
