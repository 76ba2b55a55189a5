"""How many bytes of a file MAAS has, from the percentage that it tells.

The percentage is of the bytes that all region controllers together are to have, while chunks go to one of
them: with three of these it is 33.3 when the file is whole. Their number is learnt from the first chunk.
"""

from __future__ import annotations

_NEAR = 1e-6
"""By how much a quotient that stands for a number of controllers may miss a whole number."""

_ROUNDING = 1e-9
"""Of the size, by how much the percentage of a number of bytes may miss it."""


class Arrival:
    """What is known to have arrived of a file of `size` bytes."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.known = 0
        """Bytes that are certainly there."""
        self._scale: int | None = None

    @property
    def needs_scale(self) -> bool:
        """Whether MAAS is to be asked once what it calls the bytes that are there."""
        return self._scale is None and 0 < self.known < self.size

    def add(self, count: int) -> None:
        """So many more bytes are there."""
        self.known += count

    def learn(self, progress: float | None) -> None:
        """Takes what MAAS says of `known` bytes; what makes no sense is passed over."""
        if progress and self.known:
            self._scale = self._controllers(self.known, progress)

    def look(self, progress: float | None, count: int) -> bool | None:
        """Whether `count` more bytes than are known have arrived; None if that cannot be told."""
        if progress is None:
            return None
        if not progress:
            return None if self.known else False
        if not self.known:
            # Whatever is there is this chunk: MAAS counts whole ones.
            self._scale = self._controllers(count, progress)
            return True if self._scale else None
        if self._scale is None:
            return None
        there = progress * self._scale * self.size / 100
        tolerance = max(1.0, self.size * _ROUNDING)
        if abs(there - self.known) <= tolerance:
            return False
        more = there - self.known - count
        # With the last chunk the others begin to get it, too.
        is_whole = self.known + count == self.size
        return True if abs(more) <= tolerance or (is_whole and more > 0) else None

    def _controllers(self, there: int, progress: float) -> int | None:
        quotient = 100 * there / (self.size * progress)
        whole = round(quotient)
        return whole if whole >= 1 and abs(quotient - whole) <= whole * _NEAR else None
