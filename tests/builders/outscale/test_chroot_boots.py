"""What was made on a device boots as a VM, and what VMs boot from is a device."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.outscale.bench import IMAGE, template
from tests.builders.outscale.chroots import VM, chroots, on_base, scratch
from tests.roots import attached_in, mounted_in, needs_mounts, rooted_in
from tests.sessions import shell

pytestmark = needs_mounts()


def on_seeded(folder: Path, *inner: str) -> str:
    """A chroot build on the image that comes with the rack."""
    return on_base(folder, *inner).replace(
        'filters = { "image-name" = "base" }',
        f'filters = {{ "image-name" = "{IMAGE}" }}\nowners = ["Outscale"]',
    )


def in_vm(name: str, *commands: str, more: str = "skip_create_omi = true") -> str:
    """A build in a VM of an image of one's own."""
    text = template(shell(*commands), source=more, name="other")
    return text.replace('owners  = ["Outscale"]', 'owners  = ["self"]').replace(IMAGE, name)


@pytest.mark.slow
async def test_a_vm_has_what_was_provisioned_in_a_chroot_of_a_seeded_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chroots(tmp_path, monkeypatch) as there:
        left = "setsid sleep 300 >/dev/null 2>&1 </dev/null &"
        change = "echo made >/opt/made; rm /usr/bin/yes; sudo sync"
        text = on_seeded(tmp_path, shell("cat /etc/os-release", change, left))
        finished = await there.run(text)
        assert finished.status == "succeeded", there.build.error
        assert 'NAME="Ubuntu"' in there.log("provision-1").splitlines()
        assert "Ending what still runs in" in there.log("clean-root")
        assert mounted_in(tmp_path) + attached_in(tmp_path) + rooted_in(tmp_path) == []
        assert await there.left() == sorted([*VM, "ami", "snap"])
        see = "cat /opt/made; id -un; sudo id -un; [ -e /usr/bin/yes ] || echo removed"
        finished = await there.run(in_vm("made", see, "echo again | sudo tee /opt/again", more=""))
        assert finished.status == "succeeded", there.build.error
        seen = there.log("provision-1").splitlines()
        assert {"made", "outscale", "root", "removed"} <= set(seen)
        # And back: what the VM wrote is on the device of a volume that is made of its image.
        text = on_base(tmp_path, shell("cat /opt/made /opt/again; [ -e /usr/bin/yes ] || echo no"))
        text = text.replace('"base"', '"other"').replace('"made"', '"last"')
        finished = await there.run(text)
        assert finished.status == "succeeded", there.build.error
        assert {"made", "again", "no"} <= set(there.log("provision-1").splitlines())
        assert await there.left() == sorted([*VM, *["ami", "snap"] * 3])
        assert await there.records() == []


@pytest.mark.slow
async def test_a_vm_boots_what_was_made_from_scratch_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chroots(tmp_path, monkeypatch) as there:
        accounts = "echo root:x:0:0:root:/root:/bin/sh >/etc/passwd"
        finished = await there.run(scratch(tmp_path, shell(accounts, "echo bare >/etc/made")))
        assert finished.status == "succeeded", there.build.error
        see = "cat /etc/made; id -un; [ -e /usr/bin/gzip ] || echo nothing else"
        finished = await there.run(in_vm("base", see))
        assert finished.status == "succeeded", there.build.error
        assert there.log("provision-1").splitlines()[-3:] == ["bare", "outscale", "nothing else"]
