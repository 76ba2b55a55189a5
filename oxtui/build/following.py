"""Steps of a template found again after its text was edited.

A step is first of all its own text, wherever it stands now. What was edited is the step that stands where it
stood, between the same neighbours; what could be one step as well as another is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import product

ALIKE = 0.6
"""How much of two texts must be the same (`SequenceMatcher.ratio`) where several steps changed at once."""
_COMPARED = 4000
"""Characters of a text that are looked at for that: the comparison takes their square."""


@dataclass(frozen=True, slots=True)
class TemplateStep:
    """A provisioner or post-processor as its template has it.

    Attributes:
        id: unique in its template as it is now.
        kind: `provisioner` or `post-processor`.
        title: what messages call it: `2 shell`.
        text: of its block.
        file: the name of its file. start: where in that it begins, in characters.
        enabled: it is not commented out.
        stops: the build stops before it by itself.
    """

    id: str
    kind: str
    title: str
    text: str
    file: str = ""
    start: int = 0
    enabled: bool = True
    stops: bool = False

    def contains(self, offset: int) -> bool:
        """Whether a place in its file is in its block."""
        return self.start <= offset < self.start + len(self.text)


def followed(before: Sequence[TemplateStep], after: Sequence[TemplateStep]) -> dict[int, int]:
    """Which of the steps `after` each of those `before` is, by index; what is not found again is left out."""
    found = dict(_same(before, after))
    taken = set(found.values())
    old = [index for index in range(len(before)) if index not in found]
    new = [index for index in range(len(after)) if index not in taken]
    if len(old) == len(new) == 1:  # one change: whatever it made of the step
        if before[old[0]].kind == after[new[0]].kind:
            found[old[0]] = new[0]
        return found
    gaps: dict[int, list[int]] = defaultdict(list)
    for index in new:
        gaps[_gap_after(index, found)].append(index)
    for gap in _gaps_before(old, found):
        _pair(before, after, gap[1], gaps.get(gap[0], []), found)
    return found


def _same(
    before: Sequence[TemplateStep], after: Sequence[TemplateStep]
) -> Iterator[tuple[int, int]]:
    """Steps whose text is as it was."""
    old, new = _by_text(before), _by_text(after)
    forth = back = None
    for text, olds in old.items():
        news = new.get(text, [])
        if len(olds) == len(news):
            yield from zip(olds, news, strict=True)
        elif news:
            forth = _aligned(before, after) if forth is None else forth
            matched = {one: forth[one] for one in olds if one in forth}
            if len(olds) > len(news):  # which of them has gone shows where both ends agree
                back = _aligned_back(before, after) if back is None else back
                matched = {one: to for one, to in matched.items() if back.get(one) == to}
            yield from matched.items()


def _by_text(steps: Iterable[TemplateStep]) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, step in enumerate(steps):
        found[step.kind, step.text].append(index)
    return found


def _aligned(before: Sequence[TemplateStep], after: Sequence[TemplateStep]) -> dict[int, int]:
    """A longest sequence of steps that both have in this order, of steps as early as can be."""
    old, new = ([(step.kind, step.text) for step in steps] for steps in (before, after))
    # How long the longest is of what is from the one and the other index on.
    longest = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, j in product(reversed(range(len(old))), reversed(range(len(new)))):
        same = old[i] == new[j]
        longest[i][j] = (
            longest[i + 1][j + 1] + 1 if same else max(longest[i + 1][j], longest[i][j + 1])
        )
    found: dict[int, int] = {}
    at = 0
    for i, key in enumerate(old):
        left = longest[i][at]
        fits = (
            j for j in range(at, len(new)) if new[j] == key and longest[i + 1][j + 1] + 1 == left
        )
        if left and (fit := next(fits, None)) is not None:
            found[i], at = fit, fit + 1
    return found


def _aligned_back(before: Sequence[TemplateStep], after: Sequence[TemplateStep]) -> dict[int, int]:
    """The same of steps as late as can be."""
    last, end = len(before) - 1, len(after) - 1
    turned = _aligned(before[::-1], after[::-1])
    return {last - one: end - other for one, other in turned.items()}


def _gap_after(index: int, found: Mapping[int, int]) -> int:
    """Behind which old step a new one stands, of those that were found; -1: before all."""
    return max((one for one, other in found.items() if other < index), default=-1, key=found.get)  # type: ignore[arg-type]


def _gaps_before(old: Sequence[int], found: Mapping[int, int]) -> Iterator[tuple[int, list[int]]]:
    gaps: dict[int, list[int]] = defaultdict(list)
    for index in old:
        gaps[max((one for one in found if one < index), default=-1)].append(index)
    yield from gaps.items()


def _pair(
    before: Sequence[TemplateStep],
    after: Sequence[TemplateStep],
    old: Sequence[int],
    new: Sequence[int],
    found: dict[int, int],
) -> None:
    """Of the steps between the same neighbours, those that are like each other more than like any other."""
    likeness = {(one, other): _likeness(before[one], after[other]) for one in old for other in new}
    for (one, other), value in likeness.items():
        rivals = [
            each
            for pair, each in likeness.items()
            if pair != (one, other) and (pair[0] == one or pair[1] == other)
        ]
        if value >= ALIKE and all(each < value for each in rivals):
            found[one] = other


def _likeness(one: TemplateStep, other: TemplateStep) -> float:
    if one.kind != other.kind:
        return 0.0
    old, new = one.text[:_COMPARED], other.text[:_COMPARED]
    return SequenceMatcher(None, old, new, autojunk=False).ratio()
