"""A bundle may have been made by anybody: whatever it holds, it is opened or refused with a sentence."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oxtui.build.bundle import form
from oxtui.build.bundle.checked import Unknown, Wrong, event_of
from oxtui.build.bundle.errors import BundleError
from oxtui.build.bundle.reader import open_bundle
from oxtui.build.bundle.writer import write_bundle
from oxtui.build.folding import fold
from oxtui.build.state import SessionState
from oxtui.component.event_records import record
from oxtui.component.events import BuildFinished, Event, SessionFinished
from tests.build.bundle.made import contents, remade, session
from tests.component.test_events import STORY

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound one."""
    folder = tmp_path_factory.mktemp("bundle")
    events, there = session(folder)
    write_bundle(events, there, folder / "made.zip")
    return folder / "made.zip"


@pytest.mark.parametrize(
    ("live", "phase", "word"),
    [
        (False, "cut_off", "The session ended here without an end: its process was gone."),
        (True, "running", "It was still at work when it was packed."),
    ],
)
def test_a_session_without_an_end_says_why(
    tmp_path: Path, live: bool, phase: str, word: str
) -> None:
    events, there = session(tmp_path)
    begun = [each for each in events if not isinstance(each, BuildFinished | SessionFinished)]
    write_bundle(begun, there, tmp_path / "made.zip", live=live)
    opened = open_bundle(tmp_path / "made.zip")
    assert [build.phase for build in opened.replay.state.builds.values()] == [phase]
    assert word in opened.words


def event(**values: object) -> bytes:
    """A line of the events."""
    return json.dumps(values).encode() + b"\n"


def first(line: bytes) -> Callable[[Files], None]:
    """That line becomes the first event."""

    def change(files: Files) -> None:
        files[form.EVENTS] = line + files[form.EVENTS]

    return change


def put(name: str, data: bytes) -> Callable[[Files], None]:
    """That file is in it, too."""
    return lambda files: files.__setitem__(name, data)


LOG = "builds/b/provision-1"
GROWN = {"type": "output_grown", "time": 1.0, "build": "b", "step": "s", "lines": 1, "size": 1}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (put("../evil", b"x"), "which no bundle has"),
        (put("/etc/evil", b"x"), "which no bundle has"),
        (put("builds/../x.log", b"x"), "which no bundle has"),
        (put("builds/../../x.log", b"x"), "which no bundle has"),
        (put("builds/b/.x.log", b"x"), "which no bundle has"),
        (put("builds/b\\..\\x/y.log", b"x"), "which no bundle has"),
        (put("builds/b/key", b"x"), "which no bundle has"),
        (put("builds/b/other.log", b"x\n"), "nothing is told"),
        (put(f"{LOG}.log", b"no end"), "has no end"),
        (put(f"{LOG}.log", b"x" * 70_000 + b"\n"), "too long"),
        (put(f"{LOG}.lines", b"\0" * 24), "does not fit"),
        (put(f"{LOG}.lines", b"\0\x09\0\0\0\0\0\0" * 2), "does not fit"),
        (first(b"no json\n"), "it is no JSON"),
        (first(b"[" * 100_000 + b"\n"), "it is no JSON"),
        (first(b'{"type":"noted","time":NaN}\n'), "it is no JSON"),
        (first(b"{}\n"), "it has no type"),
        (first(event(**{**GROWN, "lines": "1"})), "OutputGrown.lines is no int"),
        (first(event(**{**GROWN, "size": -1})), "smaller than nothing"),
        (first(event(**{**GROWN, "time": 1e300})), "OutputGrown.time is no float"),
        (first(event(**{**GROWN, "time": -1})), "its time is none"),
        (first(event(type="noted", time=1.0)), "Noted has no text"),
        (first(event(type="build_planned", time=1.0, build="b", steps=[{"id": 3}])), "StepPlan.id"),
        (first(event(type="build_planned", time=1.0, build="b", steps={})), "is not a list"),
        (
            first(
                b"".join(
                    event(type="stop_set", time=1.0, build="b", kind="output", on=True, pattern=str(n))
                    for n in range(form.MOST_GATHERED + 1)
                )
            ),
            "more of stop_set than in any session",
        ),
        (
            first(b"".join(event(**{**GROWN, "build": str(n)}) for n in range(form.MOST_BUILDS + 1))),
            "one build more",
        ),
        (lambda files: files.__delitem__(form.EVENTS), "no events"),
    ],
)  # fmt: skip
def test_what_is_not_sound_is_refused_and_said(
    bundle: Path, tmp_path: Path, change: Callable[[Files], None], told: str
) -> None:
    with pytest.raises(BundleError, match="cannot be opened") as refused:
        open_bundle(remade(bundle, tmp_path / "x.zip", change))
    assert told in str(refused.value)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.zip"]


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        ({"format": "other"}, "something else"),
        ({"version": form.VERSION + 1}, "newer oxtui"),
        ({"version": "1"}, "no version"),
        ({"files": 3}, "lists no files"),
        ({"files": []}, "lists other files"),
        ({"files": [{"name": "events.jsonl", "size": -1, "sha256": ""}]}, "no file"),
        ({"files": [{"name": "events.jsonl", "size": 10**15, "sha256": ""}]}, "no file"),
    ],
)
def test_a_manifest_that_lies_is_refused(
    bundle: Path, tmp_path: Path, manifest: dict[str, object], told: str
) -> None:
    with pytest.raises(BundleError, match=told):
        open_bundle(remade(bundle, tmp_path / "x.zip", manifest=manifest))


def test_links_bombs_and_doubles_are_refused(bundle: Path, tmp_path: Path) -> None:
    files = contents(bundle)
    link, double, changed = (tmp_path / name for name in ("link.zip", "double.zip", "changed.zip"))
    with zipfile.ZipFile(link, "w") as out:
        info = zipfile.ZipInfo(form.EVENTS)
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        out.writestr(info, "/etc/passwd")
    with pytest.raises(BundleError, match="no ordinary file"):
        open_bundle(link)
    with zipfile.ZipFile(double, "w") as out:
        out.writestr(form.EVENTS, b"")
        with pytest.warns(UserWarning, match="Duplicate"):
            out.writestr(form.EVENTS, b"")
    with pytest.raises(BundleError, match="the same name"):
        open_bundle(double)
    with zipfile.ZipFile(changed, "w") as out:
        for name, data in files.items():
            out.writestr(name, data.replace(b"two", b"TWO") if name.endswith(".log") else data)
    with pytest.raises(BundleError, match="damaged or changed"):
        open_bundle(changed)


def test_a_bomb_is_refused_by_what_it_unpacks_to_not_by_what_it_says(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form, "LARGEST_CONTENT", 1 << 20)
    big = remade(bundle, tmp_path / "x.zip", put(f"{LOG}.log", b"\n" * (1 << 21)))
    with pytest.raises(BundleError, match="no file"):
        open_bundle(big)
    # The bytes say that the file is small, in the manifest and in the list of the zip file.
    raw = (1 << 21).to_bytes(4, "little")
    lying = tmp_path / "lying.zip"
    made = remade(bundle, tmp_path / "y.zip", put(f"{LOG}.log", b"\n" * (1 << 21)))
    files = contents(made)
    told = json.loads(files[form.MANIFEST])
    for each in told["files"]:
        each["size"] = 8 if each["name"] == f"{LOG}.log" else each["size"]
    with zipfile.ZipFile(lying, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in (files | {form.MANIFEST: json.dumps(told).encode()}).items():
            out.writestr(name, data)
    lying.write_bytes(lying.read_bytes().replace(raw, (8).to_bytes(4, "little")))
    with pytest.raises(BundleError, match=r"damaged|another size"):
        open_bundle(lying)


def test_events_of_newer_versions_are_passed_over_with_a_word(bundle: Path, tmp_path: Path) -> None:
    new = event(type="quantum_leapt", time=1.0) + event(
        type="paused", time=1.0, build="b", step="s", reason="boredom", choices=[]
    )
    opened = open_bundle(remade(bundle, tmp_path / "x.zip", first(new)))
    assert "2 of its events were passed over" in opened.words[-1]
    assert "quantum_leapt" in opened.words[-1]
    assert opened.replay.state.builds["b"].steps["provision-1"].phase == "done"


def test_the_folder_of_a_bundle_goes_with_it(bundle: Path) -> None:
    replay = open_bundle(bundle).replay
    folder = replay.session.folder.path
    assert (folder / form.TEMPLATE).exists()
    del replay
    assert not folder.exists()


@pytest.mark.parametrize("told", STORY, ids=lambda each: type(each).__name__)
def test_every_event_that_is_written_is_read_again(told: Event) -> None:
    assert event_of(json.dumps(record(told)).encode()) == told


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.sampled_from(STORY), st.data())
def test_no_event_of_a_wrong_shape_gets_through(told: Event, data: st.DataObject) -> None:
    values = json.loads(json.dumps(record(told)))
    name = data.draw(st.sampled_from(sorted(values)))
    values[name] = data.draw(VALUES)
    try:
        found = event_of(json.dumps(values).encode())
    except (Unknown, Wrong):
        return
    state = SessionState()
    for each in (*STORY, found, *STORY):
        state = fold(state, each)
    json.dumps(record(found))


@pytest.mark.slow
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_bundle_with_changed_bytes_is_opened_or_refused(
    bundle: Path, tmp_path: Path, data: st.DataObject
) -> None:
    raw = bytearray(bundle.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        kind = data.draw(st.sampled_from(["flip", "cut", "grow", "zero"]))
        at = data.draw(st.integers(0, len(raw) - 1)) if raw else 0
        if kind == "flip" and raw:
            raw[at] ^= 1 << data.draw(st.integers(0, 7))
        elif kind == "cut":
            del raw[at : at + data.draw(st.integers(1, 200))]
        elif kind == "grow":
            raw[at:at] = data.draw(st.binary(max_size=40))
        else:
            raw[at : at + 4] = b"\xff\xff\xff\xff"
    path = tmp_path / "x.zip"
    path.write_bytes(bytes(raw))
    with suppress(BundleError):  # and nothing else is raised
        assert open_bundle(path).replay.state.builds["b"]
