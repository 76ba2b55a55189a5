"""Opening, saving and leaving templates."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from oxtui.service import ServiceError
from oxtui.template.document import DocumentChangedError
from oxtui.template.editing.template_document import TemplateDocument
from oxtui.template.hcl.edit.text_edit import TextEdit
from screens.compose.checks import Checks
from screens.compose.drafts import Draft
from screens.compose.files import paths
from screens.compose.lookup_dialog import LookupDialog
from screens.compose.origin import begin, blank, free_path
from screens.compose.recent import Recent
from screens.compose.workbench import Workbench
from screens.dialogs.choice import Choice, ChoiceDialog
from screens.dialogs.confirm import ConfirmDialog
from screens.failures import sentence

_NEW = "new.pkr.hcl"
_BLANK = ("new",)


class Filing(Checks):
    """The template and its file."""

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] | None = None
        self._wanted: tuple[str, ...] = _BLANK
        """What is being opened: a visit before that is done begins it anew, and nothing else."""

    def visit(self, names: tuple[str, ...]) -> None:
        """Show a template: `("file", PATH)`, a file or a folder, a new one from an image, `("image", ID, PROJECT)`, or,
        without names, the one that is open already.
        """
        if names and names != self._names:
            self._wanted = names
        elif self.bench is not None:
            self.start(self._look_again, "open")
            return
        self.start(partial(self._open, self._wanted), "open")

    async def _look_again(self) -> None:
        """Read the open template anew where another program changed its files; what is not saved here stays."""
        bench = self.bench
        try:
            changed = [] if bench is None else await bench.changed_on_disk()
            if bench is None or not changed or bench is not self.bench:
                return
            names = ", ".join(changed)
            has = "has" if len(changed) == 1 else "have"
            if self.unsaved():
                text = f"{names} {has} been changed by another program; saving here asks first."
                self.notify(text, severity="warning", markup=False)
                return
            path = bench.path
            fresh = await Workbench.of_path(path) if path is not None else bench
        except OSError as problem:
            self.notify(sentence(problem), title="Not read again", severity="warning", markup=False)
            return
        fresh.values, fresh.value_files = bench.values, bench.value_files
        await self.take(fresh)
        self.notify(f"{names} {has} been changed by another program and read again.", markup=False)

    async def _open(self, names: tuple[str, ...]) -> None:
        if not await self.may_leave():
            return
        try:
            bench = await self._bench(names)
        except (OSError, ServiceError) as problem:
            self._wanted = _BLANK
            self._not_opened(sentence(problem))
        else:
            self._names = names
            await self.take(bench)
            if bench.path is not None:
                recent = Recent(self.oxtui.services.settings.paths.state)
                with suppress(OSError):  # nothing is lost but an offer
                    await asyncio.to_thread(recent.add, bench.path)

    def _not_opened(self, why: str) -> None:
        text = why if self.bench is not None else f"{why} f9 begins a new template."
        self.notify(text, title="Not opened", severity="error", timeout=20, markup=False)

    async def _bench(self, names: tuple[str, ...]) -> Workbench:
        match names:
            case ("file", path):
                bench = await Workbench.of_path(Path(path))
                return await self._restored(bench, await self._drafts(map(Path, bench.files)))
            case ("image" | "omi", _, *_):
                drafts = await self._drafts([None])
                if drafts:
                    return await self._restored(await Workbench.of_text(blank(), _NEW), drafts)
                name, text = await begin(self.oxtui.connector, names)
                return await Workbench.of_text(text, name)
        drafts = await self._drafts([None])
        return await self._restored(await Workbench.of_text(blank(), _NEW), drafts)

    async def _restored(self, bench: Workbench, drafts: Sequence[Draft]) -> Workbench:
        """With what drafts have, as a change that can be taken back and is kept as drafts again."""
        by_path = {draft.path: draft for draft in drafts}
        changes = [
            (file, partial(_rewrite, draft.text))
            for file in bench.files
            if (draft := by_path.get(str(Path(file).resolve()) if bench.path else ""))
        ]
        if changes:
            await bench.change_all(changes)
            await self.keep_drafts(bench)
        kept = {bench.draft(file) for file in bench.files}
        for draft in drafts:
            if draft.name not in kept:
                await self._forget_draft(draft.name)
        return bench

    async def _drafts(self, paths: Iterable[Path | None]) -> Sequence[Draft]:
        """What an earlier run left unsaved, if the operator wants it back; None: in no file."""
        left = [await asyncio.to_thread(self.drafts.left, path) for path in paths]
        drafts = [draft for draft in left if draft is not None]
        if not drafts:
            return ()
        what = ", ".join(draft.path or "A template that was in no file" for draft in drafts)
        was = "was" if len(drafts) == 1 else "were"
        answer = await self.app.push_screen_wait(
            ChoiceDialog(
                "Unsaved draft",
                [
                    Choice("yes", "restore it", "as it was when oxtui ended; ctrl+z takes it back"),
                    Choice("no", "leave it", "and forget it"),
                ],
                text=f"{what} {was} changed and not saved.",
            )
        )
        if answer == "no":
            for draft in drafts:
                await asyncio.to_thread(self.drafts.drop, draft.name)
        return drafts if answer == "yes" else ()

    async def take(self, bench: Workbench) -> None:
        """Show a template from now on."""
        stops = self.oxtui.builds.stops
        if bench.path is None:  # of another that was in no file either
            stops.drop(bench.name)
            bench.stops = stops.of(bench.name)
        else:
            bench.stops = await stops.of_file(bench.name)
        self.bench, self.checked, self.rack_problems = bench, None, ()
        self.calm.clear()
        self.set_class(False, "-text")
        self.set_class(bench.is_folder, "-folder")
        await self.redraw()
        first = next(iter(bench.reading.of_kind("source") or bench.reading.parts))
        self.outline.select(first.id)
        await self.redraw()
        self.focus_row()
        self.check_soon()

    async def may_leave(self) -> bool:
        """Whether the open template may be given up: it is saved, or the operator says so."""
        bench = self.bench
        if bench is None or not self.unsaved():
            return True
        answer = await self.app.push_screen_wait(
            ChoiceDialog(
                "Unsaved changes",
                [
                    Choice("save", "save", "then go on"),
                    Choice("drop", "do not save", "the changes are lost"),
                ],
                text=f"{self.unsaved()} esc stays here.",
            )
        )
        if answer == "save":
            return await self.save()
        if answer == "drop":
            for file in bench.files:
                await self._forget_draft(bench.draft(file))
        return answer == "drop"

    def unsaved(self) -> str:
        """The template, if its changes are in no file."""
        bench = self.bench
        if bench is None or bench.is_saved or not bench.can_undo:
            return ""
        names = ", ".join(bench.unsaved)
        return f"{names} {'have' if len(bench.unsaved) > 1 else 'has'} changes that are in no file."

    def do_open_template(self) -> None:
        """Ask for a path and open what is there."""
        self.oxtui.do_open_template()

    # saving

    def do_save(self) -> None:
        """Write each file that was changed; a template that has none is asked for it."""
        self.start(self.save, "save")

    def do_save_as(self) -> None:
        """Write another file."""
        self.start(partial(self.save, anew=True), "save")

    async def save(self, *, anew: bool = False) -> bool:
        """Write what was changed; False if that did not come about.

        `anew`: a single file, to another place.
        """
        await self.flush()
        bench = self.bench
        if bench is None:
            return False
        if anew or bench.path is None:
            path = await self._ask_path(bench)
            if path is None:
                return False
            draft, name = bench.draft(bench.files[0]), bench.name
            done = await self._write(path, partial(bench.save_as, path))
            if done:
                await self._forget_draft(draft)
                self.oxtui.builds.stops.drop(name)
                self.oxtui.builds.stops.put(bench.name, bench.stops)
            written = [str(path)] if done else []
        else:
            written, done = [], True
            for file in bench.unsaved or bench.files[:1]:
                done = await self._write(Path(file), partial(bench.save, file))
                if not done:
                    break
                await self._forget_draft(bench.draft(file))
                written.append(file)
        if written:
            self._names = ("file", str(bench.path))
            await self.changed()
            self.oxtui.builds.stops.keep(bench.name)  # at the steps as they are in the file now
            self.notify(f"Saved {', '.join(written)}", markup=False)
        return done

    async def _write(self, path: Path, write: Callable[..., Awaitable[None]]) -> bool:
        try:
            try:
                await write()
            except DocumentChangedError:
                if not await self._overwrites(path, "was changed by another program meanwhile"):
                    return False
                await write(overwrite=True)
        except OSError as problem:
            self.notify(sentence(problem), title="Not saved", severity="error", markup=False)
            return False
        return True

    async def flush(self) -> None:
        """Take over what is still being typed."""

    async def _ask_path(self, bench: Workbench) -> Path | None:
        proposal = bench.path or free_path(Path(), bench.name.removesuffix(".pkr.hcl"))
        typed = await self.app.push_screen_wait(
            LookupDialog(
                "Save as", lambda text: paths(text, self.folder), text=str(proposal), paths=True
            )
        )
        if not typed:
            return None
        path = Path(typed).expanduser()
        if path.is_dir():
            self.notify(f"{path} is a folder; name a file in it.", severity="warning", markup=False)
            return None
        if path.name.endswith(".pkr.hcl") or path.suffix == ".hcl":
            found = path
        else:
            found = path.with_name(f"{path.name}.pkr.hcl")
        if found.exists() and not await self._overwrites(found, "is there already"):
            return None
        return found

    async def _overwrites(self, path: Path, why: str) -> bool:
        dialog = ConfirmDialog(
            "Overwrite",
            f"{path} {why}.",
            effects=["What is in the file now is lost.", "To keep both: esc, and “save as” (:)."],
        )
        return await self.app.push_screen_wait(dialog) is not None

    async def _forget_draft(self, name: str) -> None:
        try:
            await asyncio.to_thread(self.drafts.drop, name)
        except OSError as problem:
            self.notify(sentence(problem), title="Draft kept", severity="warning", markup=False)


def _rewrite(text: str, document: TemplateDocument) -> TextEdit | None:
    return document.replace_text(text)
