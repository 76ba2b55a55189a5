"""What looks like a secret, and what only names one."""

from __future__ import annotations

import pytest

from oxtui.build.bundle.looks_secret import SecretSeeker
from oxtui.logs.redact import MARK


@pytest.mark.parametrize("end", ['"', '\\"', " -v", ""])
@pytest.mark.parametrize("name", ["$OXIDE_TOKEN", "${OXIDE_TOKEN}"])
def test_a_variable_in_a_command_stays_so_that_it_can_be_copied(name: str, end: str) -> None:
    seeker = SecretSeeker()
    line = f'curl --header "Authorization: Bearer {name}{end}'.encode()
    assert seeker.line(line) == line
    assert seeker.count == 0


@pytest.mark.parametrize("token", ["abcdef0123456789", "$2b$10$abcdefghijk", "$A-0123456789"])
def test_a_token_in_a_command_goes(token: str) -> None:
    seeker = SecretSeeker()
    line = f'curl --header "Authorization: Bearer {token}"'.encode()
    assert seeker.line(line) == f'curl --header "Authorization: Bearer {MARK}"'.encode()
    assert seeker.count == 1
