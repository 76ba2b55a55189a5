"""What the app does about builds: starts them, shows them, and minds them when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import App

from screens.announcing import Announcer
from screens.builds import Builds, Job, NotStarted, Running
from screens.connection import Connector, Demo, Link
from screens.places import Place, Places
from screens.tables.cell import Cell
from screens.wording import plural

if TYPE_CHECKING:
    from screens.compose.screen import ComposeScreen
    from screens.dialogs.confirm import Answer
    from screens.oxtui_screen import Workplace
    from screens.services import Services
    from screens.upload.uploads import Uploads

_PACKER = (
    "Packer runs this build: it stops at the template's own breakpoints, and not where you said."
)
_KEPT = "A draft is kept; it is offered when the template is opened again."


class Building(App[int]):
    """The part of the app that has to do with builds."""

    builds: Builds
    uploads: Uploads
    connector: Connector
    places: Places
    services: Services
    _screens: dict[str, Workplace]
    _announcer: Announcer | None = None

    @property
    def is_demo(self) -> bool:
        """Whether the rack is the simulated one."""
        link = self.connector.link
        return link is not None and isinstance(link.target, Demo)

    def start_build(self, job: Job) -> None:
        """Plan and start a build, on the connected rack if it needs one, and show it."""
        self.run_worker(self._start(job), name=f"start {job.name}", exit_on_error=False)

    def build_again(self, job: Job) -> None:
        """Build a template again: as it is in Compose now, if it is open there, else as it was."""
        compose = self._screens.get("compose")
        bench = getattr(compose, "bench", None)
        if bench is not None and bench.name == job.name:
            cast("ComposeScreen", compose).do_build()
        else:
            self.start_build(job)

    async def _start(self, job: Job) -> None:
        link = self.connector.link
        if link is None and job.needs_rack:
            self.notify("Connect to a rack first.", title="Not started", severity="warning")
            return
        if link is not None and not await self._agreed(job, link):
            return
        try:
            running = await self.builds.start(job, link)
        except NotStarted as error:
            self.notify(str(error), title="Not started", severity="error", timeout=20, markup=False)
            return
        if running.session.policy.stopping.asked:
            packer = running.session.plan.packer is not None
            self.notify(_PACKER if packer else "It stops where you said; b, B and S change that.")
        await self.go(build_place(running))

    def _complain(self, text: str) -> None:
        self.notify(text, severity="warning", markup=False)

    async def _agreed(self, job: Job, link: Link) -> bool:
        """Say that instances are plain folders, and ask before what oxtui did not come with runs."""
        if link.demo is None or link.demo.isolation != "none":
            return True
        from oxtui.examples import example
        from screens.dialogs.confirm import ConfirmDialog

        if job.text == example("demo.pkr.hcl") or not link.demo.confined:
            self.notify(
                link.demo.banner, title="Demo rack", severity="warning", timeout=20, markup=False
            )
            return True
        asked = ConfirmDialog(f"Build {job.name}", link.demo.banner)
        return await self.push_screen_wait(asked) is not None

    async def go(self, place: Place) -> None:
        """Show a place and remember it."""
        raise RuntimeError("the app shows places")

    def do_build_example(self) -> None:
        """Build the bundled example."""
        from oxtui.examples import example

        name = "demo.pkr.hcl"
        self.start_build(Job(name, example(name)))

    def do_builds(self) -> None:
        """Show the build that was started last."""
        if self.builds.all:
            self.call_later(self.go, build_place(self.builds.all[-1]))

    def do_sessions(self) -> None:
        """Show all sessions of the journal."""
        self.call_later(self.go, Place("sessions"))

    def builds_changed(self) -> None:
        """Something was told of a build; the top line is drawn at the screens' own pace."""
        if self._announcer is None:
            self._announcer = Announcer(self)
        live = [build for running in self.builds.live for build in running.builds]
        self._announcer.look(live, self._watched())
        for screen in self._screens.values():
            if screen.is_mounted:
                screen.running_changed()

    def _watched(self) -> str:
        """The build that is on the screen now."""
        screen = self.screen_stack[-1] if self.screen_stack else None
        at = getattr(screen, "at", None)
        return at.name if screen is self._screens.get("build") and at is not None else ""

    def running_cells(self) -> tuple[Cell, ...]:
        """Builds in flight, for the top line: glyph, name, what they are at."""
        if not self.builds.live:
            return ()
        from screens.build.look import build_look  # not before the first frame

        cells = []
        for running in self.builds.live:
            for build in running.builds:
                look = build_look(build)
                done = [s for s in build.steps.values() if s.phase in ("done", "skipped", "reused")]
                text = f"{look.glyph} {build.name} {look.word} {len(done)}/{len(build.steps)}"
                cells.append(Cell(text, look.tone))
        return tuple(cells)

    def leave(self, code: int) -> None:
        """End the app; builds and uploads that run are asked about, and cleaned up first."""
        builds = [build.name for running in self.builds.live for build in running.builds]
        uploads = [upload.name for upload in self.uploads.live]
        unsaved = [text for screen in self._screens.values() if (text := screen.unsaved())]
        if not builds and not uploads and not unsaved:
            self.exit(code)
            return
        from screens.dialogs.confirm import ConfirmDialog

        if not builds and not uploads:
            asked = ConfirmDialog("Leave oxtui", " ".join(unsaved), effects=(_KEPT,))
            self.push_screen(asked, lambda answer: self._leave(answer, code))
            return
        many = " and ".join(
            plural(len(names), noun)
            for names, noun in ((builds, "build"), (uploads, "upload"))
            if names
        )
        them, they = ("it", "it") if len(builds) + len(uploads) == 1 else ("them", "they")
        question = ConfirmDialog(
            "Leave oxtui",
            f"{many} still at work: {', '.join((*builds, *uploads))}.",
            effects=(
                f"Leaving aborts {them} and deletes what {they} made, which takes a moment.",
                *unsaved,
            ),
        )
        self.push_screen(question, lambda answer: self._leave(answer, code))

    def _leave(self, answer: Answer | None, code: int) -> None:
        if answer is None:
            return
        if self.builds.live or self.uploads.live:
            self.notify("Cleaning up; please wait.", timeout=60)

        async def closing() -> None:
            await self.builds.close()
            await self.uploads.close()
            self.exit(code)

        self.run_worker(closing(), name="clean up", exit_on_error=False)


def build_place(running: Running) -> Place:
    """Where a session is shown."""
    return Place("build", (str(running.session.number),))
