"""Blocks that hold lines are found by their numbers, and what is in them is changed alone."""

from __future__ import annotations

import pytest

from oxtui.template.document import Document
from oxtui.template.editing.address import AddressError
from oxtui.template.hcl.write import Code

TEXT = """\
packer {
  required_plugins {
    # ours
    oxide = { source = "github.com/oxidecomputer/oxide", version = ">= 0.1.0" }
  }
}

variables {
  a = 1
}

locals {
  b = 2
}

locals {
  c = 3 # three
  d = 4
}
"""


def test_a_line_of_a_later_block_is_changed_there() -> None:
    document = Document(TEXT, "t.pkr.hcl")
    document.set("locals.1", "c", Code("var.a"))
    assert document.text == TEXT.replace("c = 3 #", "c = var.a #")
    document.remove("locals.1", "d")
    document.set("variables.0", "a", 5)
    assert document.text == TEXT.replace("c = 3 #", "c = var.a #").replace("  d = 4\n", "").replace(
        "a = 1", "a = 5"
    )


def test_plugins_are_lines_of_their_block() -> None:
    document = Document(TEXT, "t.pkr.hcl")
    span = document.span_of("packer.required_plugins", "oxide")
    assert span is not None
    assert TEXT[span.start : span.end].startswith("oxide = {")
    document.remove("packer.required_plugins", "oxide")
    assert "oxide" not in document.text
    assert "ours" not in document.text


@pytest.mark.parametrize("address", ["locals.2", "locals.x", "locals.0.b", "packer.required"])
def test_what_is_not_there_is_refused(address: str) -> None:
    with pytest.raises(AddressError):
        Document(TEXT, "t.pkr.hcl").set(address, "c", 1)
