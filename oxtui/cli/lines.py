"""Standard output of a build: lines, and at times a question at its end."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable

from oxtui.cli.lost import lose

HELD = 1000
"""Lines of other builds that wait behind an open question before they are shown after all."""


class Lines:
    """Writes whole lines. While a question is open they wait, as in Packer, so that it stays in view.

    Args:
        write: takes text for standard output.
        lost: called once when nobody reads any more: the terminal was closed, or the pipe.
    """

    def __init__(self, write: Callable[[str], object], lost: Callable[[], None]) -> None:
        self._write = write
        self._lost = lost
        self._gone = False
        self._question = ""
        self._waiting: deque[str] = deque()
        self._held = False
        self._passed = 0
        """Lines that were held and are too many to be shown."""

    def line(self, text: str) -> None:
        """A line, now or behind the open question."""
        self._waiting.append(text)
        if self._held:
            if len(self._waiting) > HELD:
                self._waiting.popleft()
                self._passed += 1
        elif not self._question:
            self._flush()
        elif len(self._waiting) >= HELD:
            question = self._question
            self.withdraw()
            self.ask(question)

    def hold(self, *, on: bool) -> None:
        """Another program has the terminal: lines wait for its end, the last of them."""
        self._held = on
        if not on:
            if self._passed:
                self._waiting.appendleft(
                    f"==> oxtui: {self._passed} lines before these are not shown"
                )
            self._passed = 0
            self._flush()

    def ask(self, question: str) -> None:
        """Puts a question; its answer is typed behind it."""
        if self._held:
            return
        self._question = question
        # Who pipes the log elsewhere, such as into tee, still sees the question at once.
        if sys.stdout.isatty():
            self._put(question)
        else:
            print(question, end="", file=sys.stderr, flush=True)

    def answered(self) -> None:
        """The question was answered with Enter, which ended its line."""
        self._question = ""
        self._flush()

    def reply(self, text: str) -> None:
        """A line about an answer that does not do; the question is to be put again."""
        self._put(text + "\n")

    def withdraw(self) -> None:
        """The question is open no more although nobody answered it."""
        if self._question and not self._held:
            self._put("\n")
        self.answered()

    def _flush(self) -> None:
        while not self._held and self._waiting:
            self._put(self._waiting.popleft() + "\n")

    def _put(self, text: str) -> None:
        if self._gone:
            return
        try:
            self._write(text)
            sys.stdout.flush()
        except OSError:
            self._gone = True
            lose(sys.stdout)
            self._lost()
