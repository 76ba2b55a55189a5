"""Small helps for structured concurrency."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def first_error() -> Iterator[None]:
    """Raises the first error of a task group as itself instead of in an exception group.

    For groups whose tasks serve one purpose: the caller wants to know what went wrong, not in how many tasks.
    """
    try:
        yield
    except BaseExceptionGroup as group:
        error: BaseException = group
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        raise error from group
