"""A rack without its API, for tests: machines, what they say, and SSH into them."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

from oxtui.rack.hypervisor import Hypervisor, Machine, MachineSpec, StopReason
from oxtui.rack.isolation.choice import Wanted

GIB = 1 << 30
PROMPT = "login: "


class Watcher:
    """Hears what a machine says."""

    def __init__(self) -> None:
        self.console = b""
        self.stops: asyncio.Queue[tuple[StopReason, str]] = asyncio.Queue()
        self._grown = asyncio.Event()

    def serial(self, data: bytes) -> None:
        self.console += data
        self._grown.set()

    def stopped(self, reason: StopReason, detail: str) -> None:
        self.stops.put_nowait((reason, detail))

    @property
    def text(self) -> str:
        return self.console.decode(errors="replace").replace("\r\n", "\n")

    async def until(self, text: str) -> str:
        """Waits until the console shows the text."""
        while text not in self.text:
            self._grown.clear()
            try:
                await asyncio.wait_for(self._grown.wait(), 30)
            except TimeoutError:
                raise AssertionError(f"{text!r} did not appear on:\n{self.text}") from None
        return self.text


@dataclass
class Booted:
    """A running machine of a bench."""

    bench: Bench
    spec: MachineSpec
    machine: Machine
    watcher: Watcher

    @property
    def address(self) -> str:
        assert self.spec.address is not None
        return self.spec.address

    @asynccontextmanager
    async def ssh(
        self, user: str = "", **options: object
    ) -> AsyncIterator[asyncssh.SSHClientConnection]:
        async with asyncssh.connect(
            self.address,
            self.bench.hypervisor.ssh_port,
            username=user or self.bench.user,
            client_keys=[self.bench.key],
            known_hosts=None,
            config=None,
            **options,
        ) as connection:
            yield connection

    async def run(self, command: str) -> str:
        """Output of a command that must succeed."""
        async with self.ssh() as connection:
            done = await connection.run(command)
        assert done.exit_status == 0, f"{command}: {done.exit_status}\n{done.stderr!s}"
        return str(done.stdout)

    async def again(self, **changes: object) -> Booted:
        """The same instance, started again after it stopped."""
        watcher = Watcher()
        machine = await self.bench.hypervisor.start(self.spec, watcher)
        await watcher.until(PROMPT)
        return Booted(self.bench, self.spec, machine, watcher)

    async def stop(self) -> None:
        await self.machine.stop(hard=False)
        self.bench.free.append(self.address)


@dataclass
class Bench:
    """An open hypervisor with a base image and a key."""

    hypervisor: Hypervisor
    state: Path
    key: asyncssh.SSHKey
    user: str = "ubuntu"
    image: str = "image-ubuntu"
    free: list[str] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def public_key(self) -> str:
        return self.key.export_public_key().decode().strip()

    def new_id(self, kind: str) -> str:
        return f"{kind}-{next(self._numbers)}"

    async def new_disk(self, source: str = "") -> str:
        disk = self.new_id("disk")
        await self.hypervisor.disks.create_from(disk, source or self.image)
        return disk

    def spec(self, disk: str, user_data: bytes = b"", instance: str = "") -> MachineSpec:
        name = instance or self.new_id("instance")
        return MachineSpec(
            instance_id=name,
            name="web",
            hostname="web-01",
            disk_id=disk,
            address=self.free.pop(),
            ssh_keys=(self.public_key,),
            user_data=user_data,
            cpus=2,
            memory=2 * GIB,
        )

    async def boot(
        self, disk: str = "", user_data: bytes = b"", spec: MachineSpec | None = None
    ) -> Booted:
        """Boots an instance, from a new disk if none is named, up to its login prompt."""
        spec = spec or self.spec(disk or await self.new_disk(), user_data)
        watcher = Watcher()
        machine = await self.hypervisor.start(spec, watcher)
        await watcher.until(PROMPT)
        return Booted(self, spec, machine, watcher)

    @asynccontextmanager
    async def booted(self, disk: str = "", user_data: bytes = b"") -> AsyncIterator[Booted]:
        """A machine that is stopped at the end."""
        booted = await self.boot(disk, user_data)
        try:
            yield booted
        finally:
            await booted.stop()


@asynccontextmanager
async def open_bench(
    state: Path, isolation: Wanted = "auto", *, keep_unsynced: bool = False
) -> AsyncIterator[Bench]:
    """A hypervisor on a state folder, with a base image."""
    async with Hypervisor.open(
        state, isolation=isolation, keep_unsynced=keep_unsynced
    ) as hypervisor:
        key = asyncssh.generate_private_key("ssh-ed25519")
        bench = Bench(hypervisor, state, key, free=list(hypervisor.addresses))
        await hypervisor.disks.install_base(bench.image, "ubuntu-24.04")
        yield bench


def children(parent: int) -> list[int]:
    """Processes whose parent is the given one."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(fields[1]) == parent:
                    found.append(int(folder.name))
    return found


def running(command: str) -> list[int]:
    """Processes of this machine with exactly that command line."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                if line.strip() == command:
                    found.append(int(folder.name))
    return found


async def started(command: str) -> None:
    """Waits until a shell in the background has become the program."""
    async with asyncio.timeout(60):
        while not running(command):  # noqa: ASYNC110 - the system has no event for this
            await asyncio.sleep(0.01)
