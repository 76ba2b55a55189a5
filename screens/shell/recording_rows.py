"""The recorded commands as a list that an operator marks, orders and thins out."""

from __future__ import annotations

from dataclasses import dataclass, field

from oxtui.build.recording.commands import RecordedCommand


@dataclass(slots=True)
class Row:
    """One command. `made`: a provisioner does it already."""

    command: RecordedCommand
    marked: bool = False
    made: bool = False


@dataclass(slots=True)
class RecordedRows:
    """Rows with a cursor, which follows what is new as long as it stands at the end."""

    rows: list[Row] = field(default_factory=list)
    cursor: int = 0
    shell: str = ""
    """Path of the shell in which the latest was typed."""
    home: str = ""
    """Of its user."""

    def add(self, command: RecordedCommand) -> None:
        """A command was recorded; it is not marked: only the operator knows whether it holds a secret."""
        following = self.cursor >= len(self.rows) - 1
        self.rows.append(Row(command))
        if following:
            self.cursor = len(self.rows) - 1

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    @property
    def marked(self) -> list[RecordedCommand]:
        """What is chosen, in the order of the list."""
        return [row.command for row in self.rows if row.marked]

    @property
    def others(self) -> list[RecordedCommand]:
        """What is neither chosen nor in a provisioner."""
        return [row.command for row in self.rows if not row.marked and not row.made]

    def move(self, by: int) -> None:
        """The cursor goes up or down."""
        self.cursor = max(0, min(len(self.rows) - 1, self.cursor + by))

    def toggle(self) -> None:
        """Mark the row under the cursor, or no longer, and go to the next."""
        if self.current is not None:
            self.current.marked = not self.current.marked
            self.move(1)

    def mark_succeeded(self) -> None:
        """Mark all that ended well and are in no provisioner; where they are marked already, none."""
        rows = [row for row in self.rows if row.command.status == 0 and not row.made]
        on = not all(row.marked for row in rows)
        for row in rows:
            row.marked = on

    def remove(self) -> None:
        """Take the row under the cursor out of the list."""
        if self.current is not None:
            del self.rows[self.cursor]
            self.move(0)

    def carry(self, by: int) -> None:
        """Move the row under the cursor up or down."""
        to = self.cursor + by
        if 0 <= to < len(self.rows):
            self.rows[to], self.rows[self.cursor] = self.rows[self.cursor], self.rows[to]
            self.cursor = to

    def done(self) -> None:
        """What is marked is in a provisioner now."""
        for row in self.rows:
            row.made = row.made or row.marked
            row.marked = False
