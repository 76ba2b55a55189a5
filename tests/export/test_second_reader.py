"""The grammar of the second reader is made once, and kept in oxtui's own cache, whose owner alone reads it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from oxtui.export.second_reader import GRAMMAR
from tests.repository import ROOT

READ = """
import sys
from pathlib import Path
import hcl2.parser
from lark import Lark
from oxtui.export.second_reader import read_otherwise
from oxtui.template.hcl.parse import parse_body
from oxtui.template.hcl.source import SourceFile

installed = Path(hcl2.parser.PARSER_FILE)
before = installed.stat().st_mtime_ns if installed.exists() else None
loaded = []
load = Lark._load
Lark._load = lambda *given, **more: loaded.append(1) or load(*given, **more)
text = 'a "b" {\\n  c = 1\\n}\\n'
assert read_otherwise(text, parse_body(SourceFile("x", text))[0], Path(sys.argv[1])) == ("", "")
after = installed.stat().st_mtime_ns if installed.exists() else None
assert before == after, "it wrote where python-hcl2 is installed"
print("from the cache" if loaded else "made")
"""


def read(cache: Path) -> str:
    """Reads a text in a process of its own, and tells where the grammar came from."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(cache)],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


@pytest.mark.slow
def test_it_is_made_once_and_lies_where_only_its_owner_reads_it(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert read(cache) == "from the cache", "a process of its own made it, which holds nobody up"
    made = (cache / GRAMMAR).stat().st_mtime_ns
    assert (cache / GRAMMAR).stat().st_mode & 0o777 == 0o600
    assert cache.stat().st_mode & 0o077 == 0
    assert read(cache) == "from the cache"
    assert (cache / GRAMMAR).stat().st_mtime_ns == made


@pytest.mark.slow
def test_without_a_folder_to_keep_it_in_the_text_is_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert read(tmp_path / "file/cache") == "made"
