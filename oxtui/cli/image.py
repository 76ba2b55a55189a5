"""`oxtui image`: list, upload, promote, demote, delete and boot images."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.cli.confirm import add_yes_flag
from oxtui.cli.on_rack import add_json_flag, add_project_flag, add_rack_flags, on_rack

if TYPE_CHECKING:
    from oxtui.cli.on_rack import Work

HELP = """Images of projects and of the silo.

IMAGE is a name or an id. A name is looked up in --project; without that, among the images of the silo,
which every project can use."""

_UPLOAD = """Upload a file as an image: raw disk blocks, or those packed with gzip, xz or bzip2.

The file is checked before anything is made. Ctrl-C once removes what was made, twice leaves at once and says
what `oxtui sweep` will find."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    within = "project that has it; without, it is an image of the silo"

    listing = actions.add_parser("list", help="list images, those of the silo first")
    add_project_flag(listing, "only this project's images beside the silo's")
    add_json_flag(listing)

    showing = actions.add_parser("show", help="show one image")
    _add_image(showing)
    add_project_flag(showing, within)
    add_json_flag(showing)

    _configure_upload(
        actions.add_parser("upload", help="upload a file as an image", description=_UPLOAD)
    )

    promoting = actions.add_parser("promote", help="move an image from its project to the silo")
    _add_image(promoting)
    add_project_flag(promoting, "project that has it; not needed with an id")
    demoting = actions.add_parser("demote", help="move an image from the silo into one project")
    _add_image(demoting)
    add_project_flag(demoting, "project that gets it", required=True)

    deleting = actions.add_parser("delete", help="delete images")
    deleting.add_argument("images", metavar="IMAGE", nargs="+", help="name or id")
    add_project_flag(deleting, within)

    booting = actions.add_parser("boot", help="boot a test instance from an image")
    _configure_boot(booting)

    for each in (promoting, demoting, deleting, booting):
        add_yes_flag(each)
    for each in actions.choices.values():
        add_rack_flags(each)


def run(arguments: Namespace) -> int:
    """Do it; returns the exit code."""
    return on_rack(arguments, _work(arguments))


def _work(arguments: Namespace) -> Work:
    if arguments.action == "upload":
        from oxtui.cli.image_upload import upload_image

        return lambda rack: upload_image(arguments, rack)
    if arguments.action == "boot":
        from oxtui.cli.image_boot import boot_image

        return lambda rack: boot_image(arguments, rack)
    from oxtui.cli import images

    work = {
        "list": images.list_images,
        "show": images.show_image,
        "promote": images.promote_image,
        "demote": images.demote_image,
        "delete": images.delete_images,
    }[arguments.action]
    return lambda rack: work(arguments, rack)


def _add_image(parser: ArgumentParser) -> None:
    parser.add_argument("image", metavar="IMAGE", help="name or id")


def _configure_upload(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="the disk's blocks")
    add_project_flag(parser, "project that gets the image", required=True)
    parser.add_argument("--name", required=True, help="of the image; it cannot be changed later")
    parser.add_argument("--os", required=True, help="operating system, such as debian")
    parser.add_argument("--os-version", required=True, metavar="VERSION", help="such as 13")
    parser.add_argument("--description", metavar="TEXT", default=None)
    parser.add_argument(
        "--block-size", type=int, choices=(512, 2048, 4096),
        help="bytes; without, what the file itself says, or 512",
    )  # fmt: skip
    parser.add_argument(
        "--promote", action="store_true", help="move it to the silo when it is there"
    )
    parser.add_argument(
        "--parallelism", type=_positive, default=6, metavar="N",
        help="chunks under way at once, fewer for a slow link (%(default)s)",
    )  # fmt: skip
    add_yes_flag(parser)
    add_json_flag(parser)


def _configure_boot(parser: ArgumentParser) -> None:
    _add_image(parser)
    add_project_flag(parser, "project of the instance; images of it are found too", required=True)
    parser.add_argument("--name", help="of the instance (test-IMAGE)")
    parser.add_argument(
        "--cpus", type=int, default=1, metavar="N", help="virtual CPUs (%(default)s)"
    )
    parser.add_argument(
        "--memory", type=int, default=2, metavar="GIB", help="memory in GiB (%(default)s)"
    )
    parser.add_argument("--disk", type=int, metavar="GIB", help="boot disk (as large as the image)")
    parser.add_argument("--no-wait", action="store_true", help="do not wait until it runs")
    add_json_flag(parser)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)
