"""The login of a rack, for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from tests.oxide import samples
from tests.oxide.rig import SECRET
from tests.oxide.wire import Answer, Reply, Request

DEVICE_CODE = "0123456789abcdef0123456789abcdef01234567"
PENDING = Reply({"error": "authorization_pending"}, 400)
GRANTED = Reply(
    {
        "access_token": SECRET,
        "token_type": "bearer",
        "token_id": samples.OTHER_ID,
        "time_expires": "2026-12-01T00:00:00Z",
    }
)


@dataclass
class Device:
    """Gives a code, then answers each poll with the next of `polls`, the last for ever."""

    polls: list[Answer] = field(default_factory=lambda: [PENDING, GRANTED])
    code: dict[str, Any] = field(default_factory=dict)
    user: dict[str, Any] = field(default_factory=lambda: samples.USER)
    forms: list[dict[str, list[str]]] = field(default_factory=list)

    def __call__(self, request: Request) -> Answer:
        if request.path.startswith("/device/"):
            assert request.headers["content-type"] == "application/x-www-form-urlencoded"
            assert "authorization" not in request.headers
            self.forms.append(parse_qs(request.body.decode()))
        if request.path == "/device/auth":
            code = {
                "device_code": DEVICE_CODE,
                "user_code": "BCDF-GHJK",
                "verification_uri": "https://rack.example/device/verify",
                "expires_in": 300,
            }
            return Reply({**code, **self.code})
        if request.path == "/device/token":
            return self.polls.pop(0) if len(self.polls) > 1 else self.polls[0]
        assert request.headers["authorization"] == f"Bearer {SECRET}"
        return Reply(status=204) if request.method == "DELETE" else Reply(self.user)
