"""What each control character, escape and sequence does (ECMA-48, DEC's VT510 manual, xterm's ctlseqs)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from oxtui.logs.sanitise import plain
from screens.widgets.terminal.look import PLAIN, apply, sgr
from screens.widgets.terminal.modes import CURSOR, KEYPAD, Modes
from screens.widgets.terminal.reports import Reports
from screens.widgets.terminal.screen import Screen

LARGEST = 65535
"""Numbers in sequences are cut to this, which is more than any screen has and any mode bears."""
LONGEST_TITLE = 200
_INTERMEDIATES = "".join(map(chr, range(0x20, 0x30)))
_SETS = ("(", ")", "*", "+")
"""What names the sets of characters G0 to G3."""
_TITLES = 10
"""Titles that a program can put aside."""


class Interpreter:
    """Obeys what the parser tells; satisfies its `Handler`."""

    def __init__(self, screen: Screen, reply: Callable[[str], None]) -> None:
        self.screen = screen
        self.modes = Modes(screen)
        self.title = ""
        self.cursor_style = 0
        """DECSCUSR's number."""
        self.bell = False
        """It rang since somebody set this to False."""
        self._titles: list[str] = []
        self._reports = Reports(screen, self.modes, self, reply)
        self.draw = screen.draw
        self._sequences = self._table()
        self._escapes: dict[str, Callable[[], None]] = {
            "7": screen.save, "8": screen.restore, "D": self._index, "E": screen.new_line,
            "H": lambda: screen.tabs.add(screen.x), "M": screen.reverse_index, "c": self.reset,
            "=": lambda: self.modes.set(KEYPAD, True), ">": lambda: self.modes.set(KEYPAD, False),
            "#8": lambda: screen.fill("E"), "n": lambda: self._shift(2), "o": lambda: self._shift(3),
            "Z": lambda: self._reports.attributes(""),
        }  # fmt: skip
        self._controls: dict[str, Callable[[], None]] = {
            "\x07": self._ring, "\b": self._backspace, "\t": lambda: screen.tab(1),
            "\n": self._line_feed, "\v": self._line_feed, "\f": self._line_feed, "\r": self._return,
            "\x0e": lambda: self._shift(1), "\x0f": lambda: self._shift(0),
        }  # fmt: skip

    def _table(self) -> dict[str, Callable[[Sequence[int]], None]]:
        screen, modes, reports = self.screen, self.modes, self._reports
        return {
            "A": lambda n: screen.up(n[0] or 1),
            "B": lambda n: screen.down(n[0] or 1),
            "C": lambda n: screen.move(screen.x + (n[0] or 1), screen.y),
            "D": lambda n: screen.move(screen.x - (n[0] or 1), screen.y),
            "E": lambda n: self._rows_on(screen.down, n[0]),
            "F": lambda n: self._rows_on(screen.up, n[0]),
            "G": lambda n: screen.move((n[0] or 1) - 1, screen.y),
            "H": self._place,
            "I": lambda n: screen.tab(n[0] or 1),
            "J": self._erase_screen,
            "K": self._erase_row,
            "L": lambda n: screen.insert_lines(n[0] or 1),
            "M": lambda n: screen.delete_lines(n[0] or 1),
            "P": lambda n: screen.shift_cells(-(n[0] or 1)),
            "S": lambda n: screen.scroll_up(n[0] or 1),
            "T": lambda n: screen.scroll_down(n[0] or 1) if len(n) == 1 else None,
            "X": lambda n: screen.erase_row(screen.x, screen.x + (n[0] or 1)),
            "Z": lambda n: screen.back_tab(n[0] or 1),
            "@": lambda n: screen.shift_cells(n[0] or 1),
            "`": lambda n: screen.move((n[0] or 1) - 1, screen.y),
            "a": lambda n: screen.move(screen.x + (n[0] or 1), screen.y),
            "b": lambda n: screen.repeat(n[0] or 1),
            "c": lambda n: reports.attributes(""),
            ">c": lambda n: reports.attributes(">"),
            "=c": lambda n: reports.attributes("="),
            "d": lambda n: screen.move_in_margins(screen.x, (n[0] or 1) - 1),
            "e": lambda n: screen.move(screen.x, screen.y + (n[0] or 1)),
            "f": self._place,
            "g": self._clear_tabs,
            "h": lambda n: _each(modes.set_ansi, n, True),
            "l": lambda n: _each(modes.set_ansi, n, False),
            "?h": lambda n: _each(modes.set, n, True),
            "?l": lambda n: _each(modes.set, n, False),
            "?J": self._erase_screen,
            "?K": self._erase_row,
            "n": lambda n: reports.status(n[0]),
            "?n": lambda n: reports.private_status(n[0]),
            "r": self._margins,
            "s": lambda n: screen.save(),
            "u": lambda n: screen.restore(),
            "t": self._window,
            " q": self._cursor_shape,
            "!p": lambda n: self._soft_reset(),
            "$p": lambda n: reports.mode(n[0], private=False),
            "?$p": lambda n: reports.mode(n[0], private=True),
            ">q": lambda n: reports.version(),
        }

    # as the parser tells

    def new_line(self) -> None:
        """A carriage return and a line feed."""
        self.screen.new_line()

    def control(self, character: str) -> None:
        """A control character; those without a meaning are passed over."""
        if (act := self._controls.get(character)) is not None:
            act()

    def escape(self, intermediates: str, final: str) -> None:
        """`ESC intermediates final`."""
        act = self._escapes.get(intermediates + final)
        if act is not None:
            act()
        elif intermediates in _SETS:
            self.screen.set_charset(_SETS.index(intermediates), final)

    def sequence(self, parameters: str, final: str) -> None:
        """`CSI parameters final`."""
        if final == "m":
            if not parameters or (parameters[0] < "<" and parameters[-1] >= "0"):
                self.screen.look = apply(self.screen.look, parameters)
            return
        prefix = parameters[0] if parameters and parameters[0] >= "<" else ""
        rest = parameters[len(prefix) :]
        numbers = rest.rstrip(_INTERMEDIATES)
        act = self._sequences.get(prefix + rest[len(numbers) :] + final)
        if act is not None:
            act([_number(each) for each in numbers.split(";")])

    def string(self, kind: str, text: str) -> None:
        """A control string: titles and questions; what sets clipboards and the like is refused."""
        if kind == "osc":
            number, _, content = text.partition(";")
            if number in ("0", "2"):
                self.title = plain(content[:LONGEST_TITLE])
            elif number in ("10", "11"):
                self._reports.color(number, content)
        elif kind == "dcs":
            self._reports.device(text)

    # control characters

    def _ring(self) -> None:
        self.bell = True

    def _backspace(self) -> None:
        screen = self.screen
        screen.move(screen.x - 1, screen.y)

    def _line_feed(self) -> None:
        if self.modes.new_line:
            self._return()
        self.screen.pending = False
        self.screen.index()

    def _index(self) -> None:
        self.screen.pending = False
        self.screen.index()

    def _return(self) -> None:
        self.screen.x, self.screen.pending = 0, False

    def _shift(self, to: int) -> None:
        self.screen.set_shift(to)

    # sequences

    def _rows_on(self, by: Callable[[int], None], count: int) -> None:
        by(count or 1)
        self.screen.move(0, self.screen.y)

    def _place(self, numbers: Sequence[int]) -> None:
        column = numbers[1] if len(numbers) > 1 else 1
        self.screen.move_in_margins((column or 1) - 1, (numbers[0] or 1) - 1)

    def _erase_screen(self, numbers: Sequence[int]) -> None:
        screen = self.screen
        screen.pending = False
        match numbers[0]:
            case 0:
                screen.erase_row(screen.x, screen.columns)
                screen.erase_rows(screen.y + 1, screen.rows)
            case 1:
                screen.erase_rows(0, screen.y)
                screen.erase_row(0, screen.x + 1)
            case 2:
                screen.erase_screen()
            case 3:
                screen.forget()

    def _erase_row(self, numbers: Sequence[int]) -> None:
        screen = self.screen
        screen.pending = False
        if numbers[0] < 3:
            start = screen.x if numbers[0] == 0 else 0
            screen.erase_row(start, screen.x + 1 if numbers[0] == 1 else screen.columns)

    def _clear_tabs(self, numbers: Sequence[int]) -> None:
        if numbers[0] == 0:
            self.screen.tabs.discard(self.screen.x)
        elif numbers[0] == 3:
            self.screen.tabs.clear()

    def _margins(self, numbers: Sequence[int]) -> None:
        bottom = numbers[1] if len(numbers) > 1 else 0
        self.screen.set_margins((numbers[0] or 1) - 1, (bottom or self.screen.rows) - 1)

    def _window(self, numbers: Sequence[int]) -> None:
        if numbers[0] == 22 and len(self._titles) < _TITLES:
            self._titles.append(self.title)
        elif numbers[0] == 23 and self._titles:
            self.title = self._titles.pop()
        elif numbers[0] == 18:
            self._reports.size()

    def _cursor_shape(self, numbers: Sequence[int]) -> None:
        if numbers[0] <= 6:
            self.cursor_style = numbers[0]

    def _soft_reset(self) -> None:
        screen = self.screen
        self.modes.soft_reset()
        screen.look, screen.charsets = PLAIN, ["B", "B", "B", "B"]
        screen.set_shift(0)
        screen.pending = False
        self.cursor_style = 0

    def reset(self) -> None:
        """RIS: as at the beginning, but that what has scrolled away stays."""
        screen = self.screen
        self.modes.reset()
        self._soft_reset()
        screen.erase_screen()
        screen.move(0, 0)
        screen.save()
        screen.tabs = set(range(8, screen.columns, 8))
        self.title, self._titles = "", []

    def set_colors(self, text: str, background: str) -> None:
        """What OSC 10 and 11 tell."""
        self._reports.colors = {"10": text, "11": background}

    def restoring(self) -> str:
        """What brings another terminal, on which the same is painted, into the same state."""
        screen = self.screen
        origin = "\x1b[?6h" if screen.origin else ""
        x, y = screen.x + 1, screen.y + 1 - (screen.top if screen.origin else 0)
        return (
            f"{self.modes.sequences()}\x1b[{screen.top + 1};{screen.bottom + 1}r{origin}"
            f"\x1b[{y};{x}H{sgr(screen.look)}\x1b[{self.cursor_style} q"
        )

    @property
    def cursor(self) -> tuple[int, int] | None:
        """Column and row, or None while it is hidden."""
        if CURSOR not in self.modes.private:
            return None
        return self.screen.x, self.screen.y


def _each(act: Callable[[int, bool], None], numbers: Sequence[int], on: bool) -> None:
    for number in numbers:
        act(number, on)


def _number(text: str) -> int:
    digits = text.partition(":")[0]
    return min(int(digits), LARGEST) if digits else 0
