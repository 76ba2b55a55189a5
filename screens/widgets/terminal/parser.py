"""Parts a terminal's input into text, control characters, sequences and strings (ECMA-48, VT500).

Sequences and text may be cut anywhere: what is not complete waits for the next piece.
"""

from __future__ import annotations

import re
from typing import Protocol

LONGEST_SEQUENCE = 256
"""Characters of a control sequence; a longer one is passed over."""
LONGEST_STRING = 4096
"""Characters of a control string that are kept; a longer one is passed over."""

_RUN = re.compile(
    r"([^\x00-\x1f\x7f-\x9f]*)(?:(\r\n)|\x1b\[([<-?]?[0-9;:]*[ -/]*)([@-~])|([\x00-\x1f\x7f-\x9f]))?"
)
_STRINGS = {"]": "osc", "P": "dcs", "X": "sos", "^": "pm", "_": "apc", "k": "title"}
_END_OF_STRING = re.compile(r"[\x00-\x1f\x7f]")
_CAN, _SUB, _ESC, _BEL = "\x18", "\x1a", "\x1b", "\x07"


class Handler(Protocol):
    """Who obeys."""

    def draw(self, text: str) -> None:
        """Text without control characters."""
        ...

    def new_line(self) -> None:
        """A carriage return and a line feed."""
        ...

    def control(self, character: str) -> None:
        """A control character."""
        ...

    def sequence(self, parameters: str, final: str) -> None:
        """`CSI parameters final`; the parameters bear prefix and intermediates."""
        ...

    def escape(self, intermediates: str, final: str) -> None:
        """`ESC intermediates final`."""
        ...

    def string(self, kind: str, text: str) -> None:
        """An operating system command (`osc`), a device control string (`dcs`) and the like."""
        ...


class Parser:
    """Tells a handler what comes, in order."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._state = ""
        """`` on the ground, else `escape`, `sequence`, or the kind of a string."""
        self._held = ""
        self._too_long = False

    def feed(self, text: str) -> None:
        """The next piece."""
        handler, match, at, end = self._handler, _RUN.match, 0, len(text)
        while at < end:
            if self._state:
                at = self._go_on(text, at)
                continue
            found = match(text, at)
            if found is None:  # cannot be: every part may be empty
                return
            at = found.end()
            run, line, parameters, final, control = found.groups()
            if run:
                handler.draw(run)
            if line:
                handler.new_line()
            elif final:
                if len(parameters) <= LONGEST_SEQUENCE:
                    handler.sequence(parameters, final)
            elif control == _ESC:
                self._enter("escape")
            elif control and control < "\x80" and control != "\x7f":
                handler.control(control)

    def _enter(self, state: str) -> None:
        self._state, self._held, self._too_long = state, "", False

    def _go_on(self, text: str, at: int) -> int:
        if self._state not in ("escape", "sequence"):
            return self._in_string(text, at)
        character = text[at]
        if character < " ":
            if character == _ESC:
                self._enter("escape")
            elif character in (_CAN, _SUB):
                self._state = ""
            else:
                self._handler.control(character)
        elif character < "\x7f":
            if self._state == "escape":
                self._in_escape(character)
            else:
                self._in_sequence(character)
        return at + 1

    def _in_escape(self, character: str) -> None:
        if character < "0":
            self._held = (self._held + character)[:LONGEST_SEQUENCE]
        elif not self._held and character == "[":
            self._enter("sequence")
        elif not self._held and character in _STRINGS:
            self._enter(_STRINGS[character])
        else:
            self._state = ""
            self._handler.escape(self._held, character)

    def _in_sequence(self, character: str) -> None:
        if character < "@":
            self._held += character
            # A prefix stands at the beginning, intermediates at the end; what is otherwise means nothing.
            wrong = character >= "<" and len(self._held) > 1
            wrong = wrong or (character >= "0" and " " <= self._held[-2:-1] < "0")
            if wrong or len(self._held) > LONGEST_SEQUENCE:
                self._too_long = True
                self._held = self._held[-1]
            return
        self._state = ""
        if not self._too_long:
            self._handler.sequence(self._held, character)

    def _in_string(self, text: str, at: int) -> int:
        found = _END_OF_STRING.search(text, at)
        stop = found.start() if found else len(text)
        if not self._too_long:
            self._held += text[at:stop]
            if len(self._held) > LONGEST_STRING:
                self._held, self._too_long = "", True
        if found is None:
            return stop
        character, kind = found[0], self._state
        if character == _ESC or (character == _BEL and kind in ("osc", "title")):
            # An ESC ends it whatever follows; in `ESC \` the rest does nothing.
            held, whole = self._held, not self._too_long
            self._enter("escape" if character == _ESC else "")
            if whole:
                self._handler.string(kind, held)
        elif character in (_CAN, _SUB):
            self._state = ""
        return stop + 1
