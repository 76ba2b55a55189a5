"""Shows what was edited in a build: each step's text as the session began against that of now."""

from __future__ import annotations

import difflib
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from oxtui.build.state import BuildState, StepState
from oxtui.logs.sanitise import plain
from screens.dialogs.dialog import Body, Dialog
from screens.export.diff_view import coloured
from screens.widgets.scroll_keys import ScrollKeys


class EditsDialog(ScrollKeys, Dialog[None]):
    """The diffs of all edited steps; the step `first` comes first, if it was edited."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ("edits", "dialog")
    DEFAULT_CSS = """
    EditsDialog {
        & > .dialog--frame { width: 100; max-height: 90%; }
        & .dialog--body { height: auto; }
    }
    """

    def __init__(self, build: BuildState, first: str) -> None:
        super().__init__("Edited in this session")
        self._parts = edit_parts(build, first)

    def body(self) -> ComposeResult:
        """One part for each step."""
        for number, (title, diff) in enumerate(self._parts):
            heading = Content.styled(title, "bold $text-accent")
            blank = "\n" if number else ""
            yield Static(Content.assemble(blank, heading, "\n", coloured(diff)))

    @property
    def scrolled(self) -> Widget:
        """The diffs."""
        return self.query_one(Body)


def edit_parts(build: BuildState, first: str = "") -> list[tuple[str, str]]:
    """Title and diff of each step that was edited, the step `first` before the others."""
    edited = [step for step in build.steps.values() if step.edit is not None]
    edited.sort(key=lambda step: step.plan.id != first)
    return [
        (plain(f"{step.plan.title} {step.plan.detail}".rstrip()), _diff(step)) for step in edited
    ]


def _diff(step: StepState) -> str:
    edit = step.edit
    if edit is None or not edit.before + edit.after:
        # Of a journal that an older version wrote.
        return f"changed: {', '.join(step.changes)}"
    lines = difflib.unified_diff(
        edit.before.splitlines(),
        edit.after.splitlines(),
        "as the session began",
        "now",
        lineterm="",
    )
    return "\n".join(lines) or "edited back: it is as the session began"
