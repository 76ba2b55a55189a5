"""`printf`: Go's verbs, and what they write where a value does not fit: `%!d(string=x)`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import copy
from typing import Final

from oxtui.template.legacy.engine.errors import InterpolationError
from oxtui.template.legacy.engine.limits import MAX_CHARACTERS, too_long
from oxtui.template.legacy.engine.quoting import quoted, quoted_character
from oxtui.template.legacy.engine.values import Value, is_list, natural, shortest, type_name

_FLAGS = re.compile(r"[#0+ -]*")
_NUMBER = re.compile(r"[0-9]+")
_LARGEST: Final = 1_000_000
"""Width, precision or index."""
_BASES: Final = {
    "d": ("d", ""), "b": ("b", "0b"), "o": ("o", "0"), "O": ("o", "0o"), "x": ("x", "0x"), "X": ("X", "0X"),
}  # fmt: skip


def printf(layout: str, *values: Value) -> str:
    """The layout with each verb replaced by its value. Raises InterpolationError when that is too long."""
    return _Printer(layout, values).text()


class _Printer:
    def __init__(self, layout: str, values: Sequence[Value]) -> None:
        self.layout, self.values = layout, values
        self.next = self.at = self.length = 0
        self.last_bracket = layout.rfind("]")
        self.reordered = False
        self.good_index = True

    def text(self) -> str:
        pieces: list[str] = []
        while (start := self.layout.find("%", self.at)) >= 0:
            self._add(pieces, self.layout[self.at : start])
            self.at = start + 1
            self._add(pieces, self._verb())
        self._add(pieces, self.layout[self.at :])
        if not self.reordered and self.next < len(self.values):
            told = (_told(value) for value in self.values[self.next :])
            self._add(pieces, f"%!(EXTRA {', '.join(told)})")
        return "".join(pieces)

    def _add(self, pieces: list[str], piece: str) -> None:
        self.length += len(piece)
        if self.length > MAX_CHARACTERS:
            raise too_long()
        pieces.append(piece)

    def _verb(self) -> str:
        self.good_index = True
        flags = self._match(_FLAGS)
        indexed = self._index()
        starred, width = self._size()
        wrong = "%!(BADWIDTH)" if starred and width is None else ""
        if width is not None and width < 0:
            flags, width = flags + "-", -width
        # `%[3]2d` and `%[3].2d` are mistakes: an index stands right before the verb or a star.
        self.good_index &= not (indexed and width is not None and not starred)
        indexed = indexed and not starred
        precision: int | None = None
        if self.layout.startswith(".", self.at):
            self.at += 1
            self.good_index &= not indexed
            indexed = self._index()
            starred, precision = self._size()
            if starred and (precision is None or precision < 0):
                precision = None
                wrong += "%!(BADPREC)"
            elif precision is None:
                precision = 0
            indexed = indexed and not starred
        if not indexed:
            self._index()
        return wrong + self._apply(flags, width, precision)

    def _apply(self, flags: str, width: int | None, precision: int | None) -> str:
        if self.at >= len(self.layout):
            return "%!(NOVERB)"
        mode = self.layout[self.at]
        self.at += 1
        if mode == "%":
            return "%"
        if not self.good_index:
            return f"%!{mode}(BADINDEX)"
        if self.next >= len(self.values):
            return f"%!{mode}(MISSING)"
        self.next += 1
        return _Shape(mode, flags, width or 0, precision).write(self.values[self.next - 1])

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.layout, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found.group()

    def _index(self) -> bool:
        """Takes `[n]`, which names the value that comes next."""
        if not self.layout.startswith("[", self.at):
            return False
        self.reordered = True
        if self.at > self.last_bracket:
            self.good_index = False
            self.at += 1
            return False
        end = self.layout.index("]", self.at)
        number = self.layout[self.at + 1 : min(end, self.at + 9)]
        self.at = end + 1
        fits = _NUMBER.fullmatch(number) and len(number) < 8
        if fits and 0 < int(number) <= len(self.values):
            self.next = int(number) - 1
        else:
            self.good_index = False
        return True

    def _size(self) -> tuple[bool, int | None]:
        """A width or precision, None without one; and whether it is a `*`, which takes a value."""
        if self.layout.startswith("*", self.at):
            self.at += 1
            value = self.values[self.next] if self.next < len(self.values) else None
            self.next += self.next < len(self.values)
            if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST:
                return True, None
            return True, value
        digits = self._match(_NUMBER)
        if digits and (len(digits) > 7 or int(digits) > _LARGEST):
            raise InterpolationError(f"a width or precision may be at most {_LARGEST:,}")
        return False, int(digits) if digits else None


def _told(value: Value) -> str:
    return "<nil>" if value is None else f"{type_name(value)}={natural(value)}"


class _Shape:
    """One verb with its flags."""

    def __init__(self, mode: str, flags: str, width: int, precision: int | None) -> None:
        self.mode, self.width, self.precision = mode, width, precision
        self.left = "-" in flags
        self.zero = "0" in flags and not self.left
        self.plus, self.blank, self.sharp = "+" in flags, " " in flags, "#" in flags
        self.syntax = mode == "v" and self.sharp
        if mode == "v":
            self.plus = self.sharp = False

    def write(self, value: Value) -> str:
        if self.mode == "T":
            return self._padded(type_name(value))
        if self.mode == "p":
            raise InterpolationError("%p is not available; there are no pointers here")
        if value is None:
            return self._padded("<nil>") if self.mode == "v" else f"%!{self.mode}(<nil>)"
        if isinstance(value, Mapping) or is_list(value):
            return self._collection(value)
        if isinstance(value, bool):
            return self._padded(natural(value)) if self.mode in "tv" else self._unfit(value)
        if isinstance(value, int):
            return self._integer(value)
        if isinstance(value, float):
            return self._fraction(value)
        return self._string(value) if isinstance(value, str) else self._unfit(value)

    def _unfit(self, value: Value) -> str:
        plain = copy(self)
        plain.mode = "v"
        return f"%!{self.mode}({type_name(value)}={plain.write(value)})"

    def _collection(self, value: Value) -> str:
        syntax = self.syntax
        if isinstance(value, Mapping):
            pairs = [f"{self.write(k)}:{self._inner(value[k])}" for k in sorted(value)]
            name = type_name(value) + "{" if syntax else "map["
            return name + (", " if syntax else " ").join(pairs) + ("}" if syntax else "]")
        items = [self._inner(item) for item in value]
        if syntax:
            return f"{type_name(value)}{{{', '.join(items)}}}"
        return f"[{' '.join(items)}]"

    def _inner(self, value: Value) -> str:
        if value is not None:
            return self.write(value)
        if self.syntax:
            return "interface {}(nil)"
        return self._padded("<nil>") if self.mode == "v" else "<nil>"

    def _padded(self, text: str, *, zero: bool | None = None) -> str:
        if self.left:
            return text.ljust(self.width)
        return text.rjust(self.width, "0" if (self.zero if zero is None else zero) else " ")

    def _signed(self, negative: bool, digits: str) -> str:
        sign = "-" if negative else "+" if self.plus else " " if self.blank else ""
        return sign + digits

    def _integer(self, value: int) -> str:
        mode = "d" if self.mode == "v" else self.mode
        if mode in "cqU":
            return self._character(value)
        if mode not in _BASES:
            return self._unfit(value)
        code, prefix = _BASES[mode]
        digits = format(abs(value), code)
        if self.precision is not None:
            digits = "" if not self.precision and not value else digits.rjust(self.precision, "0")
            if not digits:
                return " " * self.width
        elif self.zero:
            signed = value < 0 or self.plus or self.blank
            digits = digits.rjust(self.width - signed, "0")
        if mode == "O" or self.sharp:
            digits = digits if mode == "o" and digits[0] == "0" else prefix + digits
        return self._padded(self._signed(value < 0, digits), zero=False)

    def _character(self, value: int) -> str:
        known = 0 <= value < 0x110000 and not 0xD800 <= value < 0xE000
        shown = value if known else 0xFFFD
        if self.mode == "c":
            return self._padded(chr(shown))
        if self.mode == "q":
            return self._padded(quoted_character(shown, ascii_only=self.plus))
        digits = f"U+{value % (1 << 64):0{max(4, self.precision or 0)}X}"
        named = known and self.sharp and chr(value).isprintable()
        return self._padded(f"{digits} '{chr(value)}'" if named else digits, zero=False)

    def _fraction(self, value: float) -> str:
        mode = "g" if self.mode == "v" else self.mode
        if mode in "bxX":
            raise InterpolationError(f"%{mode} of a fraction is not available; use %g")
        if mode not in "eEfFgG":
            return self._unfit(value)
        if value - value != 0:  # infinite, or no number
            told = shortest(value)
            told = told if self.plus else told.removeprefix("+")
            return self._padded(told, zero=False)
        if mode in "gG" and self.precision is None and not self.sharp:
            text = shortest(value)
            text = text.upper() if mode == "G" else text
            text = self._signed(text.startswith("-"), text.removeprefix("-"))
            return text.zfill(self.width) if self.zero else self._padded(text)
        precision = 6 if self.precision is None else self.precision
        if precision > 2_000:
            raise InterpolationError("a fraction may have at most 2,000 digits")
        flags = "".join(
            flag
            for flag, wanted in (
                ("#", self.sharp), ("0", self.zero), ("+", self.plus), (" ", self.blank), ("-", self.left),
            )
            if wanted
        )  # fmt: skip
        return f"%{flags}{self.width}.{precision}{mode}" % value

    def _string(self, text: str) -> str:
        if self.mode in "xX":
            return self._padded(self._hexadecimal(text))
        if self.precision is not None:
            text = text[: self.precision]
        if self.mode == "s" or (self.mode == "v" and not self.syntax):
            return self._padded(text)
        if self.mode in "qv":
            return self._padded(quoted(text, ascii_only=self.plus, raw=self.sharp))
        return self._unfit(text)

    def _hexadecimal(self, text: str) -> str:
        data = text.encode("utf-8", "surrogatepass")
        data = data if self.precision is None else data[: self.precision]
        prefix = "0x" if self.sharp and data else ""
        digits = data.hex(f" {prefix}"[:1]) if self.blank else data.hex()
        if self.blank and prefix:
            digits = digits.replace(" ", f" {prefix}")
        digits = prefix + digits
        return digits.upper() if self.mode == "X" else digits
