"""Every option that oxtui has is one of stock Packer's or the plugin's: an export need remove none.

An option of oxtui's own (packer-plugin-oxide and Packer refuse what they do not know) has to be taken
out by the export; then it is named here as well.
"""

from __future__ import annotations

import pytest

from oxtui.component.options import option_specs
from oxtui.component.registry import COMPONENTS, OWN, ComponentKind, component


def words(text: str) -> set[str]:
    """The words of a text."""
    return set(text.split())


SSH = words(
    "communicator ssh_username ssh_host ssh_port ssh_password ssh_private_key_file ssh_certificate_file "
    "ssh_agent_auth temporary_key_pair_name temporary_key_pair_type temporary_key_pair_bits ssh_timeout "
    "ssh_handshake_attempts ssh_keep_alive_interval ssh_pty ssh_file_transfer_method "
    "ssh_clear_authorized_keys pause_before_connecting ssh_ciphers ssh_key_exchange_algorithms "
    "ssh_disable_agent_forwarding ssh_bastion_host ssh_bastion_port ssh_bastion_agent_auth "
    "ssh_bastion_username ssh_bastion_password ssh_bastion_interactive ssh_bastion_private_key_file "
    "ssh_bastion_certificate_file ssh_proxy_host ssh_proxy_port ssh_proxy_username ssh_proxy_password "
    "ssh_read_write_timeout ssh_remote_tunnels ssh_local_tunnels ssh_public_key ssh_private_key "
    "ssh_keypair_name"
)
LOCAL = words(
    "command inline script scripts inline_shebang environment_vars env env_var_format "
    "execute_command valid_exit_codes only_on tempfile_extension use_linux_pathing"
)
OUTSCALE = words(
    "access_key secret_key region profile custom_endpoint_oapi insecure_skip_tls_verify x509_cert_path "
    "x509_key_path"
)
OUTSCALE_VM = (
    SSH
    | OUTSCALE
    | words(
        "source_omi vm_type subregion_name net_id subnet_id security_group_id security_group_ids "
        "temporary_security_group_source_cidr associate_public_ip_address ssh_interface user_data "
        "user_data_file shutdown_behavior disable_stop_vm run_tags boot_mode"
    )
)
OUTSCALE_IMAGE = words(
    "omi_name omi_description omi_account_ids snapshot_account_ids global_permission omi_boot_modes "
    "product_codes tags snapshot_tags force_deregister force_delete_snapshot run_volume_tags"
)
STOCK: dict[tuple[ComponentKind, str], set[str]] = {
    ("builder", "oxide-instance"): SSH
    | words(
        "host token profile insecure_skip_verify boot_disk_image_id project boot_disk_size ip_pool vpc "
        "subnet name hostname cpus memory ssh_public_keys user_data artifact_name artifact_description "
        "artifact_os artifact_version skip_create_image"
    ),
    **dict.fromkeys(
        (("builder", "outscale-bsu"), ("builder", "osc-bsu")),
        OUTSCALE_VM | OUTSCALE_IMAGE | words("root_device_name skip_create_omi"),
    ),
    **dict.fromkeys(
        (("builder", "outscale-bsusurrogate"), ("builder", "osc-bsusurrogate")),
        OUTSCALE_VM | OUTSCALE_IMAGE,
    ),
    **dict.fromkeys(
        (("builder", "outscale-chroot"), ("builder", "osc-chroot")),
        OUTSCALE
        | (OUTSCALE_IMAGE - {"run_volume_tags"})
        | words(
            "source_omi from_scratch root_volume_size root_volume_type root_volume_tags device_path "
            "nvme_device_path root_device_name mount_path mount_partition mount_options chroot_mounts "
            "copy_files command_wrapper pre_mount_commands post_mount_commands"
        ),
    ),
    **dict.fromkeys((("builder", "outscale-bsuvolume"), ("builder", "osc-bsuvolume")), OUTSCALE_VM),
    ("builder", "null"): SSH,
    ("builder", "file"): {"content", "source", "target"},
    ("provisioner", "shell-local"): LOCAL,
    ("provisioner", "shell"): words(
        "inline script scripts inline_shebang environment_vars env env_var_format execute_command "
        "use_env_var_file binary valid_exit_codes expect_disconnect start_retry_timeout pause_after "
        "remote_folder remote_file remote_path skip_clean"
    ),
    ("provisioner", "file"): {
        *("source", "sources", "content", "destination", "direction", "generated"),
    },
    ("provisioner", "breakpoint"): {"disable", "note"},
    ("provisioner", "sleep"): {"duration"},
    ("post-processor", "manifest"): {"output", "strip_path", "strip_time", "custom_data"},
    ("post-processor", "checksum"): {"checksum_types", "output"},
    ("post-processor", "compress"): {"output", "format", "compression_level"},
    ("post-processor", "artifice"): {"files"},
    ("post-processor", "shell-local"): LOCAL,
    ("data source", "http"): {"url", "method", "request_headers", "request_body"},
    ("data source", "null"): {"input"},
    ("data source", "outscale-omi"): OUTSCALE | {"filters", "owners", "most_recent"},
    ("data source", "oxide-image"): {
        *("host", "token", "profile", "insecure_skip_verify", "name", "project"),
    },
}


REWRITTEN: set[tuple[ComponentKind, str]] = {("post-processor", "oxtui-maas")}
"""What stock Packer does not have at all, and an export writes as something that it has."""


def test_every_component_is_looked_at() -> None:
    """Those that are written into a template; an export tells of what no Packer has, or rewrites it."""
    kinds: tuple[ComponentKind, ...] = ("builder", "provisioner", "post-processor", "data source")
    own = {(kind, name) for kind, names in OWN.items() for name in names}
    known = {(kind, name) for kind in kinds for name in COMPONENTS[kind]}
    assert known == set(STOCK) | REWRITTEN | own


@pytest.mark.parametrize(("kind", "name"), list(STOCK))
def test_no_option_is_oxtui_s_own(kind: ComponentKind, name: str) -> None:
    ours = {spec.name for spec in option_specs(component(kind, name).Options)}
    assert ours - STOCK[kind, name] == set()


def test_every_option_of_the_ssh_communicator_is_there_but_those_that_packer_sets_itself() -> None:
    ours = {spec.name for spec in option_specs(component("builder", "null").Options)}
    assert SSH - ours == {"ssh_public_key", "ssh_private_key"}
