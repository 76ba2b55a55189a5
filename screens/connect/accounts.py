"""Accounts of Outscale to choose from: those of the environment, and every profile of its own tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from oxtui.outscale.connection import ConnectionOptions
from oxtui.outscale.credentials import resolve
from oxtui.outscale.errors import CredentialsError
from oxtui.outscale.profiles import config_file, profiles
from screens.connect.offered import Offered, Offerings
from screens.connection import Account, Target

if TYPE_CHECKING:
    from screens.services import Services

_SERVICE = "Outscale"
_KEPT = ("HOME", "OSC_CONFIG_FILE")
"""Variables that say where the profiles are; others are of the account that the environment names."""


def first_account(services: Services) -> Account | str:
    """The account that environment and profiles choose, or why they choose none."""
    try:
        return Account(resolve(ConnectionOptions(), services.environment))
    except CredentialsError as error:
        return str(error)


def account_offers(services: Services, chosen: Target | str) -> Offerings:
    """The account of the environment if there is one, and every profile; `chosen`: where oxtui begins."""
    file = config_file(services.environment)
    try:
        known = profiles(file)
    except CredentialsError as error:
        return Offerings((), str(error))
    found = [_of_profile(services.environment, name, chosen) for name in known]
    first = first_account(services)
    if isinstance(first, Account) and first.name not in known:
        source = first.connection.source["access_key"]
        why = source if chosen == first else ""
        found.insert(0, _offer("outscale-environment", first, source, why))
    named = any(name.startswith("OSC_") for name in services.environment)
    return Offerings(found, first if isinstance(first, str) and named else "")


def is_same_account(target: Target | None, other: Target) -> bool:
    """Whether both are one account in one region with the same keys, however each was found."""
    if not isinstance(target, Account) or not isinstance(other, Account):
        return False
    ours, theirs = target.connection, other.connection
    return (ours.endpoint, ours.region, ours.access_key) == (
        theirs.endpoint, theirs.region, theirs.access_key,
    )  # fmt: skip


def _of_profile(environ: Mapping[str, str], name: str, chosen: Target | str) -> Offered:
    kept = {key: value for key, value in environ.items() if key in _KEPT}
    key, source = f"outscale-profile:{name}", ".osc/config.json"
    try:
        account = Account(resolve(_named(name), kept))
        if account.name != name:
            raise CredentialsError(f'The profile "{name}" has no keys of its own.')
    except CredentialsError as error:
        return Offered(key, name, "", source, None, problem=str(error), service=_SERVICE)
    first = isinstance(chosen, Account) and is_same_account(account, chosen)
    return _offer(key, account, source, source if first else "")


def _named(profile: str) -> ConnectionOptions:
    return ConnectionOptions(profile=profile, origin="chosen here")


def _offer(key: str, account: Account, source: str, why: str) -> Offered:
    return Offered(
        key, account.name, account.connection.host, source, account, why, service=_SERVICE
    )
