"""The rack's operations against the description's: same names, paths and statuses."""

from __future__ import annotations

import json
import re
from pathlib import Path

from oxtui.rack.api.operations import operations
from tests.rack.site import site
from tests.shared import shared

# Part C of what a client of the API needs, by the description's operation ids.
NEEDED = re.findall(
    r"\w+",
    """
ping current_user_view current_user_groups utilization_view policy_view auth_settings_view
auth_settings_update device_auth_request device_access_token device_auth_confirm
current_user_access_token_list current_user_access_token_delete
current_user_ssh_key_list current_user_ssh_key_create current_user_ssh_key_view
current_user_ssh_key_delete
project_list project_create project_view project_update project_delete project_policy_view
image_list image_create image_view image_delete image_promote image_demote
disk_list disk_create disk_view disk_delete disk_bulk_write_import_start disk_bulk_write_import
disk_bulk_write_import_stop disk_finalize_import
snapshot_list snapshot_create snapshot_view snapshot_delete
instance_list instance_create instance_view instance_update instance_delete instance_start
instance_stop instance_reboot instance_disk_list instance_disk_attach instance_disk_detach
instance_ssh_public_key_list instance_external_ip_list instance_ephemeral_ip_attach
instance_ephemeral_ip_detach instance_serial_console instance_anti_affinity_group_list
anti_affinity_group_list instance_network_interface_list instance_network_interface_view
ip_pool_list ip_pool_view floating_ip_list floating_ip_create floating_ip_view floating_ip_update
floating_ip_delete floating_ip_attach floating_ip_detach
vpc_list vpc_create vpc_view vpc_update vpc_delete vpc_firewall_rules_view
vpc_firewall_rules_update vpc_subnet_list vpc_subnet_create vpc_subnet_view vpc_subnet_update
vpc_subnet_delete
""",
)


async def test_every_operation_is_as_described(tmp_path: Path) -> None:
    paths = json.loads(shared("oxide-openapi.json").read_text())["paths"]
    async with site(tmp_path) as there:
        declared = list(operations(there.rack))
    assert sorted(operation.id for operation in declared) == sorted(NEEDED)
    for operation in declared:
        described = paths[operation.path][operation.method.lower()]
        assert described["operationId"] == operation.id
        assert {str(operation.status), "default"} & set(described["responses"]), operation.id
