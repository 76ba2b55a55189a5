"""Upper and lower case as Go has it: each code point on its own, without Python's full mappings."""

from __future__ import annotations


def upper(text: str) -> str:
    """Each letter's upper case, where that is one letter."""
    return text.upper() if text.isascii() else "".join(map(_upper, text))


def lower(text: str) -> str:
    """Each letter's lower case, where that is one letter."""
    return text.lower() if text.isascii() else "".join(map(_lower, text))


def title(text: str) -> str:
    """Each letter that begins a word in title case; the other letters stay as they are."""
    pieces: list[str] = []
    in_word = False
    for character in text:
        pieces.append(character if in_word else _title(character))
        in_word = _continues_word(character)
    return "".join(pieces)


def _upper(character: str) -> str:
    return _single(character, character.upper())


def _lower(character: str) -> str:
    return "i" if character == "\u0130" else _single(character, character.lower())


def _title(character: str) -> str:
    return _single(character, character.title())


def _single(character: str, changed: str) -> str:
    return changed if len(changed) == 1 else character


def _continues_word(character: str) -> bool:
    """Letters, digits and the underscore; outside of ASCII everything that is no blank."""
    if character.isascii():
        return character.isalnum() or character == "_"
    return character.isalnum() or not character.isspace()
