"""Post-processors of an export: as they were in the session, edited, skipped or left alone."""

from __future__ import annotations

import pytest

from tests.export.sessions import Told, added, removed, shell, template

CHAINS = """
  post-processors {
    # what there is
    post-processor "manifest" {
      output = "a.json"
    }
    post-processor "checksum" {
      name = "sums"
    }
  }

  post-processor "checksum" {
    checksum_types      = ["sha256"]
    keep_input_artifact = true
  }
"""
TITLES = ("manifest", "sums", "checksum")


def told() -> Told:
    return Told().build("shell", after=TITLES)


def text(chains: str = CHAINS) -> str:
    return template(shell("sync"), build="\n" + chains)


async def test_they_stay_as_they_are() -> None:
    exported = await told().export(text())
    assert exported.problems == ()
    assert CHAINS in exported.text


async def test_an_edited_one_has_its_changes_and_a_skipped_one_is_off() -> None:
    session = told().edit("post-process-1", {"output": "b.json", "strip_path": True})
    exported = await session.phase("post-process-3", "skipped").export(text())
    assert exported.problems == ()
    assert {'output = "b.json"', "strip_path = true"} <= set(added(exported))
    assert '# post-processor "checksum" {' in added(exported)
    assert 'output = "a.json"' in removed(exported)
    assert "Step manifest is as it was edited in the session." in exported.notes
    assert any(note.startswith("Step checksum was skipped") for note in exported.notes)


async def test_those_behind_one_that_failed_were_not_skipped_by_anybody() -> None:
    session = told().phase("post-process-1", "failed").phase("post-process-2", "skipped")
    exported = await session.export(text())
    assert (exported.problems, "sums" in exported.text) == ((), True)
    assert "# post-processor" not in exported.text


async def test_those_that_the_session_left_out_are_in_the_export() -> None:
    exported = await Told().build("shell", after=("checksum",)).export(text())
    assert exported.problems == ()
    assert CHAINS in exported.text


async def test_an_edit_of_one_build_is_for_that_build() -> None:
    both = text().replace(
        'sources = ["source.oxide-instance.t"]',
        'sources = ["source.oxide-instance.t"]\n  source "oxide-instance.t" {\n    name = "u"\n  }',
    )
    session = told().build("shell", name="oxide-instance.u", after=TITLES)
    session.edit("post-process-3", {"checksum_types": ["md5"]}, "oxide-instance.u")
    session.edit("post-process-2", {"output": "x"}, "oxide-instance.u")
    exported = await session.export(both)
    assert exported.problems == ()
    lines = added(exported)
    assert lines.count('only = ["oxide-instance.u"]') == 2
    assert lines.count('except = ["oxide-instance.u"]') == 2


@pytest.mark.parametrize("kind", ["provenance", "amazon-import"])
async def test_one_that_oxtui_does_not_have_is_told_and_kept(kind: str) -> None:
    chains = f'\n  post-processor "{kind}" {{\n    output = "x"\n  }}\n'
    exported = await Told().build("shell").export(text(chains))
    assert chains in exported.text
