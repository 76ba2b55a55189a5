"""A secret that does not show itself."""

from __future__ import annotations

MASK = "oxide-token-…"


class Token:
    """An API token. Only `reveal` gives its text; every other way of printing it shows a mask."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The token itself, for the Authorization header and for credentials.toml."""
        return self._text

    def is_sendable(self) -> bool:
        """True when it can stand in an HTTP header."""
        return bool(self._text) and all("!" <= character <= "~" for character in self._text)

    def __repr__(self) -> str:
        return f"Token({MASK})"

    def __str__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Token) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> str:
        raise TypeError("a token is not to be pickled")
