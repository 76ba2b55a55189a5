"""The dialog in which a step is edited at a stop, whichever process runs its build."""

from __future__ import annotations

from collections.abc import Callable

from oxtui.build.state import BuildState
from screens.editing.dialog import EditDialog


def runs_again(build: BuildState, step: str) -> bool:
    """Whether an edit is of the step that failed, which then runs again."""
    pause = build.pause
    return pause is not None and pause.step == step and pause.reason == "failure"


def step_dialog(
    title: str,
    text: str,
    language: str,
    check: Callable[[str], str | None],
    *,
    secrets: bool,
    again: bool,
) -> EditDialog:
    """The text of a step, `bash` or `hcl`. `secrets`: it has marks in their place; `again`: it then runs again."""
    what = "its commands" if language == "bash" else "its options"
    hidden = " A <sensitive 1> runs as the secret that it hides." if secrets else ""
    runs = "only this step runs again" if again else "it runs so in this session"
    return EditDialog(
        f"{'Edit and run again' if again else 'Edit'}: {title}", text,
        language="hcl" if language == "hcl" else "shell",
        help=f"Change {what}; {runs}. The template's file stays as it is.{hidden}",
        check=check, again=again,
    )  # fmt: skip
