"""All functions that templates may call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.functions import special, strings

if TYPE_CHECKING:
    from pathlib import Path

    from oxtui.template.hcl.functions.spec import AnyFunction


def function_table(folder: Path) -> dict[str, AnyFunction]:
    """Packer's functions by name; `folder` is where relative paths of files start."""
    known: list[AnyFunction] = [*strings.FUNCTIONS, *special.FORMS]
    return {function.name: function for function in known}
