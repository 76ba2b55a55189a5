"""Booting an instance from an image to see whether it works."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from screens.browse.work import Work

if TYPE_CHECKING:
    from screens.dialogs.form import Check

_GIB = 2**30


async def boot_test_instance(work: Work, rows: Sequence[Any]) -> None:
    """Ask for project, name and size; make the instance with an external address and all keys."""
    from oxtui.oxide.addressing import addressing
    from oxtui.oxide.limits import check_cpus, check_disk_size, check_memory, check_name
    from oxtui.oxide.trial import Trial, free_name, smallest_disk
    from screens.dialogs.form import Field

    image = rows[0]
    reached = await addressing(work.client)
    version = "IPv6" if reached.is_ipv6 else "IPv4"
    if image.project_id is not None:
        projects = [project for project in work.scope.projects if project.id == image.project_id]
    else:
        projects = list(work.scope.projects)
    names = {row.name for row in work.look.rows("instances")}

    def check_free(name: str) -> str | None:
        return f"There is an instance {name} already." if name in names else check_name(name)

    values = await work.ask(
        "Boot a test instance",
        (
            Field(
                name="project",
                label="project",
                value=work.scope.chosen.id if work.scope.chosen in projects else "",
                choices=[(project.id, project.name) for project in projects],
            ),
            Field(name="name", label="name", value=free_name(image.name, names), check=check_free),
            Field(name="cpus", label="vCPUs", value="1", check=_number(check_cpus)),
            Field(
                name="memory",
                label="memory GiB",
                value="2",
                check=_number(lambda count: check_memory(count * _GIB)),
            ),
            Field(
                name="disk",
                label="disk GiB",
                value=str(smallest_disk(image) // _GIB),
                check=_number(lambda count: check_disk_size(count * _GIB, source_size=image.size)),
                help="At least the size of the image; counts against the storage quota.",
            ),
        ),
        text=f"From {image.name}, with an external {version} address and all your SSH keys.",
    )
    if values is None or not await work.allowed(f"Boot {values['name']}."):
        return
    trial = Trial(
        image,
        values["name"],
        disk=int(values["disk"]) * _GIB,
        addressing=reached,
        cpus=int(values["cpus"]),
        memory=int(values["memory"]) * _GIB,
    )
    instance = await work.client.instances.create(trial.body, values["project"])
    work.reload()
    work.say(f"{instance.name} is {instance.run_state}; 3 shows it, with its address")


def _number(check: Any) -> Check:
    def check_text(text: str) -> str | None:
        if not text.isdecimal():
            return "A whole number is needed."
        return check(int(text))  # type: ignore[no-any-return]

    return check_text
