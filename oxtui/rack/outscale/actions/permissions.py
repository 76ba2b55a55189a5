"""Who else may use an image or a snapshot."""

from __future__ import annotations

from typing import Any


def changed(
    permitted: tuple[str, ...], is_public: bool, change: dict[str, Any]
) -> tuple[tuple[str, ...], bool]:
    """Return accounts and whether it is public, after additions and removals."""
    additions, removals = change.get("Additions", {}), change.get("Removals", {})
    accounts = dict.fromkeys([*permitted, *additions.get("AccountIds", ())])
    for account in removals.get("AccountIds", ()):
        accounts.pop(account, None)
    shared = is_public or additions.get("GlobalPermission", False)
    return tuple(accounts), shared and not removals.get("GlobalPermission", False)


def shown(permitted: tuple[str, ...], is_public: bool) -> dict[str, Any]:
    """Return the API's form."""
    return {"AccountIds": list(permitted), "GlobalPermission": is_public}
