"""The form of an upload; the file is looked at while its path is typed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Select, Static

from screens.dialogs.form import Check, Field, FormDialog
from screens.tables.cell import clean
from screens.upload.checks import FileCheck, name_for
from screens.upload.paths import PathSuggester
from screens.widgets.top_line import TONES

if TYPE_CHECKING:
    from oxtui.oxide.image_file import ImageFile
    from oxtui.oxide.models.project import Project

PROMOTE = "silo"
_BLOCKS = (
    ("", "as the file says, else 512 bytes"),
    ("512", "512 bytes"),
    ("2048", "2048 bytes (CD)"),
    ("4096", "4096 bytes"),
)


class UploadForm(FormDialog):
    """Answers with the values; `file` is then the file that was looked at."""

    DEFAULT_CSS = """
    UploadForm {
        & .form--row { margin-bottom: 0; }
        & .upload--checks { height: auto; max-height: 4; margin-top: 1; }
        & .form--help { margin-top: 1; }
    }
    """

    def __init__(
        self, projects: Sequence[Project], chosen: str, taken: Collection[tuple[str, str]]
    ) -> None:
        """`taken` are names of images that are known, each with the id of its project."""
        self._taken = taken
        super().__init__("Upload an image", _fields(projects, chosen, self._check_name))
        self.check = FileCheck(self._show_checks)
        self._own_name = ""
        """The name that was proposed; another one is the operator's."""
        self._looking = False
        """The file is being read."""
        self._accepting = False
        """Enter was pressed meanwhile: it counts once that is done."""

    @property
    def file(self) -> ImageFile | None:
        """The file that the path names, if it may be uploaded."""
        return self.check.file

    def body(self) -> ComposeResult:
        """The fields, and what is known of the file."""
        yield from super().body()
        yield Static("", classes="upload--checks", markup=False)

    def on_mount(self) -> None:
        """The path comes first, and completes itself."""
        super().on_mount()
        path = self.query_one("#file", Input)
        path.suggester = PathSuggester()
        path.focus()
        self._show_checks()

    @on(Input.Changed, "#file")
    def _another_file(self) -> None:
        self._look()
        name = self.query_one("#name", Input)
        if name.value == self._own_name:
            self._own_name = name_for(self._values()["file"])
            name.value = self._own_name

    @on(Select.Changed, "#blocks")
    def _another_block_size(self) -> None:
        self._look()

    def _look(self) -> None:
        values = self._values()
        block_size = int(values["blocks"]) if values["blocks"] else None
        self._looking = True
        self.run_worker(
            self._looked(values["file"], block_size),
            group="look", exclusive=True, exit_on_error=False,
        )  # fmt: skip

    async def _looked(self, file: str, block_size: int | None) -> None:
        await self.check.look(file, block_size)
        self._looking = False
        if self._accepting and self.is_current:
            self.do_accept()

    def _show_checks(self) -> None:
        if self.is_mounted:
            told = [
                Content.styled(clean(cell.text), TONES[cell.tone]) for cell in self.check.lines()
            ]
            self.query_one(".upload--checks", Static).update(Content("\n").join(told))

    def do_accept(self) -> None:
        """Answer, once the file is known to be right."""
        self._accepting = self._looking
        if self._looking:
            return
        if self.file is None:
            self.query_one("#file").focus()
        else:
            super().do_accept()

    def _check_name(self, name: str) -> str | None:
        from oxtui.oxide.limits import check_name

        project = self._values()["project"] if self.is_mounted else ""
        if (name, project) in self._taken:
            return f"The project has an image {name} already."
        return check_name(name)


def _fields(projects: Sequence[Project], chosen: str, check_name: Check) -> Sequence[Field]:
    from oxtui.oxide.limits import check_description, check_image_text

    return (
        Field(
            name="file", label="file",
            help="Raw blocks of a disk, also packed with gzip, xz or bzip2. → completes a path.",
        ),
        Field(
            name="project", label="project", value=chosen,
            choices=[(project.id, project.name) for project in projects],
            help="Where the image and what is made on the way to it belong.",
        ),
        Field(
            name="name", label="name", check=check_name,
            help="Of the image. Nothing of an image can be changed later.",
        ),
        Field(
            name="os", label="os", check=lambda text: check_image_text("os", text),
            help="Operating system, such as debian.",
        ),
        Field(
            name="version", label="version", check=lambda text: check_image_text("version", text),
            help="Of the operating system, such as 13.",
        ),
        Field(name="about", label="description", check=check_description),
        Field(
            name="blocks", label="block size", choices=_BLOCKS,
            help="It has to be that of the partition table in the file, or it does not boot.",
        ),
        Field(
            name="for", label="usable in",
            choices=(("project", "its project"), (PROMOTE, "every project of the silo (promote)")),
            help="Promoting needs a role in the silo.",
        ),
    )  # fmt: skip
