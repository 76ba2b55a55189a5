"""A regular expression that the output of a step is searched for, in RE2's syntax, which is Packer's and HCL's.

RE2 takes a time in proportion to the text, whatever the pattern, and lets other threads run meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

LARGEST = 10_000
"""Instructions of a pattern as RE2 compiles it; a search may take their product with the length of the text."""
_LINE_ENDS = re.compile(r"(?<!\\)(?:\\\\)*\\[AzCQ]")
"""What means the ends of all of a text, or more than a character: such a pattern is given line by line."""


class PatternError(ValueError):
    """A text is no regular expression of RE2's, or too large a one; the message says why and what would do."""


class OutputPattern:
    """Finds lines; `text` is the pattern as it was given.

    Raises:
        PatternError: it is no regular expression of RE2's.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._one = _compiled(text, text)
        # In many lines at once ^ and $ are the ends of each, and nothing reaches into the next.
        self._many = None if _LINE_ENDS.search(text) else _compiled(f"(?m:{text})", text)

    def finds(self, line: str) -> bool:
        """Whether it is found in a line."""
        return self._one.search(line) is not None

    def lines(self, data: bytes) -> Iterator[int]:
        """The numbers, from 0, of the lines of a UTF-8 text in which it is found, ascending."""
        if self._many is None:
            for number, line in enumerate(data.removesuffix(b"\n").split(b"\n")):
                if self._one.search(line) is not None:
                    yield number
            return
        at = number = 0
        while at < len(data) and (found := self._many.search(data, at)) is not None:
            number += data.count(b"\n", at, found.start())
            if found.start() >= len(data):  # behind the last line
                return
            yield number
            end = data.find(b"\n", found.start())
            if end < 0:
                return
            at, number = end + 1, number + 1


def any_of(patterns: Iterable[OutputPattern]) -> list[OutputPattern]:
    """Patterns that find the same lines, in as few passes through the output as can be."""
    each = list(patterns)
    together = "|".join(f"(?:{pattern.text})" for pattern in each)
    try:
        return [OutputPattern(together)] if len(each) > 1 else each
    except PatternError:  # together they are too large
        return each


def _compiled(pattern: str, text: str) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False  # it would write to stderr, over the screen
    options.never_capture = True
    options.never_nl = True
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as problem:
        reason = problem.args[0] if problem.args else "invalid"
        told = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        if told.startswith("pattern too large"):
            raise _too_large(text) from None
        raise PatternError(f'"{text}" is no regular expression: {_why(told)}') from None
    except UnicodeEncodeError:
        raise PatternError(f'"{text!r}" is no regular expression: it is no Unicode text') from None
    if compiled.programsize > LARGEST:
        raise _too_large(text)
    return compiled


def _too_large(text: str) -> PatternError:
    why = "is too large a regular expression; repeat less often, or look for less"
    return PatternError(f'"{text}" {why}')


def _why(told: str) -> str:
    """RE2's reason; where it lacks what other engines have, with what to do."""
    what, _, part = told.partition(": ")
    if part.startswith(("(?=", "(?!", "(?<")):
        return f"RE2, as in Packer, has no look-around ({part}); look for the text itself"
    if what == "invalid escape sequence" and part[1:].isdigit():
        return f"RE2, as in Packer, has no back-references ({part}); write out what repeats"
    if what == "invalid escape sequence" and part == r"\Z":
        return rf"{told}; the end of a line is $"
    if what == "bad repetition operator":
        return f"{told}; repeat once, RE2 never goes back anyway"
    return told
