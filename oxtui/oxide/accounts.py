"""From a granted token to a profile that works, and back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection, ConnectionOptions, resolve
from oxtui.oxide.credentials_file import Entry, profile_name_for, save_profile
from oxtui.oxide.errors import CredentialsError, Unauthorized
from oxtui.oxide.login import DeviceLogin, Grant
from oxtui.oxide.models.session import CurrentUser
from oxtui.oxide.profiles import default_profile, profiles
from oxtui.oxide.timing import Timing


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A finished login."""

    profile: str
    user: CurrentUser
    became_default: bool


async def keep_login(
    login: DeviceLogin, grant: Grant, config_dir: Path, profile: str | None = None
) -> LoggedIn:
    """Ask the rack who the token belongs to, and write the profile.

    Args:
        login: The login that the grant came from.
        grant: The token.
        config_dir: Folder of the `oxide` command's files.
        profile: Name of the profile; None for the one that already holds this rack and user, or
            the name of the silo.

    Raises:
        OxideError: The rack does not know the token, or the files cannot be written.
    """
    connection = Connection(
        login.host,
        grant.token,
        insecure=login.insecure,
        cacert=login.cacert,
        source={"host": "login", "token": "login"},
    )
    async with OxideClient(connection, timing=login.timing) as client:
        user = await client.session.me()
    entry = Entry(login.host, grant.token, user.id, grant.token_id, grant.time_expires)
    name = profile or profile_name_for(config_dir, entry, user.silo_name)
    return LoggedIn(name, user, save_profile(config_dir, name, entry))


async def revoke(
    config_dir: Path, profile: str, options: ConnectionOptions, timing: Timing | None = None
) -> None:
    """Make a profile's token useless on the rack, while the profile still holds it.

    Raises:
        CredentialsError: The profile does not know the id of its token.
        OxideError: The rack cannot be reached or refuses.
    """
    token_id = next((p.token_id for p in profiles(config_dir) if p.name == profile), None)
    if token_id is None:
        raise CredentialsError(
            f'The profile "{profile}" does not know the id of its token, so it cannot be revoked'
            " from here; revoke it in the web console."
        )
    async with OxideClient(resolve(options, {}, config_dir), timing=timing) as client:
        try:
            await client.session.revoke_token(token_id)
        except Unauthorized:
            return  # expired or revoked already, which is what was wanted


def chosen_profile(config_dir: Path, profile: str | None) -> str:
    """The named profile, else the default one.

    Raises:
        CredentialsError: Neither is named.
    """
    name = profile or default_profile(config_dir)
    if name is None:
        raise CredentialsError("No profile is named and there is no default; give --profile NAME.")
    return name
