"""What the builders of VMs on Outscale take: every option of the plugin's, and what cannot stand together."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.component.options import block_specs, option_specs
from oxtui.component.registry import component
from tests.builders.outscale.bench import template
from tests.sessions import rackless

ACCESS = """access_key secret_key region profile custom_endpoint_oapi insecure_skip_tls_verify
    x509_cert_path x509_key_path mfa_code token skip_metadata_api_check"""
IMAGE = """omi_name omi_description omi_account_ids global_permission omi_boot_modes product_codes
    root_device_name omi_block_device_mappings tags snapshot_tags snapshot_account_ids force_deregister
    force_delete_snapshot omi_regions omi_groups omi_product_codes skip_region_validation"""
RUN = """source_omi source_omi_filter vm_type subregion_name net_id net_filter subnet_id subnet_filter
    security_group_id security_group_ids security_group_filter temporary_security_group_source_cidr
    associate_public_ip_address user_data user_data_file shutdown_behavior disable_stop_vm boot_mode
    bsu_optimized run_tags ssh_interface windows_password_timeout block_duration_minutes
    enable_t2_unlimited iam_vm_profile"""
IMAGE_RUN = "run_volume_tags launch_block_device_mappings"
OLD_IMAGE = "omi_virtualization_type snapshot_groups snapshot_users"
"""Of older releases: told, and taken or without effect."""
CHROOT = """source_omi source_omi_filter from_scratch root_volume_size root_volume_type root_volume_tags
    device_path nvme_device_path mount_path mount_partition mount_options chroot_mounts copy_files
    command_wrapper pre_mount_commands post_mount_commands"""
SSH = "communicator temporary_key_pair_name pause_before_connecting ssh_keypair_name"
TABLES = {
    "bsu": f"{ACCESS} {IMAGE} {RUN} {IMAGE_RUN} {OLD_IMAGE} {SSH} skip_create_omi",
    "bsusurrogate": f"{ACCESS} {IMAGE} {RUN} {IMAGE_RUN} {OLD_IMAGE} {SSH} omi_root_device",
    "chroot": f"{ACCESS} {IMAGE} {CHROOT} {OLD_IMAGE}",
    "bsuvolume": f"{ACCESS} {RUN} {SSH} bsu_volumes ebs_volumes",
}
DEVICE = (
    """device_name delete_on_vm_deletion volume_size volume_type iops snapshot_id virtual_name"""
)
BLOCKS = {
    ("bsu", "omi_block_device_mappings"): DEVICE,
    ("bsusurrogate", "launch_block_device_mappings"): f"{DEVICE} no_device",
    ("bsuvolume", "bsu_volumes"): f"{DEVICE} no_device tags",
    (
        "bsusurrogate",
        "omi_root_device",
    ): """source_device_name device_name volume_type iops volume_size
        delete_on_vm_deletion""",
}


@pytest.mark.parametrize("prefix", ["outscale", "osc"])
@pytest.mark.parametrize("name", list(TABLES))
def test_every_option_of_the_plugin_is_offered_and_no_other(prefix: str, name: str) -> None:
    options = component("builder", f"{prefix}-{name}").Options
    blocks = {spec.name: spec.options for spec in block_specs(options)}
    known = {spec.name for spec in option_specs(options)} | blocks.keys()
    known |= options.without_effect.keys() | options.older_names.keys()
    bare = component("builder", "null").Options
    ssh = {spec.name for spec in option_specs(bare)} | bare.older_names.keys()
    assert set(TABLES[name].split()) - known == set()
    assert known - ssh - set(TABLES[name].split()) == set()
    for (builder, block), table in BLOCKS.items():
        if builder == name:
            inner = {spec.name for spec in option_specs(blocks[block])}
            assert inner | blocks[block].without_effect.keys() == set(table.split())


ROOT = 'omi_root_device {\n source_device_name = "/dev/sdb"\n device_name = "/dev/sda1"\n %s\n}'
GIVEN = 'launch_block_device_mappings {\n device_name = "%s"\n %s\n}\n'
TWO = GIVEN % ("/dev/sdb", "delete_on_vm_deletion = true") + GIVEN % ("/dev/sdc", "")
SURROGATE = [
    ("", 'A block "omi_root_device" is needed'),
    (ROOT % "", "Write a launch_block_device_mappings with device_name /dev/sdb"),
    (TWO + ROOT % 'volume_type = "gp2"\n iops = 9', "Leave iops out: volume_type gp2 has none"),
    (TWO + ROOT % 'volume_type = "io1"', "Write iops in omi_root_device"),
    (TWO + ROOT % "iops = 100", "Leave iops of omi_root_device out"),
    (TWO + ROOT % "" + '\nshutdown_behavior = "terminate"', "would be gone before its snapshot"),
    (TWO + GIVEN % ("/dev/sdd", "no_device = true") + ROOT % "", "Leave no_device of /dev/sdd out"),
    (TWO + GIVEN % ("/dev/sda1", "") + ROOT % "", "that are /dev/sda1 in the image"),
    (TWO + GIVEN % ("/dev/sdc", "") + ROOT % "", "that are /dev/sdc in the image"),
    (TWO + ROOT % "" + "\nskip_create_omi = true", 'no option "skip_create_omi" here'),
    (TWO + ROOT % "" + '\nroot_device_name = "/dev/sda1"', '"root_device_name" has no effect'),
]
VOLUME = [
    ('omi_name = "made"', 'no option "omi_name" here'),
    ('run_volume_tags = { a = "b" }', 'no option "run_volume_tags" here'),
    (TWO, 'Blocks of type "launch_block_device_mappings" are not expected here'),
    ('ebs_volumes {\n device_name = "/dev/sdb"\n}', '"ebs_volumes" is called "bsu_volumes" now'),
    (
        'bsu_volumes {\n device_name = "/dev/sdb"\n}\n' * 2,
        "Keep one of the bsu_volumes with device_name /dev/sdb",
    ),
    (
        'bsu_volumes {\n device_name = "/dev/sdb"\n no_device = true\n tags = { a = "b" }\n}',
        "Leave tags out, or no_device",
    ),
]


@pytest.mark.parametrize(
    ("kind", "source", "told"),
    [("surrogate", *each) for each in SURROGATE] + [("volume", *each) for each in VOLUME],
)
async def test_what_cannot_be_is_told(tmp_path: Path, kind: str, source: str, told: str) -> None:
    name = "made" if kind == "surrogate" else ""
    text = template(source=source, kind=f"outscale-bsu{kind}", name=name)
    async with rackless(tmp_path) as there:
        problems = [str(each) for each in (await there.plan(text)).diagnostics]
        assert any(told in each for each in problems), problems
