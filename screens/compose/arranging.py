"""Adding, moving, switching and deleting the parts of a template."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from oxtui.component.registry import COMPONENTS, ComponentKind
from oxtui.template.documents import Change
from oxtui.template.hcl.write import Code, is_name
from screens.compose.editing import Editing
from screens.compose.reading import Part, first_change
from screens.compose.workbench import Workbench
from screens.dialogs.choice import Choice, ChoiceDialog
from screens.dialogs.form import Field, FormDialog

_ABOUT = {
    "shell": "commands or scripts that run in the guest",
    "shell-local": "commands or scripts that run on this machine",
    "file": "copies files into the guest, or out of it",
    "breakpoint": "the build stops here until you go on",
    "sleep": "waits",
    "manifest": "adds the build to a list of builds, in a JSON file",
    "checksum": "writes checksums of the files that were built",
    "compress": "packs the files that were built, in their place",
    "artifice": "puts files of your own in the place of what was built",
    "oxtui-maas": "uploads the root file system, a disk or a file to MAAS",
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
        home = bench.reading.build_of(part)
        if home is None:
            text = "There is no build block to add it to; f2 writes one."
            self.notify(text, title="Not added", severity="warning")
            return
        build = home.build
        if part is not None and part.kind == kind:
            at = part.index + 1
        else:
            inside = [p.index for p in bench.reading.of_build(home) if p.kind == kind]
            at = max(inside, default=-1) + 1
        if kind == "provisioner":
            made = await self.make(lambda d: d.add_provisioner(build, at, chosen, {}), home.file)
        else:
            made = await self.make(lambda d: d.add_post_processor(build, at, chosen, {}), home.file)
        if made:
            await self.show_part(f"{home.id}.{kind}.{at}" + (".0" if kind != "provisioner" else ""))
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
            home = self.bench.reading.home_of("variable", self.part)
            attributes = {"type": Code("string")}
            if await self.make(lambda d: d.add_block("variable", [name], attributes), home):
                await self.show_part(f"variable.{name}")

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
            made = await self.make(lambda d: d.move_provisioner(build, old, new), part.file)
        else:
            made = await self.make(lambda d: d.move_post_processors(build, old, new), part.file)
        if made:
            ids = part.id.split(".")
            ids[3] = str(new)
            self.outline.select(".".join(ids))

    def do_switch(self) -> None:
        """On or off."""
        part = self.part
        if part is not None:
            on = not part.enabled
            self._arrange(lambda document: document.switch(part.address, on=on), part.file)

    def do_delete(self) -> None:
        """Delete the part; undo brings it back."""
        part = self.part
        if part is not None:
            name = part.fields[0].name if part.is_line else ""
            self._arrange(
                lambda d: d.remove(part.address, name) if name else d.remove_block(part.address),
                part.file,
            )
            self.notify(f"Deleted {part.title}; ctrl+z brings it back.", markup=False)

    def _arrange(self, change: Change, file: str) -> None:
        self.start(partial(self.make, change, file), "arrange", exclusive=False)

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
        self._work(partial(self._stepped, Workbench.undo))

    def do_redo(self) -> None:
        """Make the change again."""
        self._work(partial(self._stepped, Workbench.redo))

    async def _stepped(self, step: Callable[[Workbench], Awaitable[bool]]) -> None:
        await self.flush()
        bench = self.bench
        if bench is None:
            return
        before = bench.reading
        if not await step(bench):
            self.notify("There is nothing to take back or do again.")
            return
        if self.file not in bench.touched:
            await self.look_at(first_change(before, bench.reading, bench.touched))
        await self.changed()

    async def look_at(self, part: Part | None) -> None:
        """Go to a part of another file."""
        if part is not None and self.bench is not None and part.id != self.outline.selected:
            self.show_outline(self.bench, {})
            self.outline.select(part.id)
