"""Form edits of a legacy template change just the JSON that they are about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oxtui.template.editing.address import AddressError
from oxtui.template.editing.template_document import DocumentChangedError
from oxtui.template.hcl.diagnostic import TemplateError
from oxtui.template.hcl.write import Code
from oxtui.template.json.edit.tree import Json
from oxtui.template.legacy_document import LegacyDocument

TEXT = """\
{
  "_comment": "Web servers.",
  "variables": {
    "user": "root",
    "password": null
  },
  "sensitive-variables": ["password"],
  "builders": [{
    "type": "null",
    "name": "ubuntu-16.04",
    "ssh_host" : "{{user `host`}}",
    "ssh_port" : 2222.0
  }],
  "provisioners": [
    {
      "type": "shell",
      "inline": [
        "echo one",
        "echo two"
      ]
    },
    { "type": "file", "source": "a" }
  ],
  "error-cleanup-provisioner": {"type": "shell-local", "command": "true"},
  "post-processors": ["compress", {"type": "checksum"}, ["artifice", {"type": "manifest"}]]
}
"""
SOURCE = "source.null.ubuntu-16.04"
SHELL = "build.0.provisioner.0"


@pytest.fixture
def document() -> LegacyDocument:
    made = LegacyDocument(TEXT, "web.json")
    assert made.template.diagnostics == []
    assert made.template.legacy is not None
    return made


def change(document: LegacyDocument) -> tuple[str, str]:
    """What is gone and what is new, with the lines around each."""
    old, new = TEXT.splitlines(), document.text.splitlines()
    return (
        "\n".join(line.strip() for line in old if line not in new),
        "\n".join(line.strip() for line in new if line not in old),
    )


def kinds(document: LegacyDocument) -> list[str]:
    return [member.type for member in document.provisioners(0)]


def chains(document: LegacyDocument) -> list[list[str]]:
    return [[member.type for member in chain] for chain in document.post_processors(0)]


def test_it_is_shown_as_blocks_with_the_places_of_the_json(document: LegacyDocument) -> None:
    titles = [block.title for block in document.body.blocks]
    assert titles == [
        'variable "user"', 'variable "password"', 'source "null" "ubuntu-16.04"', "build",
    ]  # fmt: skip
    assert [block.title for block in document.build(0).body.blocks] == [
        'provisioner "shell"', 'provisioner "file"', 'error-cleanup-provisioner "shell-local"',
        'post-processor "compress"', 'post-processor "checksum"', "post-processors",
    ]  # fmt: skip
    assert chains(document) == [["compress"], ["checksum"], ["artifice", "manifest"]]
    for address, attribute, text in (
        (SOURCE, "ssh_port", '"ssh_port" : 2222.0'),
        ("variable.user", None, '"user": "root"'),
        ("variable.user", "default", '"user": "root"'),
        ("variable.password", "sensitive", '"password"'),
        ("build.0.provisioner.1", None, '{ "type": "file", "source": "a" }'),
        ("build.0.post-processor.0.0", None, '"compress"'),
        ("build.0.post-processor.2.1", None, '{"type": "manifest"}'),
        ("build.0.error-cleanup-provisioner", "command", '"command": "true"'),
    ):
        span = document.span_of(address, attribute)
        assert span is not None
        assert TEXT[slice(*span)] == text
    for address, attribute in (
        ("source.null.none", None), ("build.1", None), (SOURCE, "none"),
        ("variable.password", "default"), (SOURCE, "type"),
    ):  # fmt: skip
        assert document.span_of(address, attribute) is None


def test_expressions_are_shown_as_they_are_typed(document: LegacyDocument) -> None:
    attributes = {
        name: document.expression_text(attribute.expression)
        for block in document.body.blocks
        for name, attribute in block.body.attributes.items()
    }
    assert attributes["ssh_host"] == "{{user `host`}}"
    assert attributes["ssh_port"] == "2222.0"
    assert (attributes["type"], attributes["sensitive"]) == ("string", "true")
    assert attributes["default"] == "root"
    document.set(SOURCE, "ssh_host", "var.user")
    found = document.body.blocks_of("source")[0].body.attributes["ssh_host"]
    assert document.expression_text(found.expression) == '"var.user"'


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a", '"a"'), (22, "22"), (1.5, "1.5"), (True, "true"), (None, "null"), ([], "[]"),
        (["a", 'b"'], '["a", "b\\""]'), (Code("{{user `x`}}"), '"{{user `x`}}"'),
        (Code("var.user"), '"{{user `user`}}"'), (Code("[1.0]"), "[1.0]"), (Json("1e2"), "1e2"),
        ("${HOME}", '"${HOME}"'), (Code("plain text"), '"plain text"'),
    ],
)  # fmt: skip
def test_a_value_is_set_on_its_line(document: LegacyDocument, value: object, written: str) -> None:
    edit = document.set(SOURCE, "ssh_host", value)  # type: ignore[arg-type]
    assert edit is not None
    assert edit.apply(TEXT) == document.text
    assert document.text == TEXT.replace('"{{user `host`}}"', written)
    document.undo()
    assert document.text == TEXT
    document.redo()
    assert document.text == TEXT.replace('"{{user `host`}}"', written)


def test_the_same_value_changes_nothing(document: LegacyDocument) -> None:
    assert document.set(SOURCE, "ssh_port", 2222) is None
    assert document.set(SHELL, "inline", ["echo one", "echo two"]) is None
    assert document.remove(SOURCE, "none") is None
    assert not document.can_undo


def test_an_option_is_added_and_removed(document: LegacyDocument) -> None:
    document.set(SOURCE, "ssh_username", "root")
    assert '2222.0,\n    "ssh_username" : "root"\n  }],' in document.text
    document.remove(SOURCE, "ssh_username")
    assert document.text == TEXT
    document.set("build.0.provisioner.1", "destination", "/b")
    assert '{ "type": "file", "source": "a", "destination": "/b" }' in document.text


def test_lines_of_a_script_change_alone(document: LegacyDocument) -> None:
    document.set(SHELL, "inline", ["echo one", "sleep 1", "echo two"])
    assert change(document) == ("", '"sleep 1",')
    document.undo()
    document.set(SHELL, "inline", ["echo two"])
    assert change(document) == ('"echo one",', "")


def test_a_post_processor_that_is_its_name_becomes_an_object(document: LegacyDocument) -> None:
    document.set("build.0.post-processor.0.0", "output", "a.tar")
    document.set("build.0.post-processor.2.0", "files", ["x"])
    document.set("build.0.post-processor.2.1", "output", "m.json")
    assert json.loads(document.text)["post-processors"] == [
        {"type": "compress", "output": "a.tar"},
        {"type": "checksum"},
        [{"type": "artifice", "files": ["x"]}, {"type": "manifest", "output": "m.json"}],
    ]
    assert document.remove("build.0.post-processor.1.0", "output") is None


def test_variables(document: LegacyDocument) -> None:
    document.set("variable.user", "default", "admin")
    document.set("variable.user", "sensitive", True)
    document.set("variable.password", "default", 5)
    assert document.set("variable.user", "type", Code("string")) is None
    data = json.loads(document.text)
    assert data["variables"] == {"user": "admin", "password": "5"}
    assert data["sensitive-variables"] == ["password", "user"]
    document.remove("variable.user", "default")
    document.set("variable.password", "sensitive", False)
    document.remove("variable.user", "sensitive")
    data = json.loads(document.text)
    assert data["variables"] == {"user": None, "password": "5"}
    assert "sensitive-variables" not in data
    document.add_block("variable", ["token"], {"type": Code("string"), "sensitive": True})
    document.rename("variable.token", 0, "key")
    data = json.loads(document.text)
    assert data["variables"] == {"user": None, "password": "5", "key": None}
    assert data["sensitive-variables"] == ["key"]
    document.remove_block("variable.key")
    assert "key" not in document.text


@pytest.mark.parametrize(
    ("name", "value"),
    [("type", Code("number")), ("description", "x"), ("default", ["a"]), ("sensitive", "x")],
)
def test_what_a_variable_cannot_be_is_refused(
    document: LegacyDocument, name: str, value: object
) -> None:
    with pytest.raises(TemplateError):
        document.set("variable.user", name, value)  # type: ignore[arg-type]
    assert document.text == TEXT


def test_builders(document: LegacyDocument) -> None:
    document.add_block("source", ["qemu", "qemu"], {"cpus": 2})
    document.add_block("source", ["qemu", "b"], {})
    assert '}, {\n    "type" : "qemu",\n    "cpus" : 2\n  }, {' in document.text.replace(
        ": ", " : "
    )
    document.rename("source.qemu.qemu", 0, "null")
    document.rename("source.qemu.b", 1, "c.d")
    builders = json.loads(document.text)["builders"]
    assert builders[1:] == [
        {"type": "null", "name": "qemu", "cpus": 2}, {"type": "qemu", "name": "c.d"}
    ]  # fmt: skip
    document.remove_block("source.qemu.c.d")
    document.remove_block(SOURCE)
    assert json.loads(document.text)["builders"] == [{"type": "null", "name": "qemu", "cpus": 2}]
    for name in ("name", "type"):  # these are its labels
        with pytest.raises(TemplateError):
            document.set("source.null.qemu", name, "x")


def test_provisioners_are_added_moved_and_removed(document: LegacyDocument) -> None:
    document.add_provisioner(0, 1, "sleep", {"duration": "1s"})
    assert (
        '    },\n    {\n      "type": "sleep",\n      "duration": "1s"\n    },\n' in document.text
    )
    assert kinds(document) == ["shell", "sleep", "file"]
    document.move_provisioner(0, 1, 2)
    assert kinds(document) == ["shell", "file", "sleep"]
    document.remove_provisioner(0, 2)
    assert document.text == TEXT
    document.rename(SHELL, 0, "shell-local")
    assert change(document) == ('"type": "shell",', '"type": "shell-local",')
    document.remove_provisioner(0, 1)
    document.remove_provisioner(0, 0)
    assert "provisioners" not in json.loads(document.text)
    document.add_provisioner(0, 0, "shell", {"inline": ["a"]})
    assert list(json.loads(document.text))[3:5] == ["builders", "provisioners"]
    with pytest.raises(AddressError):
        document.move_provisioner(0, 0, 1)


def test_post_processors_are_added_moved_and_removed(document: LegacyDocument) -> None:
    document.add_post_processor(0, 1, "shell-local", {})
    document.add_post_processor(0, 9, "manifest", {"output": "x"})
    assert chains(document) == [
        ["compress"], ["shell-local"], ["checksum"], ["artifice", "manifest"], ["manifest"],
    ]  # fmt: skip
    document.move_post_processors(0, 3, 0)
    assert chains(document)[0] == ["artifice", "manifest"]
    document.remove_block("build.0.post-processor.0.0")
    document.remove_block("build.0.post-processor.0.0")
    assert chains(document) == [["compress"], ["shell-local"], ["checksum"], ["manifest"]]
    document.rename("build.0.post-processor.0.0", 0, "compact")
    assert json.loads(document.text)["post-processors"][0] == "compact"


def test_what_has_no_place_is_refused(document: LegacyDocument) -> None:
    for refused in (
        lambda: document.switch(SHELL, on=False),
        lambda: document.add_block("data", ["a", "b"], {}),
        lambda: document.set("build.0", "name", "x"),
        lambda: document.remove_block("build.0"),
        lambda: document.add_block("variable", ["user"], {}),
        lambda: document.rename("variable.user", 0, "password"),
        lambda: document.set(SOURCE, "x", float("nan")),
        lambda: document.set(SOURCE, "x", "\ud800"),
    ):
        with pytest.raises(TemplateError):
            refused()
        assert document.text == TEXT
    for missing in (
        lambda: document.switch("build.0", on=False),
        lambda: document.switch("build.0.provisioner.7", on=True),
        lambda: document.add_provisioner(1, 0, "shell", {}),
        lambda: document.set("source.null.x", "a", 1),
        lambda: document.rename(SHELL, 1, "x"),
    ):
        with pytest.raises(AddressError):
            missing()
    assert document.switch(SHELL, on=True) is None
    assert not document.can_undo


def test_the_build_has_the_description(document: LegacyDocument) -> None:
    document.set("build.0", "description", "Web servers.")
    assert list(json.loads(document.text))[1] == "description"
    document.remove("build.0", "description")
    assert document.text == TEXT


def test_a_text_that_is_no_json_has_nothing_to_edit(document: LegacyDocument) -> None:
    document.replace_text(TEXT[:-4])
    with pytest.raises(AddressError):
        document.set(SOURCE, "a", 1)
    assert document.body.items == []
    document.undo()
    assert document.set(SOURCE, "a", 1) is not None


def test_files_are_read_and_written_to_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    data = b'\xef\xbb\xbf{\r\n\t"builders": [\r\n\t\t{"type": "null"}\r\n\t]\r\n}'
    path.write_bytes(data)
    document = LegacyDocument.open(path)
    assert document.is_saved
    document.set("source.null.null", "communicator", "none")
    assert not document.is_saved
    document.add_provisioner(0, 0, "shell", {"inline": ["a"]})
    document.save(path)
    assert path.read_bytes() == (
        b'\xef\xbb\xbf{\r\n\t"builders": [\r\n\t\t{"type": "null", "communicator": "none"}\r\n\t],\r\n'
        b'\t"provisioners": [\r\n\t\t{\r\n\t\t\t"type": "shell",\r\n\t\t\t"inline": ["a"]\r\n\t\t}\r\n\t]\r\n}'
    )
    path.write_bytes(data)
    with pytest.raises(DocumentChangedError):
        document.save(path)
    document.save(path, overwrite=True)
    assert document.is_saved
