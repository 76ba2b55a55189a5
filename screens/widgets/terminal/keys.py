"""From keys as Textual names them to the bytes that a terminal sends (xterm's, as of `TERM=xterm-256color`)."""

from __future__ import annotations

_CURSOR = {"up": "A", "down": "B", "right": "C", "left": "D", "home": "H", "end": "F"}
_TILDE = {
    "insert": 2, "delete": 3, "pageup": 5, "pagedown": 6,
    "f5": 15, "f6": 17, "f7": 18, "f8": 19, "f9": 20, "f10": 21, "f11": 23, "f12": 24,
}  # fmt: skip
_FUNCTION = {"f1": "P", "f2": "Q", "f3": "R", "f4": "S"}
_PLAIN = {
    "enter": b"\r", "tab": b"\t", "shift+tab": b"\x1b[Z", "escape": b"\x1b", "backspace": b"\x7f",
    "ctrl+space": b"\x00", "ctrl+@": b"\x00", "ctrl+backslash": b"\x1c", "ctrl+\\": b"\x1c",
    "ctrl+right_square_bracket": b"\x1d", "ctrl+]": b"\x1d", "ctrl+circumflex_accent": b"\x1e",
    "ctrl+^": b"\x1e", "ctrl+underscore": b"\x1f", "ctrl+_": b"\x1f", "ctrl+backspace": b"\x08",
    "space": b" ",
}  # fmt: skip
_MODIFIERS = {"shift": 1, "alt": 2, "ctrl": 4}


def key_bytes(key: str, character: str | None, *, application_cursor: bool) -> bytes | None:
    """What the guest is sent for a key; None for a key that terminals have no bytes for.

    Args:
        key: Textual's name, such as `ctrl+left`.
        character: the printable character, if the key has one.
        application_cursor: whether the guest asked for application cursor keys (DECCKM).
    """
    if key in _PLAIN:
        return _PLAIN[key]
    if character is not None and character.isprintable() and not key.startswith("alt+"):
        return character.encode()
    *modifiers, name = key.split("+")
    code = 1 + sum(_MODIFIERS.get(modifier, 0) for modifier in modifiers)
    if name in _CURSOR:
        if code > 1:
            return f"\x1b[1;{code}{_CURSOR[name]}".encode()
        return f"\x1b{'O' if application_cursor else '['}{_CURSOR[name]}".encode()
    if name in _TILDE:
        return f"\x1b[{_TILDE[name]}{f';{code}' if code > 1 else ''}~".encode()
    if name in _FUNCTION:
        if code > 1:
            return f"\x1b[1;{code}{_FUNCTION[name]}".encode()
        return f"\x1bO{_FUNCTION[name]}".encode()
    if modifiers == ["ctrl"] and len(name) == 1 and name.isalpha():
        return bytes([ord(name.upper()) - 64])
    if modifiers[:1] == ["alt"]:
        rest = key_bytes(
            "+".join([*modifiers[1:], name]), character or name, application_cursor=False
        )
        return None if rest is None else b"\x1b" + rest
    return None
