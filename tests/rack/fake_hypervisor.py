"""A hypervisor without guests: it keeps account of what it was asked for, and talks on the console."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from oxtui.rack.isolation.errors import RackMachineError
from oxtui.rack.machines import MachineListener, MachineSpec


class FakeDisks:
    """Contents as bare facts: which object came from which."""

    def __init__(self) -> None:
        self.origin: dict[str, str | None] = {}
        self.written: dict[str, dict[int, bytes]] = {}

    async def install_base(self, image_id: str, base: str) -> None:
        self._make(image_id, base)

    async def create_blank(self, disk_id: str) -> None:
        self._make(disk_id, None)

    async def create_from(self, disk_id: str, source_id: str) -> None:
        self._copy(source_id, disk_id)

    async def snapshot(self, disk_id: str, snapshot_id: str) -> None:
        self._copy(disk_id, snapshot_id)

    async def publish(self, snapshot_id: str, image_id: str) -> None:
        self._copy(snapshot_id, image_id)

    async def write_raw(self, disk_id: str, offset: int, data: bytes) -> None:
        self.written.setdefault(disk_id, {})[offset] = data

    async def raw_file(self, disk_id: str, size: int) -> Path:
        raise RackMachineError(f"{disk_id} has no bytes")

    async def to_bytes(self, disk_id: str, size: int) -> None:
        raise RackMachineError(f"{disk_id} has no bytes")

    async def bootable(self, object_id: str) -> bool:
        return object_id in self.origin

    async def delete(self, object_id: str) -> None:
        self.origin.pop(object_id, None)

    def _make(self, object_id: str, origin: str | None) -> None:
        if object_id in self.origin:
            raise ValueError(f"{object_id} exists")
        self.origin[object_id] = origin

    def _copy(self, source: str, target: str) -> None:
        if source not in self.origin:
            raise ValueError(f"{source} does not exist")
        self._make(target, source)


@dataclass(slots=True)
class FakeMachine:
    spec: MachineSpec
    listener: MachineListener
    hypervisor: FakeHypervisor
    typed: bytearray = field(default_factory=bytearray)

    async def stop(self, *, hard: bool) -> None:
        self.hypervisor.stops.append((self.spec.instance_id, hard))
        self.hypervisor.running.pop(self.spec.instance_id, None)

    async def serial_input(self, data: bytes) -> None:
        self.typed += data
        self.listener.serial(data)


class FakeHypervisor:
    def __init__(self) -> None:
        self.disks = FakeDisks()
        self.addresses = tuple(f"127.9.9.{number}" for number in range(1, 15))
        self.running: dict[str, FakeMachine] = {}
        self.starts: list[MachineSpec] = []
        self.stops: list[tuple[str, bool]] = []

    async def start(self, spec: MachineSpec, listener: MachineListener) -> FakeMachine:
        machine = FakeMachine(spec, listener, self)
        self.running[spec.instance_id] = machine
        self.starts.append(spec)
        listener.serial(f"booting {spec.hostname}\r\n".encode())
        return machine
