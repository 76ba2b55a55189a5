"""How far an upload is: its steps, a bar while blocks are written, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from oxtui.logs.sanitise import plain
from screens.build.look import STEPS, step_duration
from screens.dialogs.confirm import Answer, ConfirmDialog
from screens.dialogs.dialog import Dialog
from screens.tables.cell import Tone
from screens.upload.uploads import Upload
from screens.upload.wording import Severity, amount, outcome, percent
from screens.widgets.top_line import TONES

_EVERY = 0.25
"""Seconds between two drawings."""
_BAR, _TITLE, _TIME = 40, 42, 8
"""Cells."""
_TONES: dict[Severity, Tone] = {"information": "good", "warning": "warn", "error": "bad"}


class UploadDialog(Dialog[None]):
    """One upload. Closing this does not end it."""

    CONTEXTS = ("upload",)

    def __init__(self, upload: Upload) -> None:
        super().__init__(f"Upload {upload.name}")
        self.upload = upload

    def body(self) -> ComposeResult:
        """All of it is one text, drawn anew as it goes on."""
        yield Static("", classes="upload--text")

    def on_mount(self) -> None:
        """Follow it."""
        super().on_mount()
        self.set_interval(_EVERY, self.draw)
        self.draw()

    def draw(self) -> None:
        """Show how far it is now."""
        now = self.oxtui.services.clock()
        self.query_one(Static).update(Content("\n").join(lines(self.upload, now)))
        if self.upload.is_over:
            self.refresh_bindings()

    def do_hide(self) -> None:
        """The upload goes on."""
        self.dismiss(None)

    def do_stop(self) -> None:
        """Ask, then end the upload."""
        question = ConfirmDialog(
            "Cancel the upload",
            f"Cancel the upload of {self.upload.name}?",
            effects=("What was written so far is deleted from the rack; the file stays.",),
        )
        self.app.push_screen(question, self._stop)

    def _stop(self, answer: Answer | None) -> None:
        if answer is not None and not self.upload.is_over:
            self.upload.task.cancel()


def lines(upload: Upload, now: float) -> Iterator[Content]:
    """What the dialog says; `now` in Unix seconds."""
    request = upload.session.request
    where = "every project" if upload.session.promote else request.project
    about = f"{plain(request.file.path.name)} → image {request.name} for {where}"
    yield Content.styled(about, "$text-muted")
    yield Content("")
    for step in upload.state.steps.values():
        look = STEPS[step.phase]
        detail = step.plan.detail[:1].upper() + step.plan.detail[1:]
        muted = "$text-muted" if step.phase == "waiting" else ""
        yield Content.assemble(
            (f"{look.glyph} ", TONES[look.tone]),
            (f"{detail:<{_TITLE}}", muted),
            (f"{step_duration(step, now):>{_TIME}}", "$text-muted"),
            (f"  {look.word}" if step.phase != "waiting" else "", TONES[look.tone]),
        )
        share = percent(step)
        if step.phase == "running" and share is not None:
            filled = _BAR * share // 100
            yield Content.assemble(
                "  ", ("█" * filled, "$text-accent"), ("░" * (_BAR - filled), "$text-muted"),
                f" {share:>3} %",
            )  # fmt: skip
            yield Content.styled(f"  {amount(step, now)}", "$text-muted")
    if upload.is_over:
        text, severity = outcome(upload)
        yield Content("")
        yield Content.styled(plain(text), TONES[_TONES[severity]])
