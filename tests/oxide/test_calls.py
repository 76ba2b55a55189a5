"""The report of a call can be read, and repeated by hand, without a secret in it."""

from __future__ import annotations

import json
import shlex
from contextlib import suppress

import pytest

from oxtui.oxide.calls import ApiCall
from oxtui.oxide.errors import ApiError
from oxtui.oxide.models.instance_create import InstanceCreate
from tests.oxide import samples
from tests.oxide.rig import client
from tests.oxide.wire import Reply, Request, refusal, wire

BODY = InstanceCreate(
    name="web-1",
    description='it\'s "mine" $HOME',
    hostname="web-1",
    ncpus=1,
    memory=samples.GIB,
    user_data="c2VjcmV0LXBhc3N3b3Jk",
)


async def reported(reply: Reply) -> list[ApiCall]:
    """The reports of a create that is answered so."""
    calls: list[ApiCall] = []
    async with wire(lambda _: reply) as rack, client(rack.host, on_call=calls.append) as oxide:
        with suppress(ApiError):
            await oxide.instances.create(BODY, "my web")
    return calls


async def test_a_call_is_reported_with_its_time_status_and_request_id() -> None:
    sample = {**samples.instance(), "memory": samples.GIB}
    [call] = await reported(Reply(sample, 201, {"x-request-id": "abc"}))
    assert (call.operation, call.method, call.status) == ("instance_create", "POST", 201)
    assert call.target == "/v1/instances?project=my+web"
    assert (call.request_id, call.error, call.attempt) == ("abc", None, 1)
    assert call.seconds > 0


async def test_a_refused_call_is_reported_with_what_the_operator_is_told() -> None:
    [call] = await reported(refusal(400, "InvalidRequest", "no", "r1"))
    assert (call.status, call.request_id) == (400, "r1")
    assert call.error == ('Cannot create instance "web-1" in project "my web": no. (request id r1)')


@pytest.mark.parametrize("listed", [True, False])
async def test_a_project_is_called_by_its_name_where_that_was_read(listed: bool) -> None:
    project = samples.project("my web")

    def answer(request: Request) -> Reply:
        if request.method == "POST":
            return refusal(400, "InvalidRequest", "no", "r1")
        return Reply(samples.page([project]) if listed else project)

    async with wire(answer) as rack, client(rack.host) as oxide:
        with pytest.raises(ApiError, match=f"in project {project['id']}: no"):
            await oxide.instances.create(BODY, project["id"])
        if listed:
            assert [each.name async for each in oxide.projects.list()] == ["my web"]
        else:
            await oxide.projects.view(project["id"])
        with pytest.raises(ApiError, match='"web-1" in project "my web": no'):
            await oxide.instances.create(BODY, project["id"])


async def test_the_equivalent_commands_survive_a_shell() -> None:
    [call] = await reported(refusal(400, "InvalidRequest", "no"))
    curl = shlex.split(call.curl)
    assert curl[:3] == ["curl", "--request", "POST"]
    assert curl[3].endswith("/v1/instances?project=my+web")
    assert json.loads(curl[5])["description"] == 'it\'s "mine" $HOME'
    assert curl[-1] == "Authorization: Bearer $OXIDE_TOKEN"
    oxide = shlex.split(call.command)
    assert oxide[:2] == ["printf", "%s"]
    assert json.loads(oxide[2])["hostname"] == "web-1"
    assert oxide[3:] == [
        *("|", "oxide", "api", "/v1/instances?project=my+web"),
        *("--method", "POST", "--input", "-"),
    ]


async def test_user_data_stays_out_of_reports() -> None:
    [call] = await reported(refusal(400, "InvalidRequest", "no"))
    assert "c2VjcmV0LXBhc3N3b3Jk" not in f"{call!r}{call.curl}{call.command}"
    assert call.body is not None
    assert call.body["user_data"] == "<20 characters>"


async def test_a_read_is_one_plain_command() -> None:
    calls: list[ApiCall] = []
    async with (
        wire(lambda _: Reply(samples.page([]))) as rack,
        client(rack.host, on_call=calls.append) as oxide,
    ):
        assert [disk async for disk in oxide.disks.list("web")] == []
    assert calls[0].command == "oxide api '/v1/disks?project=web&limit=1000'"


async def test_repetitions_are_counted() -> None:
    calls: list[ApiCall] = []
    answers = [Reply(b"", 502), Reply(samples.USER)]
    async with (
        wire(lambda _: answers.pop(0)) as rack,
        client(rack.host, on_call=calls.append) as oxide,
    ):
        await oxide.session.me()
    assert [(call.attempt, call.status) for call in calls] == [(1, 502), (2, 200)]
