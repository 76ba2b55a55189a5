"""After a lost answer nothing is done twice, and what was done is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from oxtui.oxide.client import OxideClient
from oxtui.oxide.errors import (
    AlreadyExists,
    Conflict,
    InvalidRequest,
    OutcomeUnknown,
    ServerError,
    ServiceUnavailable,
    TransportError,
)
from oxtui.oxide.models.disk import Disk, DiskCreate, DistributedBackend, ImportedBlocks
from tests.oxide import samples
from tests.oxide.rig import Naps, client
from tests.oxide.samples import DISK_ID, GIB, IMAGE_ID, INSTANCE_ID
from tests.oxide.wire import Answer, Drop, Hang, Reply, Request, refusal, wire

CREATED = "POST /v1/disks"
LOOK = "GET /v1/disks/boot"


@dataclass
class Disks:
    """The disks of a rack; `fates` says how each create ends, after which all succeed."""

    fates: list[Callable[[Disks, dict[str, Any]], Answer]] = field(default_factory=list)
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    looks: list[Answer] = field(default_factory=list)

    def make(self, body: dict[str, Any], state: str = "import_ready") -> Answer:
        if body["name"] in self.kept:
            return refusal(400, "ObjectAlreadyExists", f'already exists: disk "{body["name"]}"')
        disk = samples.disk(body["name"], state, size=body["size"])
        self.kept[body["name"]] = {**disk, "description": body["description"]}
        return Reply(self.kept[body["name"]], 201)

    def __call__(self, request: Request) -> Answer:
        if request.method == "POST":
            fate = self.fates.pop(0) if self.fates else Disks.make
            return fate(self, request.json)
        if self.looks:
            return self.looks.pop(0)
        key = request.path.rpartition("/")[2]
        found = next((d for d in self.kept.values() if key in (d["name"], d["id"])), None)
        if found is None:
            return refusal(404, "ObjectNotFound", f'not found: disk with name "{key}"')
        if request.method == "DELETE":
            del self.kept[found["name"]]
            return Reply(status=204)
        return Reply(found)


def done_but_dropped(rack: Disks, body: dict[str, Any]) -> Answer:
    rack.make(body)
    return Drop()


def done_but_late(rack: Disks, body: dict[str, Any]) -> Answer:
    rack.make(body)
    return Hang()


def done_but_damaged(rack: Disks, body: dict[str, Any]) -> Answer:
    rack.make(body)
    return Reply(b"<html>", 201)


def done_but_cut(rack: Disks, body: dict[str, Any]) -> Answer:
    rack.make(body)
    return Reply(rack.kept[body["name"]], 201, cut=20)


def done_but_gateway_timeout(rack: Disks, body: dict[str, Any]) -> Answer:
    rack.make(body)
    return Reply(b"<html>gateway", 504)


def dropped(_: Disks, __: dict[str, Any]) -> Answer:
    return Drop()


def busy(_: Disks, __: dict[str, Any]) -> Answer:
    return refusal(503, "ServiceNotAvailable", "Service Unavailable")


async def create(oxide: OxideClient, size: int = 2 * GIB) -> Disk:
    backend = DistributedBackend(disk_source=ImportedBlocks())
    return await oxide.disks.create(DiskCreate(name="boot", size=size, disk_backend=backend), "web")


@pytest.mark.parametrize(
    "fate",
    [
        done_but_dropped,
        done_but_late,
        done_but_damaged,
        done_but_cut,
        done_but_gateway_timeout,
    ],
)
async def test_a_disk_made_without_an_answer_is_found_by_its_name(
    fate: Callable[[Disks, dict[str, Any]], Answer],
) -> None:
    disks = Disks([fate])
    patience = 0.2 if fate is done_but_late else 30
    async with wire(disks) as rack, client(rack.host, patience=patience) as oxide:
        disk = await create(oxide)
    assert (disk.id, disk.size) == (DISK_ID, 2 * GIB)
    assert rack.lines() == [CREATED, LOOK]


async def test_a_create_that_never_happened_is_asked_for_once_more() -> None:
    async with wire(Disks([dropped])) as rack, client(rack.host) as oxide:
        assert (await create(oxide)).name == "boot"
    assert rack.lines() == [CREATED, LOOK, LOOK, LOOK, LOOK, CREATED]


async def test_a_second_loss_is_told_as_unknown_with_what_to_do() -> None:
    async with wire(Disks([dropped, dropped])) as rack, client(rack.host) as oxide:
        with pytest.raises(OutcomeUnknown, match=r'create disk "boot".*Look again before'):
            await create(oxide)
    assert rack.lines().count(CREATED) == 2


async def test_a_first_create_that_surfaces_late_is_ours() -> None:
    """The saga of the lost request ends between the look and the repetition."""

    def surfaced(rack: Disks, body: dict[str, Any]) -> Answer:
        rack.make(body)
        return rack.make(body)

    async with wire(Disks([dropped, surfaced])) as rack, client(rack.host) as oxide:
        assert (await create(oxide)).id == DISK_ID
    assert rack.lines()[-2:] == [CREATED, LOOK]


async def test_a_disk_still_in_the_making_is_waited_for() -> None:
    def half_done(rack: Disks, body: dict[str, Any]) -> Answer:
        rack.make(body)
        rack.looks = [Reply(samples.disk("boot", "creating", size=2 * GIB))] * 3
        return Drop()

    naps = Naps()
    async with wire(Disks([half_done])) as rack, client(rack.host, naps=naps) as oxide:
        assert (await create(oxide)).state.state == "import_ready"
    assert rack.lines() == [CREATED, LOOK, LOOK, LOOK, LOOK]
    assert naps.seconds == [0.25, 0.5, 1]


async def test_a_disk_that_was_undone_while_it_was_made_is_made_again() -> None:
    def undone(rack: Disks, _: dict[str, Any]) -> Answer:
        rack.looks = [Reply(samples.disk("boot", "creating", size=2 * GIB))]
        return Drop()

    async with wire(Disks([undone])) as rack, client(rack.host) as oxide:
        assert (await create(oxide)).id == DISK_ID
    assert rack.lines().count(CREATED) == 2


async def test_someone_elses_disk_of_that_name_is_not_taken_for_ours() -> None:
    disks = Disks([dropped])
    disks.make({"name": "boot", "description": "", "size": 7 * GIB})
    async with wire(disks) as rack, client(rack.host) as oxide:
        with pytest.raises(AlreadyExists, match='Disk "boot" in project "web"'):
            await create(oxide)


async def test_a_taken_name_is_told_at_once() -> None:
    disks = Disks()
    disks.make({"name": "boot", "description": "", "size": 2 * GIB})
    async with wire(disks) as rack, client(rack.host) as oxide:
        with pytest.raises(AlreadyExists):
            await create(oxide)
    assert rack.lines() == [CREATED]


async def test_a_busy_rack_is_asked_again_after_growing_pauses() -> None:
    naps = Naps()
    async with wire(Disks([busy, busy])) as rack, client(rack.host, naps=naps) as oxide:
        assert (await create(oxide)).name == "boot"
    assert rack.lines().count(CREATED) == 3
    assert rack.lines().count(LOOK) == 8


async def test_a_rack_that_stays_busy_says_so() -> None:
    async with wire(Disks([busy] * 5)) as rack, client(rack.host) as oxide:
        with pytest.raises(ServiceUnavailable, match="temporarily unavailable"):
            await create(oxide)
    assert rack.lines().count(CREATED) == 5


async def test_a_failure_inside_of_the_rack_is_not_repeated() -> None:
    def failed(_: Disks, __: dict[str, Any]) -> Answer:
        return refusal(500, "Internal", "Internal Server Error", "deadbeef")

    async with wire(Disks([failed])) as rack, client(rack.host) as oxide:
        with pytest.raises(ServerError, match=r"its own logs.*request id deadbeef") as failure:
            await create(oxide)
    assert rack.lines() == [CREATED]
    assert (failure.value.status, failure.value.operation) == (500, "disk_create")


async def test_a_rack_that_is_gone_after_the_request_leaves_the_outcome_open() -> None:
    disks = Disks([done_but_dropped])
    disks.looks = [Drop()] * 5
    async with wire(disks) as rack, client(rack.host) as oxide:
        with pytest.raises(OutcomeUnknown):
            await create(oxide)


async def test_a_request_that_never_left_may_be_repeated_without_a_look() -> None:
    async with wire(Disks()) as rack:
        gone = rack.host
    naps = Naps()
    async with client(gone, naps=naps) as oxide:
        with pytest.raises(TransportError, match="refuses connections") as failure:
            await create(oxide)
    assert not failure.value.sent
    assert naps.seconds == [0.25, 0.5, 1, 2]


async def test_deleting_what_the_lost_request_deleted_is_success() -> None:
    lost = [True]
    disks = Disks()
    disks.make({"name": "boot", "description": "", "size": GIB})

    def answer(request: Request) -> Answer:
        reply = disks(request)
        if request.method == "DELETE" and lost:
            lost.pop()
            return Drop()
        return reply

    async with wire(answer) as rack, client(rack.host) as oxide:
        await oxide.disks.delete("boot", "web")
    assert disks.kept == {}
    by_id = f"/v1/disks/{DISK_ID}"
    assert rack.lines() == [LOOK, f"DELETE {by_id}", f"GET {by_id}"]
    assert rack.requests[1].params == {}


async def test_a_delete_that_did_not_happen_is_repeated() -> None:
    lost = [True]
    disks = Disks()
    disks.make({"name": "boot", "description": "", "size": GIB})

    def answer(request: Request) -> Answer:
        if request.method == "DELETE" and lost:
            lost.pop()
            return Drop()
        return disks(request)

    async with wire(answer) as rack, client(rack.host) as oxide:
        await oxide.disks.delete(DISK_ID)
    assert disks.kept == {}
    assert rack.lines().count(f"DELETE /v1/disks/{DISK_ID}") == 2


async def test_deleting_what_was_never_there_is_an_error() -> None:
    async with wire(Disks()) as rack, client(rack.host) as oxide:
        with pytest.raises(Exception, match="no disk with name"):
            await oxide.disks.delete(DISK_ID)


def instance_that(action: str, before: str, after: str, answers: list[Answer]) -> Any:
    """A rack with one instance, which an action brings from a state to another."""
    state = [before]

    def answer(request: Request) -> Answer:
        if request.path.endswith(f"/{action}"):
            state[0] = after
            return answers.pop(0) if answers else Reply(samples.instance(run_state=after), 202)
        return Reply(samples.instance(run_state=state[0]))

    return answer


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("start", "stopped", "starting"),
        ("stop", "running", "stopping"),
        ("reboot", "running", "rebooting"),
    ],
)
async def test_a_change_of_state_that_shows_is_not_asked_for_again(
    action: str, before: str, after: str
) -> None:
    handler = instance_that(action, before, after, [Drop()])
    async with wire(handler) as rack, client(rack.host) as oxide:
        changed = await getattr(oxide.instances, action)(INSTANCE_ID)
    assert changed.run_state == after
    assert rack.lines().count(f"POST /v1/instances/{INSTANCE_ID}/{action}") == 1


async def test_a_reboot_that_does_not_show_is_not_repeated() -> None:
    handler = instance_that("reboot", "running", "running", [Drop()])
    async with wire(handler) as rack, client(rack.host) as oxide:
        with pytest.raises(OutcomeUnknown):
            await oxide.instances.reboot(INSTANCE_ID)
    assert rack.lines().count(f"POST /v1/instances/{INSTANCE_ID}/reboot") == 1


async def test_a_refused_change_of_state_is_told_in_the_racks_words() -> None:
    handler = instance_that(
        "start",
        "stopping",
        "stopping",
        [refusal(409, "Conflict", "instance must finish stopping before it can be started")],
    )
    async with wire(handler) as rack, client(rack.host) as oxide:
        with pytest.raises(Conflict, match="must finish stopping before"):
            await oxide.instances.start(INSTANCE_ID)


@pytest.mark.parametrize(("verb", "ends_in_silo"), [("promote", True), ("demote", False)])
async def test_a_moved_image_is_recognised(verb: str, ends_in_silo: bool) -> None:
    in_silo = [not ends_in_silo]

    def answer(request: Request) -> Answer:
        if request.method == "POST":
            in_silo[0] = ends_in_silo
            return Drop()
        return Reply(samples.image(project_id=None if in_silo[0] else samples.PROJECT_ID))

    async with wire(answer) as rack, client(rack.host) as oxide:
        if verb == "promote":
            image = await oxide.images.promote("ubuntu", "web")
        else:
            image = await oxide.images.demote("ubuntu", "web")
    assert image.is_silo_image == ends_in_silo
    assert rack.lines().count(f"POST /v1/images/{IMAGE_ID}/{verb}") == 1


async def test_the_steps_of_an_import_are_recognised_by_the_disks_state() -> None:
    state = ["import_ready"]
    after = {
        "bulk-write-start": "importing_from_bulk_writes",
        "bulk-write-stop": "import_ready",
        "finalize": "detached",
    }

    def answer(request: Request) -> Answer:
        if request.method == "POST":
            state[0] = after[request.path.rpartition("/")[2]]
            return Drop()
        return Reply(samples.disk(state=state[0]))

    async with wire(answer) as rack, client(rack.host) as oxide:
        await oxide.disks.bulk_write_start(DISK_ID)
        await oxide.disks.bulk_write_stop(DISK_ID)
        await oxide.disks.finalize(DISK_ID, "upload")
    posts = [line for line in rack.lines() if line.startswith("POST")]
    assert posts == [f"POST /v1/disks/{DISK_ID}/{step}" for step in after]


async def test_a_chunk_is_written_again_until_it_is_taken() -> None:
    answers: list[Answer] = [
        Drop(),
        refusal(503, "ServiceNotAvailable", "Service Unavailable"),
        Reply(status=204),
    ]

    async with wire(lambda _: answers.pop(0)) as rack, client(rack.host) as oxide:
        await oxide.disks.bulk_write(DISK_ID, 512, b"\1" * 512)
    assert len({request.body for request in rack.requests}) == 1
    assert len(rack.requests) == 3


async def test_a_chunk_in_the_wrong_state_is_not_repeated() -> None:
    words = "cannot import blocks with a bulk write for disk in state ImportReady"

    async with (
        wire(lambda _: refusal(400, "InvalidRequest", words)) as rack,
        client(rack.host) as oxide,
    ):
        with pytest.raises(InvalidRequest, match="ImportReady"):
            await oxide.disks.bulk_write(DISK_ID, 0, b"\1" * 512)
    assert len(rack.requests) == 1


async def test_a_revoked_token_is_recognised_by_its_absence() -> None:
    def answer(request: Request) -> Answer:
        return Drop() if request.method == "DELETE" else Reply(samples.page([]))

    async with wire(answer) as rack, client(rack.host) as oxide:
        await oxide.session.revoke_token(samples.OTHER_ID)
    assert len(rack.requests) == 2
