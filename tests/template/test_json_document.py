"""Form edits of a `.pkr.json` change just the JSON that they are about."""

from __future__ import annotations

import json

import pytest

from oxtui.template.editing.address import AddressError
from oxtui.template.hcl.diagnostic import TemplateError
from oxtui.template.hcl.tree.expressions import Template
from oxtui.template.hcl.write import Code
from oxtui.template.json.edit.tree import Json
from oxtui.template.json_document import HclJsonDocument

TEXT = """\
{
  "//": "Web servers.",
  "variable": {
    "project": {"type": "string", "default": "demo"},
    "sizes": {
      "type": "list(number)"
    }
  },
  "source": {
    "null": {
      "one": {
        "communicator": "none",
        "ssh_host": "${var.project}.example.com"
      },
      "two": {}
    },
    "qemu": [{"q": {"cpus": 1.0}}]
  },
  "build": [
    {
      "sources": ["source.null.one"],
      "provisioner": [
        {"shell": {"inline": ["a"]}},
        {
          "file": {
            "source": "x"
          }
        }
      ],
      "post-processor": {
        "manifest": {},
        "compress": {"output": "x"}
      },
      "post-processors": [
        {"post-processor": [{"artifice": {}}, {"checksum": {}}]},
        {"post-processor": {"shell-local": [{"inline": ["1"]}, {"inline": ["2"]}]}}
      ]
    },
    {
      "provisioner": {
        "shell": [{"inline": ["a"]}, {"inline": ["b"]}],
        "file": {"source": "${path.root}/x"}
      }
    }
  ]
}
"""
SOURCE = "source.null.one"


@pytest.fixture
def document() -> HclJsonDocument:
    made = HclJsonDocument(TEXT, "web.pkr.json")
    assert made.template.diagnostics == []
    return made


def kinds(document: HclJsonDocument, build: int = 1) -> list[str]:
    return [member.type for member in document.provisioners(build)]


def chains(document: HclJsonDocument) -> list[list[str]]:
    return [[member.type for member in chain] for chain in document.post_processors(0)]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a", '"a"'), ("${HOME} %{x}", '"$${HOME} %%{x}"'), (22, "22"), (["a", 1], '["a", 1]'),
        (Code("var.project"), '"${var.project}"'), (Code('"x-${var.project}"'), '"x-${var.project}"'),
        (Code("[1.0, var.x]"), '[1.0, "${var.x}"]'), (Json('"${var.x}"'), '"${var.x}"'),
    ],
)  # fmt: skip
def test_a_value_is_set_on_its_line(document: HclJsonDocument, value: object, written: str) -> None:
    edit = document.set(SOURCE, "communicator", value)  # type: ignore[arg-type]
    assert edit is not None
    assert document.text == TEXT.replace('"none"', written)
    assert edit.apply(TEXT) == document.text
    document.undo()
    assert document.text == TEXT


def test_types_of_variables_are_code(document: HclJsonDocument) -> None:
    document.set("variable.sizes", "type", Code("map(object({ a = string }))"))
    assert '"type": "map(object({ a = string }))"\n' in document.text
    document.add_block("variable", ["tags"], {"type": Code("set(string)"), "sensitive": True})
    assert document.text.count('"type": "set(string)",\n      "sensitive": true\n') == 1
    attribute = document.body.blocks_of("variable")[1].body.attributes["type"]
    assert document.expression_text(attribute.expression) == "map(object({ a = string }))"
    with pytest.raises(TemplateError):
        document.set("variable.sizes", "type", Code("map("))
    assert document.template.diagnostics == []


def test_expressions_are_shown_as_they_are_typed(document: HclJsonDocument) -> None:
    document.set(SOURCE, "a", Code('lookup(var.m, "k")'))
    attributes = document.body.blocks_of("source")[0].body.attributes
    shown = {name: document.expression_text(a.expression) for name, a in attributes.items()}
    assert shown == {
        "communicator": '"none"', "ssh_host": '"${var.project}.example.com"',
        "a": 'lookup(var.m, "k")',
    }  # fmt: skip
    before = document.text
    for name, text in shown.items():
        assert document.set(SOURCE, name, Code(text)) is None
    assert document.text == before


def test_what_would_not_be_read_again_is_refused(document: HclJsonDocument) -> None:
    for refused in (
        lambda: document.set(SOURCE, "a", Code("1 +")),
        lambda: document.set(SOURCE, "a", Json('"${"')),
        lambda: document.set("build.0", "provisioner", ["x"]),
        lambda: document.set("build.0", "provisioner", {}),
        lambda: document.set(SOURCE, "//", "comment"),
        lambda: document.switch("build.0.provisioner.0", on=False),
        lambda: document.rename("build.0.post-processor.3.0", 0, "x"),
    ):
        with pytest.raises(TemplateError):
            refused()
        assert document.text == TEXT
    for missing in (
        lambda: document.set("source.null.three", "a", 1),
        lambda: document.rename(SOURCE, 2, "x"),
        lambda: document.move_provisioner(0, 0, 2),
        lambda: document.add_provisioner(2, 0, "shell", {}),
        lambda: document.switch(SOURCE, on=False),
    ):
        with pytest.raises(AddressError):
            missing()
    assert document.switch("build.0.provisioner.0", on=True) is None
    assert not document.can_undo


def test_spans(document: HclJsonDocument) -> None:
    for address, attribute, text in (
        ("source.qemu.q", None, '"q": {"cpus": 1.0}'),
        ("source.qemu.q", "cpus", '"cpus": 1.0'),
        ("build.0.provisioner.0", None, '"shell": {"inline": ["a"]}'),
        ("build.1.provisioner.1", None, '{"inline": ["b"]}'),
        ("build.0.post-processor.3.1", "inline", '"inline": ["2"]'),
    ):
        span = document.span_of(address, attribute)
        assert span is not None
        assert TEXT[slice(*span)] == text
    assert document.span_of("source.qemu.x") is None
    assert document.span_of("source.qemu.q", "x") is None


def test_blocks_are_added_beside_their_like(document: HclJsonDocument) -> None:
    document.add_block("source", ["qemu", "r"], {"cpus": 2})
    assert '"qemu": [{"q": {"cpus": 1.0}}, {"r": {"cpus": 2}}]\n' in document.text
    document.add_block("source", ["null", "three"], {"a": 2})
    assert '      "two": {},\n      "three": {\n        "a": 2\n      }\n    },\n' in document.text
    document.add_block("data", ["oxide-image", "i"], {})
    document.add_block("locals", [], {"a": Code("var.project")})
    document.add_block("locals", [], {"b": 1})
    document.add_block("build", [], {"name": "third"})
    assert list(json.loads(document.text)) == [
        "//", "variable", "locals", "data", "source", "build",
    ]  # fmt: skip
    assert json.loads(document.text)["locals"] == [{"a": "${var.project}"}, {"b": 1}]
    assert len(document.body.blocks_of("build")) == 3
    while document.undo():
        pass
    assert document.text == TEXT


def test_blocks_are_removed_with_keys_that_have_nothing_else(document: HclJsonDocument) -> None:
    document.remove_block("source.qemu.q")
    assert '"qemu"' not in document.text
    document.remove_block("source.null.two")
    document.remove_block(SOURCE)
    document.remove_block("build.1")
    document.remove_block("variable.project")
    assert list(json.loads(document.text)) == ["//", "variable", "build"]
    assert document.remove("build.0", "name") is None
    document.remove("build.0", "sources")
    assert '"sources"' not in document.text
    for _ in range(2):
        document.remove_block("build.0.post-processor.2.0")
    assert chains(document) == [["manifest"], ["compress"], ["shell-local", "shell-local"]]


def test_names_and_types_are_changed(document: HclJsonDocument) -> None:
    document.rename(SOURCE, 1, "first")
    assert document.text == TEXT.replace('"one": {', '"first": {')
    document.undo()
    document.rename("source.qemu.q", 0, "null")
    assert document.text == TEXT.replace('"qemu": [', '"null": [')
    document.undo()
    document.rename(SOURCE, 0, "amazon-ebs")  # a key that two of them share
    source = json.loads(document.text)["source"]
    assert source["null"] == {"two": {}}
    assert source["amazon-ebs"]["one"]["communicator"] == "none"
    document.rename("build.0.post-processor.2.1", 0, "checksums")
    assert chains(document)[2] == ["artifice", "checksums"]
    document.rename("build.1.provisioner.0", 0, "shell-local")
    assert kinds(document) == ["shell-local", "shell", "file"]


def test_provisioners_are_put_where_the_others_stand(document: HclJsonDocument) -> None:
    document.add_provisioner(0, 1, "sleep", {"duration": "1s"})
    assert TEXT.splitlines() == [
        line for line in document.text.splitlines() if line != '        {"sleep": {"duration": "1s"}},'
    ]  # fmt: skip
    document.undo()
    document.add_provisioner(0, 9, "sleep", {})
    assert '        },\n        {\n          "sleep": {}\n        }\n      ],' in document.text
    document.undo()
    document.add_provisioner(1, 1, "shell", {"inline": ["new"]})
    assert '[{"inline": ["a"]}, {"inline": ["new"]}, {"inline": ["b"]}]' in document.text
    document.undo()
    document.add_provisioner(1, 3, "sleep", {})
    assert '"file": {"source": "${path.root}/x"},\n        "sleep": {}\n' in document.text
    document.undo()
    assert document.text == TEXT


def test_provisioners_that_share_keys_are_written_as_one_list(document: HclJsonDocument) -> None:
    document.move_provisioner(1, 0, 1)
    assert '"shell": [{"inline": ["b"]}, {"inline": ["a"]}],\n' in document.text
    document.undo()
    document.add_provisioner(1, 1, "sleep", {})
    assert kinds(document) == ["shell", "sleep", "shell", "file"]
    assert (
        '      "provisioner": [\n        {\n          "shell": {"inline": ["a"]}\n        },\n'
    ) in document.text
    document.undo()
    document.move_provisioner(1, 2, 0)
    assert kinds(document) == ["file", "shell", "shell"]
    assert json.loads(document.text)["build"][1]["provisioner"] == [
        {"file": {"source": "${path.root}/x"}},
        {"shell": {"inline": ["a"]}},
        {"shell": {"inline": ["b"]}},
    ]


def test_a_key_may_be_there_twice() -> None:
    text = '{"build": {"provisioner": {"a": {}}, "name": "x", "provisioner": [{"b": {}}]}}'
    document = HclJsonDocument(text, "t.pkr.json")
    document.add_provisioner(0, 2, "c", {})
    assert kinds(document, 0) == ["a", "b", "c"]
    document.move_provisioner(0, 0, 1)
    assert document.text == (
        '{"build": {"provisioner": [{"b": {}}, {"a": {}}, {"c": {}}], "name": "x"}}'
    )


def test_parts_of_templates_are_shown_without_escapes() -> None:
    text = '{"source": {"a": {"b": {"v": "x ${var.m[\\"k\\"]}"}}}}'
    document = HclJsonDocument(text, "t.pkr.json")
    template = document.body.blocks[0].body.attributes["v"].expression
    assert isinstance(template, Template)
    assert document.expression_text(template.parts[1]) == '${var.m["k"]}'


def test_a_comment_is_not_lost_for_another_order() -> None:
    text = '{"build": {"provisioner": {"//": "why", "a": [{}, {}], "b": {}}}}'
    document = HclJsonDocument(text, "t.pkr.json")
    with pytest.raises(TemplateError, match="comment"):
        document.move_provisioner(0, 1, 2)
    assert document.text == text
    document = HclJsonDocument('{"build": {"provisioner": [{"//": "c", "a": {}}, {"b": {}}]}}', "x")
    document.move_provisioner(0, 0, 1)
    assert document.text == '{"build": {"provisioner": [{"b": {}}, {"//": "c", "a": {}}]}}'
    document.remove_provisioner(0, 1)
    assert document.text == '{"build": {"provisioner": [{"b": {}}]}}'


def test_chains_keep_their_order_whatever_key_they_stand_under(document: HclJsonDocument) -> None:
    document.add_post_processor(0, 2, "manifest", {})
    assert '        {"post-processor": {"manifest": {}}},\n' in document.text
    document.undo()
    document.add_post_processor(0, 1, "checksum", {})
    assert '"manifest": {},\n        "checksum": {},\n        "compress"' in document.text
    document.undo()
    document.move_post_processors(0, 0, 1)
    assert chains(document)[:2] == [["compress"], ["manifest"]]
    document.undo()
    document.move_post_processors(0, 0, 2)
    assert chains(document) == [
        ["compress"], ["artifice", "checksum"], ["manifest"], ["shell-local", "shell-local"],
    ]  # fmt: skip
    assert '{"post-processor": [{"artifice": {}}, {"checksum": {}}]}' in document.text
    document.undo()
    document.add_post_processor(1, 0, "manifest", {})
    assert [[m.type for m in chain] for chain in document.post_processors(1)] == [["manifest"]]


def test_a_template_may_be_a_list_of_objects() -> None:
    document = HclJsonDocument('[{"source": {"a": {"b": {}}}}, {"build": {}}]', "t.pkr.json")
    document.set("source.a.b", "x", 1)
    document.add_block("source", ["a", "c"], {})
    document.add_block("variable", ["v"], {})
    document.add_provisioner(0, 0, "shell", {})
    assert document.text == (
        '[{"source": {"a": {"b": {"x": 1}, "c": {}}}},'
        ' {"variable": {"v": {}}, "build": {"provisioner": [{"shell": {}}]}}]'
    )
