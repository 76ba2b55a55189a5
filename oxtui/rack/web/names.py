"""Names and name-or-id parameters (omicron, `common/src/api/external/mod.rs`)."""

from __future__ import annotations

import uuid
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

_ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def is_uuid(text: str) -> bool:
    """Whether the text is an id rather than a name."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def check_name(name: str) -> str:
    """Return the name, or raise PydanticCustomError with the reason it is none.

    The OpenAPI description would let upper case through; the server does not.
    """
    if not name:
        raise _bad("name requires at least one character")
    if len(name) > 63:
        raise _bad("name may contain at most 63 characters")
    if not ("a" <= name[0] <= "z"):
        raise _bad("name must begin with an ASCII lowercase character")
    for character in name:
        if character not in _ALLOWED:
            raise _bad(
                f'name contains invalid character: "{character}" '
                '(allowed characters are lowercase ASCII, digits, and "-")'
            )
    if name.endswith("-"):
        raise _bad('name cannot end with "-"')
    if is_uuid(name):
        raise _bad("name cannot be a UUID to avoid ambiguity with IDs")
    return name


def check_name_or_id(text: str) -> str:
    """Return a name, or an id in its canonical form."""
    return str(uuid.UUID(text)) if is_uuid(text) else check_name(text)


def check_id(text: str) -> str:
    """Return an id in its canonical form, or raise PydanticCustomError."""
    if not is_uuid(text):
        raise _bad("UUID parsing failed: invalid character or length")
    return str(uuid.UUID(text))


def _bad(message: str) -> PydanticCustomError:
    # The message may hold braces of the client's; they are no template.
    return PydanticCustomError("value", "{reason}", {"reason": message})


Name = Annotated[str, AfterValidator(check_name)]
NameOrId = Annotated[str, AfterValidator(check_name_or_id)]
Id = Annotated[str, AfterValidator(check_id)]
