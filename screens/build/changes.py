"""The tab of what a build changed in its image: packages, users, services, ports, files."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator

from rich.cells import cell_len
from textual.content import Content

from oxtui.build.changes.compare import Changes
from oxtui.build.changes.told import Line, lines, summary
from oxtui.build.state import BuildState, SessionState
from oxtui.component.events import ChangesCollected
from oxtui.logs.sanitise import plain
from screens.build.source import ReadChanges
from screens.build.text_tab import TextTab

_TONES = {
    "+": "$text-success",
    "-": "$text-error",
    "~": "$text-warning",
    "!": "$text-warning",
    " ": "",
}
_WIDEST = 40
"""Cells of a name from which on it no longer moves what is told of it."""


class ChangesTab(TextTab):
    """Sections with their counts; what is new, gone or different says so by its first character too."""

    def __init__(self) -> None:
        super().__init__(id="changes")
        self._shown: tuple[str, ChangesCollected] | None = None

    def show(self, state: SessionState, build: BuildState, read: ReadChanges | None) -> None:
        """Draw what is known; what is in the session's folder is read once for each look at the guest."""
        look = build.changes
        if look is None or self._shown == (build.name, look):
            return
        self._shown = (build.name, look)
        self.draw(changes_text(look, None))
        if read is not None and not look.reason:
            reading = self._read(look, read(state, build.name))
            self.run_worker(reading, group="changes", exclusive=True, exit_on_error=False)

    async def _read(self, look: ChangesCollected, changes: Awaitable[Changes | None]) -> None:
        self.draw(changes_text(look, await changes))


def changes_text(look: ChangesCollected, changes: Changes | None) -> Content:
    """All of it."""
    head = Content.assemble(
        ("Changed in the image: ", "bold"), plain(summary(look)),
        (f"   (looked for {look.seconds:.1f} s)", "$text-muted"),
    )  # fmt: skip
    if look.reason:
        return head
    if changes is None:
        told = "What it was in detail is not in this session's folder."
        return Content("\n").join([head, Content(""), Content.styled(told, "$text-muted")])
    return Content("\n").join([head, *_sections(list(lines(changes)))])


def _sections(told: list[Line]) -> Iterator[Content]:
    names = [cell_len(plain(line.name)) for line in told if line.mark in "+-~"]
    width = min(_WIDEST, max(names, default=0))
    for line in told:
        name, text = plain(line.name), plain(line.text)
        if line.mark == "#":
            yield Content("")
            yield Content.assemble((name, "bold $text-accent"), f"  {text}")
        elif line.mark == "!":
            yield Content("")
            yield Content.styled(f"! {name}", _TONES["!"])
        elif line.mark == " ":
            yield Content.assemble((f"  {name}  ", "$text-muted"), text)
        else:
            tone = _TONES[line.mark]
            gap = " " * max(0, width - cell_len(name))
            yield Content.assemble((f"{line.mark} {name}", tone), f"{gap}  ", (text, "$text-muted"))
