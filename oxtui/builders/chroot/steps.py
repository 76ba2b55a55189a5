"""The steps of a build in a chroot between the attached device and its release, in Packer's order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

from oxtui.builders.chroot.chroot import Chroot
from oxtui.builders.chroot.in_root import in_root
from oxtui.builders.chroot.mount_table import mounts_at, mounts_in
from oxtui.builders.chroot.placed_files import place, place_no_services, remove
from oxtui.builders.chroot.unmounting import end_processes, unmount
from oxtui.component.errors import StepError
from oxtui.component.events import StepKind, StepPlan
from oxtui.component.protocols import Step, StepContext

Work = Callable[[Chroot, StepContext], Awaitable[None]]
ROOT_MODE = 0o750


def step(
    chroot: Chroot, id_: str, kind: StepKind, title: str, work: Work, detail: str = ""
) -> Step:
    """A step that works on the chroot; where it fails the root can be kept, to be looked at."""
    plan = StepPlan(id=id_, kind=kind, title=title, detail=detail)
    return Step(plan, partial(work, chroot), keeps_machine=True)


def before_mount(chroot: Chroot) -> list[Step]:
    """The template's own commands on the device."""
    if not chroot.options.pre_mount_commands:
        return []
    return [step(chroot, "pre-mount", "prepare", "pre-mount", pre_mount)]


def to_guest(chroot: Chroot, base: Sequence[Step] = ()) -> list[Step]:
    """From the device to the guest; `base` are a builder's own steps once the root is mounted."""
    found = [step(chroot, "mount", "prepare", "mount", mount_root), *base]
    options = chroot.options
    if options.post_mount_commands:
        found.append(step(chroot, "post-mount", "prepare", "post-mount", post_mount))
    if options.chroot_mounts:
        found.append(step(chroot, "mounts", "prepare", "mounts", mount_more))
    found.append(step(chroot, "copy-files", "prepare", "copy files", copy_files))
    found.append(step(chroot, "connect", "connect", "connect", connect))
    return found


def from_guest(chroot: Chroot, capture: Sequence[Step] = ()) -> list[Step]:
    """From the guest to the unmounted device; `capture` are a builder's own steps with the root mounted alone."""
    return [
        step(chroot, "clean-root", "seal", "clean root", clean_root),
        *capture,
        step(chroot, "unmount", "seal", "unmount", unmount_root),
    ]


async def pre_mount(chroot: Chroot, context: StepContext) -> None:
    """Runs `pre_mount_commands`.

    Raises:
        StepError: one failed.
    """
    await chroot.commands(chroot.options.pre_mount_commands, context, Device=chroot.device)


async def mount_root(chroot: Chroot, context: StepContext) -> None:
    """Mounts the device's partition, or the directory, at the mount path.

    Raises:
        StepError: it cannot be mounted, or something else is mounted there.
    """
    if await _ours(chroot, chroot.path):
        return
    if chroot.is_mounted:
        raise StepError(
            f"something is mounted at {chroot.path} already. Unmount it, or choose another mount_path."
        )
    source = chroot.device
    words = [word for each in chroot.options.mount_options for word in ("-o", each)]
    if Path(source).is_dir():
        words += ["--bind"]
    else:
        source = await chroot.partition()
    await chroot.make_directory(chroot.path, ROOT_MODE)
    context.say(f"Mounting {source} at {chroot.path}")
    await chroot.mount(chroot.path, [*words, "--", source])


async def post_mount(chroot: Chroot, context: StepContext) -> None:
    """Runs `post_mount_commands`.

    Raises:
        StepError: one failed.
    """
    await chroot.commands(
        chroot.options.post_mount_commands, context, Device=chroot.device, MountPath=chroot.path
    )


async def mount_more(chroot: Chroot, context: StepContext) -> None:
    """Mounts `chroot_mounts`, each in the root whatever the links there say.

    Raises:
        StepError: one cannot be mounted.
    """
    for kind, source, path in chroot.options.chroot_mounts:
        target = str(in_root(chroot.root, path))
        if await _ours(chroot, target):
            continue
        context.say(f"Mounting {source} at {target}")
        what = f"{path} cannot be made in the root"
        words = ["--bind"] if kind == "bind" else ["-t", kind]
        if not (kind == "bind" and Path(source).is_file()):
            await chroot.host.check("mkdir", "-p", "--", target, what=what)
        await chroot.mount(target, [*words, "--", source])


async def copy_files(chroot: Chroot, context: StepContext) -> None:
    """Copies `copy_files`, and what keeps packages from starting services here.

    Raises:
        StepError: one cannot be copied.
    """
    there = {each.path for each in chroot.placed}
    for source in chroot.options.copy_files:
        if str(in_root(chroot.root, source, last=False)) in there:
            continue
        context.say(f"Copying {source}")
        chroot.placed.append(await place(chroot.host, chroot.root, source, source))
    if not any(each.path.endswith("/policy-rc.d") for each in chroot.placed):
        placed = await place_no_services(chroot.host, chroot.root)
        if placed is not None:
            chroot.placed.append(placed)


async def connect(chroot: Chroot, context: StepContext) -> None:
    """Makes the root the guest.

    Raises:
        ConnectError: its shell does not run here.
    """
    await chroot.connect()
    context.say(f"Commands run in {chroot.path}")


async def clean_root(chroot: Chroot, context: StepContext) -> None:
    """Leaves in the root what belongs to it: ends processes, removes files of ours, unmounts the rest.

    Raises:
        StepError: something of it stays.
    """
    await chroot.disconnect()
    if not chroot.is_mounted:
        raise StepError(f"{chroot.path} is not mounted any more, so nothing can be captured of it.")
    await end_processes(chroot.host, chroot.root, context.say)
    while chroot.placed:
        await remove(chroot.host, chroot.placed[-1])
        chroot.placed.pop()
    for _, _, path in reversed(chroot.options.chroot_mounts):
        target = str(in_root(chroot.root, path))
        if target != chroot.path:
            await unmount(chroot.host, target, context.say)
    # What provisioners mounted themselves is not part of the root either.
    while inner := [each.target for each in mounts_in(chroot.path) if each.target != chroot.path]:
        await unmount(chroot.host, inner[0], context.say)


async def unmount_root(chroot: Chroot, context: StepContext) -> None:
    """Unmounts the root.

    Raises:
        StepError: it is busy; the text names who uses it.
    """
    await end_processes(chroot.host, chroot.root, context.say)
    await unmount(chroot.host, chroot.path, context.say)
    chroot.told(gone=True)
    context.say(f"Unmounted {chroot.path}")


async def _ours(chroot: Chroot, target: str) -> bool:
    """Whether this build has mounted it already, in an attempt before."""
    if not mounts_at(target):
        return False
    recorder = chroot.setting.recorder
    return await recorder.existing("local.mount", target, chroot.machine) is not None
