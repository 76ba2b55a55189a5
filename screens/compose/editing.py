"""Changing the fields of the form."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from textual import on

from oxtui.template.documents import Change
from oxtui.template.editing.template_document import TemplateDocument
from oxtui.template.hcl.diagnostic import TemplateError
from oxtui.template.hcl.edit.text_edit import TextEdit
from oxtui.template.hcl.write import Code
from screens.compose.choosing import Choosing, setting
from screens.compose.field_words import default_text, is_long, label
from screens.compose.reading import Field, Part
from screens.compose.row import FieldRow
from screens.compose.script_dialog import ScriptDialog
from screens.compose.value_text import WrongValue, is_expression
from screens.dialogs.choice import Choice, ChoiceDialog
from screens.widgets.code.spans import Language

_PAUSE = 0.12
"""Seconds without a key before what is typed is tried out in the template."""
_SHELL = {"inline", "user_data", "execute_command"}


class Editing(Choosing):
    """What the keys of a field do."""

    def do_edit(self) -> None:
        """Change the value in the way that suits it."""
        self._work(partial(self._edit, plain=False))

    def do_write(self) -> None:
        """Type the value."""
        self._work(partial(self._edit, plain=True))

    def do_editor(self) -> None:
        """Edit the value in several lines."""
        row, part = self.form.row, self.part
        if row is not None and part is not None:
            if row.field.spec.type == "block":
                self.tell_of_block(row.field)
            else:
                self._work(partial(self.edit_long, part, row.field))

    def do_clear(self) -> None:
        """Let the default hold."""
        row, part = self.form.row, self.part
        if row is not None and part is not None:
            self._work(partial(self.give, part, row.field, ""))

    def do_heredoc(self) -> None:
        """Write the lines as one text, or each for itself again."""
        row, part = self.form.row, self.part
        if row is not None and part is not None:
            turned = replace(row.field, whole=not row.field.whole)
            self._work(partial(self.give, part, turned, turned.text))

    def do_documentation(self) -> None:
        """Copy the address of the page about the option."""
        if self.form.row is not None:
            address = self.form.row.field.spec.documentation
            self.oxtui.copy(address, f"{address}, the page about it,")

    def do_hide(self) -> None:
        """Put a secret that stands in the template into a variable."""
        row, part = self.form.row, self.part
        if row is not None and part is not None:
            self._work(partial(self._hide, part, row.field, row.field.text))

    def _work(self, doing: Callable[[], Awaitable[object]]) -> None:
        self.start(doing, "edit", exclusive=False)

    async def _edit(self, *, plain: bool) -> None:
        row, part = self.form.row, self.part
        if row is None or part is None or row.is_editing:
            return
        field, spec = row.field, row.field.spec
        if spec.type == "block" and not plain:
            await self.open_block(part, field)
        elif spec.type == "block":
            self.tell_of_block(field)
        elif field.run:
            await self.edit_run_value(row)
        elif plain and not (is_long(field) and not is_expression(field.text)):
            begun = "" if field.raw or not field.hcl else "= "
            await row.edit(field.text if field.is_set else begun)
        elif is_expression(field.text) or field.raw:
            await row.edit(field.text)
        elif spec.type == "bool":
            now = field.text if field.is_set else default_text(spec)
            await self.give(part, field, "false" if now == "true" else "true")
        elif spec.choices:
            await self.choose(part, field)
        elif self.can_look_up(part, field):
            await self.look_up(part, field)
        elif spec.key_lookups:
            await self.choose_pair(part, field)
        elif is_long(field):
            await self.edit_long(part, field)
        else:
            await row.edit(field.text, hidden=spec.secret)

    async def edit_long(self, part: Part, field: Field) -> None:
        """Edit a value in an editor."""
        spec = field.spec
        of_items = spec.type in ("list", "map")
        note = f"{spec.help} ${{var.name}} is filled in." if not of_items else spec.help
        typed = await self.app.push_screen_wait(
            ScriptDialog(f"{part.title} › {label(spec)}", field.text, _language(field), note)
        )
        if typed is not None and typed != field.text:
            await self.give(part, field, typed)

    async def _hide(self, part: Part, field: Field, secret: str) -> None:
        """Declare a sensitive variable, and remember its value for builds that start here."""
        bench = self.bench
        if bench is None:
            return
        if part.kind == "variable":
            bench.values[part.title] = secret
            await self.give(part, field, "")
            return
        taken = {each.title for each in bench.reading.of_kind("variable")}
        name = field.name
        while name in taken:
            name += "_"
        address, option = part.address, field.name

        def declare(document: TemplateDocument) -> TextEdit | None:
            return document.add_block(
                "variable", [name], {"type": Code("string"), "sensitive": True}
            )

        def refer(document: TemplateDocument) -> TextEdit | None:
            return document.set(address, option, Code(f"var.{name}"))

        bench.values[name] = secret
        home = bench.reading.home_of("variable", part)
        await self.make_all([(home, declare), (part.file, refer)])
        self.notify(
            f"The value stays in this oxtui. Elsewhere give it as PKR_VAR_{name}.",
            title=f"{label(field.spec)} is var.{name} now", timeout=12, markup=False,
        )  # fmt: skip

    # typing in a row

    @on(FieldRow.Typed)
    def _typed(self, event: FieldRow.Typed) -> None:
        part, row = self.part, event.row
        if part is None or row.field.run:
            return
        try:
            change = setting(part, row.field, event.text)
        except WrongValue as wrong:
            row.warn(str(wrong))
            self.workers.cancel_group(self, "try")
        else:
            row.warn("")
            if not row.field.spec.secret:
                self.start(partial(self._try, change, part.file, row), "try")

    async def _try(self, change: Change, file: str, row: FieldRow) -> None:
        await asyncio.sleep(_PAUSE)
        if self.bench is None:
            return
        try:
            await self.bench.try_out(change, file)
        except TemplateError as problem:
            row.warn(problem.diagnostics[0].detail)
        else:
            await self.changed()

    @on(FieldRow.Finished)
    async def _finished(self, event: FieldRow.Finished) -> None:
        self.workers.cancel_group(self, "try")
        bench, part, field = self.bench, self.part, event.row.field
        if bench is None or part is None:
            return
        if not event.keep:
            await bench.withdraw()
            await self.changed()
            return
        if field.run:
            await self.set_run_value(part, event.text)
            if event.go:
                self.form.step(event.row, event.go)
            return
        literal = event.text.strip() and not is_expression(event.text)
        if field.spec.secret and literal and event.text != field.text:
            self._work(partial(self._keep_secret, part, field, event.text))
            return
        try:
            await bench.try_out(setting(part, field, event.text), part.file)
        except (WrongValue, TemplateError) as wrong:
            await bench.withdraw()
            title = f"{label(field.spec)} was not changed"
            self.notify(str(wrong), title=title, severity="warning", markup=False)
        else:
            await bench.settle()
        await self.changed()
        if event.go:
            self.form.step(event.row, event.go)

    async def _keep_secret(self, part: Part, field: Field, secret: str) -> None:
        chosen = await self.app.push_screen_wait(
            ChoiceDialog(
                label(field.spec),
                [
                    Choice("hide", "keep it out of the template", "in a sensitive variable"),
                    Choice("write", "write it into the template", "it stays there, in plain text"),
                ],
                text="Whoever reads the template reads a secret that is written into it.",
            )
        )
        if chosen == "hide":
            await self._hide(part, field, secret)
        elif chosen == "write":
            await self.give(part, field, secret)


def _language(field: Field) -> Language:
    return "shell" if field.name in _SHELL and not field.text.startswith("#cloud") else ""
