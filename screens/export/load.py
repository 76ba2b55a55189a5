"""Making the export of a session: one that was started here, or one of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.template.variables import VariableInputs

if TYPE_CHECKING:
    from oxtui.build.live import LiveSession
    from oxtui.build.recorded import RecordedSession
    from oxtui.export.exported import Exported
    from screens.builds import Builds
    from screens.services import Services


class NotExported(Exception):
    """There is no export; the text says why."""


@dataclass(frozen=True, slots=True)
class Exporter:
    """Makes exports of one session, for one place after another."""

    number: int
    session: LiveSession | RecordedSession
    inputs: VariableInputs
    cache: Path
    commands: bool = True
    """Commands that ran at stops become provisioners, not comments."""
    breakpoints: bool = False
    """Breakpoints become provisioners."""

    async def export(
        self,
        target: Path | None = None,
        variables: Path | None = None,
        files: Path | None = None,
    ) -> Exported:
        """The session as a template that is to be written to `target`.

        With `variables` there is a file of values, with `files` a folder of copies; see `ExportOptions`.

        Raises:
            NotExported: it cannot be made.
        """
        from oxtui.export.exported import ExportError, ExportOptions
        from oxtui.export.session import export_session

        try:
            options = ExportOptions(
                target, None, self.inputs, self.commands, self.breakpoints, variables, files,
                self.cache,
            )  # fmt: skip
            return await export_session(self.session, options)
        except ExportError as error:
            raise NotExported(str(error)) from error

    def file_name(self) -> Path:
        """A name for the file that nothing has yet, in the folder of the session's template."""
        template = Path(self.session.state.template)
        folder = template if template.is_dir() else template.parent
        stem = template.name.removesuffix(".pkr.hcl") or "session"
        return folder / f"{stem}-session-{self.number}.pkr.hcl"


async def exporter(services: Services, builds: Builds, number: int) -> Exporter:
    """What makes the exports of session `number`.

    Raises:
        NotExported: there is no such session, or the journal cannot be read.
    """
    from oxtui.build.environment import journal_path
    from oxtui.build.journal import JournalError, JournalReader
    from oxtui.build.recorded import NoSuchSession, recorded_session
    from oxtui.build.session import SessionFolders

    running = builds.numbered(str(number))
    cache = services.settings.paths.cache
    if running is not None:
        inputs = VariableInputs(services.environment, running.job.value_files, running.job.values)
        return Exporter(number, running.session, inputs, cache)
    folder = services.settings.paths.sessions
    try:
        async with JournalReader.open(journal_path(folder)) as reader:
            session = await recorded_session(reader, SessionFolders(folder), number)
    except (JournalError, NoSuchSession) as error:
        raise NotExported(str(error)) from error
    return Exporter(number, session, VariableInputs(services.environment), cache)
