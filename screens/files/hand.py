"""Changes files of a guest by hand, and copies them; asks before anything is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.screen import Screen

from oxtui.build.editing import Editable, without_secrets
from oxtui.build.files import content, copies
from oxtui.build.files.guest import GuestFileError, GuestShell, shown
from oxtui.logs.redact import Redactor
from screens.dialogs.confirm import ConfirmDialog
from screens.dialogs.form import Field, FormDialog
from screens.editing.text_dialog import TextDialog
from screens.files.reader import language_of
from screens.wording import size


@dataclass(frozen=True, slots=True)
class Told:
    """Takes what is done by hand, for the session: a sentence, and a file that was sent."""

    note: Callable[[str], None]
    uploaded: Callable[[str, str, int], None]


@dataclass(frozen=True, slots=True)
class Hand:
    """What is done from the file pane, `screen`. Each method raises GuestFileError where that fails."""

    screen: Screen[Any]
    shell: GuestShell
    redactor: Redactor
    told: Told

    async def edit(self, path: str) -> bool:
        """Lets the operator change a file in place; whether it was written."""
        found = await content.read(self.shell, path)
        if found.text is None or not found.whole:
            why = "it is binary" if found.text is None else f"it has {size(found.size)}"
            raise GuestFileError(
                f"{path} cannot be edited here: {why}. Use a shell, or download it."
            )
        before = without_secrets(Editable(path, "bash", found.text), self.redactor)
        help_ = (
            f"{found.mode} {found.owner}, which stay. It is written in the instance; no step of the template "
            "does it."
        )
        text = await self._edited(path, before.text, help_)
        while text is not None and text != before.text:
            try:
                as_root = await content.write(self.shell, found, before.revealed(text).encode())
            except content.GuestFileChanged:
                now = await content.read(self.shell, path)
                if await self._over(now):
                    found = now
                else:
                    text = await self._edited(
                        path, text, f"What you wrote; it is not written yet. {help_}"
                    )
                continue
            root = ", as root" if as_root else ""
            self.told.note(f"{shown(path)} was edited in the instance by hand{root.lstrip(',')}.")
            self._say(f"{shown(path)} is written{root}.")
            return True
        return False

    async def _edited(self, path: str, text: str, help_: str) -> str | None:
        dialog = TextDialog(f"Edit {shown(path)}", text, language=language_of(path), help=help_)
        return await self.screen.app.push_screen_wait(dialog)

    async def _over(self, now: content.Content) -> bool:
        """Whether a file that something else changed meanwhile is to be written over."""
        asked = ConfirmDialog(
            f"{shown(now.path)} changed meanwhile",
            "Something else changed it since you opened it. Write your text over it?",
            effects=[
                f"What it holds now ({size(now.size)}) is lost.",
                "Escape goes back to your text; nothing of it is lost.",
            ],
        )
        return await self.screen.app.push_screen_wait(asked) is not None

    async def download(self, path: str) -> None:
        """Copies a file to where the operator says."""
        into = str(Path.cwd() / shown(Path(path).name))
        asked = FormDialog(
            f"Download {shown(path)}", [Field(name="into", label="Into", value=into)]
        )
        answer = await self.screen.app.push_screen_wait(asked)
        if answer is not None:
            count = await copies.download(self.shell, path, Path(answer["into"]).expanduser())
            self._say(f"{answer['into']} has {size(count)}.")

    async def upload(self, folder: str) -> bool:
        """Copies a file that the operator names into a directory; whether it did."""
        field = Field(name="source", label="File", value=f"{Path.cwd()}/")
        answer = await self.screen.app.push_screen_wait(
            FormDialog(f"Upload into {shown(folder)}", [field])
        )
        if answer is None:
            return False
        source = Path(answer["source"]).expanduser()
        destination = f"{folder.rstrip('/')}/{source.name}"
        try:
            count, as_root = await copies.upload(self.shell, source, destination)
        except copies.GuestFileThere:
            asked = ConfirmDialog(
                f"{shown(destination)} is there already", "Write the file over it?",
                effects=["What it holds now is lost; its mode and owner stay."],
            )  # fmt: skip
            if await self.screen.app.push_screen_wait(asked) is None:
                return False
            count, as_root = await copies.upload(self.shell, source, destination, replace=True)
        self.told.uploaded(str(source), shown(destination), count)
        self._say(f"{shown(destination)} has {size(count)}{', as root' if as_root else ''}.")
        return True

    def _say(self, text: str) -> None:
        self.screen.notify(text, markup=False)
