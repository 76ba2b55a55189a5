"""Nested blocks are added, filled and taken away by address; around them nothing changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.template.document import Document
from oxtui.template.document_kinds import document_of
from oxtui.template.editing.address import AddressError, find, nesting, outermost
from oxtui.template.hcl.diagnostic import TemplateError
from oxtui.template.hcl.format import format_tokens

SOURCE = "source.outscale-bsu.t"
TEXT = """\
# the web servers
source "outscale-bsu" "t" {
  omi_name = "web" # short
}
"""


def test_the_first_of_a_type_stands_behind_all_and_the_next_behind_it() -> None:
    document = Document(TEXT, "t.pkr.hcl")
    for number, name in enumerate(("/dev/sdb", "/dev/sdc")):
        document.add_nested(SOURCE, "devices")
        document.set(f"{SOURCE}/devices.{number}", "device_name", name)
        if not number:
            document.add_nested(SOURCE, "net_filter")
            document.add_nested(f"{SOURCE}/net_filter.0", "filter")
            document.set(f"{SOURCE}/net_filter.0/filter.0", "name", "state")
    assert (
        document.text
        == """\
# the web servers
source "outscale-bsu" "t" {
  omi_name = "web" # short

  devices {
    device_name = "/dev/sdb"
  }

  devices {
    device_name = "/dev/sdc"
  }

  net_filter {
    filter {
      name = "state"
    }
  }
}
"""
    )
    document.remove_block(f"{SOURCE}/devices.0")
    assert "sdb" not in document.text
    assert format_tokens(document.text) == document.text
    while document.can_undo:
        document.undo()
    assert document.text == TEXT


def test_an_address_tells_what_it_is_nested_in() -> None:
    assert nesting(f"{SOURCE}/a.0/b.12") == [f"{SOURCE}/a.0", SOURCE]
    assert outermost(f"{SOURCE}/a.0/b.12") == SOURCE
    assert outermost(SOURCE) == SOURCE


@pytest.mark.parametrize("address", ["/a.0", "/devices.1", "/devices", "/devices.0/a.0"])
def test_addresses_that_lead_nowhere_are_told(address: str) -> None:
    document = Document(TEXT, "t.pkr.hcl")
    document.add_nested(SOURCE, "devices")
    with pytest.raises(AddressError, match=address):
        document.remove_block(SOURCE + address)


@pytest.mark.parametrize(
    "text",
    [
        '{"source": {"outscale-bsu": {"t": {"omi_name": "web"}}}}',
        '{"builders": [{"type": "outscale-bsu", "name": "t", "omi_name": "web"}]}',
    ],
)
def test_json_has_none(text: str) -> None:
    document = document_of(text, "t.pkr.json" if "source" in text else "t.json")
    with pytest.raises(TemplateError, match="In JSON devices is an object"):
        document.add_nested(SOURCE, "devices")
    assert document.text == text


def test_a_slash_in_the_name_of_a_legacy_builder_is_no_nesting() -> None:
    text = '{"builders": [{"type": "null", "name": "a/b.0", "communicator": "none"}]}'
    document = document_of(text, "t.json")
    document.set("source.null.a/b.0", "ssh_host", "there")
    assert '"ssh_host": "there"' in document.text


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=6))
def test_what_is_added_is_found_by_its_number(kinds: list[str]) -> None:
    document = Document(TEXT, "t.pkr.hcl")
    for at, kind in enumerate(kinds):
        number = kinds[:at].count(kind)
        document.add_nested(SOURCE, kind)
        document.set(f"{SOURCE}/{kind}.{number}", "at", at)
    for at, kind in enumerate(kinds):
        address = f"{SOURCE}/{kind}.{kinds[:at].count(kind)}"
        span = find(document.text, document.body, address).block.body.attributes["at"].span
        assert document.text[span.start : span.end] == f"at = {at}"
    while document.can_undo:
        document.undo()
    assert document.text == TEXT
