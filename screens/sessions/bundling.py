"""A session into one file for a colleague: asks where to, writes it, and says what is in it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from screens.dialogs.form import Field, FormDialog
from screens.failures import sentence
from screens.oxtui_screen import Workplace
from screens.wording import plural


class Bundling(Workplace):
    """The part of the Sessions screen that makes bundles."""

    def bundle(self, number: int) -> None:
        """Make one of the session of that number, once it is known where to."""
        self.run_worker(self._bundle(number), group="bundle", exclusive=True, exit_on_error=False)

    async def _bundle(self, number: int) -> None:
        answer: Mapping[str, str] | None = await self.app.push_screen_wait(bundle_dialog(number))
        if answer is None:
            return
        target = Path(answer["path"]).expanduser()
        self.notify(f"Packing session {number}…", timeout=3)
        try:
            told = await self._write(number, target, anonymous=answer["names"] == "other")
        except _errors() as error:
            text = sentence(error) if isinstance(error, OSError) else str(error)
            self.notify(text, title="No bundle", severity="error", timeout=20, markup=False)
        else:
            self.notify(told, title=f"Packed into {target}", timeout=15, markup=False)

    async def _write(self, number: int, target: Path, *, anonymous: bool) -> str:
        from oxtui.build.bundle.identity import identity_of
        from oxtui.build.bundle.writer import write_bundle
        from oxtui.build.environment import journal_path
        from oxtui.build.journal import JournalReader
        from oxtui.build.recorded import recorded_events
        from oxtui.build.session import SessionFolders

        services = self.oxtui.services
        sessions = services.settings.paths.sessions
        folders = SessionFolders(sessions)
        live = folders.is_live(number)
        async with JournalReader.open(journal_path(sessions)) as reader:
            events = await recorded_events(reader, number)
        summary = await asyncio.to_thread(
            write_bundle, events, folders.folder(number), target,
            identity=identity_of(services.environment) if anonymous else None, live=live,
        )  # fmt: skip
        told = [
            f"{plural(len(summary.members), 'file')}, {plural(summary.events, 'event')}, {summary.size:,} bytes.",
            f"{plural(summary.secrets, 'stretch', 'stretches')} that looked like secrets masked.",
        ]
        if summary.names:
            told.append(
                f"{plural(summary.names, 'host, address or user', 'hosts, addresses and users')} renamed."
            )
        return "\n".join([*told, f"oxtui replay {target}"])


def bundle_dialog(number: int) -> FormDialog:
    """Where to, and with whose names."""
    fields = [
        Field(
            name="path", label="file", value=f"oxtui-session-{number}.zip", check=check_path,
            help="A path; ~ is your home. `oxtui replay` opens the file.",
        ),
        Field(
            name="names", label="names", value="real",
            choices=[("real", "as they are"), ("other", "hosts, addresses, users renamed")],
            help="Under other names nobody learns from it where your rack is, or who you are.",
        ),
    ]  # fmt: skip
    text = (
        "Events, output, serial console and template, for somebody else to look at. What looks like a "
        "secret is masked; keys are never in it."
    )
    return FormDialog(f"Bundle of session {number}", fields, text=text)


def check_path(text: str) -> str | None:
    """What is wrong with a path for a bundle; None if nothing is."""
    path = Path(text).expanduser()
    if not text or path.is_dir():
        return "Name a file."
    if path.exists():
        return f"{path.name} is there already; name another file."
    if not path.parent.is_dir():
        return f"There is no folder {path.parent}."
    return None


def _errors() -> tuple[type[Exception], ...]:
    from oxtui.build.bundle.errors import BundleError
    from oxtui.build.journal import JournalError
    from oxtui.build.recorded import NoSuchSession

    return BundleError, JournalError, NoSuchSession, OSError
