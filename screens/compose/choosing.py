"""Values that are chosen: from what an option takes, from what the connected service has, from files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from oxtui.template.documents import Change
from oxtui.template.hcl.write import Code, Writable
from screens.compose.field_words import default_text, label
from screens.compose.files import paths
from screens.compose.giving import Giving
from screens.compose.lookup_dialog import LookupDialog
from screens.compose.lookups import beside_fields
from screens.compose.reading import Field, Part
from screens.compose.value_text import WrongValue, is_expression, read, read_whole
from screens.dialogs.choice import Choice, ChoiceDialog

_LINES = "the lines"
_ANOTHER = "another"


def setting(part: Part, field: Field, typed: str) -> Change:
    """The change that gives a field what was typed. Raises WrongValue."""
    address, name = part.address, field.name
    if not typed.strip():
        return lambda document: document.remove(address, name)
    indent = "    " if part.address.startswith("build.") and part.kind != "build" else "  "
    if field.whole and not is_expression(typed):
        value: Writable | None = read_whole(typed, indent)
    else:
        value = Code(typed.strip()) if field.raw else read(typed, field.spec, indent, hcl=field.hcl)
    if value is None:
        return lambda document: document.remove(address, name)
    return lambda document: document.set(address, name, value)


class Choosing(Giving):
    """What is chosen, and how it gets into the template."""

    def tell_of_block(self, field: Field) -> None:
        """Say why a block was not changed as a value is."""
        text = "It is a block, no value: enter opens it; in the outline d deletes it."
        self.notify(text, title=f"{label(field.spec)} was not changed", markup=False)

    async def give(self, part: Part, field: Field, typed: str) -> None:
        """Write a value into the template; what is none is told."""
        if field.spec.type == "block":
            self.tell_of_block(field)
            return
        if field.run:
            await self.set_run_value(part, typed)
            return
        try:
            await self.make(setting(part, field, typed), part.file)
        except WrongValue as wrong:
            title = f"{label(field.spec)} was not changed"
            self.notify(str(wrong), title=title, severity="warning", markup=False)

    async def choose(self, part: Part, field: Field) -> None:
        """Choose one of the values that an option takes."""
        default = default_text(field.spec)
        choices = [
            Choice(each, each or "as if it were not set", "default" if each == default else "")
            for each in field.spec.choices
        ]  # fmt: skip
        chosen = await self.app.push_screen_wait(
            ChoiceDialog(label(field.spec), choices, text=field.spec.help)
        )
        if chosen is not None:
            await self.give(part, field, chosen)

    async def look_up(self, part: Part, field: Field) -> None:
        """Choose what a field names; of a list each choice adds one, or takes one away."""
        spec = field.spec
        several = spec.type == "list"
        there = [line for line in field.text.split("\n") if line.strip()] if several else []
        title = f"{label(spec)}: add one, or take one away" if several else label(spec)
        is_path = spec.lookup == "files"
        shown = field.text if is_path and not several else ""
        chosen = await self._looked_up(part, spec.lookup, title, shown, there)
        if chosen is None:
            return
        if several:
            others = [each for each in there if each != chosen]
            chosen = "\n".join(others if len(others) < len(there) else [*there, chosen])
        await self.give(part, field, chosen)

    async def _looked_up(
        self, part: Part, kind: str, title: str, shown: str, there: Sequence[str] = ()
    ) -> str | None:
        """What is chosen of a kind, or written; `there` are those that are chosen already."""
        names = self.names if kind not in ("", "files") else None
        unasked = self.unasked(part) if names is not None else ""
        if unasked == "…":
            await self.calm.wait()
            unasked = self.unasked(part)
        beside = beside_fields(
            (f for each in self.block_parts(part) for f in each.fields), self.known
        )

        def find(typed: str) -> AsyncIterator[list[Choice]]:
            if kind == "files":
                return _marked(paths(typed, self.folder), there)
            if names is None or unasked:
                return _nothing()
            return _marked(names.choices(kind, beside), there)

        note = f"The {self.service} was {unasked}." if unasked else ""
        if names is None and kind not in ("", "files"):
            note = "There is no connection (ctrl+o), so nothing can be listed."
        dialog = LookupDialog(
            title, find, text=shown, paths=kind == "files", note=note, service=self.service
        )
        return await self.app.push_screen_wait(dialog)

    async def choose_pair(self, part: Part, field: Field) -> None:
        """Choose a key of a map whose keys are known, then its value."""
        pairs = {
            key.strip(): value
            for key, equals, value in (line.partition("=") for line in field.text.split("\n"))
            if equals
        }
        keys = [Choice(key, key, pairs.get(key, "")) for key in field.spec.key_lookups]
        keys.append(Choice(_LINES, "all as lines", "in the editor"))
        dialog = ChoiceDialog(label(field.spec), keys, text=field.spec.help)
        key = await self.app.push_screen_wait(dialog)
        if key == _LINES:
            self.do_editor()
        elif key is not None:
            kind = field.spec.key_lookups[key]
            value = await self._looked_up(part, kind, key, "" if kind else pairs.get(key, ""))
            if value is not None:
                lines = (f"{name}={each}" for name, each in {**pairs, key: value}.items())
                await self.give(part, field, "\n".join(lines))

    def do_editor(self) -> None:
        """Edit the value in several lines."""

    async def open_block(self, part: Part, field: Field) -> None:
        """Go to a nested block; where there is none, or another is wanted, it is added."""
        bench, name = self.bench, field.name
        if bench is None:
            return
        address = f"{part.address}/{name}."
        inside = [
            each
            for each in bench.reading.of_kind("block")
            if each.file == part.file and each.address == f"{address}{each.index}"
        ]
        chosen = inside[0].address if inside else _ANOTHER
        if inside and field.spec.several:
            blocks = [Choice(p.address, f"{p.index + 1} {p.title}", p.detail) for p in inside]
            blocks.append(Choice(_ANOTHER, "add another", "behind them"))
            several = ChoiceDialog(label(field.spec), blocks, text=field.spec.help)
            answer = await self.app.push_screen_wait(several)
            chosen = answer or ""
        if chosen == _ANOTHER:
            outer = part.address
            if await self.make(lambda document: document.add_nested(outer, name), part.file):
                chosen = f"{address}{len(inside)}"
        found = next((p for p in bench.reading.of_kind("block") if p.address == chosen), None)
        if found is not None:
            await self.show_part(found.id)

    async def show_part(self, id_: str) -> None:
        """Go to a part, and in its form to the first field that needs a value."""
        self.outline.select(id_)
        await self.redraw()
        if not self.in_text:
            self.focus_row()


async def _marked(
    pages: AsyncIterator[list[Choice]], there: Sequence[str]
) -> AsyncIterator[list[Choice]]:
    """The choices; those that are chosen already say so."""
    async for page in pages:
        yield [
            replace(each, note=f"● chosen: enter takes it away  {each.note}".rstrip())
            if each.key in there
            else each
            for each in page
        ]


async def _nothing() -> AsyncIterator[list[Choice]]:
    """There is no rack to ask."""
    yield []
