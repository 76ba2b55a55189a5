"""Options of sources that oxtui finds out by itself, and stock Packer wants written."""

from __future__ import annotations

from collections.abc import Mapping

from oxtui.build.state import BuildState
from oxtui.builders.oxide.preflight import DEFAULT_DISK
from oxtui.export.draft import Draft
from oxtui.export.located import LocatedBuild
from oxtui.export.told import planned_value, source_image
from oxtui.oxide.names import is_id

IMAGE = "boot_disk_image_id"
SIZE = "boot_disk_size"


def written_out(
    draft: Draft, builds: Mapping[str, BuildState], located: Mapping[str, LocatedBuild]
) -> None:
    """Names of images become ids, and a disk's size that was left to oxtui is written out."""
    done: dict[tuple[str, str], str] = {}
    for name, build in builds.items():
        there = located[name]
        if there.is_oxide:
            _image(draft, name, build, there, done)
            _size(draft, name, build, there, done)


def _image(
    draft: Draft,
    name: str,
    build: BuildState,
    there: LocatedBuild,
    done: dict[tuple[str, str], str],
) -> None:
    given = there.value(IMAGE)
    if not isinstance(given, str) or is_id(given):
        return  # an id, or a data source's output, which is one
    found = source_image(build)
    if found is None:
        draft.problems.append(
            f'{name} ended before it looked up the image "{given}", and stock Packer takes only an '
            f"id: write the image's id as {IMAGE} in the template, or run the build once more."
        )
        return
    image, number = found
    if _once(draft, there, IMAGE, number, done):
        draft.document.set(there.address_of(IMAGE), IMAGE, number)
        draft.comment(there.address_of(IMAGE), IMAGE, image)
        draft.notes.append(
            f"{IMAGE} is the id of {image} on the rack of the session: stock Packer takes no names."
        )


def _size(
    draft: Draft,
    name: str,
    build: BuildState,
    there: LocatedBuild,
    done: dict[tuple[str, str], str],
) -> None:
    size, given = planned_value(build, SIZE)
    if given or there.sets(SIZE) or not size.isdigit() or int(size) <= DEFAULT_DISK:
        return
    if _once(draft, there, SIZE, size, done):
        address = there.address_of(IMAGE)
        draft.document.set(address, SIZE, int(size))
        draft.comment(address, SIZE, f"{int(size) / 2**30:g} GiB, as large as the source")
        draft.notes.append(
            f"{SIZE} is written out, because the source of {name} is larger than the plugin's default."
        )


def _once(
    draft: Draft,
    there: LocatedBuild,
    option: str,
    value: str,
    done: dict[tuple[str, str], str],
) -> bool:
    """Whether an option is still to be written; one that two builds share can have but one value."""
    key = (there.address_of(IMAGE), option)
    known = done.get(key)
    if known is None:
        done[key] = value
        return True
    if known != value:
        draft.problems.append(
            f"{key[0]} would need two values for {option}, {known} and {value}: give each build a "
            "source of its own."
        )
    return False
