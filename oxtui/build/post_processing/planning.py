"""From the post-processors of a template to chains that can run, every problem told at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from oxtui.build.decoding import decode_late, problems_of
from oxtui.build.plan import PlannedPostProcessor
from oxtui.component.options import Options
from oxtui.component.post_processing import Moment
from oxtui.component.registry import ComponentKind
from oxtui.template.component_body import ComponentBody
from oxtui.template.hcl.diagnostic import Diagnostic, error

MOMENTS: tuple[Moment, ...] = get_args(Moment)
"""In the order in which they come."""


@dataclass(frozen=True, slots=True)
class ChainPlanner:
    """Decodes the members of a chain; `decoded` gives a component with its options, or None for them."""

    decoded: Callable[[ComponentKind, ComponentBody], tuple[Any, Options | None]]
    folder: Path
    """That relative paths start from."""
    diagnostics: list[Diagnostic]
    snapshotless: str = ""
    """Why the build has no snapshot to read, if it has none."""

    def chain(self, bodies: Iterable[ComponentBody]) -> tuple[PlannedPostProcessor, ...] | None:
        """The members in order, or None if one of them cannot be used; all of them are checked."""
        written = list(bodies)
        members = [self._member(body) for body in written]
        for before, body, member in zip(members, written[1:], members[1:], strict=False):
            if before is not None and member is not None:
                self._check_order(before, member, body)
        whole = tuple(each for each in members if each is not None)
        return whole if len(whole) == len(members) else None

    def _check_order(
        self, before: PlannedPostProcessor, member: PlannedPostProcessor, body: ComponentBody
    ) -> None:
        one, other = before.moment, member.moment
        if MOMENTS.index(other) < MOMENTS.index(one):
            detail = (
                f'"{member.title}" runs {other.replace("_", " ")}, and "{before.title}" in front of it '
                f"in its chain {one.replace('_', ' ')}. Put it first, or into a chain of its own."
            )
            problem = error("Post-processors in an impossible order", detail, body.span, body.file)
            self.diagnostics.append(problem)

    def _member(self, body: ComponentBody) -> PlannedPostProcessor | None:
        found, options = self.decoded("post-processor", body)
        if options is None:
            return None
        self.diagnostics.extend(problems_of("Post-processor", found, options, body, self.folder))
        # Packer calls one of a legacy template by its type where it has no name (packer.md part 5).
        name = body.name or (body.type if body.interpolation is not None else "")
        planned = PlannedPostProcessor(
            body.type, name, found, options, decode_late(body, found.Options),
            body.common.keep_input_artifact, (body.file.name, body.span.start),
        )  # fmt: skip
        if planned.moment == "before_cleanup" and self.snapshotless:
            detail = f'"{planned.title}" reads the snapshot of the build, and {self.snapshotless}.'
            self.diagnostics.append(
                error("Post-processor without a snapshot", detail, body.span, body.file)
            )
        return planned
