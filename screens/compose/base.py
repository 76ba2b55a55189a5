"""What all of the Compose screen works with: the template, its widgets, and how they are drawn."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Horizontal

from oxtui.build.following import TemplateStep
from oxtui.template.documents import Change
from oxtui.template.editing.address import AddressError
from oxtui.template.hcl.diagnostic import TemplateError
from screens.build.look import BREAKPOINT
from screens.compose.checking import Checked
from screens.compose.code_language import code_language
from screens.compose.form import Form
from screens.compose.known import Known, with_value, with_values
from screens.compose.masking import masked
from screens.compose.outline import Outline
from screens.compose.plan_line import PlanLine
from screens.compose.problem_pane import ProblemPane
from screens.compose.problems import Problem
from screens.compose.reading import Part, Reading
from screens.compose.row import FieldRow
from screens.compose.steps import template_steps
from screens.compose.target import Racks
from screens.compose.workbench import Workbench
from screens.oxtui_screen import Workplace
from screens.tables.cell import clean
from screens.template_stops import lost_words
from screens.widgets.code.editor import CodeEditor
from screens.widgets.code.view import CodeView
from screens.wording import plural

_NO_TEMPLATE = (
    "No template is open. In Browse, n on an image begins one from it; "
    "o opens one that is in a file, or a folder of files."
)
_NO_FORM = "oxtui has no form for this part; f2 edits its text."


class ComposeBase(Workplace):
    """A template, its outline, form, text and problems."""

    def __init__(self) -> None:
        super().__init__()
        self.bench: Workbench | None = None
        self.checked: Checked | None = None
        self.rack_problems: tuple[Problem, ...] = ()
        self.racks = Racks()
        """Where the parts are built, as the last check found it."""
        self.calm = asyncio.Event()
        """Set while everything is drawn and checked as the template is now."""
        self.outline = Outline()
        self.form = Form()
        self.view = CodeView("hcl", id="view")
        self.editor = CodeEditor("", "hcl", id="editor")
        self.pane = ProblemPane(self.go_to)
        self.plan = PlanLine()
        self._drawing = asyncio.Lock()
        self._followed: Reading | None = None
        """The template as its breakpoints stand in it."""
        self._steps: Sequence[TemplateStep] = ()
        self.moving = asyncio.Lock()
        """Held while the operator is taken somewhere: keys typed ahead keep their order."""

    def body(self) -> ComposeResult:
        """Plan; outline, form, text; problems."""
        yield self.plan
        with Horizontal(id="columns"):
            yield self.outline
            yield self.form
            yield self.view
            yield self.editor
        yield self.pane

    @property
    def folder(self) -> Path:
        """Where relative paths of the template start: the working directory, as in Packer."""
        return Path.cwd()

    @property
    def part(self) -> Part | None:
        """The part that is selected."""
        bench = self.bench
        part = None if bench is None else bench.reading.part(self.outline.selected)
        return None if bench is None or part is None else with_value(part, bench.values, self.known)

    @property
    def known(self) -> Mapping[str, Known]:
        """What variables and locals came to when the template was checked last."""
        return {} if self.checked is None else self.checked.known

    @property
    def file(self) -> str:
        """The name of the file that is looked at: that of the selected part."""
        part, bench = self.part, self.bench
        return part.file if part is not None else bench.files[0] if bench is not None else ""

    @property
    def shown_file(self) -> str:
        """The name of the file whose text stands beside the form."""
        problem = self.pane.current
        if self.pane.has_focus and problem is not None and problem.file:
            return problem.file
        return self.file

    @property
    def settled(self) -> bool:
        """Whether everything is drawn and checked as the template is now."""
        return self.calm.is_set()

    @property
    def in_text(self) -> bool:
        """Whether the text is edited, not the form."""
        return self.has_class("-text")

    @property
    def problems(self) -> list[Problem]:
        """All that is known to be wrong."""
        found = self.checked.problems if self.checked is not None else ()
        return [*found, *self.rack_problems]

    @property
    def errors(self) -> list[Problem]:
        """What keeps a build from being started."""
        return [problem for problem in self.problems if problem.is_error]

    def block_parts(self, part: Part) -> Iterable[Part]:
        """The part with the others of the same block."""
        return self.bench.reading.of_block(part) if self.bench is not None else ()

    def start(
        self, doing: Callable[[], Awaitable[object]], group: str, *, exclusive: bool = True
    ) -> None:
        """Do something beside what is on the screen; what of its group is under way is given up."""
        self.run_worker(doing, group=group, exclusive=exclusive, exit_on_error=False)

    # drawing

    async def redraw(self) -> None:
        """Draw the template as it is now."""
        async with self._drawing:
            bench = self.bench
            if bench is None:
                await self.form.show(None, (), _NO_TEMPLATE)
                return
            marks: dict[str, str] = {}
            for problem in self.problems:
                if problem.part and marks.get(problem.part) != "error":
                    marks[problem.part] = problem.severity
            self.follow_steps(bench)
            self.show_outline(bench, marks)
            part = self.part
            if part is not None and not part.has_form:
                part = None
            await self.form.show(part, self.problems, _NO_FORM if self.part else _NO_TEMPLATE)
            self.mark_lines()
            self._draw_lines(bench)
        self.show_top()
        self.refresh_bindings()

    def show_outline(self, bench: Workbench, marks: Mapping[str, str]) -> None:
        """Draw the outline; `marks` has `error` or `warning` by the ids of parts."""
        reading = with_values(bench.reading, bench.values, self.known)
        self.outline.show(reading, marks, bench.stops.marks)

    def follow_steps(self, bench: Workbench) -> None:
        """Breakpoints go with their steps; while the syntax has errors, parts may be missing from the reading."""
        reading = bench.reading
        if not reading.is_whole:
            return
        if reading is not self._followed:
            self._followed, self._steps = reading, template_steps(reading)
        # A build that is starting may have followed them through an older text.
        if bench.stops.steps is not self._steps and (lost := bench.stops.follow(self._steps)):
            self.notify(lost_words(lost), severity="warning", timeout=10, markup=False)

    def _draw_lines(self, bench: Workbench) -> None:
        count = bench.stops.count
        self.plan.stops = f"{BREAKPOINT} {plural(count, 'stop')}" if count else ""
        self.plan.file = bench.name
        self.plan.state = (
            "draft" if bench.path is None else "saved" if bench.is_saved else "unsaved"
        )
        self.plan.rack = self.racks.whole
        self.show_problems()

    def show_problems(self) -> None:
        """Draw their list."""
        several = self.bench is not None and self.bench.is_folder
        self.pane.show(
            self.problems, self.summary(), checked=self.settled, names_files=several
        )  # fmt: skip

    def summary(self) -> str:
        """What is said beside the count of problems."""
        return ""

    def go_to(self, problem: Problem) -> None:
        """Show where a problem is."""

    def mark_lines(self) -> None:
        """Show the text of what is looked at, and mark the lines of the field, the part or the problem."""
        if self.bench is None:
            return
        reading, shown = self.bench.reading, self.shown_file
        self.view.show(masked(reading, shown), code_language(reading.source(shown)))
        self.view.border_title = clean(Path(shown).name) if self.bench.is_folder else None
        problem = self.pane.current
        if self.pane.has_focus and problem is not None and problem.line:
            self.view.mark(range(problem.line, problem.line + 1))
            return
        part, row = self.part, self.form.row
        if part is None or part.file != shown:
            self.view.mark(range(0))
        elif row is None:
            self.view.mark(reading.lines(part.file, part.span))
        else:
            field = part.field(row.field.name)
            span = field.span if field is not None else None
            lines = reading.lines(part.file, span or part.span)
            self.view.mark(lines if span else lines[:1])

    def crumbs(self) -> str:
        """The template, and what of it is shown."""
        part = self.part
        if self.bench is None or part is None:
            return "compose"
        title = f"{part.address.split('.')[-1]} › SSH" if part.kind == "ssh" else part.title
        return f"compose › {title}"

    # changing

    async def make(self, change: Change, file: str) -> bool:
        """Change a file of the template, and draw and check it anew; False if nothing came of it."""
        return await self.make_all([(file, change)])

    async def make_all(self, changes: Sequence[tuple[str, Change]]) -> bool:
        """The same with several changes, as one to undo."""
        if self.bench is None:
            return False
        try:
            changed = await self.bench.change_all(changes)
        except AddressError as problem:
            self.notify(f"{problem}.".capitalize(), severity="warning", markup=False)
            return False
        except TemplateError as problem:
            text = str(problem.diagnostics[0].detail or problem.diagnostics[0].summary)
            self.notify(text, title="Not changed", severity="warning", markup=False)
            return False
        if changed:
            await self.changed()
        return changed

    async def changed(self) -> None:
        """The template changed."""
        self.calm.clear()
        await self.redraw()
        self.check_soon()

    def check_soon(self) -> None:
        """Find out what is wrong, once no more changes come for a moment."""

    def focus_row(self, name: str = "") -> None:
        """Go to a field of the form; without a name to the first that needs a value."""
        rows = self.form.rows
        needed = (row for row in rows if row.field.spec.required and not row.field.text)
        row: FieldRow | None = self.form.row_of(name) if name else next(needed, None)
        if row is None and rows:
            row = rows[0]
        (row or self.outline).focus()
