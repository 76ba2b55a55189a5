"""The tokens of HCL. A punctuation token's kind is its own text (`{`, `&&`, …); the others are named here."""

from __future__ import annotations

from typing import Final, NamedTuple

IDENTIFIER: Final = "identifier"
NUMBER: Final = "number"
NEWLINE: Final = "newline"
LINE_COMMENT: Final = "line comment"  # from # or // to the line break, which is part of it
COMMENT: Final = "comment"  # /* … */, or a last line's comment without a line break
OPEN_QUOTE: Final = "open quote"
CLOSE_QUOTE: Final = "close quote"
QUOTED_LITERAL: Final = "quoted literal"
QUOTED_NEWLINE: Final = "newline in a quoted string"
OPEN_HEREDOC: Final = "open heredoc"  # with the line break behind the marker
CLOSE_HEREDOC: Final = (
    "close heredoc"  # the whole line of the closing marker, without its line break
)
LITERAL: Final = "literal"  # at most one line of a heredoc or template file
INTERPOLATION: Final = "${"  # or ${~
DIRECTIVE: Final = "%{"  # or %{~
SEQUENCE_END: Final = "end of sequence"  # the } or ~} of ${ … } and %{ … }
INVALID: Final = "invalid"
END: Final = "end of file"


class Token(NamedTuple):
    """One token: its kind and where it stands, in characters from the text's start."""

    kind: str
    start: int
    end: int
