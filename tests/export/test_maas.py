"""An oxtui-maas post-processor in an export: as steps that stock Packer can run."""

from __future__ import annotations

import re
from pathlib import Path

from oxtui.component.events import ArtifactMade
from oxtui.template.hcl.tree import expressions as x
from oxtui.template.load import parse_template
from tests.export.sessions import Told, shell, template
from tests.packer import needs_packer, packer

KEY = "consumer0000:token000:secret0123456789"
MAAS = f'''
  post-processors {{
    # for the machines in the cellar
    post-processor "oxtui-maas" {{
      maas_url   = "http://maas.example:5240/MAAS"
      api_key    = "{KEY}"
      image_name = "custom/${{var.flavour}}-{{{{.BuildName}}}}"
      title      = "Web"
      base_image = "ubuntu/noble"
      keep_old   = true
      exclude    = ["/srv/*"]
    }}
    post-processor "manifest" {{}}
  }}
'''
HEAD = 'variable "flavour" {\n  default = "web"\n}\n\n'


def told(*titles: str) -> Told:
    return Told().build("shell", after=titles or ("oxtui-maas", "manifest"))


def text(maas: str = MAAS) -> str:
    return template(shell("true"), build="\n" + maas, head=HEAD)


async def test_it_becomes_steps_that_packer_can_run() -> None:
    exported = await told().export(text())
    assert exported.problems == ()
    assert KEY not in exported.text
    assert "oxtui-maas" not in exported.text.replace("oxtui-maas-root.tgz", "").replace(
        "oxtui-maas:", ""
    ).replace("oxtui-maas.XXXX", "")
    made = parse_template(exported.text, "e.pkr.hcl")
    [build] = made.builds
    kinds = [block.labels[0].value for block in build.provisioners()]
    assert kinds == ["shell", "shell", "file", "shell", "shell"]  # ours, three, sync
    [chain] = [[block.labels[0].value for block in blocks] for blocks in build.chains()]
    assert chain == ["shell-local", "manifest"]
    for line in (
        'destination = "${source.name}-root.tgz"',
        '"MAAS_NAME=custom/${var.flavour}-${source.name}"',
        '"BUILD_KEY=${build.SSHPublicKey}"',
        "# for the machines in the cellar",
        'boot-resources create name=\\"$MAAS_NAME\\" title=\\"$MAAS_TITLE\\"',
        "keep_old=true content@=",
        "--exclude='./srv/*'",
    ):
        assert line in exported.text, line
    assert any("MAAS_PROFILE" in note for note in exported.notes)


async def test_one_that_was_edited_is_as_it_ran_and_a_skipped_one_is_off() -> None:
    edited = told().edit("post-process-1", {"image_name": "custom/other", "skip_checks": True})
    exported = await edited.export(text())
    assert exported.problems == ()
    assert '"MAAS_NAME=custom/other"' in exported.text
    assert "checks=warn" in exported.text
    skipped = await told().phase("post-process-1", "skipped").export(text())
    assert skipped.problems == ()
    assert '# post-processor "oxtui-maas"' in skipped.text
    assert "boot-resources" not in skipped.text


async def test_a_source_is_uploaded_as_what_it_was_in_the_session() -> None:
    source = 'post-processor "oxtui-maas" {\n    source     = "disk.raw"\n    image_name = "custom/d"\n  }\n'
    session = told("oxtui-maas")
    exported = await session.export(text(f"  {source}"))
    assert any("write filetype in the template" in problem for problem in exported.problems)
    session._tell(
        ArtifactMade(
            time=3.0, build="oxide-instance.t", builder_id="oxtui.post-processor.maas", id="1",
            name="d", fields=(("filetype", "ddraw"),),
        )
    )  # fmt: skip
    exported = await session.export(text(f"  {source}"))
    assert exported.problems == ()
    assert '"MAAS_CONTENT=disk.raw"' in exported.text
    assert '"MAAS_FILETYPE=ddraw"' in exported.text
    assert 'provisioner "file"' not in exported.text


async def test_a_disk_of_the_guest_is_fetched_as_it_is() -> None:
    maas = 'post-processor "oxtui-maas" {\n    device     = "/dev/sdb"\n    image_name = "custom/d"\n  }\n'
    exported = await told("oxtui-maas").export(text(f"  {maas}"))
    assert exported.problems == ()
    assert "# The disk of the guest, for MAAS." in exported.text
    assert "device=$(readlink -f /dev/sdb)" in exported.text
    assert 'destination = "${source.name}-disk.gz"' in exported.text
    assert '"MAAS_FILETYPE=ddgz"' in exported.text


async def test_the_disk_of_the_snapshot_stays_for_oxtui_and_is_told() -> None:
    maas = MAAS.replace('exclude    = ["/srv/*"]', 'capture = "disk"\n helper_image = "debian-12"')
    exported = await told().export(text(maas))
    assert exported.problems == ()
    assert KEY not in exported.text
    [build] = parse_template(exported.text, "e.pkr.hcl").builds
    assert [[block.labels[0].value for block in blocks] for blocks in build.chains()] == [
        ["manifest"]
    ]
    assert "# For oxtui: Packer has no step that reads the disk of a snapshot" in exported.text
    assert '# post-processor "oxtui-maas"' in exported.text
    assert any("Build with oxtui for the upload to MAAS" in note for note in exported.notes)
    alone = (
        "  "
        + maas[
            maas.index('post-processor "oxtui-maas"') : maas.index('    post-processor "manifest"')
        ]
    )
    exported = await told("oxtui-maas").export(text(alone))
    assert exported.problems == ()


async def test_what_the_guests_program_cannot_hold_is_told() -> None:
    maas = MAAS.replace('["/srv/*"]', '["/srv/${var.flavour}"]')
    exported = await told().export(text(maas))
    assert any(problem.startswith("exclude of oxtui-maas") for problem in exported.problems)


async def test_each_line_of_the_program_is_written_as_it_is() -> None:
    exported = await told().export(text())
    [build] = parse_template(exported.text, "e.pkr.hcl").builds
    block = build.provisioners()[1]
    inline = block.body.attributes["inline"].expression
    assert isinstance(inline, x.Tuple)
    lines = [item.literal for item in inline.items if isinstance(item, x.Template)]
    assert len(lines) == len(inline.items)
    assert (
        "w=$(mktemp -d \"${TMPDIR:-/tmp}/oxtui-maas.XXXXXXXX\") || die 'no temporary folder can be made'"
        in lines
    )


@needs_packer
async def test_packer_itself_takes_it(tmp_path: Path) -> None:
    made = (await told().export(text())).text
    null = (
        'source "null" "t" {\n  ssh_host     = "h"\n  ssh_username = "u"\n  ssh_password = "p"\n}'
    )
    made = re.sub(r'source "oxide-instance" "t" \{.*?\n\}', null, made, flags=re.DOTALL)
    made = made[made.index("variable ") :].replace("oxide-instance", "null")
    (tmp_path / "e.pkr.hcl").write_text(made)
    ended = packer("validate", "e.pkr.hcl", cwd=tmp_path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
