"""Edited, skipped and added provisioners: text in, text out."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.export.exported import ExportError, ExportOptions
from tests.export.sessions import Told, added, removed, shell, template

TWO = """source "oxide-instance" "a" {
  project            = "web"
  boot_disk_image_id = "ubuntu-24-04"
  ssh_username       = "ubuntu"
}

source "oxide-instance" "b" {
  project            = "web"
  boot_disk_image_id = "ubuntu-24-04"
  ssh_username       = "ubuntu"
}

build {
  sources = ["source.oxide-instance.a", "source.oxide-instance.b"]

  # first
  provisioner "shell" {
    inline = ["echo one"]
  }

  provisioner "shell" {
    inline = ["echo two"]
  }
}
"""
A, B = "oxide-instance.a", "oxide-instance.b"


async def test_an_edited_line_changes_that_line_alone() -> None:
    text = template(
        '  provisioner "shell" {\n    inline = [\n      "echo ${var.x}", # kept\n'
        '      "false",\n    ]\n  }',
        head='variable "x" {\n  default = "hello"\n}\n\n',
    )
    exported = await Told().build("shell").edit(1, {"inline": ["echo hello", "true"]}).export(text)
    assert exported.problems == ()
    assert '      "echo ${var.x}", # kept\n      "true",\n    ]\n' in exported.text
    assert '"false",' in removed(exported)


async def test_lines_that_stay_keep_their_expressions_when_others_come_and_go() -> None:
    text = template(
        shell("echo ${var.x}", "false"), head='variable "x" {\n  default = "hello"\n}\n\n'
    )
    told = Told().build("shell").edit(1, {"inline": ["echo hello", "true", 'say "$HOME"']})
    exported = await told.export(text)
    assert exported.problems == ()
    assert 'inline = ["echo ${var.x}", "true", "say \\"$HOME\\""]' in exported.text


async def test_what_looks_like_hcl_in_a_script_is_escaped() -> None:
    edited = Told().build("shell").edit(1, {"inline": ["echo ${HOME} %{x}", "a\\b\tc"]})
    exported = await edited.export(template(shell("false")))
    assert exported.problems == ()
    assert r'inline = ["echo $${HOME} %%{x}", "a\\b\tc"]' in exported.text


async def test_other_options_are_written_as_packer_reads_them() -> None:
    changes = {
        "environment_vars": ["A=1"],
        "valid_exit_codes": [0, 3],
        "pause_after": 2.5,
        "expect_disconnect": True,
        "env": {"B": "2"},
    }
    exported = await Told().build("shell").edit(1, changes).export(template(shell("true")))
    assert exported.problems == ()
    lines = added(exported)
    assert 'pause_after = "2.5s"' in lines
    assert "valid_exit_codes = [0, 3]" in lines
    assert 'environment_vars = ["A=1"]' in lines
    assert "expect_disconnect = true" in lines
    assert 'B = "2"' in lines


async def test_options_that_were_taken_out_go_and_those_that_were_left_stay_as_written() -> None:
    step = (
        '  provisioner "shell" {\n    pause_after = "1m" # rest\n    skip_clean = true\n'
        '    inline = ["true"]\n  }'
    )
    # An edit of the options as text tells all of them: those that went with their defaults.
    changes = {"pause_after": 60.0, "inline": ["true"], "skip_clean": False, "env": {}}
    exported = await Told().build("shell").edit(1, changes).export(template(step))
    assert exported.problems == ()
    assert '    pause_after = "1m" # rest\n' in exported.text
    assert "skip_clean" not in exported.text
    assert "env" not in "".join(added(exported))


async def test_a_script_that_was_edited_becomes_inline(tmp_path: Path) -> None:
    script = tmp_path / "setup.sh"
    script.write_text("false\n")
    step = f'  provisioner "shell" {{\n    # sets up\n    script = "{script}"\n  }}'
    told = Told().build("shell").edit(1, {"inline": ["#!/bin/bash", "set -e", "true"]})
    exported = await told.export(template(step))
    assert exported.problems == ()
    assert '    # sets up\n    inline         = ["set -e", "true"]\n' in exported.text
    # Older Packers put their own shebang above one in the commands.
    assert 'inline_shebang = "/bin/bash"' in exported.text
    assert "script" not in "".join(added(exported))


async def test_a_script_that_was_edited_can_be_a_file_beside_the_export(tmp_path: Path) -> None:
    script = tmp_path / "setup.sh"
    script.write_text("false\n")
    steps = [
        f'  provisioner "shell" {{\n    {name}\n  }}'
        for name in (f'script = "{script}"', f'scripts = ["{script}"]')
    ]
    told = Told().build("shell", "shell")
    told.edit(1, {"inline": ["#!/bin/bash", "true"]}).edit(2, {"inline": ["true"]})
    target = tmp_path / "made" / "t.pkr.hcl"
    options = ExportOptions(target, target.parent / "scripts")
    exported = await told.export(template(*steps), options)
    assert exported.problems == ()
    assert 'script = "${path.root}/scripts/1-setup.sh"' in exported.text
    assert 'script = "${path.root}/scripts/2-setup.sh"' in exported.text
    assert exported.scripts == {
        target.parent / "scripts/1-setup.sh": "#!/bin/bash\ntrue\n",
        target.parent / "scripts/2-setup.sh": "#!/bin/sh -e\ntrue\n",
    }


async def test_a_script_with_a_secret_is_no_file(tmp_path: Path) -> None:
    script = tmp_path / "setup.sh"
    script.write_text("false\n")
    step = f'  provisioner "shell" {{\n    script = "{script}"\n  }}'
    told = Told().build("shell").edit(1, {"inline": ["mysql -p<sensitive>"]})
    exported = await told.export(template(step), ExportOptions(None, tmp_path / "scripts"))
    assert exported.problems == ()
    assert exported.scripts == {}
    assert 'inline = ["mysql -p${var.shell_secret}"]' in exported.text
    assert any("stays inline" in note for note in exported.notes)


async def test_a_skipped_step_is_commented_out_so_that_packer_skips_it() -> None:
    text = template(shell("true"), shell("exit 1"))
    exported = await Told().build("shell", "shell").phase(2, "skipped").export(text)
    assert exported.problems == ()
    assert '  # oxtui: disabled\n  # provisioner "shell" {\n  #   inline = ["exit 1"]\n  # }\n' in (
        exported.text
    )
    assert any("was skipped" in note for note in exported.notes)


async def test_a_step_that_was_never_reached_stays_as_it_is() -> None:
    text = template(shell("exit 1"), shell("true"))
    exported = await Told().build("shell", "shell").phase(2, "waiting").export(text)
    assert exported.problems == ()
    assert 'inline = ["true"]' in exported.text


@pytest.mark.parametrize("more", ['    note = "x"\n', "    disable = false\n", ""])
async def test_breakpoints_are_off(more: str) -> None:
    text = template(f'  provisioner "breakpoint" {{\n{more}  }}', shell("true"))
    exported = await Told().build("breakpoint", "shell").phase(1, "skipped").export(text)
    assert exported.problems == ()
    assert "disable = true" in added(exported)
    assert "oxtui: disabled" not in exported.text


async def test_a_breakpoint_that_is_off_is_left_alone() -> None:
    text = template('  provisioner "breakpoint" {\n    disable = true # for CI\n  }')
    exported = await Told().build("breakpoint").export(text)
    assert "disable = true # for CI" in exported.text
    assert not any("disable" in line for line in added(exported))


async def test_the_sync_that_oxtui_runs_by_itself_is_the_last_step() -> None:
    exported = await Told().build("shell").export(template(shell("true")))
    assert exported.problems == ()
    assert exported.text.rstrip().endswith('provisioner "shell" {\n    inline = ["sync"]\n  }\n}')


async def test_a_sync_that_is_there_already_is_enough() -> None:
    text = template(shell("true"), shell("sync"))
    exported = await Told().build("shell", "shell").export(text)
    assert exported.problems == ()
    assert exported.text.count('"sync"') == 1


async def test_the_sync_goes_where_the_other_scripts_go_and_before_post_processors() -> None:
    text = template(shell("true", more='remote_folder = "."')).removesuffix("}\n")
    text += '\n  error-cleanup-provisioner "shell" {\n    inline = ["true"]\n  }\n}\n'
    exported = await Told().build("shell").export(text)
    assert exported.problems == ()
    assert 'remote_folder = "."\n    inline        = ["sync"]' in exported.text


async def test_builds_that_edited_a_step_alike_share_it() -> None:
    told = Told().build("shell", "shell", name=A).build("shell", "shell", name=B)
    told.edit(2, {"inline": ["echo 2"]}, A).edit(2, {"inline": ["echo 2"]}, B)
    exported = await told.export(TWO)
    assert exported.problems == ()
    assert "only" not in exported.text
    assert 'inline = ["echo 2"]' in exported.text


async def test_builds_that_edited_a_step_otherwise_get_a_step_each() -> None:
    told = Told().build("shell", "shell", name=A).build("shell", "shell", name=B)
    told.edit(1, {"inline": ["echo b"]}, B).phase(2, "skipped", A)
    exported = await told.export(TWO)
    assert exported.problems == ()
    assert (
        "  # first\n"
        '  provisioner "shell" {\n'
        '    inline = ["echo one"]\n'
        f'    except = ["{B}"]\n'
        "  }\n\n"
        '  provisioner "shell" {\n'
        '    inline = ["echo b"]\n'
        f'    only   = ["{B}"]\n'
        "  }\n\n"
        '  provisioner "shell" {\n'
        '    inline = ["echo two"]\n'
        f'    except = ["{A}"]\n'
        "  }\n"
    ) in exported.text


async def test_a_build_that_never_came_to_a_step_has_no_say_in_it() -> None:
    told = Told().build("shell", "shell", name=A).build("shell", "shell", name=B)
    told.edit(2, {"inline": ["echo 2"]}, A).phase(2, "waiting", B)
    exported = await told.export(TWO)
    assert "only" not in exported.text
    assert "except" not in exported.text


async def test_a_build_that_did_not_run_is_left_and_told() -> None:
    told = Told().build("shell", "shell", name=A)
    exported = await told.export(TWO)
    assert exported.problems == ()
    assert any(B in note and "-only=" in note for note in exported.notes)


DYNAMIC = """  dynamic "provisioner" {
    for_each = ["x"]
    labels   = ["shell"]
    content {
      inline = ["echo ${provisioner.value}"]
    }
  }"""


async def test_a_step_of_a_dynamic_block_cannot_be_changed_and_says_so() -> None:
    same = await Told().build("shell").export(template(DYNAMIC))
    assert same.problems == ()
    told = Told().build("shell").edit(1, {"inline": ["true"]})
    exported = await told.export(template(DYNAMIC))
    assert "a dynamic block makes it" in exported.problems[0]


async def test_a_template_of_another_session_is_refused() -> None:
    with pytest.raises(ExportError, match="had 2 provisioners"):
        await Told().build("shell", "shell").export(template(shell("true")))
    with pytest.raises(ExportError, match=r"built oxide-instance\.other"):
        await Told().build("shell", name="oxide-instance.other").export(template(shell("true")))
    with pytest.raises(ExportError, match="nothing yet"):
        await Told().export(template(shell("true")))
