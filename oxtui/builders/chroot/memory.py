"""What the chroot builder knows outlives its process: kept as plain values, and held against this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.builders.chroot import root_memory
from oxtui.component.errors import StepError
from oxtui.component.protocols import StepContext, Unfinished

if TYPE_CHECKING:
    from oxtui.builders.chroot.builder import LocalChrootBuilder


def remember(builder: LocalChrootBuilder) -> dict[str, Any]:
    """Where the root and the output are, as JSON can hold it."""
    chroot = builder.chroot
    if not builder.output:
        return {}
    return {
        "output": builder.output,
        "part": builder.part,
        "size": builder.size,
        **root_memory.remember(chroot),
    }


async def recall(
    builder: LocalChrootBuilder, before: Unfinished, context: StepContext
) -> dict[str, str]:
    """Goes on where the process ended, if the root is still mounted or not needed any more.

    Raises:
        StepError: the root is gone, and with it what provisioners have done.
    """
    memory, chroot = before.memory, builder.chroot
    if not memory:
        return {}
    builder.output, builder.part, builder.size = memory["output"], memory["part"], memory["size"]
    root_memory.restore(chroot, memory)
    builder.setting.claims.setdefault(f"file {builder.output}", builder.setting.build)
    own = [each.plan.id for each in (*builder.before(), *builder.after())]
    done = [each for each in own if each in before.done]
    if "clean-root" in done or await _is_there(builder):
        context.say(f"Going on with {chroot.path or builder.output}")
        return await root_memory.go_on(chroot, done, before, context)
    if before.provisioned:
        raise StepError(
            f"{chroot.path} is not mounted any more, and with it what the steps before have done is gone. "
            "Build the template again."
        )
    context.say("The build begins anew")
    await builder.setting.recorder.start_over(builder.service)
    root_memory.forget(chroot)
    return {}


async def _is_there(builder: LocalChrootBuilder) -> bool:
    """Whether the root is mounted, by this build."""
    chroot = builder.chroot
    if not chroot.is_mounted:
        return False
    recorder = builder.setting.recorder
    return await recorder.existing("local.mount", chroot.path, chroot.machine) is not None
