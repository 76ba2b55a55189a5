"""Uploads to a MAAS that answers, does not answer, refuses, and takes its time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from oxtui.maas.errors import MaasError, NotSpread, OutcomeUnknown, Refused
from oxtui.maas.request import Progress, Stage
from oxtui.maas.upload import Upload
from tests.maas.double import DAY, Fault, Maas
from tests.maas.server import maas
from tests.maas.uploading import CHUNK, client, request

CONTENT = bytes(range(256)) * 14  # three whole chunks and a rest


async def run(
    there: Maas, folder: Path, content: bytes = CONTENT, **more: object
) -> list[Progress]:
    told: list[Progress] = []
    async with client(there) as session:
        upload = Upload(session, request(folder, content, **more), told.append, CHUNK)
        await upload.run()
    return told


@pytest.mark.parametrize(("regions", "polls"), [(1, 0), (3, 2)])
async def test_a_file_becomes_an_image(tmp_path: Path, regions: int, polls: int) -> None:
    with maas(regions=regions, polls=polls) as there:
        told = await run(there, tmp_path, title="Web", base_image="ubuntu/jammy")
        [image] = there.images.values()
        assert (image.name, image.title, image.base_image) == ("web", "Web", "ubuntu/jammy")
        assert there.content("web") == CONTENT
        assert there.puts == 4
        assert len(set(there.headers)) == len(there.headers), "each nonce is used once"
    sent = [each.done for each in told if each.stage is Stage.SEND]
    assert sent == [0, 1000, 2000, 3000, len(CONTENT)]
    spread = [each.done for each in told if each.stage is Stage.SPREAD]
    assert spread == sorted(spread)
    assert bool(spread) is (regions > 1)


async def test_what_is_there_already_is_not_sent_again(tmp_path: Path) -> None:
    with maas() as there:
        there.add("web", b"older")
        there.add("web", b"newer than that", f"{DAY}.9")
        there.add("web", CONTENT, f"{DAY}.10", title="Web")
        async with client(there) as session:
            done = await Upload(session, request(tmp_path, CONTENT, title="Web")).run()
        assert (done.version, done.sent) == (f"{DAY}.10", False)
        assert not [call for call in there.calls if not call.startswith("GET")]


@pytest.mark.parametrize("keep", [False, True])
async def test_the_newest_version_by_number_takes_the_file(tmp_path: Path, keep: bool) -> None:
    with maas() as there:
        image = there.add("web", b"older", f"{DAY}.9")
        await run(there, tmp_path, keep_old=keep)
        assert list(image.sets) == [f"{DAY}.9", f"{DAY}.10"]
        assert there.content("web") == CONTENT
        assert (image.sets[f"{DAY}.9"] is not None) is keep


@pytest.mark.parametrize("how", ["lost", "dropped", "502", "502 lost", "later"])
@pytest.mark.parametrize("after", [0, 1, 3])
@pytest.mark.parametrize("regions", [1, 3])
async def test_a_lost_answer_to_a_chunk_is_looked_into(
    tmp_path: Path, how: str, after: int, regions: int
) -> None:
    with maas(regions=regions) as there:
        there.faults = [Fault("PUT", "upload", how, after=after)]
        await run(there, tmp_path)
        assert there.content("web") == CONTENT


async def test_what_maas_has_may_not_tell_whether_a_chunk_arrived(tmp_path: Path) -> None:
    with maas() as there:
        there.faults = [Fault("PUT", "upload", "half", after=1)]
        with pytest.raises(OutcomeUnknown, match="Upload it anew"):
            await run(there, tmp_path)
        assert there.puts == 2, "nothing is sent behind what nobody knows"


@pytest.mark.parametrize("how", ["lost", "dropped", "502 lost"])
async def test_a_lost_answer_to_the_creation_makes_no_second_version(
    tmp_path: Path, how: str
) -> None:
    with maas() as there:
        there.faults = [Fault("POST", "boot-resources/", how)]
        await run(there, tmp_path)
        [image] = there.images.values()
        assert list(image.sets) == [DAY]


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"architecture": "sparc/generic"}, "architecture", "'sparc/generic' is not a valid"),
        ({"name": "custom/noble"}, "name", "noble is a reserved name"),
        ({"base_image": "ubuntu/never"}, "base_image", "select a valid base image"),
    ],
)
async def test_a_refused_field_is_named(
    tmp_path: Path, more: dict[str, str], field: str, words: str
) -> None:
    with maas() as there:
        with pytest.raises(Refused, match=f"create custom/.* on MAAS: {field}: ") as caught:
            await run(there, tmp_path, **more)
        assert words in str(caught.value)
        assert words in caught.value.fields[field][0]


async def test_an_image_of_which_nothing_can_be_used_is_removed_again(tmp_path: Path) -> None:
    with maas(space=2500) as there:
        async with client(there) as session:
            upload = Upload(session, request(tmp_path, CONTENT), chunk=CHUNK)
            with pytest.raises(Refused, match="No space left on device"):
                await upload.run()
            assert await upload.undo() == ""
        assert there.images == {}


async def test_a_wrong_hash_is_told_and_an_older_version_keeps_the_image(tmp_path: Path) -> None:
    with maas() as there:
        there.add("web", b"older")
        asked = request(tmp_path, CONTENT)
        asked.file.write_bytes(CONTENT[::-1])
        async with client(there) as session:
            upload = Upload(session, asked, chunk=CHUNK)
            with pytest.raises(Refused, match="does not match given SHA256"):
                await upload.run()
            left = await upload.undo()
        [image] = there.images.values()
        assert f"Version {DAY}.1 of web (amd64/generic) stays on MAAS, incomplete" in left
        assert "removed the files of the older versions at once" in left
        assert f"boot-resource delete {image.id}`" in left


@pytest.mark.parametrize("was_there", [False, True])
async def test_cancelling_removes_only_what_the_upload_made(
    tmp_path: Path, was_there: bool
) -> None:
    with maas() as there:
        if was_there:
            there.add("web", b"older")
        other = there.add("other", b"other")
        there.stall.clear()
        async with client(there) as session:
            upload = Upload(session, request(tmp_path, CONTENT), chunk=CHUNK)
            running = asyncio.ensure_future(upload.run())
            await there.until(lambda: there.stalled > 0)
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
            left = await upload.undo()
        assert ("stays on MAAS" in left) is was_there
        assert {image.name for image in there.images.values()} == (
            {"web", "other"} if was_there else {"other"}
        )
        assert there.images[other.id] is other


async def test_controllers_that_never_get_it_end_the_wait_and_nothing_is_removed(
    tmp_path: Path,
) -> None:
    with maas(regions=2, polls=10**6) as there:
        async with client(there, spread=20) as session:
            upload = Upload(session, request(tmp_path, CONTENT), chunk=CHUNK)
            with pytest.raises(NotSpread, match=r"not all of its controllers\s+do after"):
                await upload.run()
            assert await upload.undo() == ""
        assert there.content("web") == CONTENT


async def test_a_user_without_the_right_and_a_wrong_key_are_told(tmp_path: Path) -> None:
    with maas(admin=False) as there:
        with pytest.raises(Refused, match="must be an administrator") as caught:
            await run(there, tmp_path)
        assert caught.value.status == 403
        secret = "other-secret"
        async with client(there, key=f"consumer0000000000:token0000000000000:{secret}") as session:
            with pytest.raises(Refused, match="Check the API key") as wrong:
                await session.uploaded()
        assert secret not in str(wrong.value)


@pytest.mark.parametrize("place", ["", "/other"])
async def test_what_is_no_maas_is_told(tmp_path: Path, place: str) -> None:
    with maas() as there:
        there.host += place
        async with client(there) as session:
            if place:
                with pytest.raises(Refused, match="Check the MAAS URL"):
                    await session.version()
            else:
                assert await session.version() == "3.8.0"
    if not place:
        async with client(there) as session:
            with pytest.raises(MaasError, match=r"refuses connections\. Check the MAAS URL"):
                await session.version()


async def test_a_maas_without_tls_is_told_apart_from_none() -> None:
    with maas() as there:
        there.host = there.host.replace("http://", "https://")
        async with client(there) as session:
            with pytest.raises(MaasError, match="write http:// if it has none"):
                await session.version()
