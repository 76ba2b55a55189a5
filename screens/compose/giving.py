"""Giving variables values for builds that start here; none is ever written into a template."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from screens.compose.files import listed
from screens.compose.filing import Filing
from screens.compose.lookup_dialog import LookupDialog
from screens.compose.reading import Part
from screens.compose.row import FieldRow
from screens.dialogs.choice import Choice
from screens.dialogs.form import Field, FormDialog

_SUFFIXES = ("/", ".hcl", ".json")
_CHOSEN = "● chosen: enter takes it away"


class Giving(Filing):
    """What can be done with values of variables."""

    def do_give_value(self) -> None:
        """Ask for the value that a variable has in builds that are started here."""
        part = self.part
        if part is not None:
            self.start(partial(self._give_value, part), "arrange", exclusive=False)

    async def _give_value(self, part: Part) -> None:
        bench = self.bench
        if bench is None:
            return
        field = Field(
            name="value", label=part.title[:13], value=bench.values.get(part.title, ""),
            help="Never written into the template. Empty: its default.",
            secret=part.value("sensitive") == "true",
        )  # fmt: skip
        given = await self.app.push_screen_wait(FormDialog(f"Value of var.{part.title}", [field]))
        if given is not None:
            await self.set_run_value(part, given["value"])

    def do_variable_file(self) -> None:
        """Ask for a variable file, and take values from it, or no more."""
        self.start(self._variable_file, "arrange", exclusive=False)

    async def _variable_file(self) -> None:
        bench = self.bench
        if bench is None:
            return

        async def find(typed: str) -> AsyncIterator[list[Choice]]:
            chosen = [Choice(str(path), str(path), _CHOSEN) for path in bench.value_files]
            if not typed:
                yield chosen
            taken = {choice.key for choice in chosen}
            found = await asyncio.to_thread(listed, typed, self.folder)
            yield [
                replace(each, note=_CHOSEN) if each.key in taken else each
                for each in found
                if each.key.endswith(_SUFFIXES) and not (each.key in taken and not typed)
            ]

        answer = await self.app.push_screen_wait(LookupDialog("Variable file", find, paths=True))
        if answer and bench is self.bench:
            path = Path(answer).expanduser()
            others = tuple(each for each in bench.value_files if each != path)
            is_new = len(others) == len(bench.value_files)
            bench.value_files = (*others, path) if is_new else others
            told = "give values to" if is_new else "give no more values to"
            self.notify(f"{path}: its lines {told} builds from here.", markup=False)
            await self.changed()

    async def edit_run_value(self, row: FieldRow) -> None:
        """Type the value that a variable has in builds from here; a local has none of its own."""
        if row.field.run == "computed":
            self.notify("It follows from the expression; that can be changed.")
        else:
            await row.edit(row.field.text, hidden=row.field.spec.secret)

    async def set_run_value(self, part: Part, typed: str) -> None:
        """Give a variable a value for builds from here; nothing takes the one away that it had."""
        if self.bench is not None and part.kind == "variable":
            self.bench.values.pop(part.title, None)
            if typed:
                self.bench.values[part.title] = typed
            await self.changed()
