"""Sessions of the null builder, and scripts that ran on this machine: what they are exported as."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from oxtui.export.exported import ExportOptions
from oxtui.export.save import save_export
from tests.export.sessions import Told, added, removed

X = "null.x"
SOURCE = """source "null" "x" {
  communicator         = "ssh"
  ssh_host             = "10.0.0.1" # the old one
  ssh_username         = "root"
  ssh_agent_auth       = true
}
"""


def template(*provisioners: str) -> str:
    """A template with one null source; its columns are as somebody wanted them."""
    inner = "\n".join(provisioners)
    return f'{SOURCE}\nbuild {{\n  sources = ["source.null.x"]\n{inner}}}\n'


def local(*options: str) -> str:
    """A provisioner that runs on this machine."""
    return '  provisioner "shell-local" {\n' + "".join(f"    {o}\n" for o in options) + "  }\n"


async def test_what_ran_as_it_stands_is_exported_to_the_byte() -> None:
    text = template(
        local(
            'inline = ["echo ${build.Host} {{ build `ID` }}", "date +%s   # {{ timestamp }}"]',
            'environment_vars   = ["A=1"]',
            'execute_command = ["bash", "-c", "{{.Vars}} {{.Script}}"]',
            'only_on  =  ["linux"]',
            'tempfile_extension = ".sh"',
            "use_linux_pathing = false",
            "valid_exit_codes = [0, 3]",
        ),
        local('command = "true"  # said so'),
    )
    exported = await Told().build("shell-local", "shell-local", name=X, found=False).export(text)
    assert exported.problems == ()
    assert exported.text == text
    assert not any("OXIDE_HOST" in note for note in exported.notes)


@pytest.mark.parametrize(
    ("option", "gone"), [('command = "false"', 'command = "false"'), ('inline = ["false"]', "")]
)
async def test_an_edited_command_is_written_as_inline(option: str, gone: str) -> None:
    told = Told().build("shell-local", name=X, found=False)
    told.edit(1, {"inline": ["echo one", "echo ${two}"]}, X)
    exported = await told.export(template(local(option)))
    assert exported.problems == ()
    assert added(exported) == ['inline = ["echo one", "echo $${two}"]']
    assert removed(exported) == [gone or option]


async def test_an_edited_script_is_a_file_that_can_be_executed(tmp_path: Path) -> None:
    script = tmp_path / "s.sh"
    script.write_text("#!/bin/sh\nfalse\n")
    script.chmod(0o755)
    told = Told().build("shell-local", name=X, found=False)
    told.edit(1, {"inline": ["#!/bin/sh", "true"]}, X)
    target = tmp_path / "out" / "t.pkr.hcl"
    options = ExportOptions(target, tmp_path / "out" / "scripts")
    exported = await told.export(template(local(f'script = "{script}"')), options)
    assert exported.problems == ()
    save_export(exported, target)
    (made,) = exported.scripts
    assert made.read_text() == "#!/bin/sh\ntrue\n"
    assert made.stat().st_mode & stat.S_IXUSR
