"""What is known of a session that `packer` runs, before it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oxtui.component.registry import ComponentKind
    from oxtui.template.values import PythonValue


@dataclass(frozen=True, slots=True)
class ForeignComponent:
    """A component that only packer has; `place` is `file:line`."""

    kind: ComponentKind
    type: str
    place: str

    def __str__(self) -> str:
        word = "source" if self.kind == "builder" else self.kind
        return f'{word} "{self.type}" ({self.place})'


@dataclass(frozen=True, slots=True)
class OutlinedProvisioner:
    """A provisioner of the template.

    Attributes:
        type: such as `ansible`.
        title: its name, else its type.
        detail: what tells it from its likes, where oxtui knows the component.
        parts: how often packer says that it begins: once for each of its scripts or files.
        announced: packer says something before it begins, as it has `pause_before` or `timeout`.
    """

    type: str
    title: str
    detail: str = ""
    parts: int = 1
    announced: bool = False


@dataclass(frozen=True, slots=True)
class OutlinedPostProcessor:
    """A post-processor of the template; `name` is empty where it has none."""

    type: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class OutlinedBuild:
    """A build: `name` as oxtui calls it, `aliases` are all names that packers of any age have for it.

    `connects` is False where its communicator is known to be `none`.
    """

    name: str
    aliases: tuple[str, ...]
    builder_type: str
    provisioners: tuple[OutlinedProvisioner, ...] = ()
    post_processors: tuple[OutlinedPostProcessor, ...] = ()
    connects: bool = True


@dataclass(frozen=True, slots=True)
class PackerPlan:
    """What `packer` is to run.

    Attributes:
        binary: the program.
        components: why it is needed; at least one.
        builds: the chosen builds, in the order of the template.
        values: of the variables that `-var` set; they may be secret.
        variable_files: of `-var-file`, in their order.
        only: of `-only`.
        excluded: of `-except`.
        legacy: the template is legacy JSON.
        plugins: it has `required_plugins`, which `packer init` installs.
        folder: the working directory.
    """

    binary: Path
    components: tuple[ForeignComponent, ...]
    builds: tuple[OutlinedBuild, ...]
    values: Mapping[str, PythonValue] = field(default_factory=dict, repr=False)
    variable_files: tuple[Path, ...] = ()
    only: Sequence[str] = ()
    excluded: Sequence[str] = ()
    legacy: bool = False
    plugins: bool = False
    folder: Path = field(default_factory=Path.cwd)
