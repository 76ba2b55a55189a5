"""`oxtui maas`: upload files as images of MAAS, and list its images."""

from __future__ import annotations

import asyncio
import os
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction, Namespace
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.cli.errors import USAGE, CommandError
from oxtui.cli.trust_flags import add_trust_flags

if TYPE_CHECKING:
    from oxtui.maas.client import MaasClient

HELP = """Images of MAAS: upload a file as one, or list those that were uploaded.

The MAAS is that of --maas-url, OXTUI_MAAS_URL or MAAS_URL, such as http://maas.example.com:5240/MAAS; its API
key comes from OXTUI_MAAS_API_KEY, MAAS_API_KEY or a file, never from the command line, which others can read."""

_UPLOAD = """Upload a file as an image of MAAS: a packed tar of a root file system, or a disk, raw or packed.

The file, the name and the base image are checked before anything is sent. A file that MAAS has already is not
sent again. Ctrl-C once removes what was begun, as far as it is this upload's alone."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    uploading = actions.add_parser("upload", help="upload a file as an image", description=_UPLOAD)
    _configure_upload(uploading)
    listing = actions.add_parser("images", help="list the images that were uploaded")
    for each in (uploading, listing):
        each.add_argument("--json", action="store_true", help="print JSON, as the API has it")
        _add_maas_flags(each)


def run(arguments: Namespace) -> int:
    """Do it; returns the exit code."""
    from oxtui.component.errors import StepError
    from oxtui.maas.errors import MaasError, SettingError

    work = _work(arguments)
    try:
        return asyncio.run(_run(arguments, work))
    except SettingError as error:
        raise CommandError(str(error), USAGE) from None
    except (MaasError, StepError) as error:
        raise CommandError(str(error)) from None


def _work(arguments: Namespace) -> Callable[[MaasClient], Awaitable[int]]:
    if arguments.action == "upload":
        from oxtui.cli.maas_upload import checked, upload_file

        checked(arguments)
        return lambda client: upload_file(arguments, client)
    from oxtui.cli.maas_images import list_images

    return lambda client: list_images(arguments, client)


async def _run(arguments: Namespace, work: Callable[[MaasClient], Awaitable[int]]) -> int:
    from oxtui.cli.on_rack import narrate
    from oxtui.maas.client import MaasClient
    from oxtui.maas.connection import resolve

    key = ""
    if arguments.api_key_file is not None:
        try:
            key = await asyncio.to_thread(arguments.api_key_file.read_text)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(
                f"{arguments.api_key_file} cannot be read: {error}.", USAGE
            ) from None
    connection = resolve(
        arguments.maas_url or "", key.strip(), os.environ, insecure=arguments.insecure,
        cacert=arguments.cacert, named=("--maas-url", "--api-key-file"),
    )  # fmt: skip
    for warning in connection.warnings:
        narrate(f"warning: {warning}")
    async with MaasClient(connection) as client:
        return await work(client)


def _add_maas_flags(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("MAAS")
    group.add_argument("--maas-url", metavar="URL", help="the MAAS")
    group.add_argument(
        "--api-key-file", metavar="FILE", type=Path, help="file that holds the API key of a user"
    )
    add_trust_flags(group)


def _configure_upload(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--name", required=True, help="of the image, custom/NAME")
    parser.add_argument(
        "--architecture", default="amd64/generic", metavar="ARCH", help="ARCH/KIND (%(default)s)"
    )
    parser.add_argument(
        "--filetype", default="", metavar="TYPE",
        help="tgz, ddgz, ddraw, …; without, what the content of the file says",
    )  # fmt: skip
    parser.add_argument("--title", default="", help="what MAAS's pages call it")
    parser.add_argument(
        "--base-image", default="", metavar="OS/RELEASE",
        help="whose installer installs it, such as ubuntu/noble; without, that of commissioning",
    )  # fmt: skip
    parser.add_argument(
        "--keep-old", action="store_true",
        help="keep older versions, whose files MAAS otherwise removes as soon as the upload begins",
    )  # fmt: skip
    parser.add_argument(
        "--check", action=BooleanOptionalAction, default=True,
        help="look whether a root file system has what MAAS needs in it; on unless told otherwise",
    )  # fmt: skip
    parser.add_argument(
        "--chunk-size", type=_mebibytes, default=4, metavar="MIB",
        help="MiB of one request (%(default)s)",
    )  # fmt: skip


def _mebibytes(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1024:
        raise ArgumentTypeError(f"{text!r} is no whole number from 1 to 1024")
    return int(text)
