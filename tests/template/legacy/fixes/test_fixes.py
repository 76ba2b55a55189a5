"""Every fix does what Packer's does, and what no fix is about stays as it was."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oxtui.template.hcl.source import SourceFile
from oxtui.template.legacy.fixes import FIXES, fix_template
from tests.packer import needs_packer, packer

B, P, PP = "builders", "provisioners", "post-processors"

CASES: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("iso-md5", B, {"type": "x", "iso_md5": "a"}, {"type": "x", "iso_checksum": "md5:a"}),
    ("iso-md5", B, {"type": "x", "iso_md5": 5}, {"type": "x", "iso_md5": 5}),
    (
        "createtime", B, {"type": "x", "ami_name": "a {{ .CreateTime }}", "b": "{{.CreateTime}}"},
        {"type": "x", "ami_name": "a {{timestamp}}", "b": "{{.CreateTime}}"},
    ),
    (
        "virtualbox-gaattach", B, {"type": "virtualbox", "guest_additions_attach": True},
        {"type": "virtualbox-iso", "guest_additions_mode": "attach"},
    ),
    (
        "virtualbox-gaattach", B,
        {"type": "virtualbox", "guest_additions_attach": False, "guest_additions_mode": "k"},
        {"type": "virtualbox-iso", "guest_additions_mode": "upload"},
    ),
    (
        "virtualbox-gaattach", B, {"type": "virtualbox-iso", "guest_additions_attach": True},
        {"type": "virtualbox-iso", "guest_additions_attach": True},
    ),
    (
        "pp-vagrant-override", PP, {"type": "vagrant", "aws": {"a": 1}, "vmware": {"b": 1}, "lxc": {}},
        {"type": "vagrant", "override": {"aws": {"a": 1}, "vmware": {"b": 1}}, "lxc": {}},
    ),
    ("pp-vagrant-override", PP, {"type": "x", "aws": {}}, {"type": "x", "aws": {}}),
    (
        "virtualbox-rename", P, {"type": "s", "override": {"virtualbox": {"a": 1}, "q": {}}},
        {"type": "s", "override": {"virtualbox-iso": {"a": 1}, "q": {}}},
    ),
    ("vmware-rename", B, {"type": "vmware", "name": "q"}, {"type": "vmware-iso", "name": "q"}),
    ("parallels-headless", B, {"type": "parallels-pvm", "headless": True}, {"type": "parallels-pvm"}),
    ("parallels-headless", B, {"type": "qemu", "headless": True}, {"type": "qemu", "headless": True}),
    (
        "parallels-deprecations", B,
        {"type": "parallels-iso", "parallels_tools_host_path": "k", "guest_os_distribution": "u"},
        {"type": "parallels-iso", "guest_os_type": "u"},
    ),
    (
        "sshkeypath", B, {"type": "x", "ssh_key_path": "a", "ssh_private_key_file": "b"},
        {"type": "x", "ssh_private_key_file": "b"},
    ),
    ("sshkeypath", P, {"type": "x", "ssh_key_path": "a"}, {"type": "x", "ssh_key_path": "a"}),
    (
        "sshdisableagent", B, {"type": "x", "ssh_disable_agent": False},
        {"type": "x", "ssh_disable_agent_forwarding": False},
    ),
    (
        "sshdisableagent", B, {"type": "x", "ssh_disable_agent": "true"},
        {"type": "x", "ssh_disable_agent": "true"},
    ),
    (
        "scaleway-access-key", B, {"type": "scaleway", "access_key": "k"},
        {"type": "scaleway", "organization_id": "k"},
    ),
    (
        "scaleway-access-key", B, {"type": "amazon-ebs", "access_key": "k"},
        {"type": "amazon-ebs", "access_key": "k"},
    ),
    (
        "manifest-filename", PP, {"type": "manifest", "filename": "a", "output": "b"},
        {"type": "manifest", "output": "a"},
    ),
    (
        "amazon-shutdown_behavior", B, {"type": "amazon-ebs", "shutdown_behaviour": "stop"},
        {"type": "amazon-ebs", "shutdown_behavior": "stop"},
    ),
    (
        "amazon-enhanced-networking", B, {"type": "amazon-instance", "enhanced_networking": True},
        {"type": "amazon-instance", "ena_support": True},
    ),
    (
        "amazon-private-ip", B, {"type": "amazon-ebs", "ssh_private_ip": "true"},
        {"type": "amazon-ebs", "ssh_interface": "private_ip"},
    ),
    (
        "amazon-private-ip", B, {"type": "amazon-ebs", "ssh_private_ip": False},
        {"type": "amazon-ebs", "ssh_interface": "public_ip"},
    ),
    (
        "amazon-private-ip", B, {"type": "amazon-ebs", "ssh_private_ip": True, "ssh_interface": "k"},
        {"type": "amazon-ebs", "ssh_private_ip": True, "ssh_interface": "k"},
    ),
    (
        "amazon-temp-sec-cidrs", B,
        {"type": "amazon-ebs", "temporary_security_group_source_cidr": "1.2.3.4/32"},
        {"type": "amazon-ebs", "temporary_security_group_source_cidrs": ["1.2.3.4/32"]},
    ),
    (
        "docker-email", PP, {"type": "docker-push", "login_email": "a", "login": True},
        {"type": "docker-push", "login": True},
    ),
    (
        "docker-tag-tags", PP, {"type": "docker-tag", "tag": "a,b", "tags": ["c"]},
        {"type": "docker-tag", "tags": ["a", "b", "c"]},
    ),
    ("docker-tag-tags", PP, {"type": "docker-tag"}, {"type": "docker-tag", "tags": []}),
    (
        "powershell-escapes", P,
        {
            "type": "powershell", "elevated_password": "p`$`'`n", "elevated_user": "```$ `",
            "environment_vars": ["A=`$b", "B=``x`\""], "inline": ["`$x"],
        },
        {
            "type": "powershell", "elevated_password": "p$'`n", "elevated_user": "`$ `",
            "environment_vars": ["A=$b", 'B=`x"'], "inline": ["`$x"],
        },
    ),
    (
        "vmware-compaction", B, {"type": "vmware-iso", "remote_type": "esx5"},
        {
            "type": "vmware-iso", "remote_type": "esx5", "disk_type_id": "zeroedthick",
            "skip_compaction": True,
        },
    ),
    (
        "vmware-compaction", B, {"type": "vmware-iso", "remote_type": "esx5", "disk_type_id": "thin"},
        {"type": "vmware-iso", "remote_type": "esx5", "disk_type_id": "thin"},
    ),
    ("hyperv-deprecations", B, {"type": "hyperv-iso", "vhd_temp_path": "k"}, {"type": "hyperv-iso"}),
    (
        "hyperv-vmxc-typo", B, {"type": "hyperv-vmcx", "clone_from_vmxc_path": "k"},
        {"type": "hyperv-vmcx", "clone_from_vmcx_path": "k"},
    ),
    (
        "hyperv-cpu-and-ram", B, {"type": "hyperv-iso", "cpu": 2, "ram_size": "1024"},
        {"type": "hyperv-iso", "cpus": 2, "memory": "1024"},
    ),
    (
        "clean-image-name", B,
        {"type": "x", "a": "{{isotime | clean_ami_name}}", "t": {"clean_ami_name": "clean_image_name"}},
        {
            "type": "x", "a": "{{isotime | clean_resource_name}}",
            "t": {"clean_ami_name": "clean_resource_name"},
        },
    ),
    (
        "spot-price-auto-product", B, {"type": "amazon-ebs", "spot_price_auto_product": "k"},
        {"type": "amazon-ebs"},
    ),
    ("qemu-disk-size", B, {"type": "qemu", "disk_size": 40000}, {"type": "qemu", "disk_size": "40000M"}),
    ("qemu-disk-size", B, {"type": "qemu", "disk_size": "40G"}, {"type": "qemu", "disk_size": "40G"}),
    (
        "galaxy-command", P, {"type": "ansible-local", "galaxycommand": "k"},
        {"type": "ansible-local", "galaxy_command": "k"},
    ),
    (
        "comm-config", B,
        {
            "type": "virtualbox-ovf", "ssh_host_port_min": 1, "ssh_host_port_max": "2",
            "ssh_skip_nat_mapping": True, "host_port_min": 3,
        },
        {"type": "virtualbox-ovf", "host_port_min": 3, "host_port_max": "2", "skip_nat_mapping": True},
    ),
    (
        "ssh-wait-timeout", B, {"type": "x", "ssh_wait_timeout": "1m"},
        {"type": "x", "ssh_timeout": "1m"},
    ),
    (
        "vsphere-iso-net-disk", B,
        {
            "type": "vsphere-iso", "network": "n", "networkCard": "e", "disk_size": 5,
            "disk_thin_provisioned": True, "storage": [{"disk_size": 6}],
        },
        {
            "type": "vsphere-iso", "network_adapters": [{"network": "n", "network_card": "e"}],
            "storage": [{"disk_size": 5, "disk_thin_provisioned": True}, {"disk_size": 6}],
        },
    ),
    (
        "iso-checksum-type-and-url", B, {"type": "x", "iso_checksum": "a", "iso_checksum_type": "sha256"},
        {"type": "x", "iso_checksum": "sha256:a"},
    ),
    (
        "iso-checksum-type-and-url", B,
        {"type": "x", "iso_checksum_url": "http://u", "iso_checksum_type": "sha1", "iso_checksum": "a"},
        {"type": "x", "iso_checksum": "file:http://u"},
    ),
    (
        "iso-checksum-type-and-url", B, {"type": "x", "iso_checksum": "sha1:a"},
        {"type": "x", "iso_checksum": "sha1:a"},
    ),
    (
        "qemu-host-port", B, {"type": "qemu", "ssh_host_port_min": 1, "ssh_host_port_max": 2},
        {"type": "qemu", "host_port_min": 1, "host_port_max": 2},
    ),
    (
        "azure-exclude_from_latest", B,
        {"type": "azure-chroot", "shared_image_destination": {"exlude_from_latest": True}},
        {"type": "azure-chroot", "shared_image_destination": {"exclude_from_latest": True}},
    ),
    ("proxmox-type", B, {"type": "proxmox"}, {"type": "proxmox-iso"}),
]  # fmt: skip
"""Name of the fix, the part, a component, and what Packer makes of it."""

BETTER: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    (
        "none:a is no checksum", B, {"type": "x", "iso_checksum": "a", "iso_checksum_type": "none"},
        {"type": "x", "iso_checksum": "none"},
    ),
    (
        "the override that is there is lost", PP,
        {"type": "vagrant", "aws": {"a": 1}, "override": {"x": {"k": 1}}},
        {"type": "vagrant", "override": {"x": {"k": 1}, "aws": {"a": 1}}},
    ),
    (
        "names in lists stay uncleaned", B, {"type": "x", "l": ["{{clean_ami_name `a`}}"]},
        {"type": "x", "l": ["{{clean_resource_name `a`}}"]},
    ),
    ("the tag is lost", PP, {"type": "docker-tag", "tag": 5}, {"type": "docker-tag", "tag": 5}),
    ("Packer crashes", B, {"ssh_key_path": "a"}, {"ssh_private_key_file": "a"}),
    (
        "Packer crashes", B, {"type": "amazon-ebs", "ssh_private_ip": 1},
        {"type": "amazon-ebs", "ssh_interface": "private_ip"},
    ),
    (
        "Packer crashes", B, {"type": "vsphere-iso", "disk_size": 4, "storage": "k"},
        {"type": "vsphere-iso", "disk_size": 4, "storage": "k"},
    ),
    (
        "Packer gives up", B, {"type": "amazon-ebs", "ssh_private_ip": "{{user `x`}}"},
        {"type": "amazon-ebs", "ssh_private_ip": "{{user `x`}}"},
    ),
]  # fmt: skip
"""What is wrong with Packer's, and what is done here."""


def fixed(template: object) -> Any:
    """A template after the fixes, its fractions exact."""
    text = fix_template(SourceFile("t.json", json.dumps(template, default=float))).text
    assert text is not None
    return json.loads(text, parse_float=Decimal)


@pytest.mark.parametrize(("name", "part", "before", "after"), CASES + BETTER)
def test_a_fix(name: str, part: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    assert fixed({part: [before]})[part] == [after]


def test_every_fix_has_a_case_and_a_line_of_help() -> None:
    names = {fix.name for fix in FIXES}
    assert names == {name for name, *_ in CASES}
    assert len(names) == 34
    assert names == {fix.name for fix in FIXES if fix.help}


@needs_packer
def test_packer_does_the_same(tmp_path: Path) -> None:
    template: dict[str, Any] = {B: [], P: [], PP: []}
    for _, part, before, _ in CASES:
        template[part].append(before)
    text = json.dumps(template)
    (tmp_path / "t.json").write_text(text)
    theirs = packer("fix", "-validate=false", "t.json", cwd=tmp_path)
    ours = fix_template(SourceFile("t.json", text))
    assert theirs.stdout == f"{ours.text}\n"
    assert ours.notes == []


@needs_packer
def test_packer_lists_the_same_fixes(tmp_path: Path) -> None:
    listed = packer("fix", "-help", cwd=tmp_path)
    part = (listed.stdout + listed.stderr).split("(in order):")[1].split("Options:")[0]
    theirs = [line.split()[0] for line in part.splitlines() if line.strip()]
    assert list(dict.fromkeys(fix.name for fix in FIXES)) == theirs


def test_chains_and_the_cleanup_provisioner_are_fixed_too() -> None:
    template = fixed(
        {
            PP: ["manifest", [{"type": "manifest", "filename": "a"}, "x"]],
            "error-cleanup-provisioner": {"type": "ansible-local", "galaxycommand": "k"},
        }
    )
    assert template == {
        B: None,
        PP: ["manifest", [{"type": "manifest", "output": "a"}, "x"]],
        "error-cleanup-provisioner": {"type": "ansible-local", "galaxy_command": "k"},
    }


@pytest.mark.parametrize(("name", "part", "before", "after"), CASES)
def test_a_fix_that_changes_something_is_named(
    name: str, part: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    found = fix_template(SourceFile("t.json", json.dumps({part: [before]})))
    assert (name in found.done) == (before != after)


def test_what_could_not_be_fixed_is_told() -> None:
    text = json.dumps(
        {B: [{"type": "x"}, {"type": "amazon-ebs", "ssh_private_ip": "{{user `x`}}"}]}
    )
    (note,) = fix_template(SourceFile("t.json", text)).notes
    assert note.startswith('builder 2: "ssh_private_ip" is neither true nor false, so it stays;')


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "t.json:1:1: Invalid JSON: The text is empty"),
        (
            "[]",
            "t.json:1:1: Incorrect value type: A template is an object with builders in it; here",
        ),
        ('{"builders": {}}', "t.json:1:14: Incorrect value type: builders is a list; here is an o"),
        ('{"provisioners": [5]}', "t.json:1:19: Incorrect value type: Provisioners are objects;"),
        (
            '{"post-processors": [5]}',
            "t.json:1:22: Incorrect value type: Post-processors are names,",
        ),
    ],
)
def test_what_is_no_template_is_told_with_its_place(text: str, told: str) -> None:
    found = fix_template(SourceFile("t.json", text))
    assert found.text is None
    assert str(found.diagnostics[0]).startswith(told)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(
    st.dictionaries(st.from_regex(r"\A_[a-z]{1,4}\Z"), JSON),
    st.lists(st.dictionaries(st.text(), JSON)),
)
def test_what_no_fix_is_about_stays(root: dict[str, Any], builders: list[dict[str, Any]]) -> None:
    template = {**root, B: builders}
    assume(not re.search("md5|ssh_|clean_|iso_", json.dumps(template)))
    exact = json.loads(json.dumps(template), parse_float=Decimal)
    assert fixed(template) == exact


# Escapes are taken away level by level, so that fix alone cannot know that it was done; nor can Packer's.
LASTING = [case for case in CASES + BETTER if case[0] != "powershell-escapes"]


@given(st.lists(st.sampled_from(LASTING)))
def test_a_second_time_changes_nothing(cases: list[tuple[str, str, dict[str, Any], Any]]) -> None:
    template: dict[str, Any] = {B: [], P: [], PP: []}
    for _, part, before, _ in cases:
        template[part].append(before)
    once = fixed(template)
    assert fixed(once) == once
