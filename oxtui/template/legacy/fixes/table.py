"""The fixes, in the order in which Packer runs them: later ones build on what earlier ones leave."""

from __future__ import annotations

from typing import Final

from oxtui.template.json.nodes import Number
from oxtui.template.legacy.fixes import special
from oxtui.template.legacy.fixes.changes import (
    Fix,
    Part,
    every,
    gather,
    in_string,
    in_strings,
    inside,
    remove,
    rename,
    retype,
)

_AMAZON: Final = "amazon-*"
_PORTS: Final = (str, Number)

FIXES: Final = (
    Fix("iso-md5", "iso_md5 of builders is iso_checksum", special.md5_checksum),
    Fix(
        "createtime", "{{.CreateTime}} in ami_name is {{timestamp}}",
        in_string("ami_name", special.create_time),
    ),
    Fix(
        "virtualbox-gaattach", "guest_additions_attach of virtualbox is guest_additions_mode",
        special.guest_additions, "virtualbox",
    ),
    Fix(
        "pp-vagrant-override", "options of a provider in the vagrant post-processor are its override",
        special.vagrant_override, "vagrant", Part.POST_PROCESSORS,
    ),
    Fix("virtualbox-rename", "the builder virtualbox is virtualbox-iso", retype("virtualbox-iso"), "virtualbox"),
    Fix("virtualbox-rename", "", inside("override", rename("virtualbox", "virtualbox-iso")), part=Part.PROVISIONERS),
    Fix("vmware-rename", "the builder vmware is vmware-iso", retype("vmware-iso"), "vmware"),
    Fix("parallels-headless", "headless of parallels goes", remove("headless"), "parallels-iso parallels-pvm"),
    Fix(
        "parallels-deprecations",
        "parallels_tools_host_path goes, guest_os_distribution of parallels is guest_os_type",
        every(remove("parallels_tools_host_path"), rename("guest_os_distribution", "guest_os_type")),
        "parallels-iso parallels-pvm",
    ),
    Fix(
        "sshkeypath", "ssh_key_path is ssh_private_key_file",
        rename("ssh_key_path", "ssh_private_key_file", str, keeps_new=True),
    ),
    Fix(
        "sshdisableagent", "ssh_disable_agent is ssh_disable_agent_forwarding",
        rename("ssh_disable_agent", "ssh_disable_agent_forwarding", bool, keeps_new=True),
    ),
    Fix(
        "scaleway-access-key", "access_key of scaleway is organization_id",
        rename("access_key", "organization_id", str, keeps_new=True), "scaleway",
    ),
    Fix(
        "manifest-filename", "filename of the manifest post-processor is output",
        rename("filename", "output", str), "manifest", Part.POST_PROCESSORS,
    ),
    Fix(
        "amazon-shutdown_behavior", "shutdown_behaviour of amazon is shutdown_behavior",
        rename("shutdown_behaviour", "shutdown_behavior"), _AMAZON,
    ),
    Fix(
        "amazon-enhanced-networking", "enhanced_networking of amazon is ena_support",
        rename("enhanced_networking", "ena_support", bool), _AMAZON,
    ),
    Fix("amazon-private-ip", "ssh_private_ip of amazon is ssh_interface", special.private_ip, _AMAZON),
    Fix(
        "amazon-temp-sec-cidrs",
        "temporary_security_group_source_cidr is a list, temporary_security_group_source_cidrs",
        special.source_cidrs, _AMAZON,
    ),
    Fix(
        "docker-email", "login_email of docker's post-processors goes",
        remove("login_email"), "docker docker-*", Part.POST_PROCESSORS,
    ),
    Fix(
        "docker-tag-tags", "tag of docker-tag is a list, tags",
        special.docker_tags, "docker-tag", Part.POST_PROCESSORS,
    ),
    Fix(
        "powershell-escapes", "escapes in texts for powershell go: it adds them itself",
        every(
            special.unescape_environment,
            in_string("elevated_user", special.unescaped),
            in_string("elevated_password", special.unescaped),
        ),
        "powershell", Part.PROVISIONERS,
    ),
    Fix(
        "vmware-compaction", "disks of vmware-iso on esx5 that cannot be compacted are not",
        special.compaction, "vmware-iso",
    ),
    Fix("hyperv-deprecations", "vhd_temp_path of hyperv-iso goes", remove("vhd_temp_path"), "hyperv-iso"),
    Fix(
        "hyperv-vmxc-typo", "clone_from_vmxc_path of hyperv-vmcx is clone_from_vmcx_path",
        rename("clone_from_vmxc_path", "clone_from_vmcx_path"), "hyperv-vmcx",
    ),
    Fix(
        "hyperv-cpu-and-ram", "cpu and ram_size of hyperv are cpus and memory",
        every(rename("cpu", "cpus"), rename("ram_size", "memory")), "hyperv-iso hyperv-vmcx",
    ),
    Fix(
        "clean-image-name", "clean_image_name and clean_ami_name are clean_resource_name",
        in_strings(special.clean_resource_name),
    ),
    Fix(
        "spot-price-auto-product", "spot_price_auto_product of amazon goes", remove("spot_price_auto_product"),
        "amazon-ebs amazon-ebssurrogate amazon-ebsvolume amazon-instance",
    ),
    Fix("qemu-disk-size", "disk_size of qemu, a number of MiB, has its unit", special.disk_size_with_unit, "qemu"),
    Fix(
        "galaxy-command", "galaxycommand of ansible-local is galaxy_command",
        rename("galaxycommand", "galaxy_command", str, keeps_new=True), "ansible-local", Part.PROVISIONERS,
    ),
    Fix(
        "comm-config", "ssh_host_port_min, ssh_host_port_max and ssh_skip_nat_mapping of virtualbox lose ssh_",
        every(
            rename("ssh_host_port_min", "host_port_min", *_PORTS, keeps_new=True),
            rename("ssh_host_port_max", "host_port_max", *_PORTS, keeps_new=True),
            rename("ssh_skip_nat_mapping", "skip_nat_mapping", bool, keeps_new=True),
        ),
        "virtualbox-*",
    ),
    Fix(
        "ssh-wait-timeout", "ssh_wait_timeout is ssh_timeout",
        rename("ssh_wait_timeout", "ssh_timeout", str, keeps_new=True),
    ),
    Fix(
        "vsphere-iso-net-disk", "options of a network card and a disk of vsphere-iso are network_adapters and storage",
        every(
            gather(
                "network_adapters",
                ("network", "network"), ("networkCard", "network_card"), ("network_card", "network_card"),
            ),
            gather(
                "storage",
                *((name, name) for name in ("disk_size", "disk_thin_provisioned", "disk_eagerly_scrub")),
            ),
        ),
        "vsphere-iso",
    ),
    Fix(
        "iso-checksum-type-and-url", "iso_checksum_type and iso_checksum_url are part of iso_checksum",
        special.checksum_of_type,
    ),
    Fix(
        "qemu-host-port", "ssh_host_port_min and ssh_host_port_max of qemu lose ssh_",
        every(rename("ssh_host_port_min", "host_port_min"), rename("ssh_host_port_max", "host_port_max")), "qemu",
    ),
    Fix(
        "azure-exclude_from_latest", "exlude_from_latest of azure-chroot is exclude_from_latest",
        inside("shared_image_destination", rename("exlude_from_latest", "exclude_from_latest")), "azure-chroot",
    ),
    Fix("proxmox-type", "the builder proxmox is proxmox-iso", retype("proxmox-iso"), "proxmox"),
)  # fmt: skip
"""34 fixes; one that changes two parts of a template is two entries."""
