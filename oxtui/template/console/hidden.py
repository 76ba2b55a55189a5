"""A value without its secrets, for whoever may look at the screen or the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.values.number import Number
from oxtui.template.hcl.values.value import Value

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from oxtui.logs.redact import Redactor

SENSITIVE: Final = "<sensitive>"
"""What stands in the place of a secret, as in Packer."""


def hide(value: Value, redactor: Redactor, secrets: AbstractSet[str]) -> Value:
    """A value to be shown: it keeps its type, and what is sensitive in it is the text `<sensitive>`.

    So is each stretch of a text that the redactor knows, and each number whose text is a secret. Lists and
    objects that are sensitive as a whole show nothing of what they are made of.
    """
    data = value.data
    if data is None or not value.is_known:
        return value
    if value.sensitive or (isinstance(data, Number) and secrets and str(data) in secrets):
        return Value(value.type, SENSITIVE)
    if isinstance(data, tuple):
        return Value(value.type, tuple(hide(part, redactor, secrets) for part in data))
    if isinstance(data, dict):
        shown = {redactor.text(name): hide(part, redactor, secrets) for name, part in data.items()}
        return Value(value.type, shown)
    return Value(value.type, redactor.text(data)) if isinstance(data, str) else value
