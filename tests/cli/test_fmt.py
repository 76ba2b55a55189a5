"""`oxtui fmt` lays files out as Packer does, or leaves every byte of them as it was."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.cli import main
from oxtui.cli.unified import unified
from tests.shared import shared

UNTIDY, TIDY = b"a=1\n bb  =2\n", b"a  = 1\nbb = 2\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with an untidy template in it and one in a folder further down."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deep/er").mkdir(parents=True)
    for name in ("t.pkr.hcl", "v.auto.pkrvars.hcl", "other.hcl", "deep/er/d.pkr.hcl"):
        (tmp_path / name).write_bytes(UNTIDY)
    return tmp_path


def read(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Let standard input be these bytes."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


def recorded(step: int) -> str:
    """Standard output that Packer had in a step of the reference case."""
    text = shared("cases/packer/c07-fmt/expected.txt").read_text()
    part = text.split(f"## step {step}: ")[1].split("## step ")[0]
    return part.split("--- stdout\n")[1].split("--- after")[0].rstrip("\n") + "\n"


def test_the_reference_case(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(shared("cases/packer/c07-fmt"), folder / "case")
    monkeypatch.chdir(folder / "case")
    steps = [
        (3, 1, ["-check", "bad.pkr.hcl"]),
        (0, 2, ["-diff", "-write=false", "bad.pkr.hcl"]),
        (0, 3, ["bad.pkr.hcl"]),
        (0, None, ["-check", "bad.pkr.hcl"]),
    ]
    for code, step, words in steps:
        assert main(["fmt", *words]) == code
        assert capsys.readouterr().out == (recorded(step) if step else "")
    assert main(["fmt", "."]) == 1
    out, err = capsys.readouterr()
    assert out == "d.pkrvars.hcl\n"
    assert "on broken.pkr.hcl line 2:" in err
    assert Path("d.pkrvars.hcl").read_text() == "a      = 1\nlonger = 2\n"
    assert Path("broken.pkr.hcl").read_bytes() == b"a = [\n"


@pytest.mark.parametrize("dash", ["-", "--"])
def test_a_folder_with_or_without_those_in_it(
    folder: Path, capsys: pytest.CaptureFixture[str], dash: str
) -> None:
    assert main(["fmt", f"{dash}check", "."]) == 3
    assert capsys.readouterr().out == "t.pkr.hcl\nv.auto.pkrvars.hcl\n"
    assert (folder / "t.pkr.hcl").read_bytes() == UNTIDY
    assert main(["fmt", f"{dash}recursive", "."]) == 0
    assert capsys.readouterr().out == "deep/er/d.pkr.hcl\nt.pkr.hcl\nv.auto.pkrvars.hcl\n"
    assert (folder / "deep/er/d.pkr.hcl").read_bytes() == TIDY
    assert (folder / "other.hcl").read_bytes() == UNTIDY
    assert main(["fmt", f"{dash}check", f"{dash}recursive=true", "."]) == 0
    assert main(["fmt", f"{dash}check", f"{dash}recursive=false", "deep"]) == 0


def test_a_link_to_a_folder_is_not_followed_and_one_to_a_file_stays(folder: Path) -> None:
    (folder / "deep/loop").symlink_to(folder)
    (folder / "deep/link.pkr.hcl").symlink_to(folder / "t.pkr.hcl")
    (folder / "t.pkr.hcl").chmod(0o640)
    assert main(["fmt", "-recursive", "deep"]) == 0
    assert (folder / "deep/link.pkr.hcl").is_symlink()
    assert (folder / "t.pkr.hcl").read_bytes() == TIDY
    assert (folder / "t.pkr.hcl").stat().st_mode & 0o777 == 0o640
    assert (folder / "v.auto.pkrvars.hcl").read_bytes() == UNTIDY


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (UNTIDY, TIDY),
        (b"a=1\r\nbb=2\r\n", b"a  = 1\r\nbb = 2\r\n"),
        (b"a=1\nbb=2", b"a  = 1\nbb = 2"),
        (b"\xef\xbb\xbfa = 1\n", b"a = 1\n"),  # as `packer fmt` and `terraform fmt`
        (b"", b""),
        (TIDY, TIDY),
    ],
)
def test_a_file_and_standard_input_are_laid_out_alike(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch,
    before: bytes, after: bytes,
) -> None:  # fmt: skip
    read(monkeypatch, before)
    assert main(["fmt", "-"]) == 0
    assert capfdbinary.readouterr() == (after, b"")
    read(monkeypatch, before)
    assert main(["fmt", "-check", "-"]) == (0 if before == after else 3)
    assert capfdbinary.readouterr() == (b"", b"")
    (folder / "t.pkr.hcl").write_bytes(before)
    assert main(["fmt", "t.pkr.hcl"]) == 0
    assert capfdbinary.readouterr()[0] == (b"" if before == after else b"t.pkr.hcl\n")
    assert (folder / "t.pkr.hcl").read_bytes() == after


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.pkr.hcl", b"a = [1\n", "on x.pkr.hcl line 1:\n  1: a = [1\n"),
        ("x.pkr.hcl", b"a = 1\nb = \xff\n", "The file is not valid UTF-8 here."),
        ("x.pkr.hcl", b"a = 1\0\n", "on x.pkr.hcl line 1:"),
        ("x.pkr.hcl", None, "x.pkr.hcl could not be read: No such file or directory."),
        ("x.pkr.json", b"{}", "x.pkr.json is left as it is: only files that end in .pkr.hcl and"),
        ("x", None, "x is left as it is: only files that end in .pkr.hcl and .pkrvars.hcl are"),
    ],
)
def test_what_cannot_be_laid_out_is_told_and_the_others_are(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes | None, message: str
) -> None:
    if data is not None:
        (folder / name).write_bytes(data)
    assert main(["fmt", "-diff", name, "t.pkr.hcl"]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("t.pkr.hcl\n--- old/t.pkr.hcl\n")
    assert message in err
    assert (folder / "t.pkr.hcl").read_bytes() == TIDY
    assert data is None or (folder / name).read_bytes() == data


def test_broken_standard_input_is_told_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read(monkeypatch, b"a = \n")
    assert main(["fmt", "-"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "on <stdin> line 1:" in err


def test_a_file_that_cannot_be_written_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, data: bytes) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("oxtui.template.editing.save.write_atomically", refuse)
    assert main(["fmt", "t.pkr.hcl"]) == 1
    assert capsys.readouterr() == ("", "oxtui: t.pkr.hcl cannot be written: Permission denied.\n")


def patched(before: str, difference: str) -> str:
    """A text after a unified difference was applied to it, as `patch` does."""
    old, made, at = before.split("\n"), list[str](), 0
    for line in difference.split("\n")[2:-1]:
        if line.startswith("@@"):
            start = int(line.split()[1].split(",")[0][1:]) - 1
            made += old[at:start]
            at = start
        elif line[0] in " -":
            assert old[at] == line[1:]
            made += [line[1:]] * (line[0] == " ")
            at += 1
        elif line[0] == "+":
            made.append(line[1:])
    return "\n".join(made + old[at:])


TEXTS = st.lists(st.sampled_from(["a", "b", "", "\r"]), min_size=1, max_size=40)


@given(TEXTS, st.data())
def test_a_difference_leads_from_one_text_to_the_other(
    lines: list[str], data: st.DataObject
) -> None:
    size = len(lines) - 1
    changes = data.draw(st.dictionaries(st.integers(0, size), st.sampled_from(["c", "d"])))
    before = "\n".join([*lines, "end"])
    after = "\n".join([*(changes.get(at, line) for at, line in enumerate(lines)), "end"])
    difference = unified(before, after, "x")
    assert patched(before, difference) == after
    assert bool(difference) == bool(changes)


def test_distant_changes_are_apart_and_a_missing_last_line_break_is_told() -> None:
    before = "".join(f"{at}\n" for at in range(1, 12)) + "last"
    after = before.replace("1\n2", "x\n2").replace("last", "LAST")
    assert unified(before, after, "x") == (
        "--- old/x\n+++ new/x\n@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n@@ -9,4 +9,4 @@\n 9\n 10\n 11\n"
        "-last\n\\ No newline at end of file\n+LAST\n\\ No newline at end of file\n"
    )
