"""What the options of outscale-bsu accept, and what they say of what cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.builders.outscale.names import clean_omi_name, name_problem
from oxtui.builders.outscale.options.run import SSH_SECONDS, RunOptions
from oxtui.communicators.ssh.options import DEFAULT_WAIT
from tests.builders.outscale.bench import template
from tests.sessions import rackless

NO_EFFECT = [
    *("mfa_code", "token", "skip_metadata_api_check", "omi_regions", "skip_region_validation"),
    *("omi_groups", "snapshot_groups", "omi_product_codes", "omi_virtualization_type"),
    *("bsu_optimized", "block_duration_minutes", "enable_t2_unlimited", "iam_vm_profile"),
    "windows_password_timeout",
]
WRONG = [
    ('access_key = "a"', "Give both access_key and secret_key, or neither"),
    ('x509_cert_path = "a"', "Give both x509_cert_path and x509_key_path"),
    ('user_data = "a"\nuser_data_file = "/dev/null"', "is no file"),
    (
        'security_group_id = "a"\nsecurity_group_ids = ["b"]',
        "Keep one of security_group_id and security_group_ids",
    ),
    ('subnet_id = "a"\nsubnet_filter {}', "Keep one of subnet_id and subnet_filter"),
    ('shutdown_behavior = "terminate"', "Write stop for shutdown_behavior"),
    ('shutdown_behavior = "destroy"', "shutdown_behavior"),
    ('ssh_keypair_name = "k"', "Write ssh_private_key_file or ssh_agent_auth"),
    ('omi_boot_modes = ["bios"]', "omi_boot_modes"),
    ('omi_block_device_mappings { device_name = "/dev/sda1" }', "Write root_device_name"),
    ("launch_block_device_mappings {}", '"device_name" is needed'),
    (
        'launch_block_device_mappings {\n device_name = "/dev/sdb"\n iops = 5\n}',
        "Leave iops out, or write volume_type io1",
    ),
    (
        'launch_block_device_mappings {\n device_name = "/dev/sdb"\n volume_type = "io1"\n}',
        "Write iops",
    ),
    ('net_filter { filters = { "ip_range" = "x" } }', 'Did you mean "ip-range"?'),
    ('net_filter { filters = { "is-default" = "x" } }', "is true or false"),
    ('subnet_filter { filters = { "available-ips-counts" = "x" } }', "is a number"),
]


async def problems(folder: Path, text: str) -> list[str]:
    async with rackless(folder) as there:
        return [str(each) for each in (await there.plan(text)).diagnostics]


@pytest.mark.parametrize(("source", "told"), WRONG)
async def test_what_cannot_be_is_told(tmp_path: Path, source: str, told: str) -> None:
    assert any(told in each for each in await problems(tmp_path, template(source=source)))


async def test_what_has_no_effect_is_named_and_its_secrets_are_hidden(tmp_path: Path) -> None:
    source = "\n".join(f'{name} = "hush-hush"' for name in NO_EFFECT)
    async with rackless(tmp_path) as there:
        planning = await there.plan(template(source=source))
        assert planning.plan is not None
        told = sorted(
            str(each).partition('"')[2].partition('"')[0] for each in planning.diagnostics
        )
        assert told == sorted(NO_EFFECT)
        assert there.environment.redactor.text("hush-hush") != "hush-hush"


async def test_older_names_are_told_and_taken(tmp_path: Path) -> None:
    text = template(source='snapshot_users = ["1"]', kind="osc-bsu")
    async with rackless(tmp_path) as there:
        planning = await there.plan(text)
        assert planning.plan is not None
        told = [str(each) for each in planning.diagnostics]
        assert any('"osc-bsu" is called "outscale-bsu" now' in each for each in told)
        assert any('"snapshot_users" is called "snapshot_account_ids" now' in each for each in told)
        options = planning.plan.builds[0].options
        assert options.model_dump()["snapshot_account_ids"] == ["1"]
        assert not planning.plan.needs_rack


@pytest.mark.parametrize(
    ("default", "given", "seconds"),
    [
        (DEFAULT_WAIT, {}, SSH_SECONDS),
        (8.0, {}, 8.0),  # what the settings say is what the operator wants
        (8.0, {"ssh_timeout": "20s"}, 20.0),
    ],
)
def test_a_login_is_waited_for_as_long_as_the_settings_say(
    default: float, given: dict[str, str], seconds: float
) -> None:
    options = RunOptions.model_validate(
        {"source_omi": "ami-1", "vm_type": "t", "ssh_username": "u", **given}
    )
    assert options.patience(default)[0] == seconds


async def test_an_image_of_nobody_in_particular_is_refused(tmp_path: Path) -> None:
    text = template().replace('owners  = ["Outscale"]', "")
    assert any(
        "Write owners in source_omi_filter" in each for each in await problems(tmp_path, text)
    )
    named = text.replace("vm_type", 'source_omi = "ami-00000001"\n  vm_type', 1)
    assert await problems(tmp_path, named) == []


@pytest.mark.parametrize("name", ["ab", "a" * 129, "a:b:c", "ünlaut"])
def test_names_that_no_image_has_can_be_cleaned(name: str) -> None:
    assert name_problem(name)
    if 3 <= len(name) <= 128:
        assert name_problem(clean_omi_name(name)) == ""
