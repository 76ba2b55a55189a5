"""A rack as a process: from its options to the moment it is asked to stop."""

from __future__ import annotations

import contextlib
import functools
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.rack import faults, latency
from oxtui.rack.api.operations import application, operations
from oxtui.rack.hypervisor import Hypervisor
from oxtui.rack.isolation.errors import RackMachineError
from oxtui.rack.login import new_secret
from oxtui.rack.loop_devices import why_not
from oxtui.rack.process import bound, published, state_folder, until_told
from oxtui.rack.rack import Rack, open_rack
from oxtui.rack.seeds.choice import ip_pools, pool_addresses, seed
from oxtui.rack.store.database import open_store
from oxtui.rack.timestamps import now

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from oxtui.rack.isolation.choice import Wanted
    from oxtui.rack.seeds.planting import IpPools

ISOLATION_FILE = "isolation.json"
_TOKEN_FILE = "token"  # noqa: S105 (a file's name)


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How to serve. `state` None: a temporary folder; ports 0: any free one."""

    host: str = "127.0.0.1"
    port: int = 0
    tls: bool = False
    state: Path | None = None
    seed: str | None = None
    ip_pools: IpPools | None = None
    isolation: Wanted = "auto"
    ssh_port: int = 0
    latency: str = "real"
    faults: tuple[str, ...] = ()
    with_parent: bool = False
    allow_none: bool = False
    loop_devices: bool = False
    """Disks are loop devices of this machine: of the simulated Outscale, volumes that are linked; else disks
    beside the boot disk, which their guests see."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a client must know to use the rack. `token` is a secret."""

    host: str
    token: str = field(repr=False)
    ssh_port: int
    isolation: str
    pid: int
    cacert: str | None
    banner: str
    """How instances and this machine are kept apart, in a sentence for the operator."""


async def serve(options: ServeOptions, announce: Callable[[Announcement], None]) -> None:
    """Serve until SIGTERM, SIGINT, SIGHUP, or, `with_parent`, the end of standard input.

    When this returns, every instance is off and what the rack made on the host is gone, except for
    the folder that `state` names. Raises AddressError, FaultSpecError, StateFolderError,
    StateInUseError, StateVersionError, SeedConflictError, ParentPipeError, and what the hypervisor
    raises: IsolationError, RackMachineError.
    """
    run = functools.partial(_run, options, announce)
    await until_told(run, with_parent=options.with_parent)


async def _run(
    options: ServeOptions,
    announce: Callable[[Announcement], None],
    ready: asyncio.Event,
    stop: asyncio.Event,
) -> None:
    trouble = faults.parse(list(options.faults))
    if options.loop_devices and (reason := why_not()):
        raise RackMachineError(f"--loop-devices cannot be had here: {reason}")
    async with contextlib.AsyncExitStack() as stack:
        listener = bound(options.host, options.port)
        stack.callback(listener.close)
        folder = stack.enter_context(state_folder(options.state))
        store = stack.enter_context(open_store(folder))
        pools = ip_pools(store, options.ip_pools)
        hypervisor = await stack.enter_async_context(
            Hypervisor.open(
                folder,
                isolation=options.isolation,
                ssh_port=options.ssh_port,
                keep_unsynced=trouble.keep_unsynced,
                allow_none=options.allow_none,
                ipv6=pools in ("v6", "both"),
            )
        )
        if options.loop_devices and not hypervisor.shows_devices:
            raise RackMachineError(
                f"--loop-devices cannot be had with this isolation of instances ({hypervisor.isolation}): "
                "they would not see the devices"
            )
        await seed(store, hypervisor.disks, now, options.seed, pools)
        rack = await stack.enter_async_context(
            open_rack(
                store,
                hypervisor,
                addresses=pool_addresses(hypervisor.addresses, hypervisor.ipv6_addresses, pools),
                loop_devices=options.loop_devices,
                faults=trouble,
                latency=latency.PROFILES[options.latency],
                clock=now,
            )
        )
        trouble.check_targets([operation.id for operation in operations(rack)])
        secret = _token(rack, folder)
        _describe_isolation(folder, hypervisor)
        base, cacert = await stack.enter_async_context(
            published(application(rack), listener, folder, host=options.host, tls=options.tls)
        )
        ready.set()
        announce(
            Announcement(
                host=base,
                token=secret,
                ssh_port=hypervisor.ssh_port,
                isolation=hypervisor.isolation,
                pid=os.getpid(),
                cacert=cacert,
                banner=hypervisor.banner,
            )
        )
        await stop.wait()


def _describe_isolation(folder: Path, hypervisor: Hypervisor) -> None:
    """Write down for who started the rack what may be run on it."""
    told = {"banner": hypervisor.banner, "confined": hypervisor.confined}
    (folder / ISOLATION_FILE).write_text(json.dumps(told))


def _token(rack: Rack, folder: Path) -> str:
    """Return the state's own token, so that it opens the rack after a restart as before."""
    path = folder / _TOKEN_FILE
    if path.exists():
        return path.read_text().strip()
    secret = new_secret()
    path.touch(mode=0o600)
    path.write_text(secret)
    rack.login.issue(secret)
    return secret
