"""A plan: builds with everything decoded and checked that can be before a rack is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from oxtui.build.packer.outline import ForeignComponent, PackerPlan
from oxtui.build.steps import Common, Decode
from oxtui.component.protocols import Builder, Provisioner

if TYPE_CHECKING:
    from oxtui.build.checkpoints.written import Written
    from oxtui.build.resume.given import Given
    from oxtui.component.options import Options
    from oxtui.component.post_processing import Moment, PostProcessor
    from oxtui.template.legacy.interpolate import Interpolation


@dataclass(frozen=True, slots=True)
class PlannedProvisioner:
    """A provisioner of a build. `decode` gives its options anew, with `build.*` known."""

    type_name: str
    name: str
    component: type[Provisioner]
    options: Options
    decode: Decode
    common: Common = field(default_factory=Common)
    written: Written | None = None
    """As the template has it."""

    @property
    def title(self) -> str:
        """Its name if it has one, else its type."""
        return self.name or self.type_name

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands in the template: the file's name, and an offset in its block."""
        body = self.written.body if self.written is not None else None
        return ("", 0) if body is None else (body.file.name, body.span.start)


@dataclass(frozen=True, slots=True)
class PlannedPostProcessor:
    """A post-processor of a build. `decode` gives its options anew, with `build.*` known."""

    type_name: str
    name: str
    """As the template has it; that of a legacy template is its type where it has none."""
    component: type[PostProcessor]
    options: Options
    decode: Decode
    keep_input: bool | None = None
    """`keep_input_artifact`; None where the post-processor's own rule holds."""
    place: tuple[str, int] = ("", 0)
    """Where it stands in the template: the file's name, and an offset in its block."""

    @property
    def title(self) -> str:
        """Its name if it has one, else its type."""
        return self.name or self.type_name

    @property
    def moment(self) -> Moment:
        """When it runs."""
        return self.component.moment(self.options)


@dataclass(frozen=True, slots=True)
class PlannedBuild:
    """One build: a source with its provisioners and its chains of post-processors."""

    name: str
    """In full: `BUILD.TYPE.NAME`."""
    source_name: str
    builder_type: str
    builder: type[Builder]
    options: Options
    provisioners: tuple[PlannedProvisioner, ...]
    interpolation: Interpolation | None = None
    """Of a legacy template: what `{{ }}` can name in it."""
    post_processors: tuple[tuple[PlannedPostProcessor, ...], ...] = ()
    """Chains, each of which starts from what the builder made."""
    error_cleanup: PlannedProvisioner | None = None
    """What cleans up in the guest after an error, before the machine goes."""
    written: Written | None = None
    """The source as the template has it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a session will run."""

    template: str
    """Path or name of the template, as the operator knows it."""
    text: str
    """Its text."""
    builds: tuple[PlannedBuild, ...]
    """Empty where packer runs the template."""
    given: Given | None = None
    """What it was made with, for another process that makes it again; None where packer runs the template."""
    packer: PackerPlan | None = None
    """What packer runs in place of oxtui, which has not all components of the template."""

    @property
    def names(self) -> list[str]:
        """The names of the builds, whoever runs them."""
        return [
            build.name for build in (self.builds if self.packer is None else self.packer.builds)
        ]

    @property
    def foreign(self) -> tuple[ForeignComponent, ...]:
        """The components that need packer."""
        return () if self.packer is None else self.packer.components

    @property
    def needs_rack(self) -> bool:
        """Whether a build works on an Oxide rack; else all of them run without one."""
        if self.packer is not None:
            return any(build.builder_type == "oxide-instance" for build in self.packer.builds)
        return any(build.builder.provider == "oxide" for build in self.builds)
