"""`oxtui image`, `ssh-key`, `instance` and `project` against a rack of another process."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection
from oxtui.oxide.models.image import Image, ImageCreate, ImageFromSnapshot
from oxtui.oxide.models.snapshot import SnapshotCreate
from oxtui.oxide.token import Token
from tests.cli.running import on, on_terminal, oxtui
from tests.rack_process import RackProcess, rack

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there() -> AsyncIterator[RackProcess]:
    async with rack("--isolation", "none") as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(there: RackProcess) -> AsyncIterator[OxideClient]:
    async with OxideClient(Connection(there.host, Token(there.token))) as connected:
        yield connected


async def image(client: OxideClient, name: str) -> Image:
    """An image of the project web, from a snapshot of a machine there."""
    disk = await anext(aiter(client.disks.list("web")))
    taken = SnapshotCreate(name=f"of-{name}", description="", disk=disk.id)
    snapshot = await client.snapshots.create(taken, "web")
    body = ImageCreate(
        name=name,
        description="made by hand",
        os="debian",
        version="13",
        source=ImageFromSnapshot(id=snapshot.id),
    )
    return await client.images.create(body, "web")


async def test_lists_are_aligned_tables_or_the_apis_json(there: RackProcess) -> None:
    code, out, err = await oxtui("project", "list", environ=on(there))
    assert (code, err) == (0, "")
    heading, *lines = out.splitlines()
    assert heading.split() == ["NAME", "DESCRIPTION", "CREATED", "ID"]
    column = heading.index("DESCRIPTION")
    assert all(line[column - 1] == " " != line[column] for line in lines)

    code, out, err = await oxtui("image", "list", "--project", "web", environ=on(there))
    assert (code, err) == (0, "")
    rows = [line.split() for line in out.splitlines()[1:]]
    assert ["ubuntu-24-04", "silo"] in [row[:2] for row in rows]
    assert {row[1] for row in rows} == {"silo", "web"}

    code, out, _ = await oxtui("image", "list", "--json", environ=on(there))
    images = json.loads(out)
    assert {"id", "name", "os", "version", "size", "block_size"} <= images[0].keys()
    assert len({each["project_id"] for each in images}) > 2


async def test_an_image_moves_between_project_and_silo(
    there: RackProcess, client: OxideClient
) -> None:
    made = await image(client, "mover")
    code, _, err = await oxtui("image", "promote", "mover", "--project", "web", environ=on(there))
    assert (code, "every project can use it" in err) == (0, True)
    assert (await client.images.view(made.id)).is_silo_image
    code, _, err = await oxtui("image", "promote", made.id, environ=on(there))
    assert (code, "Cannot promote a silo image" in err) == (1, True)
    code, _, _ = await oxtui("image", "demote", "mover", "--project", "lab", environ=on(there))
    lab = await client.projects.view("lab")
    assert (code, (await client.images.view(made.id)).project_id) == (0, lab.id)
    code, out, _ = await oxtui("image", "show", made.id, "--project", "lab", environ=on(there))
    assert (code, "project lab" in out, "made by hand" in out) == (0, True, True)


async def test_a_deletion_names_what_is_lost_and_is_asked_about(
    there: RackProcess, client: OxideClient
) -> None:
    made = await image(client, "doomed")
    words = ("image", "delete", "doomed", "--project", "web")
    code, out, err = await oxtui(*words, environ=on(there))
    assert (code, out) == (2, "")
    assert "doomed: project image, debian 13" in err
    assert "cannot be brought back" in err
    assert "--yes is needed to delete doomed" in err
    code, screen = await on_terminal(*words, environ=on(there), until=b"[y/N]", answer=b"\n")
    assert (code, "Nothing was changed." in screen) == (130, True)
    assert (await client.images.view(made.id)).name == "doomed"
    code, screen = await on_terminal(*words, environ=on(there), until=b"[y/N]", answer=b"y\n")
    assert (code, "Deleted doomed." in screen) == (0, True)
    code, _, err = await oxtui("image", "show", "doomed", environ=on(there))
    assert code == 1
    assert "looked up among the images of the silo only" in err


async def test_keys_are_added_listed_and_deleted(there: RackProcess, tmp_path: Path) -> None:
    public = (
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKZ5v5JcvSEmoiLJtCpVTxxAgoWwCbYwDxrI/9DPcRV4 me@here"
    )
    (tmp_path / "id.pub").write_text(f"{public}\n")
    words = ("ssh-key", "add", "mine", str(tmp_path / "id.pub"))
    assert (await oxtui(*words, environ=on(there)))[0] == 0
    _, out, _ = await oxtui("ssh-key", "list", environ=on(there))
    [row] = [line for line in out.splitlines() if line.startswith("mine ")]
    assert "SHA256:lLrI4QcDCe6bEaGsEcgauCXlnGsA1+eI9cDwmawM5nA" in row
    code, _, err = await oxtui(*words, environ=on(there))
    assert (code, "the name already exists" in err) == (1, True)
    (tmp_path / "id").write_text("-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n")
    code, _, err = await oxtui("ssh-key", "add", "x", str(tmp_path / "id"), environ=on(there))
    assert (code, "private key" in err, "secret" in err) == (1, True, False)
    code, _, err = await oxtui("ssh-key", "delete", "mine", "--yes", environ=on(there))
    assert (code, "Instances that have it keep it." in err) == (0, True)
    _, out, _ = await oxtui("ssh-key", "list", environ=on(there))
    assert "mine" not in out


@pytest.mark.slow
async def test_an_instance_is_booted_looked_at_stopped_and_deleted(
    there: RackProcess, client: OxideClient
) -> None:
    environ = on(there)
    boot = ("image", "boot", "debian-12", "--project", "lab", "--json")
    code, out, err = await oxtui(*boot, "--cpus", "0", environ=environ)
    assert (code, out, "1 to 254 virtual CPUs" in err) == (2, "", True)
    code, out, err = await oxtui(*boot, environ=environ)
    made = json.loads(out)
    assert (code, made["name"], made["run_state"]) == (0, "test-debian-12", "running")
    code, out, _ = await oxtui("instance", "console", made["id"], "--history", environ=environ)
    assert (code, "login:" in out) == (0, True)
    words = ("test-debian-12", "--project", "lab")
    code, screen = await on_terminal(
        "instance", "console", *words, environ=environ, until=b"login:", answer=b"\x1d"
    )
    assert (code, "Left the console." in screen) == (0, True)

    code, _, err = await oxtui("instance", "delete", *words, "--yes", environ=environ)
    assert (code, "--stop stops it first" in err) == (1, True)
    code, _, err = await oxtui("instance", "stop", *words, environ=environ)
    assert (code, err.splitlines()[-1]) == (0, "test-debian-12 is stopped.")
    code, out, _ = await oxtui("instance", "list", "--project", "lab", environ=environ)
    assert ["test-debian-12", "stopped", "lab"] in [line.split()[:3] for line in out.splitlines()]
    code, _, err = await oxtui("instance", "start", *words, "--no-wait", environ=environ)
    assert code == 0
    flags = ("--stop", "--boot-disk", "--yes")
    code, _, err = await oxtui("instance", "delete", *words, *flags, environ=environ)
    assert code == 0
    assert "All data on test-debian-12 (4 GiB) is lost." in err
    assert [each async for each in client.disks.list("lab") if each.name == made["name"]] == []


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("instance", "stop", "web-1"), 2, "is given by name, so its project is needed too"),
        (("image", "list", "--demo", "--profile", "x"), 2, "--demo is a rack of its own"),
        (("image", "list", "--profile", "x"), 1, 'The profile "x" (--profile) is not in'),
        (("image", "list", "--project", "nowhere"), 1, 'no project with name "nowhere"'),
        (("image", "demote", "debian-12"), 2, "--project"),
    ],
)
async def test_what_cannot_be_done_is_told_in_a_sentence(
    there: RackProcess, words: tuple[str, ...], code: int, message: str
) -> None:
    got, out, err = await oxtui(*words, environ=on(there))
    assert (got, out) == (code, "")
    assert message in err


async def test_a_read_only_profile_is_not_changed_and_a_production_one_is_asked_about(
    there: RackProcess, tmp_path: Path
) -> None:
    oxide = Path.home() / ".config/oxide"
    oxide.mkdir(parents=True)
    profile = f'[profile.live]\nhost = "{there.host}"\ntoken = "{there.token}"\nuser = "u"\n'
    (oxide / "credentials.toml").write_text(profile)
    (oxide / "credentials.toml").chmod(0o600)
    words = ("ssh-key", "delete", "laptop", "--yes", "--profile", "live")
    code, _, err = await oxtui(*words, "--set", "profiles.live.read_only=true")
    assert (code, "The profile live is read-only (" in err) == (1, True)
    words = ("image", "promote", "web-base", "--project", "web", "--profile", "live")
    code, _, err = await oxtui(*words, "--set", "profiles.live.production=true")
    assert (code, "marked as production" in err, "--yes is needed" in err) == (2, True, True)
