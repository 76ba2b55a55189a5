"""Form edits splice the text: what is not touched stays to the byte, comments stay with their item."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.template.document import Document, DocumentChangedError
from oxtui.template.editing.address import AddressError
from oxtui.template.hcl.diagnostic import TemplateError
from oxtui.template.hcl.format import format_tokens
from oxtui.template.hcl.write import Code

TEXT = """\
# Web servers of the demo.
packer {
  required_plugins {
    oxide = { version = ">= 0.1.0", source = "github.com/oxidecomputer/oxide" }
  }
}

variable "project" { type = string }

source "oxide-instance" "base" {
  project = var.project # set in CI
  # GiB, as the rack counts
  boot_disk_size = 20
  hostname       = "web" // keep short
}

build {
  sources = ["source.oxide-instance.base"]

  # First the files,
  # all of them.
  provisioner "file" {
    source      = "app.tar.gz"
    destination = "/tmp/app.tar.gz"
  }
  /* then
     the script */
  provisioner "shell" {
    inline = [
      "echo one", # noisy
      "echo two",
    ]
  }

  provisioner "breakpoint" {}

  post-processor "manifest" {}
  post-processors {
    # pack
    post-processor "compress" { output = "web.tar.gz" }
    post-processor "checksum" {}
  }
}
"""
SOURCE = "source.oxide-instance.base"


@pytest.fixture
def document() -> Document:
    made = Document(TEXT, "web.pkr.hcl")
    assert made.template.diagnostics == []
    return made


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that are gone and those that are new."""
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


def types(document: Document) -> list[str]:
    return [member.type for member in document.provisioners(0)]


def test_setting_an_attribute_changes_one_line_and_keeps_its_comment(document: Document) -> None:
    edit = document.set(SOURCE, "project", "demo")
    assert edit is not None
    assert edit.apply(TEXT) == document.text
    assert changed(TEXT, document.text) == (
        ["  project = var.project # set in CI"],
        ['  project = "demo" # set in CI'],
    )


def test_a_comment_behind_a_value_keeps_its_column() -> None:
    document = Document("a {\n  b = 1    # one\n  c = 1234 # two\n}\n", "x.pkr.hcl")
    document.set("a", "b", 123)
    assert document.text == "a {\n  b = 123  # one\n  c = 1234 # two\n}\n"
    document.set("a", "b", 1234567)
    assert document.text == "a {\n  b = 1234567 # one\n  c = 1234 # two\n}\n"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ('a"b\\${c}', '"a\\"b\\\\$${c}"'),
        (40, "40"),
        (True, "true"),
        (None, "null"),
        (1.5, "1.5"),
        (["a", "b"], '["a", "b"]'),
        ({}, "{}"),
        (Code("var.project"), "var.project"),
    ],
)
def test_values_are_written_as_hcl(document: Document, value: object, written: str) -> None:
    document.set(SOURCE, "boot_disk_size", value)  # type: ignore[arg-type]
    assert f"  boot_disk_size = {written}\n" in document.text


def test_a_heredoc_can_be_given_as_code(document: Document) -> None:
    document.set(SOURCE, "user_data", Code("<<EOT\nhi ${var.project}\nEOT"))
    assert "  user_data      = <<EOT\nhi ${var.project}\nEOT\n" in document.text
    assert document.template.diagnostics == []


def test_an_object_takes_a_line_for_each_attribute(document: Document) -> None:
    document.set(SOURCE, "tags", {"team": "infra", "cost centre": "42"})
    assert (
        '  tags = {\n    team          = "infra"\n    "cost centre" = "42"\n  }\n'
    ) in document.text


def test_a_script_becomes_a_heredoc_and_its_lines_comment_moves_above() -> None:
    document = Document('a {\n  script = "old" # why\n}\n', "x.pkr.hcl")
    document.set("a", "script", "#!/bin/sh\necho ${X}\n")
    assert document.text == (
        "a {\n  # why\n  script = <<-EOT\n    #!/bin/sh\n    echo $${X}\n  EOT\n}\n"
    )


def test_a_new_attribute_lines_up_with_its_neighbours(document: Document) -> None:
    document.set(SOURCE, "memory", 4)
    assert '  hostname       = "web" // keep short\n  memory         = 4\n}' in document.text


def test_a_longer_name_realigns_a_block_that_was_canonical() -> None:
    document = Document("a {\n  b = 1\n  c = 2 # two\n}\n\nd  =  4\n", "x.pkr.hcl")
    document.set("a", "longer", 3)
    assert document.text == "a {\n  b      = 1\n  c      = 2 # two\n  longer = 3\n}\n\nd  =  4\n"


def test_a_block_with_a_layout_of_its_own_keeps_it() -> None:
    document = Document("a {\n    b=1\n    c=2\n}\n", "x.pkr.hcl")
    document.set("a", "longer", 3)
    assert document.text == "a {\n    b=1\n    c=2\n    longer = 3\n}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a {}\n", "a {\n  b = 1\n}\n"),
        ("a { c = 2 }\n", "a {\n  c = 2\n  b = 1\n}\n"),
        ("a {\n}\n", "a {\n  b = 1\n}\n"),
        ("a {\n  # why\n}\n", "a {\n  b = 1\n\n  # why\n}\n"),
        ("a {\n  d {}\n}\n", "a {\n  b = 1\n\n  d {}\n}\n"),
        ("a {\r\n  c = 2\r\n}\r\n", "a {\r\n  c = 2\r\n  b = 1\r\n}\r\n"),
        ("\ufeffa {\n  c = 2\n}", "\ufeffa {\n  c = 2\n  b = 1\n}"),
    ],
)
def test_an_attribute_is_added_to_blocks_of_every_shape(text: str, expected: str) -> None:
    document = Document(text, "x.pkr.hcl")
    document.set("a", "b", 1)
    assert document.text == expected


def test_removing_an_attribute_takes_its_comments_and_nothing_else(document: Document) -> None:
    document.remove(SOURCE, "boot_disk_size")
    assert (
        'base" {\n  project  = var.project # set in CI\n  hostname = "web"       // keep short\n}\n'
    ) in document.text
    before = document.text
    assert document.remove(SOURCE, "nosuch") is None
    assert document.text == before


def test_removing_from_a_block_on_one_line_leaves_it_on_one_line() -> None:
    document = Document('variable "project" { type = string }\n', "x.pkr.hcl")
    document.remove("variable.project", "type")
    assert document.text == 'variable "project" {}\n'


def test_a_provisioner_is_added_where_it_belongs(document: Document) -> None:
    document.add_provisioner(0, 1, "shell", {"script": "setup.sh", "pause_before": "5s"})
    assert types(document) == ["file", "shell", "shell", "breakpoint"]
    assert (
        "  }\n\n"
        '  provisioner "shell" {\n'
        '    script       = "setup.sh"\n'
        '    pause_before = "5s"\n'
        "  }\n\n"
        "  /* then\n"
    ) in document.text
    assert format_tokens(document.text) == document.text


def test_a_provisioner_at_the_end_stands_before_the_post_processors(document: Document) -> None:
    document.add_provisioner(0, 99, "sleep", {"duration": "1s"})
    assert types(document)[-1] == "sleep"
    assert '  provisioner "breakpoint" {}\n\n  provisioner "sleep" {\n' in document.text


@pytest.mark.parametrize(
    "text",
    [
        "build {}\n",
        'build { sources = ["source.null.a"] }\n',
        "build {\n}\n",
        "build {\n  sources = []\n}",
    ],
)
def test_the_first_provisioner_is_added_to_builds_of_every_shape(text: str) -> None:
    document = Document(text, "x.pkr.hcl")
    document.add_provisioner(0, 0, "shell", {"inline": ["true"]})
    assert types(document) == ["shell"]
    assert '  provisioner "shell" {\n    inline = ["true"]\n  }\n}' in document.text


def test_moving_a_provisioner_takes_its_comments_along(document: Document) -> None:
    document.move_provisioner(0, 1, 0)
    assert types(document) == ["shell", "file", "breakpoint"]
    text = document.text
    assert text.index('the script */\n  provisioner "shell"') < text.index("# First the files")
    assert sorted(text) == sorted(TEXT)


def test_moving_there_and_back_gives_the_same_text(document: Document) -> None:
    for old, new in ((0, 2), (2, 1), (0, 1), (1, 0), (1, 0)):
        document.move_provisioner(0, old, new)
    assert types(document) == ["file", "shell", "breakpoint"]
    assert document.text == TEXT


def test_removing_a_provisioner_takes_its_comments(document: Document) -> None:
    document.remove_provisioner(0, 0)
    assert types(document) == ["shell", "breakpoint"]
    assert "First the files" not in document.text
    assert '["source.oxide-instance.base"]\n\n  /* then' in document.text


def test_chains_of_post_processors_are_moved_whole(document: Document) -> None:
    assert [[m.type for m in chain] for chain in document.post_processors(0)] == [
        ["manifest"],
        ["compress", "checksum"],
    ]
    document.move_post_processors(0, 1, 0)
    document.add_post_processor(0, 99, "artifice", {"files": ["a"]})
    assert [[m.type for m in chain] for chain in document.post_processors(0)] == [
        ["compress", "checksum"],
        ["manifest"],
        ["artifice"],
    ]
    document.set("build.0.post-processor.0.1", "output", "sums")
    document.remove_block("build.0.post-processor.0.0")
    assert 'post-processor "checksum" {\n      output = "sums"\n    }' in document.text
    assert "# pack" not in document.text
    assert format_tokens(document.text) == document.text


def test_blocks_are_added_where_their_kind_stands(document: Document) -> None:
    document.add_block("variable", ["size"], {"type": Code("number"), "default": 20})
    document.add_block("data", ["oxide-image", "ubuntu"], {"name": "ubuntu"})
    kinds = [block.title for block in document.body.blocks]
    assert kinds == [
        "packer",
        'variable "project"',
        'variable "size"',
        'data "oxide-image" "ubuntu"',
        'source "oxide-instance" "base"',
        "build",
    ]
    assert 'variable "size" {\n  type    = number\n  default = 20\n}\n' in document.text
    assert document.text.startswith("# Web servers of the demo.\npacker {")
    document.remove_block("data.oxide-image.ubuntu")
    document.remove_block("variable.size")
    assert document.text == TEXT


def test_a_label_is_renamed(document: Document) -> None:
    document.rename(SOURCE, 1, 'we"b')
    assert 'source "oxide-instance" "we\\"b" {' in document.text


def test_undo_and_redo_go_over_form_and_text_edits(document: Document) -> None:
    texts = [document.text]
    document.set(SOURCE, "memory", 4)
    texts.append(document.text)
    document.replace_text(document.text.replace("web.tar.gz", "x.tar.gz"))
    texts.append(document.text)
    document.move_provisioner(0, 0, 1)
    texts.append(document.text)
    for text in reversed(texts[:-1]):
        assert document.undo() is not None
        assert document.text == text
    assert document.undo() is None
    for text in texts[1:]:
        assert document.redo() is not None
        assert document.text == text
    assert document.redo() is None
    document.undo()
    document.set(SOURCE, "memory", 8)
    assert not document.can_redo


def test_typing_is_one_change(document: Document) -> None:
    for typed in ("x", "xy", "xyz"):
        document.replace_text(TEXT + f"# {typed}\n", merge=True)
    document.undo()
    assert document.text == TEXT


def test_code_that_is_no_expression_is_refused(document: Document) -> None:
    with pytest.raises(TemplateError):
        document.set(SOURCE, "memory", Code("var."))
    with pytest.raises(TemplateError):
        document.set(SOURCE, "memory", Code("1\n}\nsource"))
    assert document.text == TEXT
    assert not document.can_undo


@pytest.mark.parametrize(
    "address",
    [
        "source.a.b",
        "build.1",
        "build.0.provisioner.9",
        "build.x",
        "build.0.nosuch.1",
        "",
        "locals",
        "build.0.post-processor.7.0",
    ],
)
def test_addresses_that_lead_nowhere_are_told(document: Document, address: str) -> None:
    with pytest.raises(AddressError, match="the template has no"):
        document.set(address, "a", 1)
    assert document.span_of(address) is None


def test_spans_lead_from_a_field_to_its_lines(document: Document) -> None:
    span = document.span_of("build.0.provisioner.1", "inline")
    assert span is not None
    assert document.text[span.start : span.end].startswith("inline = [\n")
    assert document.span_of("build.0.provisioner.1", "script") is None
    whole = document.span_of("build.0.post-processor.1.0")
    assert whole is not None
    assert (
        document.text[whole.start : whole.end]
        == 'post-processor "compress" { output = "web.tar.gz" }'
    )


def test_edits_work_beside_what_cannot_be_read() -> None:
    document = Document("a {\n  b = 1\n}\nbroken = [\n", "x.pkr.hcl")
    document.set("a", "b", 2)
    assert document.text == "a {\n  b = 2\n}\nbroken = [\n"


def test_a_file_is_saved_as_it_was_found(tmp_path: Path) -> None:
    path = tmp_path / "x.pkr.hcl"
    raw = b"\xef\xbb\xbfa {\r\n  b = 1 # \xc3\xa9\r\n}"
    path.write_bytes(raw)
    path.chmod(0o640)
    document = Document.open(path)
    saved = [document.is_saved]
    document.set("a", "b", 2)
    saved.append(document.is_saved)
    document.save(path)
    assert [*saved, document.is_saved] == [True, False, True]
    assert path.read_bytes() == raw.replace(b"1", b"2")
    assert path.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.pkr.hcl"]


def test_a_new_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    Document("a {}\n", "x.pkr.hcl").save(tmp_path / "x.pkr.hcl")
    (tmp_path / "y").touch()
    modes = {path.name: path.stat().st_mode for path in tmp_path.iterdir()}
    assert modes["x.pkr.hcl"] == modes["y"]
    assert len(modes) == 2


def test_a_file_that_someone_else_changed_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "x.pkr.hcl"
    path.write_text("a {}\n")
    document = Document.open(path)
    path.write_text("theirs {}\n")
    document.set("a", "b", 1)
    with pytest.raises(DocumentChangedError):
        document.save(path)
    assert path.read_text() == "theirs {}\n"
    document.save(path, overwrite=True)
    assert path.read_text() == "a {\n  b = 1\n}\n"


def test_a_link_stays_a_link_and_a_failed_save_leaves_the_old_file(tmp_path: Path) -> None:
    real = tmp_path / "real.pkr.hcl"
    real.write_text("a {}\n")
    link = tmp_path / "link.pkr.hcl"
    link.symlink_to(real)
    document = Document.open(link)
    document.set("a", "b", 1)
    document.save(link)
    assert link.is_symlink()
    assert real.read_text() == document.text
    missing = tmp_path / "no" / "such" / "x.pkr.hcl"
    with pytest.raises(OSError, match="No such file"):
        document.save(missing)


LIST = """\
b {
  inline = [
    "one", # first
    # about two
    "two",
    "three" // last
  ]
}
"""


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (["one", "two!", "three"], LIST.replace('"two"', '"two!"')),
        (
            ["one", "three"],  # and the comments, now neighbours, line up
            LIST.replace('    # about two\n    "two",\n', "").replace('"one", #', '"one",  #'),
        ),
        (["one", "two"], LIST.replace('    "three" // last\n', "")),
        (["zero", "one", "two", "three"], LIST.replace("[\n", '[\n    "zero",\n')),
        (
            ["one", "two", "three", Code("var.x")],
            LIST.replace('"three" // last\n', '"three", // last\n    var.x,\n'),
        ),
        (["a", "b", "c", "d"], None),
        ([], "b {\n  inline = []\n}\n"),
    ],
)
def test_a_list_written_line_by_line_keeps_the_lines_that_stay(
    items: list[str], expected: str | None
) -> None:
    document = Document(LIST, "x.pkr.hcl")
    document.set("b", "inline", items)
    if expected is not None:
        assert document.text == expected
    written = Document(document.text, "x.pkr.hcl").body.blocks[0].body.attributes["inline"]
    assert len(written.expression.items) == len(items)  # type: ignore[union-attr]


def test_a_list_on_one_line_is_written_anew() -> None:
    document = Document('b {\n  inline = ["a", "b"] # why\n}\n', "x.pkr.hcl")
    document.set("b", "inline", ["a", "x"])
    assert document.text == 'b {\n  inline = ["a", "x"] # why\n}\n'
