"""A template as `packer inspect` tells it: its variables with their values, and its builds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from oxtui.template.console.listing import listing
from oxtui.template.legacy.inspection import legacy_inspection
from oxtui.template.resolve.outline import outline

if TYPE_CHECKING:
    from oxtui.logs.redact import Redactor
    from oxtui.template.resolve import Resolved
    from oxtui.template.resolve.outline import BuildOutline

_LARGEST: Final = 1 << 13
"""Values inside of one that is shown, a text counting one for each 64 characters: 512 KiB of text."""


def inspection(resolved: Resolved, redactor: Redactor) -> str:
    """The text, without secrets; what is not known is `<unknown>`. The redactor learns the secrets."""
    legacy = resolved.template.legacy
    if legacy is not None:
        for secret in resolved.secrets():
            redactor.add(secret)
        return redactor.text("\n".join(legacy_inspection(legacy)))
    builds = [outline(build, resolved.scope) for build in resolved.template.builds]
    secrets = resolved.secrets()
    for secret in secrets:
        redactor.add(secret)
    values = {name: variable.value for name, variable in resolved.variables.items()}
    lines = ["Packer Inspect: HCL2 mode", "", "> input-variables:", ""]
    lines += listing("var", values, redactor, secrets, _LARGEST)
    lines += ["", "> local-variables:", ""]
    lines += listing("local", resolved.locals, redactor, secrets, _LARGEST)
    lines += ["", "> builds:"]
    for number, build in enumerate(builds):
        lines += map(redactor.text, _build(number, build))
    return "\n".join([*lines, ""])


def _build(number: int, build: BuildOutline) -> Iterator[str]:
    yield from ("", f"  > {build.name or f'<unnamed build {number}>'}:")
    if build.description:
        yield from ("", f"  > Description: {build.description}")
    yield from ("", "    sources:")
    for source in build.sources or ["<no source>"]:
        yield from ("", f"      {source}")
    yield from ("", "    provisioners:", "")
    for provisioner in build.provisioners or ["<no provisioner>"]:
        yield f"      {provisioner}"
    yield from ("", "    post-processors:")
    if not build.post_processors:
        yield from ("", "      <no post-processor>")
    for position, chain in enumerate(build.post_processors):
        yield from ("", f"      {position}:", *(f"        {each}" for each in chain))
