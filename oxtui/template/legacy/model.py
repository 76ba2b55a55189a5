"""What a legacy JSON template says, read but not evaluated (packer.md 2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oxtui.template.hcl.source import SourceFile, Span
    from oxtui.template.hcl.tree.bodies import Body


@dataclass(frozen=True)
class LegacyComponent:
    """A builder, provisioner or post-processor.

    `name` is a builder's name as it is written, its type if it has none, and of a post-processor its
    name or the empty text. In `body` every member is an attribute, and strings are as they stand.
    """

    kind: str
    type: str
    name: str
    body: Body
    span: Span


@dataclass(frozen=True)
class LegacyVariable:
    """A user variable; `default` is None for one that must be set."""

    name: str
    default: str | None
    span: Span


@dataclass(repr=False)
class LegacyTemplate:
    """A whole legacy template. Post-processors are chains, one alone is a chain of one."""

    file: SourceFile
    description: str = ""
    min_packer_version: str = ""
    comments: dict[str, str] = field(default_factory=dict)
    variables: dict[str, LegacyVariable] = field(default_factory=dict)
    sensitive: list[str] = field(default_factory=list)
    builders: list[LegacyComponent] = field(default_factory=list)
    provisioners: list[LegacyComponent] = field(default_factory=list)
    error_cleanup: LegacyComponent | None = None
    post_processors: list[list[LegacyComponent]] = field(default_factory=list)
