"""What a post-processor is given to tell, written down."""

from __future__ import annotations

from oxtui.component.events import Event, Level
from oxtui.component.protocols import Stream


class Context:
    """Satisfies `StepContext`."""

    build = "b"
    step = "post-process-1"

    def __init__(self) -> None:
        self.said: list[str] = []
        self.notes: list[str] = []
        self.done: list[tuple[float | None, float | None]] = []

    def say(self, text: str) -> None:
        """Keeps it."""
        self.said.append(text)

    def output(self, stream: Stream, data: bytes) -> None:
        """There is none."""

    def emit(self, event: Event) -> None:
        """There is none."""

    def now(self) -> float:
        """Always the same."""
        return 0.0

    def note(self, text: str, level: Level = "info") -> None:
        """Keeps it."""
        self.notes.append(text)

    def progress(self, text: str, done: float | None = None, total: float | None = None) -> None:
        """Keeps it."""
        self.done.append((done, total))
