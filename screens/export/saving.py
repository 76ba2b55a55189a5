"""Saving an export: asks for the file, and before one is overwritten."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from oxtui.export.exported import Exported
from screens.dialogs.confirm import Answer, ConfirmDialog
from screens.dialogs.form import Field, FormDialog
from screens.export.load import Exporter, NotExported
from screens.failures import sentence
from screens.oxtui_screen import Workplace
from screens.wording import plural

_SHOWN = 8
"""Lines of a diff that a question shows."""


class Saving(Workplace):
    """The part of the Export screen that writes."""

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self.exported: Exported | None = None
        self.exporter: Exporter | None = None
        self.waiting = "No session was chosen."
        """Why there is no export yet."""

    def default_path(self) -> Path:
        """Where it is saved if nobody says otherwise."""
        return Path("session.pkr.hcl")

    def do_save(self) -> None:
        """Ask where, and write."""
        self.run_worker(self._save(), group="save", exclusive=True, exit_on_error=False)

    async def _save(self) -> None:
        fields = [
            Field(
                name="path", label="file", value=str(self.default_path()), check=check_path,
                help="A path; ~ is your home. The name ends in .pkr.hcl, or Packer does not read it.",
            ),
            Field(
                name="variables", label="values", check=check_variables,
                help="A .pkrvars.hcl for the values of variables, without secrets; empty: none.",
            ),
            Field(
                name="files", label="copies", check=check_folder,
                help="A folder for copies of files that were uploaded at stops; empty: none.",
            ),
        ]  # fmt: skip
        answer: Mapping[str, str] | None = await self.app.push_screen_wait(
            FormDialog("Save the template", fields)
        )
        if answer is None:
            return
        target = Path(answer["path"]).expanduser()
        try:
            # Made anew for that place: `path.root` means another folder there.
            exported = (
                self.exported
                if self.exporter is None
                else await self.exporter.export(
                    target, _path(answer["variables"]), _path(answer["files"])
                )
            )
        except NotExported as error:
            self._failed(str(error))
            return
        if exported is not None:
            await self._write(exported, target)

    async def _write(self, exported: Exported, target: Path) -> None:
        from oxtui.export.exported import ExportError
        from oxtui.export.save import WouldOverwrite, save_export

        try:
            try:
                await asyncio.to_thread(save_export, exported, target)
            except WouldOverwrite as there:
                if not await self._confirmed(target, there.diff):
                    return
                await asyncio.to_thread(save_export, exported, target, force=True)
        except ExportError as error:
            self._failed(str(error))
        except OSError as error:
            self._failed(sentence(error))
        else:
            self.notify(f"packer build {target}", title=f"Saved {target}", markup=False, timeout=10)

    async def _confirmed(self, target: Path, diff: str) -> bool:
        lines = [line for line in diff.splitlines()[2:] if line.startswith(("+", "-"))]
        more = [f"and {plural(len(lines) - _SHOWN, 'more line')}"] if len(lines) > _SHOWN else []
        question = ConfirmDialog(
            f"Overwrite {target.name}?",
            f"{target} is there already. This would change in it:",
            effects=[*lines[:_SHOWN], *more],
        )
        answer: Answer | None = await self.app.push_screen_wait(question)
        return answer is not None

    def _failed(self, text: str) -> None:
        self.notify(text, title="Not saved", severity="error", markup=False, timeout=20)


def check_path(text: str) -> str | None:
    """What is wrong with a path for a template; None if nothing is."""
    path = Path(text).expanduser()
    if not path.name.endswith(".pkr.hcl"):
        return "The name has to end in .pkr.hcl, or Packer does not read it."
    if path.is_dir():
        return f"{path} is a folder."
    if not path.parent.is_dir():
        return f"There is no folder {path.parent}."
    return None


def check_variables(text: str) -> str | None:
    """What is wrong with a path for values of variables, which need not be named."""
    if not text:
        return None
    path = Path(text).expanduser()
    if not path.name.endswith(".pkrvars.hcl"):
        return "The name has to end in .pkrvars.hcl, or Packer does not read it."
    return None if path.parent.is_dir() else f"There is no folder {path.parent}."


def check_folder(text: str) -> str | None:
    """What is wrong with a path for a folder, which need not be named or be there."""
    path = Path(text).expanduser()
    return f"{path} is no folder." if text and path.exists() and not path.is_dir() else None


def _path(text: str) -> Path | None:
    return Path(text).expanduser() if text else None
