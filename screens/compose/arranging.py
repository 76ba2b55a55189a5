"""Adding, moving, switching and deleting the parts of a template."""

from __future__ import annotations

from functools import partial

from oxtui.component.registry import COMPONENTS, ComponentKind
from oxtui.template.document import Document
from oxtui.template.hcl.write import Code, is_name
from screens.compose.editing import Editing
from screens.compose.reading import Part
from screens.compose.workbench import Change
from screens.dialogs.choice import Choice, ChoiceDialog
from screens.dialogs.form import Field, FormDialog

_ABOUT = {
    "shell": "commands or scripts that run in the guest",
    "shell-local": "commands or scripts that run on this machine",
    "file": "copies files into the guest, or out of it",
    "breakpoint": "the build stops here until you go on",
    "sleep": "waits",
}


class Arranging(Editing):
    """What the keys of the outline do."""

    def do_add_provisioner(self) -> None:
        """Choose a provisioner and add it behind the selected one."""
        self.start(partial(self._add, "provisioner"), "arrange", exclusive=False)

    def do_add_post_processor(self) -> None:
        """Choose a post-processor and add it at the end."""
        self.start(partial(self._add, "post-processor"), "arrange", exclusive=False)

    async def _add(self, kind: ComponentKind) -> None:
        choices = [Choice(name, name, _ABOUT.get(name, "")) for name in COMPONENTS[kind]]
        chosen = await self.app.push_screen_wait(ChoiceDialog(f"Add a {kind}", choices))
        bench, part = self.bench, self.part
        if chosen is None or bench is None:
            return
        build = 0 if part is None else part.build
        present = [p for p in bench.reading.of_kind(kind) if p.build == build]  # type: ignore[arg-type]
        at = len(present)
        if part is not None and part.kind == kind:
            at = part.index + 1
        if kind == "provisioner":
            made = await self.make(lambda d: d.add_provisioner(build, at, chosen, {}))
        else:
            made = await self.make(lambda d: d.add_post_processor(build, at, chosen, {}))
        if made:
            await self._go_to(
                f"build.{build}.{kind}.{at}" + (".0" if kind != "provisioner" else "")
            )
            if chosen in ("shell", "shell-local"):
                self.do_script()

    def do_add_variable(self) -> None:
        """Ask for a name and declare a variable."""
        self.start(self._add_variable, "arrange", exclusive=False)

    async def _add_variable(self) -> None:
        if self.bench is None:
            return
        taken = {part.title for part in self.bench.reading.of_kind("variable")}

        def check(name: str) -> str | None:
            if not is_name(name.strip()):
                return "A name has letters, digits, _ and -, and begins with a letter."
            return "There is a variable of that name." if name.strip() in taken else None

        given = await self.app.push_screen_wait(
            FormDialog(
                "Add a variable",
                [Field(name="name", label="Name", help="Fields take it as var.NAME.", check=check)],
            )
        )
        if given is not None:
            name = given["name"]
            if await self.make(lambda d: d.add_block("variable", [name], {"type": Code("string")})):
                await self._go_to(f"variable.{name}")

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
            bench.values.pop(part.title, None)
            if given["value"]:
                bench.values[part.title] = given["value"]
            await self.changed()

    async def _go_to(self, id_: str) -> None:
        self.outline.select(id_)
        await self.redraw()
        if not self.in_text:
            self.focus_row()

    def do_move_up(self) -> None:
        """Let it run earlier."""
        self._move(-1)

    def do_move_down(self) -> None:
        """Let it run later."""
        self._move(1)

    def _move(self, by: int) -> None:
        part = self.part
        if part is not None:
            self.start(partial(self._moved, part, by), "arrange", exclusive=False)

    async def _moved(self, part: Part, by: int) -> None:
        build, old, new = part.build, part.index, part.index + by
        if part.kind == "provisioner":
            made = await self.make(lambda d: d.move_provisioner(build, old, new))
        else:
            made = await self.make(lambda d: d.move_post_processors(build, old, new))
        if made:
            ids = part.id.split(".")
            ids[3] = str(new)
            self.outline.select(".".join(ids))

    def do_switch(self) -> None:
        """On or off."""
        part = self.part
        if part is not None:
            on = not part.enabled
            self._arrange(lambda document: document.switch(part.address, on=on))

    def do_delete(self) -> None:
        """Delete the part; undo brings it back."""
        part = self.part
        if part is not None:
            self._arrange(lambda document: document.remove_block(part.address))
            self.notify(f"Deleted {part.title}; ctrl+z brings it back.", markup=False)

    def _arrange(self, change: Change) -> None:
        self.start(partial(self.make, change), "arrange", exclusive=False)

    def do_script(self) -> None:
        """Edit the text of a provisioner that is its main one: commands, content, …"""
        part = self.part
        if part is not None:
            names = ("inline", "content", "note", "duration")
            field = next((f for name in names if (f := part.field(name)) is not None), None)
            if field is not None:
                self._work(partial(self.edit_long, part, field))

    def do_undo(self) -> None:
        """Take back the last change."""
        self._work(partial(self._undone, Document.undo))

    def do_redo(self) -> None:
        """Make the change again."""
        self._work(partial(self._undone, Document.redo))

    async def _undone(self, change: Change) -> None:
        await self.flush()
        if not await self.make(change):
            self.notify("There is nothing to take back or do again.")
