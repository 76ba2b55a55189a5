"""What oxtui finds out for a source is written out for stock Packer."""

from __future__ import annotations

from tests.export.sessions import GIB, IMAGE_ID, Told, added, shell, template

STEP = shell("true")
DATA = """data "oxide-image" "base" {
  name = "ubuntu-24-04"
}

"""


async def test_an_image_by_name_becomes_its_id_with_the_name_behind_it() -> None:
    exported = await Told().build("shell").export(template(STEP))
    assert exported.problems == ()
    assert f'boot_disk_image_id = "{IMAGE_ID}" # ubuntu-24-04\n' in exported.text
    assert any("takes no names" in note for note in exported.notes)


async def test_a_comment_that_stands_there_stays() -> None:
    text = template(STEP).replace('"ubuntu-24-04"\n', '"ubuntu-24-04" # our base\n')
    exported = await Told().build("shell").export(text)
    assert exported.problems == ()
    assert f'  # ubuntu-24-04\n  boot_disk_image_id = "{IMAGE_ID}" # our base\n' in exported.text


async def test_an_id_is_left_alone_whatever_gives_it() -> None:
    head = f'variable "base" {{\n  default = "{IMAGE_ID}"\n}}\n\n'
    for value in (f'"{IMAGE_ID}"', "var.base"):
        text = template(STEP, head=head).replace('"ubuntu-24-04"', value)
        told = Told().build("shell", boot_disk_image_id=IMAGE_ID)
        exported = await told.export(text)
        assert exported.problems == ()
        assert f"boot_disk_image_id = {value}\n" in exported.text


async def test_the_output_of_a_data_source_is_left_alone() -> None:
    text = template(STEP, head=DATA).replace(
        '"ubuntu-24-04"\n  ssh', "data.oxide-image.base.image_id\n  ssh"
    )
    exported = await Told().build("shell", boot_disk_image_id=IMAGE_ID).export(text)
    assert exported.problems == ()
    assert "boot_disk_image_id = data.oxide-image.base.image_id\n" in exported.text


async def test_a_variable_that_holds_a_name_gives_way_to_the_id() -> None:
    head = 'variable "base" {\n  default = "ubuntu-24-04"\n}\n\n'
    text = template(STEP, head=head).replace('= "ubuntu-24-04"\n  ssh', "= var.base\n  ssh")
    exported = await Told().build("shell").export(text)
    assert exported.problems == ()
    assert f'boot_disk_image_id = "{IMAGE_ID}" # ubuntu-24-04' in exported.text


async def test_an_image_that_was_never_found_is_a_problem() -> None:
    exported = await Told().build("shell", found=False).export(template(STEP))
    assert "before it looked up the image" in exported.problems[0]


async def test_a_size_left_to_oxtui_is_written_where_the_source_is_larger() -> None:
    exported = await Told().build("shell", size=40 * GIB).export(template(STEP))
    assert exported.problems == ()
    assert "boot_disk_size = 42949672960 # 40 GiB, as large as the source" in added(exported)
    small = await Told().build("shell").export(template(STEP))
    assert "boot_disk_size" not in small.text


async def test_a_size_that_the_template_gives_stays_as_it_is() -> None:
    text = template(STEP, source="boot_disk_size     = 30 * 1024 * 1024 * 1024 # enough")
    told = Told().build("shell", size=30 * GIB, size_from="template")
    exported = await told.export(text)
    assert exported.problems == ()
    assert "boot_disk_size     = 30 * 1024 * 1024 * 1024 # enough" in exported.text


async def test_options_in_a_build_s_own_source_block_are_edited_there() -> None:
    text = template(STEP).replace('  boot_disk_image_id = "ubuntu-24-04"\n', "")
    own = '  source "source.oxide-instance.t" {\n    boot_disk_image_id = "ubuntu-24-04"\n  }\n'
    text = text.replace('  sources = ["source.oxide-instance.t"]\n', own)
    exported = await Told().build("shell").export(text)
    assert exported.problems == ()
    assert f'    boot_disk_image_id = "{IMAGE_ID}" # ubuntu-24-04\n' in exported.text


async def test_two_builds_of_one_source_write_it_once() -> None:
    text = template(STEP)
    text += text[text.index("build {") :].replace("build {", 'build {\n  name = "second"', 1)
    told = Told().build("shell").build("shell", name="second.oxide-instance.t")
    exported = await told.export(text)
    assert exported.problems == ()
    assert exported.text.count(IMAGE_ID) == 1
    assert exported.text.count('["sync"]') == 2
