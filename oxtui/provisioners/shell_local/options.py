"""Options of the shell-local provisioner, by Packer's names and with Packer's defaults (packer.md 3.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import field_validator

from oxtui.component.options import option
from oxtui.provisioners.shell.options import ScriptOptions

EXECUTE = ("/bin/sh", "-c", "{{.Vars}} {{.Script}}")
System = Literal["darwin", "freebsd", "linux", "openbsd", "solaris", "windows"]
"""Operating systems, by Go's names."""


class ShellLocalOptions(ScriptOptions):
    """Scripts that run on this machine, not in the guest."""

    documentation: ClassVar[str] = (
        "https://developer.hashicorp.com/packer/docs/provisioners/shell-local"
    )
    kinds: ClassVar[Sequence[str]] = ("command", "inline", "script", "scripts")

    command: str = option("", help="One command, run as a script of its own.", template=True)
    execute_command: list[str] = option(
        list,
        help="Program and arguments that start a script; {{.Script}} and {{.Vars}} stand in them. "
        "By default /bin/sh -c '{{.Vars}} {{.Script}}'; one text is run by /bin/sh -c.",
        template=True,
    )
    only_on: list[System] = option(
        list, help="Operating systems that it runs on, such as linux; empty is every one."
    )
    tempfile_extension: str = option(
        "", help="Extension of the file that holds commands, such as .py."
    )
    use_linux_pathing: bool = option(
        False, help="For Linux shells on Windows; it changes nothing on other systems."
    )

    @field_validator("execute_command", mode="before")
    @classmethod
    def _one_text(cls, given: object) -> object:
        # A text is a command line, as it was for Packer's post-processor; no program has such a name.
        return ["/bin/sh", "-c", given] if isinstance(given, str) else given

    @property
    def commands(self) -> list[str]:
        """The command, or the inline ones."""
        return [self.command] if self.command else self.inline
