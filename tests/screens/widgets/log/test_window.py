"""Scrolling: the window never leaves the log, and follows only when it is told to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from screens.widgets.log.window import LogWindow, Row


def window(count: int, height: int = 5, heights: dict[int, int] | None = None) -> LogWindow:
    tall = heights or {}
    made = LogWindow(lambda index: tall.get(index, 1))
    made.resize(height)
    made.grow(count)
    return made


def indices(of: LogWindow) -> list[int]:
    return [row.index for row in of.rows()]


def test_a_new_log_is_followed() -> None:
    log = window(3)
    assert indices(log) == [0, 1, 2]
    log.grow(20)
    assert indices(log) == [15, 16, 17, 18, 19]
    assert log.unseen == 0


def test_scrolling_up_ends_following_and_counts_what_comes() -> None:
    log = window(20)
    log.scroll(-3)
    log.grow(1224)
    assert indices(log) == [12, 13, 14, 15, 16]
    assert log.unseen == 1204
    log.scroll(10_000)
    assert indices(log)[-1] == 1223
    assert not log.following
    log.grow(1300)
    assert indices(log)[-1] == 1223
    log.follow()
    assert indices(log)[-1] == 1299
    assert log.unseen == 0


def test_wrapped_lines_are_scrolled_row_by_row() -> None:
    log = window(6, height=4, heights={5: 3, 4: 2})
    assert log.rows() == [Row(4, 1), Row(5, 0), Row(5, 1), Row(5, 2)]
    log.scroll(-1)
    assert log.rows() == [Row(4, 0), Row(4, 1), Row(5, 0), Row(5, 1)]
    log.scroll(-2)
    assert log.rows() == [Row(2), Row(3), Row(4, 0), Row(4, 1)]
    log.scroll(1)
    assert log.rows()[0] == Row(3)


def test_a_line_is_brought_to_the_middle_unless_it_is_there() -> None:
    log = window(100, height=9)
    log.reveal(50)
    assert indices(log) == list(range(47, 56))
    log.reveal(53)
    assert indices(log) == list(range(47, 56))
    log.reveal(0)
    assert indices(log) == list(range(9))
    log.reveal(99)
    assert indices(log) == list(range(91, 100))


moves = st.one_of(
    st.tuples(st.just("scroll"), st.integers(-30, 30)),
    st.tuples(st.just("grow"), st.integers(0, 10)),
    st.tuples(st.just("resize"), st.integers(1, 12)),
    st.tuples(st.sampled_from(["go_to", "reveal"]), st.integers(0, 60)),
    st.tuples(st.just("follow"), st.just(0)),
)


@given(st.lists(moves, max_size=25), st.dictionaries(st.integers(0, 40), st.integers(1, 9)))
def test_the_window_is_always_full_and_inside(
    steps: list[tuple[str, int]], heights: dict[int, int]
) -> None:
    log = window(8, height=5, heights=heights)
    for step, number in steps:
        if step == "grow":
            log.grow(log.count + number)
        elif step == "follow":
            log.follow()
        elif step in ("go_to", "reveal"):
            getattr(log, step)(min(number, log.count - 1))
        else:
            getattr(log, step)(number)
        rows = log.rows()
        whole = sum(heights.get(index, 1) for index in range(log.count))
        assert len(rows) == min(log.height, whole)
        if log.following:
            assert log.at_end
        if step == "reveal":
            assert min(number, log.count - 1) in [row.index for row in rows]
