"""What a template names and oxtui does not have."""

from __future__ import annotations

import pytest

from oxtui.component.registry import UnknownComponent, component


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
