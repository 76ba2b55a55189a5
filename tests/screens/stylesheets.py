"""Rules of style sheets that are parsed once for all apps of a worker, not once for each app.

Every app begins with the same sheets, and reading them is a tenth of a short test. Textual keeps what it has
parsed with one app; here it is kept by the variables that the rules depend on. Nothing changes a rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet


def share_rules(patch: pytest.MonkeyPatch) -> None:
    """Has it so until the patch is undone."""
    parsed: dict[frozenset[tuple[str, str]], dict[Any, list[RuleSet]]] = {}
    begin, change = Stylesheet.__init__, Stylesheet.set_variables

    def take(sheet: Stylesheet, variables: Mapping[str, str]) -> None:
        known = parsed.setdefault(frozenset(variables.items()), {})
        setattr(sheet, "_parse_cache", known)  # noqa: B010 - Textual's own, which has the methods of a mapping

    def begun(sheet: Stylesheet, *, variables: dict[str, str] | None = None) -> None:
        begin(sheet, variables=variables)
        take(sheet, variables or {})

    def changed(sheet: Stylesheet, variables: dict[str, str]) -> None:
        take(sheet, {"": ""})  # of nobody: Textual empties what it has
        change(sheet, variables)
        take(sheet, variables)

    patch.setattr(Stylesheet, "__init__", begun)
    patch.setattr(Stylesheet, "set_variables", changed)
    # The same hash, in C: it is asked for some hundred times for each widget that is styled.
    patch.setattr(RuleSet, "__hash__", object.__hash__)
