"""Which builds of a template are meant: `-only` and `-except`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from oxtui.template.hcl.diagnostic import Diagnostic, Severity
from oxtui.template.hcl.functions.globs import pattern_regex


@dataclass(frozen=True, slots=True)
class Selection:
    """Names or patterns of `-only` and `-except`; empty selects all.

    With `exact` they are names, as for a legacy template (packer.md 2).
    """

    only: Sequence[str] = ()
    excluded: Sequence[str] = ()
    exact: bool = False

    def takes(self, name: str) -> bool:
        """Whether the build of that full name runs."""
        if self.only and not any(self._matches(name, pattern) for pattern in self.only):
            return False
        return not self.excludes(name)

    def excludes(self, name: str) -> bool:
        """Whether `-except` names it: a build, or a post-processor, which ends its chain (packer.md 1.9)."""
        return any(self._matches(name, pattern) for pattern in self.excluded)

    def _matches(self, name: str, pattern: str) -> bool:
        if self.exact:
            return name == pattern
        try:
            return pattern_regex(pattern, paths=False).fullmatch(name) is not None
        except ValueError:  # which `problems` tells
            return False

    def problems(
        self, builds: Sequence[str], post_processors: Sequence[str]
    ) -> Iterator[Diagnostic]:
        """What to say of the patterns: an error if no build is left, a warning for one that matches nothing.

        builds: the full names of all builds; post_processors: names, or types where there is none.
        """
        given = [("-only", each, builds) for each in self.only]
        given += [("-except", each, [*builds, *post_processors]) for each in self.excluded]
        broken = [] if self.exact else list(_broken(given))
        yield from broken
        if not builds or broken:
            return
        if not any(map(self.takes, builds)):
            detail = f"None of the builds ({', '.join(builds)}) matches -only and -except."
            yield Diagnostic(Severity.ERROR, "No builds to run", detail)
            return
        for flag, pattern, names in given:
            if not any(self._matches(name, pattern) for name in names):
                detail = f'"{pattern}" matches none of {", ".join(names)}.'
                yield Diagnostic(Severity.WARNING, f"A pattern of {flag} matches nothing", detail)


def _broken(given: Iterable[tuple[str, str, Sequence[str]]]) -> Iterator[Diagnostic]:
    for flag, pattern, _ in given:
        try:
            pattern_regex(pattern, paths=False)
        except ValueError as problem:
            detail = f'"{pattern}" cannot be used: {problem}.'
            yield Diagnostic(Severity.ERROR, f"Invalid {flag} pattern", detail)
