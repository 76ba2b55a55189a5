"""Colours for code in a TextArea, by tree-sitter's grammars."""

from __future__ import annotations

from typing import Literal

from textual.widgets import TextArea
from textual.widgets.text_area import LanguageDoesNotExist

Language = Literal["bash", "hcl"]

_HCL = """
(comment) @comment
(block (identifier) @type)
(block (string_lit) @string.special)
(attribute (identifier) @property)
(function_call (identifier) @function)
(object_elem key: (expression) @property)
(literal_value (numeric_lit) @number)
(literal_value (bool_lit) @boolean)
(literal_value (null_lit) @constant.builtin)
(template_literal) @string
(quoted_template_start) @string
(quoted_template_end) @string
(heredoc_identifier) @string.special
(template_interpolation_start) @punctuation.special
(template_interpolation_end) @punctuation.special
"""


def highlight(area: TextArea, language: Language) -> None:
    """Colours the text of an area; without the grammar it stays plain."""
    try:
        if language == "hcl" and "hcl" not in area.available_languages:
            import tree_sitter_hcl
            from tree_sitter import Language as Grammar

            area.register_language("hcl", Grammar(tree_sitter_hcl.language()), _HCL)
        area.language = language
    except (ImportError, LanguageDoesNotExist):
        area.language = None
