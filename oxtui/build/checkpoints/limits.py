"""Which checkpoints go when there are too many, or when they take too much storage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from oxtui.build.journal.checkpoint_rows import Checkpoint


def beyond(
    known: Iterable[Checkpoint], made: Checkpoint, *, per_template: int, space: int
) -> list[Checkpoint]:
    """Those that are to go now that `made` is there: unused for longest first, never `made` itself.

    Older ones of the same state are replaced by it.

    Args:
        known: all of that place, `made` among them.
        made: the newest.
        per_template: how many of one build of a template stay.
        space: bytes that all of them may take.
    """
    rest = [each for each in known if each.number != made.number]
    gone = [each for each in rest if each.key == made.key]
    rest = sorted((each for each in rest if each.key != made.key), key=lambda each: each.used)
    own = [each for each in rest if (each.template, each.build) == (made.template, made.build)]
    excess = len(own) + 1 - max(1, per_template)
    gone += own[: max(0, excess)]
    left = [each for each in rest if each not in gone]
    while left and _size(left) + made.size > space:
        gone.append(left.pop(0))
    return gone


def _size(some: Sequence[Checkpoint]) -> int:
    return sum(each.size for each in some)
