"""The README's two lines are what CI runs, and its words are true."""

from __future__ import annotations

import os
import re
import subprocess
from urllib.parse import unquote

import pytest

from tests.repository import ROOT

README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize("name", ["run", "test"])
def test_each_of_the_two_lines_is_one_line_under_its_mark(name: str) -> None:
    (block,) = re.findall(rf"^<!-- {name} -->\n```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert block.count("\n") == 1
    assert block.startswith("python3 -m venv ")


def test_ci_is_a_script_that_can_be_run() -> None:
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True, timeout=60)


def test_what_it_links_to_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert links
    assert [link for link in links if not (ROOT / unquote(link)).exists()] == []
