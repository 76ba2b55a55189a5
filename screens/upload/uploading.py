"""What the app does about uploads: shows them, and tells when they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App

from screens.tables.cell import Cell

if TYPE_CHECKING:
    from screens.oxtui_screen import Workplace
    from screens.upload.uploads import Upload, Uploads


class Uploading(App[int]):
    """The part of the app that has to do with uploads."""

    uploads: Uploads
    _screens: dict[str, Workplace]

    def uploads_changed(self) -> None:
        """Something was told of an upload; the top line is drawn at the screens' own pace."""
        for screen in self._screens.values():
            if screen.is_mounted:
                screen.running_changed()

    def upload_cells(self) -> tuple[Cell, ...]:
        """Uploads in flight, for the top line: glyph, name, how far."""
        from screens.upload.wording import in_short

        return tuple(Cell(in_short(upload), "busy") for upload in self.uploads.live)

    def do_uploads(self) -> None:
        """Show the upload that was started last."""
        if self.uploads.all:
            self.show_upload(self.uploads.all[-1])

    def show_upload(self, upload: Upload) -> None:
        """Show how far it is."""
        from screens.upload.progress import UploadDialog

        self.push_screen(UploadDialog(upload))

    def upload_ended(self, upload: Upload) -> None:
        """Tell what came of it, wherever the operator is."""
        from screens.upload.wording import outcome

        text, severity = outcome(upload)
        timeout = 30 if severity == "error" else 10
        self.notify(text, title="Upload", severity=severity, timeout=timeout, markup=False)
