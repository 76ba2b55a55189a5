"""Options of the shell provisioner, by Packer's names and with Packer's defaults (packer.md 3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

from pydantic import field_validator, model_validator

from oxtui.component.options import Duration, Options, option

EXECUTE = "chmod +x {{.Path}}; {{.Vars}} {{.Path}}"
EXECUTE_WITH_FILE = "chmod +x {{.Path}}; . {{.EnvVarFile}} && {{.Path}}"


class ShellOptions(Options):
    """Scripts that run in the guest."""

    documentation: ClassVar[str] = "https://developer.hashicorp.com/packer/docs/provisioners/shell"

    inline: list[str] = option(list, help="Commands, one a line, run as one script.", template=True)
    script: str = option("", help="Path of a script here, to run in the guest.", lookup="file")
    scripts: list[str] = option(
        list, help="Paths of scripts here, run one after the other.", lookup="file"
    )
    inline_shebang: str = option("/bin/sh -e", help="Interpreter of inline commands.")
    environment_vars: list[str] = option(
        list, help="Environment of the scripts: KEY=value, one each.", template=True
    )
    env: Mapping[str, str] = option(
        dict, help="Environment of the scripts; wins over environment_vars.", template=True
    )
    execute_command: str = option(
        "",
        help="How a script is started; {{.Path}}, {{.Vars}} and {{.EnvVarFile}} stand in it.",
        template=True,
    )
    use_env_var_file: bool = option(
        False, help="Pass the environment in a file instead of on the command line."
    )
    binary: bool = option(False, help="Leave line endings as they are.")
    valid_exit_codes: list[int] = option(lambda: [0], help="Exit statuses that count as success.")
    expect_disconnect: bool = option(
        False, help="A lost connection is no failure, for scripts that reboot the guest."
    )
    start_retry_timeout: Duration = option(
        300.0, help="How long to try to start a script, for guests that reboot.", unit="seconds"
    )
    pause_after: Duration = option(0.0, help="Pause after success.", unit="seconds")
    remote_folder: str = option("/tmp", help="Folder of the guest for the script.")  # noqa: S108
    remote_file: str = option("", help="Name of the script in the guest; a random one if empty.")
    remote_path: str = option("", help="Whole path of the script in the guest.")
    skip_clean: bool = option(False, help="Leave the script in the guest.")

    @field_validator("environment_vars")
    @classmethod
    def _pairs(cls, entries: list[str]) -> list[str]:
        for entry in entries:
            if entry.find("=") < 1:
                raise ValueError(f'"{entry}" is no variable; write KEY=value')
        return entries

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [name for name in ("inline", "script", "scripts") if getattr(self, name)]
        if len(given) != 1:
            raise ValueError(
                "give exactly one of inline, script and scripts"
                + (f", not {' and '.join(given)}" if given else "; none is there")
            )
        return self
