"""Which racks and accounts there are to choose from, and which one is chosen by the credentials."""

from __future__ import annotations

from dataclasses import replace

from oxtui.oxide.credentials import TRANSPORT_VARIABLES, Connection, ConnectionOptions, resolve
from oxtui.oxide.errors import CredentialsError
from oxtui.oxide.profiles import Profile, permission_warning, profiles
from screens.connect.accounts import account_offers, first_account, is_same_account
from screens.connect.offered import Offered, Offerings
from screens.connection import Account, Demo, Link, Rack, Target
from screens.services import Services


def first_target(services: Services) -> Target | str:
    """The rack that the credentials choose, or else the account; or why they choose none.

    Who has credentials of racks chooses among them, also if there are keys of an account.
    """
    rack = _first_rack(services)
    if isinstance(rack, Rack) or _knows_racks(services):
        return rack
    account = first_account(services)
    return account if isinstance(account, Account) else rack


def _first_rack(services: Services) -> Rack | str:
    try:
        return Rack(resolve(ConnectionOptions(), services.environment, services.oxide_config))
    except CredentialsError as error:
        return str(error)


def _knows_racks(services: Services) -> bool:
    named = any(name.startswith("OXIDE_") for name in services.environment)
    try:
        return named or bool(profiles(services.oxide_config))
    except CredentialsError:
        return True


def offerings(services: Services, link: Link | None) -> Offerings:
    """What the environment and the profiles name, of racks and then of Outscale; and the demo rack."""
    accounts = account_offers(services, first_target(services))
    racks = _all(services)
    *known, demo = racks.racks
    note = " ".join(filter(None, (racks.note, accounts.note)))
    found = Offerings((*known, *accounts.racks, demo), note)
    if link is None:
        return found
    marked = [replace(rack, connected=_is_same(rack.target, link.target)) for rack in found.racks]
    return Offerings(marked, found.note)


def transport(services: Services) -> dict[str, str]:
    """The variables that hold for whatever rack is chosen, as they say how and not which."""
    wanted = TRANSPORT_VARIABLES.values()
    return {name: value for name, value in services.environment.items() if name in wanted}


def rack_of_profile(services: Services, profile: str) -> Rack:
    """The rack of a profile that was chosen by name.

    Raises:
        CredentialsError: There is no such profile, or it has no token.
    """
    options = ConnectionOptions(profile=profile, source={"profile": "chosen here"})
    return Rack(resolve(options, transport(services), services.oxide_config))


def _is_same(target: Target | None, other: Target) -> bool:
    """Whether both are one rack with one token, however each was found."""
    if isinstance(target, Rack) and isinstance(other, Rack):
        ours, theirs = target.connection, other.connection
        return (ours.host, ours.profile, ours.token) == (theirs.host, theirs.profile, theirs.token)
    return is_same_account(target, other) or target == other


def _all(services: Services) -> Offerings:
    demo = Offered("demo", "demo rack", "this machine", "simulated, needs nothing", Demo())
    try:
        known = profiles(services.oxide_config)
    except CredentialsError as error:
        return Offerings((demo,), str(error))
    first = _first_rack(services)
    chosen = first.connection if isinstance(first, Rack) else None
    racks = [_of_profile(services, profile, chosen) for profile in known]
    if chosen is not None and chosen.profile is None:
        source = ", ".join(dict.fromkeys((chosen.source["host"], chosen.source["token"])))
        rack = Offered("environment", "environment", chosen.host, source, Rack(chosen), source)
        racks.insert(0, rack)
    note = permission_warning(services.oxide_config) or ""
    if isinstance(first, str) and known:
        note = first
    return Offerings((*racks, demo), note)


def _of_profile(services: Services, profile: Profile, chosen: Connection | None) -> Offered:
    key, source = f"profile:{profile.name}", "credentials.toml"
    if profile.problem is not None:
        problem = f'The profile "{profile.name}" cannot be used: {profile.problem}.'
        return Offered(key, profile.name, profile.host, source, None, problem=problem)
    try:
        target = rack_of_profile(services, profile.name)
    except CredentialsError as error:  # of the environment
        return Offered(key, profile.name, profile.host, source, None, problem=str(error))
    why = ""
    if chosen is not None and chosen.profile == profile.name:
        why = chosen.source["profile"]
    return Offered(key, profile.name, profile.host, source, target, why)
