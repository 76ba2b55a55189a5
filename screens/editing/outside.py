"""What all dialogs with an editor share: f4 hands their text to the operator's own."""

from __future__ import annotations

from textual.app import SuspendNotSupported
from textual.widgets import TextArea

from screens.dialogs.dialog import Dialog
from screens.editing.external import edit_outside
from screens.failures import sentence
from screens.widgets.code.spans import Language


class EditsOutside(Dialog[str]):
    """A dialog with one text area."""

    language: Language
    """Of the text."""

    def do_outside(self) -> None:
        """Edit it in the operator's own editor."""
        self.run_worker(self._outside(), exclusive=True, exit_on_error=False)

    async def _outside(self) -> None:
        area = self.query_one(TextArea)
        environment = self.oxtui.services.environment
        try:
            text = await edit_outside(self.oxtui, area.text, self.language, environment)
        except (OSError, SuspendNotSupported) as error:
            self.notify(sentence(error), title="No editor", severity="error", markup=False)
            return
        except ValueError as error:
            self.notify(f"{error}.", title="No editor", severity="error", markup=False)
            return
        if text != area.text:
            area.text = text
