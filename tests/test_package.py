"""What is installed is what is committed."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import oxtui
from tests.repository import ROOT, committed


def test_the_wheel_has_every_file_of_both_packages_and_no_test(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=100,
    )
    (wheel,) = tmp_path.glob(f"oxtui-{oxtui.__version__}-py3-none-any.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    paths = [path.relative_to(ROOT) for path in committed()]
    assert {str(path) for path in paths if path.parts[0] in ("oxtui", "screens")} <= packed
    assert {name.split("/")[0] for name in packed} == {
        "oxtui",
        "screens",
        f"oxtui-{oxtui.__version__}.dist-info",
    }
