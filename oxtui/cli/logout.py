"""`oxtui logout`: forget a profile."""

from __future__ import annotations

import asyncio
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping

from oxtui.cli.errors import CommandError
from oxtui.cli.trust_flags import add_config_dir_flag, add_trust_flags

HELP = """Forget a profile. Its token stays valid until it expires, unless it is revoked first."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--profile", metavar="NAME", help="the profile; the default one if it is not given"
    )
    parser.add_argument(
        "--revoke", action="store_true", help="make the token useless on the rack before"
    )
    add_config_dir_flag(parser)
    add_trust_flags(parser)


def run(arguments: Namespace) -> int:
    """Log out; the exit code is 0 when the profile is gone."""
    from oxtui.oxide.errors import OxideError

    try:
        return asyncio.run(_logout(arguments, os.environ))
    except OxideError as error:
        raise CommandError(str(error)) from None


async def _logout(arguments: Namespace, environ: Mapping[str, str]) -> int:
    from oxtui.oxide.accounts import chosen_profile, revoke
    from oxtui.oxide.credentials import ConnectionOptions
    from oxtui.oxide.credentials_file import remove_profile
    from oxtui.oxide.profiles import default_config_dir

    config_dir = arguments.config_dir or default_config_dir(environ)
    profile = chosen_profile(config_dir, arguments.profile)
    if arguments.revoke:
        options = ConnectionOptions(
            profile=profile, insecure=arguments.insecure, cacert=arguments.cacert
        )
        await revoke(config_dir, profile, options)
    remove_profile(config_dir, profile)
    fate = "is revoked" if arguments.revoke else "stays valid until it expires"
    print(f'Profile "{profile}" is gone; its token {fate}.')
    return 0
