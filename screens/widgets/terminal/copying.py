"""Copying by keys: a cursor that walks over all rows that are kept, finds text, marks some, and takes it away."""

from __future__ import annotations

from collections.abc import Callable

from oxtui.logs.search import Pattern, PatternError
from screens.widgets.terminal.emulator import Emulator
from screens.widgets.terminal.searching import Hit, hits, hits_at
from screens.widgets.terminal.selection import Place, Selection, row_text, word_at
from screens.widgets.terminal.walking import below, paragraph, word

HELP = "copy: arrows move · / ? find · space marks · y copies · q back"
_LONGEST = 20
"""Characters of what was found that are told."""
_FINDS = "enter finds · esc back"


class CopyMode:
    """The keys of tmux and of vi. Begins where the guest's cursor is.

    Args:
        emulator: whose rows.
        pattern: what was looked for before; `n` goes on with it.
    """

    def __init__(self, emulator: Emulator, pattern: Pattern | None = None) -> None:
        self._emulator = emulator
        column, row = emulator.place
        self.cursor = Place(emulator.gone + emulator.scrolled + row, column)
        self.pattern = pattern
        self.typed: str | None = None
        """What is to be found, while it is being typed."""
        self._back = False
        """It is looked for upwards."""
        self._shown = False
        """What was found is pointed out."""
        self._note = ""
        self._anchor: Place | None = None
        self._lines = False
        self._keys = self._moves()

    def _moves(self) -> dict[str, Callable[[], Place]]:
        """Where each key leads from the cursor."""

        def by(rows: int, columns: int = 0) -> Callable[[], Place]:
            return lambda: Place(self.cursor.row + rows, self.cursor.column + columns)

        page = max(self._emulator.rows - 1, 1)
        moves = {
            ("left", "h"): by(0, -1), ("right", "l"): by(0, 1), ("up", "k"): by(-1), ("down", "j"): by(1),
            ("pageup", "ctrl+b", "shift+pageup"): by(-page), ("pagedown", "ctrl+f", "shift+pagedown"): by(page),
            ("ctrl+u",): by(-page // 2), ("ctrl+d",): by(page // 2),
            ("home", "0"): lambda: Place(self.cursor.row, 0),
            ("end", "$", "dollar_sign"): lambda: Place(self.cursor.row, self._filled() - 1),
            ("^",): lambda: Place(self.cursor.row, self._filled() - len(self._text().strip(" "))),
            ("g",): lambda: Place(0, 0), ("G",): lambda: Place(self._last, self.cursor.column),
            ("w",): lambda: word(self._emulator, self.cursor, "next"),
            ("e",): lambda: word(self._emulator, self.cursor, "end"),
            ("b",): lambda: word(self._emulator, self.cursor, "back"),
            ("{",): lambda: paragraph(self._emulator, self.cursor, -1),
            ("}",): lambda: paragraph(self._emulator, self.cursor, 1),
        }  # fmt: skip
        return {key: move for keys, move in moves.items() for key in keys}

    @property
    def selection(self) -> Selection | None:
        """What is marked."""
        if self._anchor is None:
            return None
        if self._lines:
            first, last = sorted((self._anchor.row, self.cursor.row))
            return Selection(Place(first, 0), Place(last, self._emulator.columns - 1))
        return Selection(self._anchor, self.cursor)

    @property
    def told(self) -> str:
        """The keys that apply now, or what was found."""
        if self.typed is not None:
            return f"{'?' if self._back else '/'}{self.typed}█ {_FINDS}"
        return f"{self._note} · n N next · space marks · y copies · q" if self._note else HELP

    def found(self, row: int) -> list[Hit]:
        """What is pointed out in a row."""
        if self.pattern is None or not self._shown:
            return []
        return hits_at(self._emulator, self.pattern.compiled, row)

    def press(self, key: str) -> bool:
        """Moves, finds or marks; False for a key that does none of it."""
        if self.typed is not None:
            self._type(key)
        elif key in self._keys:
            self._go(*self._keys[key]())
        elif key in ("slash", "/", "question_mark", "?"):
            self.typed, self._back = "", key in ("question_mark", "?")
        elif key in ("n", "N"):
            self._find(self._back != (key == "N"))
        elif key in ("*", "asterisk", "#", "number_sign"):
            text = row_of(self._emulator, word_at(self._emulator, self.cursor)).strip()
            self._look_for(text, back=key in ("#", "number_sign"))
        elif key in ("space", " ", "v", "V"):
            self._lines = key == "V"
            self._anchor = self.cursor
        elif key == "o" and self._anchor is not None:
            self._anchor, self.cursor = self.cursor, self._anchor
        elif key == "escape" and (self._anchor is not None or self._shown):
            self._anchor, self._shown, self._note = None, False, ""
        else:
            return False
        return True

    def in_sight(self, top: int, key: str) -> bool:
        """To the top, middle or bottom of the rows that are shown, the first of which is given."""
        rows = {"H": 0, "M": self._emulator.rows // 2, "L": self._emulator.rows - 1}
        if self.typed is not None or key not in rows:
            return False
        self._go(top + rows[key], self.cursor.column)
        return True

    # finding

    def paste(self, text: str) -> None:
        """Into what is to be found."""
        if self.typed is not None:
            self.typed += "".join(c for c in text.split("\n")[0] if c.isprintable())

    def _type(self, key: str) -> None:
        typed = self.typed or ""
        if key == "enter":
            self.typed = None
            if typed:
                self._look_for(typed, back=self._back)
            else:
                self._find(self._back)
        elif key in ("escape", "ctrl+c") or (key == "backspace" and not typed):
            self.typed = None
        elif key == "backspace":
            self.typed = typed[:-1]
        elif key == "ctrl+u":
            self.typed = ""
        elif key == "space":
            self.typed = f"{typed} "
        elif len(key) == 1:
            self.typed = typed + key

    def _look_for(self, text: str, *, back: bool) -> None:
        self._back = back
        if not text:
            return
        try:
            self.pattern = Pattern.parse(text)
        except PatternError as error:
            self._note = str(error).rstrip(".")
            return
        self._find(back)

    def _find(self, back: bool) -> None:
        if self.pattern is None:
            self._note = "Nothing was looked for yet"
            return
        self._shown = True
        # Looked up anew each time, as the guest goes on writing.
        found = hits(self._emulator, self.pattern.compiled)
        text = self.pattern.text
        if len(text) > _LONGEST:
            text = f"{text[:_LONGEST]}…"
        told = f"{'?' if self._back else '/'}{text}"
        if not found:
            self._note = f"{told} is nowhere"
            return
        firsts = [hit.first for hit in found]
        beyond = [
            first for first in firsts if (first < self.cursor if back else first > self.cursor)
        ]
        around = "" if beyond else " (around)"
        place = (beyond or firsts)[-1 if back else 0]
        self._note = f"{told} {firsts.index(place) + 1} of {len(firsts)}{around}"
        self._go(*place)

    # where

    @property
    def _last(self) -> int:
        return below(self._emulator) - 1

    def _text(self) -> str:
        text = row_text(self._emulator, self.cursor.row, (0, self._emulator.columns))
        return text.rstrip(" ")

    def _filled(self) -> int:
        return max(len(self._text()), 1)

    def _go(self, row: int, column: int) -> None:
        self.cursor = Place(
            max(self._emulator.gone, min(row, self._last)),
            max(0, min(column, self._emulator.columns - 1)),
        )


def row_of(emulator: Emulator, selection: Selection) -> str:
    """The text of a selection within one row."""
    first, last = min(selection), max(selection)
    return row_text(emulator, first.row, (first.column, last.column + 1))
