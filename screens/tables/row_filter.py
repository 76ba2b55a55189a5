"""The filter language of tables.

Words that must all occur somewhere in a row; a word without capitals matches any case. `/re/` is a
regular expression, `~letters` matches letters in order, `column:word` looks in one column, and `!`
before any of these excludes what it matches.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Haystack:
    """The searchable texts of one row."""

    fields: Mapping[str, str]
    """By column id; what is not shown (ids) is under the empty name."""
    text: str = field(init=False)
    lower: str = field(init=False)

    def __post_init__(self) -> None:
        text = "\n".join(self.fields.values())
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "lower", text.lower())


class RowFilter:
    """What the operator typed, ready to be asked of ten thousand rows."""

    def __init__(self, text: str, columns: Collection[str] = ()) -> None:
        self.text = text.strip()
        self.problem = ""
        """Why a part of it cannot be understood; that part is left out."""
        self._terms: list[_Term] = []
        for word in _words(self.text):
            try:
                term = _term(word, columns)
            except re.error as error:
                self.problem = f"regular expression: {error}"
            else:
                if term is not None:
                    self._terms.append(term)

    def __bool__(self) -> bool:
        return bool(self._terms)

    def matches(self, row: Haystack) -> bool:
        """Whether the row stays."""
        return all(term.matches(row) for term in self._terms)

    def keep(self, keys: Iterable[str], rows: Mapping[str, Haystack]) -> list[str]:
        """The keys whose rows stay, in order; the quick way to ask of many."""
        keys = list(keys)
        for term in self._terms:
            if term.pattern is None and not term.column:
                word, wanted = term.word, not term.excludes
                keys = [key for key in keys if (word in rows[key].lower) is wanted]
            else:
                keys = [key for key in keys if term.matches(rows[key])]
        return keys

    def narrows(self, other: RowFilter) -> bool:
        """Whether all that passes also passes `other`, as far as that is plain to see."""
        words = [term.word for term in self._terms if term.is_plain]
        return all(
            term.is_plain and any(term.word in word for word in words) for term in other._terms
        )

    def spans(self, column: str, text: str) -> list[Span]:
        """Where a field of `column` has what was looked for, in order and not overlapping."""
        found: list[Span] = []
        for term in self._terms:
            if not term.excludes and term.column in ("", column):
                found.extend(term.spans(text))
        merged: list[Span] = []
        for start, end in sorted(found):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged


@dataclass(frozen=True, slots=True)
class _Term:
    column: str
    excludes: bool
    word: str
    pattern: re.Pattern[str] | None
    """None for a plain word without capitals, which is found quicker without."""
    marks: re.Pattern[str]
    """What is marked in the fields that are shown."""
    fuzzy: bool = False

    @property
    def is_plain(self) -> bool:
        """A word that must be there, in whichever column and case."""
        return self.pattern is None and not self.column and not self.excludes

    def matches(self, row: Haystack) -> bool:
        return self._occurs(row) is not self.excludes

    def _occurs(self, row: Haystack) -> bool:
        if self.pattern is None:  # a plain word without capitals, the usual case
            if self.column:
                return self.word in row.fields.get(self.column, "").lower()
            return self.word in row.lower
        text = row.fields.get(self.column, "") if self.column else row.text
        return self.pattern.search(text) is not None

    def spans(self, text: str) -> list[Span]:
        spans = []
        for match in self.marks.finditer(text):
            groups = range(1, self.marks.groups + 1) if self.fuzzy else (0,)
            spans += [match.span(group) for group in groups if match.end() > match.start()]
        return spans


def _words(text: str) -> list[str]:
    """Split at blanks, but not within `/…/`."""
    return [
        match.group() for match in re.finditer(r"(?:[!~]|[\w-]+:)*/(?:\\.|[^/\\])*/?|\S+", text)
    ]


def _term(word: str, columns: Collection[str]) -> _Term | None:
    excludes = word.startswith("!")
    word = word.removeprefix("!")
    column, colon, rest = word.partition(":")
    if colon and column.lower() in columns:
        word = rest
    else:
        column = ""
    column = column.lower()
    fuzzy = word.startswith("~")
    pattern: str | None = None
    if fuzzy:
        word = word.removeprefix("~")
        pattern = "[^\n]*?".join(f"({re.escape(letter)})" for letter in word)
    elif word.startswith("/"):
        word = word[1:-1] if len(word) > 1 and word.endswith("/") else word[1:]
        pattern = word
    elif word != word.lower():
        pattern = re.escape(word)
    if not word:
        return None
    flags = re.IGNORECASE if word == word.lower() else re.NOFLAG
    marks = re.compile(pattern or re.escape(word), flags)
    return _Term(column, excludes, word, marks if pattern else None, marks, fuzzy)
