"""Kinds of values that a setting can have: how each is read, and how it is written as TOML."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")
Word = TypeVar("Word", bound=str)

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h))+", re.ASCII)
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)", re.ASCII)
_SIZES = {"MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
_SIZE = re.compile(r"(\d+) ?(MiB|GiB|TiB)", re.ASCII)
_HEX_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_COLORS = ("red", "yellow", "green", "cyan", "blue", "magenta")


class Kind(Generic[T]):
    """Reads a value from the settings file, or from the text of a flag or environment variable."""

    expected: str
    """What a value has to be, as the end of the sentence "expected …"."""

    def read(self, value: object) -> T:
        """The value, typed; raises ValueError if it is none of this kind."""
        raise ValueError(value)

    def read_text(self, text: str) -> T:
        """The same, from a flag or an environment variable, where everything is text."""
        return self.read(text)

    def write(self, value: T) -> str:
        """The value as TOML that `read` gives back; strings of JSON are basic strings of TOML."""
        return json.dumps(value)


class Text(Kind[str]):
    """Any text that is not empty."""

    expected = "a text"

    def read(self, value: object) -> str:
        """The text itself."""
        if not isinstance(value, str) or not value:
            raise ValueError(value)
        return value


class Choice(Kind[Word]):
    """One of a few words."""

    def __init__(self, *words: Word) -> None:
        self.words = words
        self.expected = "one of " + ", ".join(f'"{word}"' for word in words)

    def read(self, value: object) -> Word:
        """The word as declared."""
        for word in self.words:
            if word == value:
                return word
        raise ValueError(value)


class Switch(Kind[bool]):
    """True or false."""

    expected = "true or false"

    def read(self, value: object) -> bool:
        """A TOML boolean; a text is none."""
        if not isinstance(value, bool):
            raise ValueError(value)
        return value

    def read_text(self, text: str) -> bool:
        """The words true and false, and 1 and 0 as environment variables are often set."""
        try:
            return {"true": True, "1": True, "false": False, "0": False}[text]
        except KeyError:
            raise ValueError(text) from None


class Duration(Kind[float]):
    """A time span as Go and Packer write it ("1h30m", "500ms"), kept in seconds."""

    expected = 'a duration such as "90s", "10m" or "1h30m"'

    def read(self, value: object) -> float:
        """Seconds; a bare number is refused, as its unit would be a guess."""
        if not isinstance(value, str) or not _DURATION.fullmatch(value):
            raise ValueError(value)
        return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(value))

    def write(self, value: float) -> str:
        """The largest unit that needs no fraction."""
        milliseconds = round(value * 1000)
        for unit, size in (("h", 3_600_000), ("m", 60_000), ("s", 1000)):
            if milliseconds % size == 0:
                return f'"{milliseconds // size}{unit}"'
        return f'"{milliseconds}ms"'


class Count(Kind[int]):
    """How many of something: a whole number, 0 or more."""

    expected = "a whole number such as 10"

    def read(self, value: object) -> int:
        """The number."""
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise ValueError(value)
        return value

    def read_text(self, text: str) -> int:
        """Digits alone."""
        if not (text.isascii() and text.isdigit()):
            raise ValueError(text)
        return int(text)


class Size(Kind[int]):
    """An amount of storage, kept in bytes."""

    expected = 'a size such as "500 MiB", "200 GiB" or "1 TiB"'

    def read(self, value: object) -> int:
        """Bytes; a bare number is refused, as its unit would be a guess."""
        found = _SIZE.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise ValueError(value)
        return int(found[1]) * _SIZES[found[2]]

    def write(self, value: int) -> str:
        """The largest unit that needs no fraction."""
        unit, size = max(
            ((u, s) for u, s in _SIZES.items() if value % s == 0), key=lambda each: each[1]
        )
        return f'"{value // size} {unit}"'


class Color(Kind[str]):
    """A colour that marks a profile on every screen; empty for none."""

    expected = f'a colour: "#rrggbb", or one of {", ".join(_COLORS)}'

    def read(self, value: object) -> str:
        """The name or the hexadecimal form as written."""
        if not isinstance(value, str):
            raise ValueError(value)
        if value and value not in _COLORS and not _HEX_COLOR.fullmatch(value):
            raise ValueError(value)
        return value


class Folder(Kind[Path]):
    """A folder by its absolute path; a leading `~` is the home folder."""

    expected = 'an absolute path, or one that starts with "~"'

    def read(self, value: object) -> Path:
        """The path, absolute; what it would be relative to would be a guess."""
        if not isinstance(value, str) or not value:
            raise ValueError(value)
        path = Path(value).expanduser()
        if not path.is_absolute():
            raise ValueError(value)
        return path

    def write(self, value: Path) -> str:
        """The path in quotes."""
        return json.dumps(str(value))


class Keys(Kind[tuple[str, ...]]):
    """The keys of an action: one name ("ctrl+b") or a list of names; an empty list unbinds it."""

    expected = 'a key such as "ctrl+b", or a list of keys'

    def read(self, value: object) -> tuple[str, ...]:
        """Names of keys; which names exist is for the screens to say."""
        keys = [value] if isinstance(value, str) else value
        if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
            raise ValueError(value)
        return tuple(keys)

    def read_text(self, text: str) -> tuple[str, ...]:
        """Names of keys with commas between them."""
        return tuple(key.strip() for key in text.split(",") if key.strip())
