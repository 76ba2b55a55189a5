"""The rack in a few words."""

from __future__ import annotations

from oxtui.settings import Settings
from screens.connection import Connecting, Failed, Link, State


def rack_name(state: State) -> str:
    """Profile and silo, or account; or what stands in the way."""
    match state:
        case Link():
            return state.target.label(state)
        case Connecting():
            return f"{state.target.name}: {state.doing}…"
        case Failed():
            return f"{state.target.name}: not connected"
        case _:
            return "no rack"


def rack_marks(state: State, settings: Settings) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What makes the rack dangerous, and what else is particular about it."""
    if not isinstance(state, Link):
        return (), ()
    profile = settings.profile(state.connection.profile or "")
    warnings = []
    if profile.production:
        warnings.append("production")
    if state.connection.insecure:
        warnings.append("insecure TLS")
    return tuple(warnings), ("read-only",) if profile.read_only else ()


def rack_color(state: State, settings: Settings) -> str:
    """The colour that the operator gave this rack's profile; empty for none."""
    if not isinstance(state, Link):
        return ""
    profile = settings.profile(state.connection.profile or "")
    return profile.color


def read_only_reason(state: State, settings: Settings) -> str:
    """Why nothing may be changed on this rack; empty if it may."""
    if not isinstance(state, Link) or not state.connection.profile:
        return ""
    name = state.connection.profile
    if not settings.profile(name).read_only:
        return ""
    source = settings.source(f"profiles.{name}.read_only")
    return f"The profile {name} is read-only ({source})."
