"""The Compose screen: a template as outline, form and text."""

from __future__ import annotations

from functools import partial

from textual import events, on

from oxtui.component.registry import COMPONENTS
from screens.actions.compose import ComposeSituation
from screens.builds import Job
from screens.compose.checking import assignments
from screens.compose.outline import Outline
from screens.compose.problem_pane import ProblemPane
from screens.compose.problems import Problem
from screens.compose.row import FieldInput, FieldRow
from screens.compose.stopping import Stopping
from screens.dialogs.confirm import ConfirmDialog


class ComposeScreen(Stopping):
    """Form and text are two views of one document."""

    CSS_PATH = "compose.tcss"

    def on_mount(self) -> None:
        """Nothing is open yet."""
        super().on_mount()
        self.add_class("-page-outline")
        self.start(self.redraw, "draw")

    # where one is

    def contexts(self) -> tuple[str, ...]:
        """The screen; outline, field and input have contexts of their own."""
        return ("compose.text", "compose") if self.editor.has_focus else ("compose",)

    def situation(self) -> ComposeSituation:
        """What decides which actions are possible."""
        bench, part, row = self.bench, self.part, self.form.row
        alike = [] if bench is None or part is None else [
            each.index for each in bench.reading.alike(part)
        ]  # fmt: skip
        return ComposeSituation(
            open=bench is not None,
            folder=bench is not None and bench.is_folder,
            part=part.kind if part is not None else "",
            first=not alike or part is None or part.index == min(alike),
            last=not alike or part is None or part.index == max(alike),
            field=row.field if row is not None else None,
            undo=bench is not None and bench.can_undo,
            redo=bench is not None and bench.can_redo,
            problems=len(self.problems),
            build=self.why_not_build(),
            stop=self.why_no_breakpoint(),
            post_processors=bool(COMPONENTS["post-processor"]),
        )

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Where the terminal is narrow, what has the focus is the page that is shown."""
        super().on_descendant_focus(event)
        widget = event.widget
        page = "form" if isinstance(widget, FieldRow | FieldInput) else ""
        page = "outline" if widget is self.outline else page
        if page:
            self.set_class(page == "form", "-page-form")
            self.set_class(page == "outline", "-page-outline")
        self.refresh_bindings()

    @on(Outline.Moved)
    async def _moved_in_outline(self) -> None:
        await self.redraw()
        if self.in_text and self.outline.has_focus and self.part is not None and self.bench:
            await self.flush()
            await self.look_at(self.part)

    @on(Outline.Opened)
    def _opened_in_outline(self) -> None:
        self.do_open()

    def do_open(self) -> None:
        """To the fields of the part that is selected, or to its text."""
        if self.in_text:
            self.editor.focus()
        else:
            self.focus_row()

    def do_outline(self) -> None:
        """To the outline."""
        self.outline.focus()

    def do_up(self) -> None:
        """One field up."""
        self._step(-1)

    def do_down(self) -> None:
        """One field down."""
        self._step(1)

    def _step(self, by: int) -> None:
        row = self.form.row
        if row is not None:
            self.form.step(row, by)

    def can_step_back(self) -> bool:
        """Everything but the outline is left by Esc."""
        return self.bench is not None and (self.in_text or not self.outline.has_focus)

    def step_back(self) -> bool:
        """From the text to the form, from the form to the outline."""
        if self.in_text:
            self.do_swap()
        elif not self.outline.has_focus:
            self.outline.focus()
        else:
            return False
        return True

    # problems

    def do_problems(self) -> None:
        """To the list; from one problem to the next."""
        if self.pane.has_focus:
            self.pane.do_down()
        else:
            self.pane.focus()

    @on(ProblemPane.Moved)
    def _another_problem(self) -> None:
        self.mark_lines()

    def go_to(self, problem: Problem) -> None:
        """Show where a problem is: its field, or its line."""
        self.start(
            partial(self.in_turn, partial(self._go_to_problem, problem)), "swap", exclusive=False
        )

    async def _go_to_problem(self, problem: Problem) -> None:
        if problem.part and not (self.in_text or problem.syntax):
            self.outline.select(problem.part)
            await self.redraw()
            part = self.part
            if part is not None and part.has_form:
                self.focus_row(problem.field)
                return
        await self.swap(problem.line or 1, problem.file)

    # building

    def do_build(self) -> None:
        """Start the build."""
        self.start(self._build, "build")

    async def _build(self) -> None:
        await self.flush()
        await self.calm.wait()
        bench = self.bench
        if bench is None or self.why_not_build():
            self.notify(self.why_not_build(), title="Not started", severity="warning", markup=False)
            return
        if self.racks.whole.other and not await self._other_rack():
            return
        reading = bench.reading
        values = assignments(reading, bench.values)
        files = reading.texts if bench.is_folder else {}
        self.oxtui.start_build(
            Job(
                bench.name, reading.text, self.folder, values, files, bench.value_files,
                needs_rack=self.needs_rack,
            )
        )  # fmt: skip

    async def _other_rack(self) -> bool:
        dialog = ConfirmDialog(
            "Another rack",
            f"This template {self.racks.whole.text}.",
            effects=["The build runs there, as the template says, not on what you look at."],
            word="there",
        )
        return await self.app.push_screen_wait(dialog) is not None
