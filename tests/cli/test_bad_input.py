"""What goes wrong with a build, in the words that the operator reads; and nothing stays on the rack."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import on, oxtui
from tests.cli.test_build import written
from tests.rack_process import RackProcess, rack
from tests.sessions import shell, template

pytestmark = pytest.mark.slow


async def told(there: RackProcess, *cases: tuple[str, str]) -> None:
    """The build of each path fails with its message, and sweep finds nothing that they left."""
    for path, message in cases:
        found, out, err = await oxtui("build", path, environ=on(there))
        assert found == 1, out + err
        assert message in " ".join((out + err).split())
    assert (await oxtui("sweep", environ=on(there)))[1].strip() == "Nothing is left behind."


async def test_what_is_wrong_with_the_template_or_the_rack_is_told_before_anything_is_made(
    tmp_path: Path,
) -> None:
    cases = {
        'No variable "gone" is declared. Declare it in a variable block.': template(
            shell("true"), source="cpus = var.gone"
        ),
        "Script missing.sh is not there (looked in": template(
            'provisioner "shell" { script = "missing.sh" }'
        ),
        "quota: the build needs 250 virtual CPUs and the silo has 64 free.": template(
            shell("true"), source="cpus = 250"
        ),
        'the project has an image "web-base" already': template(shell("true")).replace(
            '"made"', '"web-base"'
        ),
        'boot_disk_image_id: neither the silo nor the project "web" has an image "nothing". '
        "Choose one that they list.": template(shell("true")).replace(
            '"ubuntu-24-04"', '"nothing"'
        ),
        'project: the silo has no project "nowhere". Choose one that it lists.': template(
            shell("true")
        ).replace('"web"', '"nowhere"'),
        'ip_pool: the silo has no IP pool "nowhere". Choose one that it lists.': template(
            shell("true"), source='ip_pool = "nowhere"'
        ),
        'temporary_key_pair_name: you have an SSH key "laptop" on the rack already (': template(
            shell("true"), source='temporary_key_pair_name = "laptop"'
        ),
        "hostname: A hostname has letters": template(shell("true"), source='hostname = "my_host"'),
        "artifact_version: The version has 65 characters; at most 64": template(
            shell("true"), source=f'artifact_version = "{"v" * 65}"'
        ),
        'artifact_name "my image": ': template(shell("true")).replace('"made"', '"my image"'),
        "A disk is 1 GiB to 1023 GiB in whole GiB, not 0 GiB.": template(
            shell("true"), source="boot_disk_size = 0"
        ),
        "Set it to at least 4294967296 (4 GiB).": template(
            shell("true"), source="boot_disk_size = 1073741824"
        ),
    }
    async with rack() as there:
        paths = [
            written(tmp_path / str(number), text, there)
            for number, text in enumerate(cases.values())
        ]
        await told(there, *zip(paths, cases, strict=True))


@pytest.mark.parametrize(
    ("flags", "source", "message"),
    [
        (
            ("--tls",),
            "",
            "is not trusted (unable to get local issuer certificate). Give its authority with --cacert",
        ),
        (
            ("--fault", "api_version=2026032500.0.0"),
            "",
            "It needs release v20 or later; update the rack, or name a version that it has in "
            "OXTUI_API_VERSION. (request id ",
        ),
        (
            ("--fault", "ssh:closed"),
            'ssh_timeout = "2s"',
            "within 2 s; the last try said: connection refused: the SSH server does not listen yet. "
            "Look at the serial console, or raise ssh_timeout.",
        ),
        (
            ("--fault", "external_ip:none"),
            "",
            "Insufficient capacity: No external IP addresses available. (request id ",
        ),
        (
            ("--fault", "snapshot_create:500"),
            "",
            "the rack failed inside (500) and keeps the cause in its own logs; give the request id to "
            "its support. (request id ",
        ),
    ],
    ids=["certificate", "older-rack", "unreachable", "no-address", "fails-inside"],
)
async def test_a_rack_on_which_it_cannot_be_built(
    tmp_path: Path, flags: tuple[str, ...], source: str, message: str
) -> None:
    async with rack(*flags) as there:
        path = written(tmp_path, template(shell("true"), source=source), there)
        await told(there, (path, message))


async def test_a_newer_rack_serves_the_version_that_oxtui_was_made_for(tmp_path: Path) -> None:
    async with rack("--fault", "api_version=2027010100.0.0") as there:
        path = written(tmp_path, template(shell("true")), there)
        code, out, _ = await oxtui("build", path, environ=on(there))
    assert code == 0, out


async def test_an_instance_that_fails_under_a_script_is_told_at_once(tmp_path: Path) -> None:
    async with rack("--fault", "instance:failed=8") as there:
        path = written(tmp_path, template(shell("sleep 60")), there)
        await told(
            there, (path, "inline disconnected unexpectedly: the connection was lost while it ran")
        )
