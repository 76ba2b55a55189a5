"""Options of provisioners that run scripts, by Packer's names and with Packer's defaults (packer.md 3.1, 3.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Self

from pydantic import field_validator, model_validator

from oxtui.component.options import Duration, Options, option
from oxtui.component.protocols import Problem
from oxtui.provisioners.shell.assignments import is_assignment_format
from oxtui.provisioners.shell.script import SHEBANG

DETAIL_LENGTH = 48
"""Characters of a command that tell a step from its neighbours."""


class ScriptOptions(Options):
    """Scripts and what they are told, wherever they run."""

    kinds: ClassVar[Sequence[str]] = ("inline", "script", "scripts")
    """Options of which exactly one says what runs."""

    inline: list[str] = option(list, help="Commands, one a line, run as one script.", template=True)
    script: str = option("", help="Path of a script on this machine.", lookup="files")
    scripts: list[str] = option(
        list, help="Paths of scripts on this machine, run one after the other.", lookup="files"
    )
    inline_shebang: str = option(SHEBANG, help="Interpreter of inline commands.")
    environment_vars: list[str] = option(
        list, help="Environment of the scripts: KEY=value, one each.", template=True
    )
    env: Mapping[str, str] = option(
        dict, help="Environment of the scripts; wins over environment_vars.", template=True
    )
    env_var_format: str = option(
        "", help="How each variable is written in {{.Vars}}: two %s, for its name and its value."
    )
    valid_exit_codes: list[int] = option(lambda: [0], help="Exit statuses that count as success.")

    @field_validator("environment_vars")
    @classmethod
    def _pairs(cls, entries: list[str]) -> list[str]:
        for entry in entries:
            if entry.find("=") < 1:
                raise ValueError(f'"{entry}" is no variable; write KEY=value')
        return entries

    @field_validator("env_var_format")
    @classmethod
    def _two_verbs(cls, text: str) -> str:
        if text and not is_assignment_format(text):
            raise ValueError(f'"{text}" has to hold %s twice, for a variable\'s name and its value')
        return text

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [name for name in self.kinds if getattr(self, name)]
        if len(given) != 1:
            *others, last = self.kinds
            raise ValueError(
                f"give exactly one of {', '.join(others)} and {last}"
                + (f", not {' and '.join(given)}" if given else "; none is there")
            )
        return self

    @property
    def paths(self) -> list[str]:
        """The scripts that are files."""
        return [self.script] if self.script else self.scripts

    @property
    def commands(self) -> list[str]:
        """What runs as one script without being a file."""
        return self.inline

    @property
    def given_shebang(self) -> str:
        """The shebang that the template names; empty where it names none."""
        return self.inline_shebang if "inline_shebang" in self.model_fields_set else ""

    @property
    def summary(self) -> str:
        """The scripts' names, or the beginning of the first command."""
        if self.paths:
            return ", ".join(Path(path).name for path in self.paths)
        first = next((line.strip() for line in self.commands if line.strip()), "")
        line = first.splitlines()[0] if first else ""
        return line if len(line) <= DETAIL_LENGTH else line[: DETAIL_LENGTH - 1] + "…"


def missing_scripts(options: ScriptOptions, folder: Path) -> list[Problem]:
    """A problem for each script that is not there; relative paths start from `folder`."""
    return [
        Problem(
            "script" if options.script else "scripts",
            f"script {path} is not there (looked in {folder}); correct the path or create it",
        )
        for path in options.paths
        if not (folder / path).is_file()
    ]


class ShellOptions(ScriptOptions):
    """Scripts that run in the guest."""

    documentation: ClassVar[str] = "https://developer.hashicorp.com/packer/docs/provisioners/shell"

    execute_command: str = option(
        "",
        help="How a script is started; {{.Path}}, {{.Vars}} and {{.EnvVarFile}} stand in it.",
        template=True,
    )
    use_env_var_file: bool = option(
        False, help="Pass the environment in a file instead of on the command line."
    )
    binary: bool = option(False, help="Leave line endings as they are.")
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
