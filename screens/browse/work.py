"""What an action in Browse works with: the rack, the rows, and the operator's answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from screens.failures import sentence

if TYPE_CHECKING:
    from screens.app import OxtuiApp
    from screens.browse.look import Look
    from screens.browse.resource import Scope
    from screens.dialogs.choice import Choice
    from screens.dialogs.confirm import Answer
    from screens.dialogs.form import Field


@dataclass(frozen=True, slots=True)
class Work:
    """One run of an action; lives in a worker, so every call may take its time."""

    app: OxtuiApp
    client: Any
    """The provider's."""
    look: Look
    scope: Scope
    production: bool
    """Every change is asked about, also those that lose nothing."""
    reload: Callable[[], None]
    """Fetch the table anew, because something on the rack changed."""

    async def confirm(
        self,
        title: str,
        text: str,
        *,
        effects: Sequence[str] = (),
        word: str = "",
        extra: str = "",
    ) -> Answer | None:
        """Ask; None is no. With `word`, yes has to be typed."""
        from screens.dialogs.confirm import ConfirmDialog

        dialog = ConfirmDialog(title, text, effects=effects, word=word, extra=extra)
        return await self.app.push_screen_wait(dialog)

    async def allowed(self, doing: str) -> bool:
        """Ask about a change that loses nothing, on a rack that is marked as production only."""
        if not self.production:
            return True
        text = "This rack is marked as production."
        return await self.confirm("Production", text, effects=[doing]) is not None

    async def choose(self, title: str, choices: Sequence[Choice], text: str = "") -> str | None:
        """Ask for one of several; None if the operator left."""
        from screens.dialogs.choice import ChoiceDialog

        return await self.app.push_screen_wait(ChoiceDialog(title, choices, text=text))

    async def ask(
        self, title: str, fields: Sequence[Field], *, text: str = ""
    ) -> Mapping[str, str] | None:
        """Ask for values; None if the operator left."""
        from screens.dialogs.form import FormDialog

        return await self.app.push_screen_wait(FormDialog(title, fields, text=text))

    def say(self, text: str) -> None:
        """Tell what was done."""
        self.app.notify(text, markup=False)

    async def each(
        self, rows: Sequence[Any], act: Callable[[Any], Awaitable[object]], done: str
    ) -> None:
        """Act on each row; what fails is told and does not keep the others from being done."""
        finished = []
        for row in rows:
            try:
                await act(row)
            except Exception as error:
                self.app.notify(
                    sentence(error), title=row.name, severity="error", timeout=30, markup=False
                )
            else:
                finished.append(row.name)
            self.reload()
        if finished:
            self.say(f"{done} {', '.join(finished)}")
