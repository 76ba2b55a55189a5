"""`oxtui rack serve`: the simulated rack as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import logging
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.cli.errors import USAGE, CommandError

if TYPE_CHECKING:
    from oxtui.rack.outscale.serve import Announcement as OutscaleAnnouncement
    from oxtui.rack.serve import Announcement

HELP = (
    "Serve a simulated Oxide rack, or a simulated Outscale: the real API over a real store, "
    "instances with real SSH."
)

_SERVE = """\
Serve a simulated rack until SIGTERM or SIGINT. When it is ready it prints one line of JSON:
host, token, ssh_port, isolation, pid and cacert (null without --tls). Standard error then tells
how instances and this machine are kept apart.

With --cloud outscale a simulated Outscale is served over the same machines and disks. When it is
ready it prints the OSC_* variables of a client, to export, and then a line of JSON with ssh_port,
isolation, pid and cacert. Log in to its VMs as the user outscale, at that port of their address. Its
public addresses lead on what the VM's security groups let in. What the account holds beside its
seeds is listed at /leftovers. It has 42 actions of the API; linked volumes are states only: no
block device appears in a VM. Nothing of it needs --seed or --ip-pools.

With --loop-devices a disk that is attached beside the boot disk is a block device in the guest while
that runs, if the disk is read-only or was made empty. One with files is an ext4 file system then: of
all that is on the disk, but without the programs of this machine that instances share, and without
a partition table.

With --loop-devices and --cloud outscale this machine stands for the VMs: a volume that is linked to
a running one is a loop device here until it is unlinked, and snapshots, images and volumes keep its
bytes. Of a seeded image or of a VM's image it is one partition, with an ext4 file system of the files and
a small userland in place of the programs of this machine that VMs share. A VM of an image that was
made on a device boots with what is on its first ext4 or XFS file system, and with nothing else but
the rack's own reboot, sudo and the like. At /metadata/VM-ID is what the metadata service tells that
VM: OXTUI_OUTSCALE_METADATA_URL of a build by outscale-chroot."""

_FAULTS = """\
faults:
  --fault may be given several times. A spec is TARGET:EFFECT[:LIMIT].
  TARGET is an operation id of the Oxide API such as snapshot_create, or a pattern such as disk_*
  or *; EFFECT is a status (400 401 403 404 409 410 500 503 507), slow=SECONDS (of the reply; for
  instance_start, _stop and _reboot of the change of state), timeout-but-done or reset; LIMIT is
  once, times=N or after=N.
  Also: instance:failed[=SECONDS] (a started instance fails), external_ip:none (no pool has an
  address), ssh:closed (nothing listens in the instances), reset (short for *:reset),
  keep-unsynced (a hard stop loses nothing), and api_version=SEMVER for a rack of an older release.
  Examples: snapshot_create:500   *:503:once   instance_start:slow=30   instance:failed=20:once
            instance_create:timeout-but-done:once   reset:after=3:times=2
  With --cloud outscale TARGET is an action such as CreateImage or Read*; EFFECT is 500, throttle-6,
  throttle-24, throttle-25, slow=SECONDS, timeout-but-done or reset. Also: vm, volume, snapshot or
  image with failed or stuck (vm:failed=SECONDS: after so long), vm_stop:stuck, link:stuck,
  unlink:stuck, public_ip:none, ssh:closed, keep-unsynced.
  Examples: *:throttle-24:times=3   image:failed   snapshot:stuck:once   CreateVms:reset:once
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    serve = actions.add_parser(
        "serve",
        help="serve a rack and print how to reach it",
        description=_SERVE,
        epilog=_FAULTS,
    )
    serve.add_argument(
        "--cloud",
        choices=("oxide", "outscale"),
        default="oxide",
        help="whose API to serve (%(default)s)",
    )
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    serve.add_argument(
        "--port", type=_port, default=0, help="port; 0 is any free one (%(default)s)"
    )
    serve.add_argument("--tls", action="store_true", help="HTTPS with a CA of the rack's own")
    serve.add_argument(
        "--state",
        type=Path,
        metavar="DIR",
        help="folder that keeps the rack between runs (default: one that goes with the rack)",
    )
    serve.add_argument(
        "--seed",
        choices=("demo", "empty", "large"),
        help="what a new rack holds (demo); large has 10,000 images in one project",
    )
    serve.add_argument(
        "--ip-pools",
        choices=("v4", "both", "v6", "none"),
        help="IP pools of a new rack: of IPv4 (v4), of IPv6 (v6), both or none; the IPv6 pool is "
        "called ipv6, is the silo's default and has one address, ::1, so it serves one instance at "
        "a time",
    )
    serve.add_argument(
        "--isolation",
        choices=("auto", "overlay", "chroot", "none"),
        default="auto",
        help="how instances are kept from the host (%(default)s: the best there is; none, plain "
        "folders that keep nothing apart, must be asked for)",
    )
    serve.add_argument(
        "--allow-none",
        action="store_true",
        help="let auto end at none: for a program that answers for what the instances run",
    )
    serve.add_argument(
        "--ssh-port", type=_port, default=0, help="SSH port of the instances (any free one)"
    )
    serve.add_argument(
        "--latency",
        choices=("real", "fast"),
        default="real",
        help="take about as long as a rack, or no longer than needed (%(default)s)",
    )
    serve.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="SPEC",
        help="something that goes wrong; see below",
    )
    serve.add_argument(
        "--loop-devices",
        action="store_true",
        help="as root: disks beside the boot disk are loop devices of this machine; see above",
    )
    serve.add_argument(
        "--with-parent",
        action="store_true",
        help="stop when standard input, a pipe that the parent holds, ends",
    )


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: 0 to 65535")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Serve; raises CommandError with what to do if the rack cannot be opened."""
    from oxtui.rack import serve as rack
    from oxtui.rack.faults import FaultSpecError
    from oxtui.rack.isolation.errors import IsolationError, RackMachineError
    from oxtui.rack.process import AddressError, ParentPipeError, StateFolderError
    from oxtui.rack.seeds.choice import SeedConflictError
    from oxtui.rack.store.database import StateInUseError, StateVersionError

    logging.basicConfig(level=logging.WARNING, format="rack: %(levelname)s: %(message)s")
    if arguments.cloud == "outscale" and (arguments.seed or arguments.ip_pools):
        raise CommandError("--seed and --ip-pools are of the Oxide rack: leave them out", USAGE)
    options = rack.ServeOptions(
        host=arguments.host,
        port=arguments.port,
        tls=arguments.tls,
        state=arguments.state,
        seed=arguments.seed,
        ip_pools=arguments.ip_pools,
        isolation=arguments.isolation,
        ssh_port=arguments.ssh_port,
        latency=arguments.latency,
        faults=tuple(arguments.fault),
        with_parent=arguments.with_parent,
        allow_none=arguments.allow_none,
        loop_devices=arguments.loop_devices,
    )
    try:
        if arguments.cloud == "outscale":
            from oxtui.rack.outscale import serve as outscale

            asyncio.run(outscale.serve(options, _announce_outscale))
        else:
            asyncio.run(rack.serve(options, _announce))
    except (FaultSpecError, ParentPipeError) as error:
        raise CommandError(str(error), USAGE) from None
    except (
        AddressError,
        StateFolderError,
        StateInUseError,
        StateVersionError,
        SeedConflictError,
        IsolationError,
        RackMachineError,
    ) as error:
        raise CommandError(str(error)) from None
    return 0


def _announce(announcement: Announcement) -> None:
    told = dataclasses.asdict(announcement)
    banner = told.pop("banner")
    print(json.dumps(told), flush=True)
    print(f"rack: {banner}", file=sys.stderr, flush=True)


def _announce_outscale(announcement: OutscaleAnnouncement) -> None:
    for name, value in announcement.variables.items():
        print(f"export {name}={shlex.quote(value)}")
    told = {
        "ssh_port": announcement.ssh_port,
        "isolation": announcement.isolation,
        "pid": announcement.pid,
        "cacert": announcement.cacert,
    }
    print(json.dumps(told), flush=True)
    print(f"rack: {announcement.banner}", file=sys.stderr, flush=True)
