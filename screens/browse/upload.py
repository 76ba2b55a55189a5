"""Uploading a file as an image, from the table of images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from screens.browse.work import Work

if TYPE_CHECKING:
    from screens.upload.uploads import Upload


async def upload_image(work: Work, _rows: Sequence[Any]) -> None:
    """Ask for the file and the image's fields, start, and show how far it is."""
    from oxtui.oxide.upload import UploadRequest
    from screens.builds import NotStarted
    from screens.upload.form import PROMOTE, UploadForm

    link = work.app.connector.link
    projects = list(work.scope.projects)
    if link is None or not projects:
        work.say("An image needs a project, and there is none that you may see.")
        return
    chosen = work.scope.chosen.id if work.scope.chosen else projects[0].id
    taken = {(image.name, str(image.project_id)) for image in work.look.rows("images")}
    form = UploadForm(projects, chosen, taken)
    values = await work.app.push_screen_wait(form)
    if values is None or form.file is None or not await work.allowed(f"Upload {values['name']}."):
        return
    project = next(each for each in projects if each.id == values["project"])
    request = UploadRequest(
        file=form.file,
        project=project.name,
        name=values["name"],
        description=values["about"],
        os=values["os"],
        version=values["version"],
    )

    def ended(upload: Upload) -> None:
        work.reload()
        work.app.upload_ended(upload)

    try:
        promote = values["for"] == PROMOTE
        upload = await work.app.uploads.start(request, link, promote=promote, ended=ended)
    except NotStarted as error:
        work.app.notify(str(error), title="Not started", severity="error", timeout=20, markup=False)
    else:
        work.app.show_upload(upload)
