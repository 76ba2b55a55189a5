"""The terminal is taken back whatever happens while it is given away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest

from screens.suspending import suspended


class Driven:
    """An app whose terminal comes back only behind a body that did not fail, as Textual's does."""

    def __init__(self) -> None:
        self.done: list[str] = []

    @contextmanager
    def batch_update(self) -> Iterator[None]:
        yield

    @contextmanager
    def suspend(self) -> Iterator[None]:
        self.done.append("given")
        yield
        self.done.append("taken")


@pytest.mark.parametrize("error", [FileNotFoundError("vi"), asyncio.CancelledError()])
def test_a_body_that_fails_gives_it_back_and_tells(error: BaseException) -> None:
    app = Driven()
    with pytest.raises(type(error)), suspended(cast("Any", app)):
        raise error
    assert app.done == ["given", "taken"]
