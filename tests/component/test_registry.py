"""What a template names and oxtui does not have."""

from __future__ import annotations

import pytest

from oxtui.component.protocols import Builder
from oxtui.component.registry import (
    COMPONENTS,
    OWN,
    UnknownComponent,
    component,
    unknown_to_packer,
)


@pytest.mark.parametrize("name", ["powershell", "windows-shell", "windows-restart"])
def test_what_works_in_windows_alone_is_refused_with_the_reason(name: str) -> None:
    with pytest.raises(UnknownComponent, match=f'"{name}" works in Windows over WinRM') as caught:
        component("provisioner", name)
    assert (caught.value.kind, caught.value.name) == ("provisioner", name)


def test_a_slip_of_the_pen_is_told_from_what_is_not_there_yet() -> None:
    with pytest.raises(UnknownComponent, match=r'"shel"\. Did you mean "shell"\?'):
        component("provisioner", "shel")
    with pytest.raises(UnknownComponent, match=r'"hcp-sbom" yet, though Packer does\. It has:'):
        component("provisioner", "hcp-sbom")


def test_what_packer_does_not_have_is_told_with_what_that_means() -> None:
    assert unknown_to_packer("builder", "null") == ""
    for kind, names in OWN.items():
        for name in names:
            assert name in COMPONENTS[kind]
            assert f'Packer has no {kind} "{name}"' in unknown_to_packer(kind, name)


@pytest.mark.parametrize("name", COMPONENTS["builder"])
def test_every_builder_has_what_builds_ask_it_for(name: str) -> None:
    asked = [name for name, what in vars(Builder).items() if name[0] != "_" and callable(what)]
    asked += [name for name, what in Builder.__annotations__.items() if "ClassVar" in what]
    assert [each for each in asked if not hasattr(component("builder", name), each)] == []
