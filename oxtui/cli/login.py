"""`oxtui login`: a token for a rack, confirmed in a browser."""

from __future__ import annotations

import asyncio
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from oxtui.cli.errors import CommandError
from oxtui.cli.trust_flags import add_config_dir_flag, add_trust_flags
from oxtui.logs.sanitise import plain

HELP = """Log in to a rack: confirm a code in a browser, and keep the token in the profile that the
`oxide` command uses too (credentials.toml)."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--host",
        metavar="URL",
        help="the rack, such as my-silo.sys.example.com; needed for a new one",
    )
    parser.add_argument(
        "--profile", metavar="NAME", help="profile to write, and without --host to renew"
    )
    parser.add_argument(
        "--no-browser", action="store_true", help="only print the address, open no browser"
    )
    parser.add_argument(
        "--ttl",
        metavar="SECONDS",
        type=int,
        help="lifetime of the token; the silo's longest if unset",
    )
    add_config_dir_flag(parser)
    add_trust_flags(parser)


def run(arguments: Namespace) -> int:
    """Log in; the exit code is 0 when the profile is written."""
    from oxtui.oxide.errors import OxideError

    try:
        return asyncio.run(_login(arguments, os.environ))
    except OxideError as error:
        raise CommandError(str(error)) from None


async def _login(arguments: Namespace, environ: Mapping[str, str]) -> int:
    from oxtui.oxide.accounts import keep_login
    from oxtui.oxide.browser import open_browser
    from oxtui.oxide.login import DeviceLogin
    from oxtui.oxide.profiles import default_config_dir

    config_dir = arguments.config_dir or default_config_dir(environ)
    login = DeviceLogin(
        _host(arguments, config_dir),
        insecure=arguments.insecure,
        cacert=arguments.cacert,
        ttl_seconds=arguments.ttl,
    )
    async with login:
        code = await login.begin()
        opened = not arguments.no_browser and open_browser(code.verification_uri, environ)
        # The words of a host that is not known yet.
        address, word = plain(code.verification_uri), plain(code.user_code)
        print(f"{'Opened' if opened else 'Open'} this address in a browser: {address}")
        print(f"Enter the code: {word}")
        print(f"Waiting for it to be confirmed (at most {code.expires_in:g} s)…", flush=True)
        grant = await login.wait(code)
        done = await keep_login(login, grant, config_dir, arguments.profile)
    print(plain(f"Logged in as {done.user.display_name} of silo {done.user.silo_name}."))
    print(
        f'Profile "{done.profile}" is the default.'
        if done.became_default
        else f'Use it with --profile "{done.profile}".'
    )
    return 0


def _host(arguments: Namespace, config_dir: Path) -> str:
    from oxtui.oxide.profiles import profiles

    if arguments.host:
        return str(arguments.host)
    for profile in profiles(config_dir):
        if profile.name == arguments.profile and profile.host:
            return profile.host
    raise CommandError("Which rack? Give --host URL, or --profile NAME of a known one.", 2)
