"""What the percentages of MAAS tell of chunks whose answer was lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from oxtui.maas.arrival import Arrival

MIB = 1 << 20


def percent(have: int, size: int, regions: int) -> float:
    """As MAAS computes it."""
    return 100.0 * have / (size * regions)


@given(
    st.integers(1, 1 << 42), st.integers(1, 64), st.integers(1, 7), st.integers(0, 1 << 20),
    st.booleans(),
)  # fmt: skip
def test_a_chunk_is_there_or_not_however_many_controllers_there_are(
    size: int, mebibytes: int, regions: int, before: int, arrived: bool
) -> None:
    chunk = mebibytes * MIB
    known = min(before * chunk, (size - 1) // chunk * chunk)
    count = min(chunk, size - known)
    arrival = Arrival(size)
    if known:
        arrival.add(min(chunk, known))
        arrival.learn(percent(arrival.known, size, regions))
        arrival.add(known - arrival.known)
    have = known + count if arrived else known
    assert arrival.look(percent(have, size, regions), count) is arrived


@given(st.integers(2, 1 << 40), st.integers(1, 5), st.floats(0.01, 0.99))
def test_half_a_chunk_is_never_taken_for_a_whole_one(size: int, regions: int, part: float) -> None:
    size = size * 4 + 4 * MIB
    arrival = Arrival(size)
    chunk = size // 4
    arrival.add(chunk)
    arrival.learn(percent(chunk, size, regions))
    have = chunk + int(chunk * part)
    assert arrival.look(percent(have, size, regions), chunk) is None


def test_without_anything_to_compare_with_nothing_is_said() -> None:
    arrival = Arrival(100)
    assert arrival.look(None, 10) is None
    arrival.add(10)
    assert arrival.look(20.0, 10) is None, "the scale was never learnt"
