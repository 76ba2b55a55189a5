"""A file's name, and for one without a suffix its text, says what edits it."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.template.document import Document
from oxtui.template.document_kinds import document_of, open_document
from oxtui.template.editing.template_document import TemplateDocument
from oxtui.template.json_document import HclJsonDocument
from oxtui.template.legacy_document import LegacyDocument


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.pkr.hcl", "", Document),
        ("a.pkr.json", "{}", HclJsonDocument),
        ("a.json", "{}", LegacyDocument),
        ("a.json", "", LegacyDocument),
        ("template", ' {"builders": []}', LegacyDocument),
        ("template", "build {}", Document),
    ],
)
def test_the_kind_of_a_document(
    tmp_path: Path, name: str, text: str, kind: type[TemplateDocument]
) -> None:
    path = tmp_path / name
    path.write_text(text)
    for document in (document_of(text, name), open_document(path)):
        assert type(document) is kind
        assert document.text == text
    assert open_document(path).is_saved
    assert not document_of(text, name).is_saved


def test_an_empty_object_becomes_a_template() -> None:
    legacy = document_of("{}\n", "t.json")
    legacy.add_block("variable", ["v"], {})
    legacy.add_block("source", ["null", "null"], {"communicator": "none"})
    legacy.add_provisioner(0, 0, "shell", {"inline": ["true"]})
    legacy.add_post_processor(0, 0, "manifest", {})
    assert legacy.text == (
        """{
  "variables": {
    "v": null
  },
  "builders": [
    {
      "type": "null",
      "communicator": "none"
    }
  ],
  "provisioners": [
    {
      "type": "shell",
      "inline": ["true"]
    }
  ],
  "post-processors": ["manifest"]
}
"""
    )
    assert legacy.template.diagnostics == []
    hcl = document_of("{}", "t.pkr.json")
    hcl.add_block("build", [], {"sources": ["source.null.a"]})
    hcl.add_block("source", ["null", "a"], {})
    hcl.add_provisioner(0, 0, "shell", {"inline": ["true"]})
    assert hcl.text == (
        """{
  "source": {
    "null": {
      "a": {}
    }
  },
  "build": {
    "sources": ["source.null.a"],
    "provisioner": [
      {
        "shell": {
          "inline": ["true"]
        }
      }
    ]
  }
}"""
    )
    assert hcl.template.diagnostics == []
