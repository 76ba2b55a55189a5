"""What `range` goes through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from oxtui.template.legacy.engine.errors import InterpolationError
from oxtui.template.legacy.engine.limits import SORTED, Budget
from oxtui.template.legacy.engine.values import Value, is_list, type_name


def items(value: Value, budget: Budget, *, pair: bool) -> Iterable[tuple[Value, Value]]:
    """The keys or numbers of a value with its elements; a map's in the order of its keys.

    Raises:
        InterpolationError: it is no list, map or number; or a number, where two variables are wanted (`pair`).
    """
    if value is None:
        return ()
    if isinstance(value, Mapping):
        budget.work(SORTED * len(value))
        return ((key, value[key]) for key in sorted(value))
    if is_list(value):
        return enumerate(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if pair:
            raise InterpolationError("range over a number gives one variable; remove the other")
        return ((None, number) for number in range(value))
    raise InterpolationError(
        f"range cannot go through a value of type {type_name(value)}; give it a list or a map"
    )
