"""What is wrong with the template: one line that counts, and the list behind it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from screens.compose.delegating import Delegates
from screens.compose.problems import Problem
from screens.tables.cell import clean
from screens.wording import plural

_MOST = 8
"""Problems on screen at once."""


class ProblemPane(Delegates, Widget, can_focus=False):
    """The list opens while it has the focus, and stays open where the terminal is tall."""

    CONTEXTS = ("compose.problems",)
    DEFAULT_CSS = """
    ProblemPane {
        height: auto;
        border-top: solid $panel;
        padding: 0 1;
        &.-bad { border-top: solid $text-error; }
        &:focus { background: $surface; }
    }
    """

    class Moved(Message):
        """Another problem is looked at."""

    cursor: reactive[int] = reactive(0)
    summary: reactive[str] = reactive("", layout=True)
    """What is said beside the count."""

    def __init__(self, go_to: Callable[[Problem], None]) -> None:
        """`go_to` is told at once which problem was chosen: the next key may be there already."""
        super().__init__()
        self._go_to = go_to
        self.problems: Sequence[Problem] = ()
        self._checked = False
        self._names_files = False

    def show(
        self, problems: Sequence[Problem], summary: str, *, checked: bool, names_files: bool = False
    ) -> None:
        """Draw other problems; `checked`: they are all that there are; `names_files`: of several files."""
        if (tuple(problems), summary, checked, names_files) != (
            tuple(self.problems), self.summary, self._checked, self._names_files,
        ):  # fmt: skip
            self.problems, self.summary, self._checked = problems, summary, checked
            self._names_files = names_files
            self.cursor = max(0, min(self.cursor, len(problems) - 1))
            self.can_focus = bool(problems)
            self.set_class(any(problem.is_error for problem in problems), "-bad")
            self.refresh(layout=True)

    def on_focus(self) -> None:
        """The list opens."""
        self.refresh(layout=True)

    def on_blur(self) -> None:
        """The list closes."""
        self.refresh(layout=True)

    def watch_cursor(self) -> None:
        """Say so; another one is told to its end."""
        self.refresh(layout=True)
        self.post_message(self.Moved())

    @property
    def current(self) -> Problem | None:
        """The problem under the cursor."""
        return self.problems[self.cursor] if self.problems else None

    @property
    def _listed(self) -> Sequence[Problem]:
        if not (self.has_focus or self.app.size.height >= 36):
            return ()
        first = max(0, min(self.cursor - _MOST + 1, len(self.problems) - _MOST))
        return self.problems[first : first + _MOST]

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """The count, and the list."""
        del container, viewport
        return 1 + len(self._rows(width))

    def render(self) -> Content:
        """The count, and the list."""
        width = self.content_size.width
        errors = sum(problem.is_error for problem in self.problems)
        warnings = len(self.problems) - errors
        counts = [plural(errors, "error")] if errors else []
        counts += [plural(warnings, "warning")] if warnings else []
        mark, tone = ("✗", "$text-error") if errors else ("✓", "$text-success")
        if warnings and not errors:
            mark, tone = "!", "$text-warning"
        if not counts and not self._checked:
            return Content.styled(f"… {clean(self.summary)}" * bool(self.summary), "$text-muted")
        head = Content.assemble(
            (f"{mark} {', '.join(counts) or 'no problems'}", f"bold {tone}"),
            (f"  {clean(self.summary)}", "$text-muted"),
        )
        lines = [head.truncate(width, ellipsis=True)]
        return Content("\n").join([*lines, *(line for _, line in self._rows(width))])

    def _rows(self, width: int) -> list[tuple[Problem, Content]]:
        """The list line by line; the problem under the cursor is told to its end."""
        rows: list[tuple[Problem, Content]] = []
        place = _place_in_file if self._names_files else _place
        places = max((cell_len(place(problem)) for problem in self._listed), default=0)
        for problem in self._listed:
            here = self.has_focus and self.problems.index(problem) == self.cursor
            start, text = _start(problem, place(problem), places, here), clean(problem.text)
            if not here:
                rows.append((problem, Content.assemble(start, text).truncate(width, ellipsis=True)))
                continue
            room = max(20, width - start.cell_length)
            for number, piece in enumerate(textwrap.wrap(text, room) or [""]):
                before = start if not number else Content(" " * start.cell_length)
                rows.append((problem, Content.assemble(before, (piece, "bold"))))
        return rows

    def do_up(self) -> None:
        """One problem up."""
        self.cursor = max(0, self.cursor - 1)

    def do_down(self) -> None:
        """One problem down."""
        self.cursor = max(0, min(len(self.problems) - 1, self.cursor + 1))

    def do_jump(self) -> None:
        """Go to the field or line."""
        if self.problems:
            self._go_to(self.problems[self.cursor])

    def on_click(self, event: events.Click) -> None:
        """Go to the problem that was clicked."""
        rows = self._rows(self.content_size.width)
        if 0 < event.y - 1 <= len(rows):
            self._go_to(rows[event.y - 2][0])


def _place(problem: Problem) -> str:
    return f"line {problem.line}" if problem.line else ""


def _place_in_file(problem: Problem) -> str:
    if not problem.file:
        return ""
    name = clean(Path(problem.file).name)
    return f"{name}:{problem.line}" if problem.line else name


def _start(problem: Problem, place: str, width: int, here: bool) -> Content:
    glyph, tone = ("✗", "$text-error") if problem.is_error else ("!", "$text-warning")
    return Content.assemble(
        ("› " if here else "  ", "$text-accent"),
        (f"{glyph} ", tone),
        (f"{place}{' ' * (max(width, 7) - cell_len(place))}  ", "$text-muted"),
        (f"{problem.field}  " if problem.field else "", "bold"),
    )
