"""Ciphers and key exchanges that both the template and oxtui know."""

from __future__ import annotations

from collections.abc import Sequence

import asyncssh

_ARGUMENTS = {"ssh_ciphers": "encryption_algs", "ssh_key_exchange_algorithms": "kex_algs"}


def usable(option: str, names: Sequence[str]) -> list[str]:
    """Those of `names` that oxtui can use, in their order; as in Packer, others are passed over.

    Raises:
        ValueError: there is none.
    """
    found = [name for name in names if _is_known(_ARGUMENTS[option], name)]
    if names and not found:
        raise ValueError(
            f"none of {', '.join(names)} is known here; name others, or leave {option} out"
        )
    return found


def algorithm_arguments(
    ciphers: Sequence[str], key_exchanges: Sequence[str]
) -> dict[str, list[str]]:
    """What asyncssh is told of them; nothing where the template leaves the choice to it."""
    chosen = {
        "encryption_algs": usable("ssh_ciphers", ciphers),
        "kex_algs": usable("ssh_key_exchange_algorithms", key_exchanges),
    }
    return {name: algorithms for name, algorithms in chosen.items() if algorithms}


def _is_known(argument: str, name: str) -> bool:
    try:
        asyncssh.SSHClientConnectionOptions(config=None, **{argument: [name]})
    except ValueError:
        return False
    return True
