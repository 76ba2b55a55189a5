"""The C library's search finds what Python's finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.logs import memmem
from oxtui.logs.memmem import finder_in

FEW = st.text("ab\0\n", max_size=40).map(str.encode)


@given(FEW, FEW.filter(bool), st.integers(0, 40))
def test_it_finds_the_same_place(data: bytes, needle: bytes, start: int) -> None:
    start = min(start, len(data))
    assert finder_in(data)(needle, start) == data.find(needle, start)


def test_without_it_python_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memmem, "_memmem", lambda: None)
    assert finder_in(b"some text")(b"text", 1) == 5
