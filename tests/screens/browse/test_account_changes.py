"""Changing what an Outscale account has beside images: power of VMs, their consoles, deletions."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Static

from oxtui.outscale.client import OutscaleClient
from oxtui.outscale.connection import ConnectionOptions
from oxtui.outscale.credentials import resolve
from screens.dialogs.confirm import ConfirmDialog
from screens.files.reader import ReadDialog
from tests.outscale_process import OutscaleProcess, outscale
from tests.screens.accounts import on_account
from tests.screens.driving import browse_of, current, loaded, names, press, toasts, until


def _client(there: OutscaleProcess) -> OutscaleClient:
    return OutscaleClient(resolve(ConnectionOptions(), there.variables))


async def _becomes(pilot: Pilot[int], state: str) -> None:
    await until(pilot, lambda: current(pilot).state == state)


async def _confirmed(pilot: Pilot[int], *keys: str) -> str:
    """What the question said."""
    await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog))
    told = pilot.app.screen.query(".confirm--text").results(Static)
    text = " ".join(str(each.content) for each in told)
    await press(pilot, *keys, "enter")
    await until(pilot, lambda: pilot.app.screen is browse_of(pilot))
    return text


async def _delete_only_row(pilot: Pilot[int], tab: str) -> None:
    await press(pilot, tab)
    await loaded(pilot)
    (name,) = names(pilot)
    await press(pilot, "d")
    await _confirmed(pilot, *name)
    await until(pilot, lambda: f"Deleted {name}" in toasts(pilot))


async def test_a_vm_is_read_stopped_started_and_deleted(tmp_path: Path) -> None:
    async with outscale() as there, _client(there) as client:
        (image, *_) = await client.images.list()
        vm = await client.create_vm({"ImageId": image.id, "VmType": "tinav6.c1r1p2"})
        async with on_account(tmp_path, there.variables) as pilot:
            await press(pilot, "2")
            await loaded(pilot)
            await _becomes(pilot, "running")
            await press(pilot, "t")
            assert "only a stopped VM can be started" in toasts(pilot)[-1]
            await press(pilot, "e")
            await _confirmed(pilot)
            await until(pilot, lambda: f"Rebooting {vm.id}" in toasts(pilot))
            await press(pilot, "c")
            await until(pilot, lambda: isinstance(pilot.app.screen, ReadDialog))
            await press(pilot, "escape", "x")
            assert "Volumes stay" in await _confirmed(pilot)
            await _becomes(pilot, "stopped")
            await press(pilot, "c")  # what it said last is there to be read
            await until(pilot, lambda: isinstance(pilot.app.screen, ReadDialog))
            await press(pilot, "escape", "t")
            await _becomes(pilot, "running")
            (volume,) = current(pilot).volume_ids
            await press(pilot, "d")
            assert f"1 volume with all data will go too: {volume}." in await _confirmed(
                pilot, *vm.id
            )
            await _becomes(pilot, "terminated")
            await press(pilot, "d")
            assert "it goes from the list by itself" in toasts(pilot)[-1]
        assert await there.leftovers() == []


async def test_key_pairs_and_public_ips_are_deleted_and_groups_in_use_are_not(
    tmp_path: Path,
) -> None:
    async with outscale() as there, _client(there) as client:
        await client.call("CreateKeypair", KeypairName="desk")
        await client.create_public_ip()
        async with on_account(tmp_path, there.variables) as pilot:
            await _delete_only_row(pilot, "8")
            await _delete_only_row(pilot, "9")
            await press(pilot, "7", "d")
            await until(pilot, lambda: "Outscale itself made; it stays" in toasts(pilot)[-1])
        assert await there.leftovers() == []
