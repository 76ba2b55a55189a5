"""What an operator reads when the rack refuses."""

from __future__ import annotations

import pytest

from oxtui.oxide import errors
from oxtui.oxide.api_version import API_VERSION, release_needed
from oxtui.oxide.errors import ApiError
from tests.oxide.rig import client
from tests.oxide.wire import Reply, refusal, wire

CASES = [
    (
        refusal(403, "Forbidden", "Forbidden", "r1"),
        errors.Forbidden,
        'Not authorized to read disk "boot": your role allows to see it but not this; ask an'
        " administrator of the project or silo. (request id r1)",
    ),
    (
        refusal(404, "ObjectNotFound", 'not found: disk with name "boot"', "r2"),
        errors.NotFound,
        'Cannot read disk "boot": no disk with name "boot" is there, or you may not see it.'
        " (request id r2)",
    ),
    (
        refusal(404, None, "Not Found", "r3"),
        errors.EndpointMissing,
        'Cannot read disk "boot": the rack knows no disk_view call. Is HOST an Oxide rack, new'
        f" enough for API version {API_VERSION}? (request id r3)",
    ),
    (
        refusal(401, "Unauthorized", "credentials missing or invalid", "r4"),
        errors.Unauthorized,
        'Cannot read disk "boot": the rack does not accept the token. It came from OXIDE_TOKEN and'
        " is wrong or expired; run `oxtui login --host HOST`. (request id r4)",
    ),
    (
        refusal(
            400,
            None,
            "unable to parse JSON body: name: name may not be a UUID at line 1 column 44",
            "r5",
        ),
        errors.InvalidRequest,
        'Cannot read disk "boot": name: name may not be a UUID. (request id r5)',
    ),
    (
        refusal(400, "InvalidValue", 'unsupported value for "size": too small', "r6"),
        errors.InvalidRequest,
        'Cannot read disk "boot": unsupported value for "size": too small. (request id r6)',
    ),
    (
        refusal(400, None, "server does not support this API version: 2026060800.0.0", "r7"),
        errors.VersionTooNew,
        'Cannot read disk "boot": server does not support this API version: 2026060800.0.0. It'
        " needs release v20 or later; update the rack, or name a version that it has in"
        " OXTUI_API_VERSION. (request id r7)",
    ),
    (
        refusal(409, "Conflict", "boot disk cannot be detached", "r8"),
        errors.Conflict,
        'Cannot read disk "boot": boot disk cannot be detached. (request id r8)',
    ),
    (
        refusal(410, "Gone", "it was there once.", "r9"),
        errors.Gone,
        'Cannot read disk "boot": it was there once. (request id r9)',
    ),
    (
        refusal(507, "InsufficientCapacity", "Insufficient capacity: Storage Limit Exceeded"),
        errors.InsufficientCapacity,
        'Cannot read disk "boot": Insufficient capacity: Storage Limit Exceeded. (request id 7c0f)',
    ),
    (
        refusal(500, "Internal", "Internal Server Error"),
        errors.ServerError,
        'Cannot read disk "boot": the rack failed inside (500) and keeps the cause in its own'
        " logs; give the request id to its support. (request id 7c0f)",
    ),
    (
        Reply(b"<html>", 302, {"location": "https://login.example"}),
        errors.InvalidRequest,
        'Cannot read disk "boot": Found. HOST answers with a redirect, so it is probably not an'
        " Oxide rack.",
    ),
    (
        Reply(b"[1]", 402),
        errors.InvalidRequest,
        'Cannot read disk "boot": Payment Required.',
    ),
]


@pytest.mark.parametrize(("reply", "kind", "text"), CASES, ids=[case[2][-40:] for case in CASES])
async def test_a_refusal_reads_like_this(reply: Reply, kind: type[ApiError], text: str) -> None:
    async with wire(lambda _: reply) as rack, client(rack.host) as oxide:
        with pytest.raises(ApiError) as failure:
            await oxide.disks.view("boot", "web")
    assert type(failure.value) is kind
    assert str(failure.value).replace(rack.host, "HOST") == text
    assert failure.value.operation == "disk_view"
    assert failure.value.subject == 'disk "boot"'


async def test_the_request_id_of_the_body_serves_when_no_header_has_it() -> None:
    reply = Reply({"message": "no", "request_id": "in-body"}, 400)
    async with wire(lambda _: reply) as rack, client(rack.host) as oxide:
        with pytest.raises(ApiError, match=r"\(request id in-body\)") as failure:
            await oxide.disks.view("boot", "web")
    assert failure.value.request_id == "in-body"


async def test_what_a_rack_says_is_no_code_for_a_terminal() -> None:
    evil = "\x1b]52;c;ZXZpbA==\x07\x9b6n\u202e"
    reply = Reply({"message": f"{evil}no", "request_id": f"{evil}id"}, 400)
    async with wire(lambda _: reply) as rack, client(rack.host) as oxide:
        with pytest.raises(ApiError, match=r": no\. \(request id id\)") as failure:
            await oxide.disks.view("boot", "web")
    assert str(failure.value).isprintable()
    assert failure.value.request_id == "id"


@pytest.mark.parametrize(
    ("version", "release"),
    [
        ("2026032500.0.0", "release v19 or later"),
        ("2026040100.0.0", "release v20 or later"),
        ("2026061000.0.0", "release v21 or later"),
        ("2026072800.0.0", "release v22 or later"),
        ("2027010100.0.0", "a release later than v22"),
        ("nonsense", "a release later than v22"),
    ],
)
def test_a_version_tells_which_release_it_needs(version: str, release: str) -> None:
    assert release_needed(version) == release
