"""Version constraints as Packer and its plugins have them: `>= 1.9, < 2.0`, `~> 1.2`, `!= 1.3.0`."""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import eq, ge, gt, le, lt, ne
from typing import Final, TypeAlias

Version: TypeAlias = tuple[int, ...]

# The version of Packer whose language this is; templates compare `packer.version` with it.
PACKER_VERSION: Final = "1.16.0"
_CONSTRAINT = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?([0-9]+(?:\.[0-9]+)*)\s*")
_COMPARE: Final[dict[str, Callable[[Version, Version], bool]]] = {
    "=": eq,
    "!=": ne,
    ">": gt,
    ">=": ge,
    "<": lt,
    "<=": le,
}


def parse_version(text: str) -> Version:
    """The numbers of a version such as `1.9.2`. Raises ValueError for anything else."""
    found = re.fullmatch(r"v?([0-9]{1,9}(?:\.[0-9]{1,9})*)", text)
    if found is None:
        raise ValueError(f'"{text}" is not a version such as 1.9.2')
    return tuple(map(int, found.group(1).split(".")))


def allows(constraints: str, version: str) -> bool:
    """Whether a version fits all of the constraints. Raises ValueError for malformed ones."""
    actual = parse_version(version)
    # Every one is looked at, so that a malformed one is told even behind one that does not fit.
    fits = [_fits(constraint, actual) for constraint in constraints.split(",")]
    return all(fits)


def _fits(constraint: str, actual: Version) -> bool:
    found = _CONSTRAINT.fullmatch(constraint)
    if found is None:
        raise ValueError(f'"{constraint.strip()}" is not a constraint such as ">= 1.9"')
    operator = found.group(1) or "="
    wanted = parse_version(found.group(2))
    size = max(len(wanted), len(actual), 3)
    if operator == "~>":
        fixed = max(1, len(wanted) - 1)  # the last number that is given may grow
        return actual[:fixed] == wanted[:fixed] and _padded(actual, size) >= _padded(wanted, size)
    return _COMPARE[operator](_padded(actual, size), _padded(wanted, size))


def _padded(version: Version, size: int) -> Version:
    return version + (0,) * (size - len(version))
