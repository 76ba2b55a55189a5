"""Gives the terminal away and takes it back, whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from textual.app import App


@contextmanager
def suspended(app: App[int]) -> Iterator[None]:
    """The app does not draw and does not read keys, while its event loop goes on.

    Raises:
        SuspendNotSupported: there is no real terminal, as in a browser.
    """
    failed: BaseException | None = None
    # Without batch_update frames would pile up behind the stopped writer and block the loop. Textual itself does
    # not take the terminal back when the body fails or is cancelled, so it never learns of that.
    with app.batch_update(), app.suspend():
        try:
            yield
        except BaseException as error:
            failed = error
    if failed is not None:
        raise failed
